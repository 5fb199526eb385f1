"""How a decoder is run: on the true tokens, on its own, on a mixture, or by beam search."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from core.networks.encoder_decoder import END, START, Start, Writer, Written

LONGEST = 64  # tokens, where no end comes


class Fed(NamedTuple):
    """A run of the decoder with what it was fed.

    written: logits, state and attention at every step.
    tokens: what was fed at each step, ids (time, batch), ``START`` first.
    true: whether that token was taken from the truth, bool (time, batch).
    """

    written: Written
    tokens: Tensor
    true: Tensor


def write_with_teacher(
    writer: Writer,
    start: Start,
    truth: Tensor,
    ratio: float = 1.0,
    generator: torch.Generator | None = None,
) -> Fed:
    r"""Write as many steps as ``truth`` (time, batch) has, correcting what is fed back.

    Step t is fed the true token :math:`y_{t-1}` with probability ``ratio`` and else the
    network's own likeliest token, drawn anew for each step and sequence. 1 is teacher forcing,
    0 is running free. Negative ids (padding) are read as zeros.

    Raises ValueError for a ratio outside [0, 1].
    Source: S. Bengio, O. Vinyals, N. Jaitly and N. Shazeer, Scheduled sampling,
    arXiv:1506.03099 (2015).
    """
    if not 0 <= ratio <= 1:
        raise ValueError(f"ratio is {ratio}; expected 0 (running free) to 1 (teacher forcing).")
    first = torch.full_like(truth[:1], START)
    taught = torch.cat((first, truth[:-1]))
    if ratio == 1:
        return Fed(writer.write(taught, start), taught, torch.ones_like(taught, dtype=torch.bool))
    drawn = torch.rand(truth.shape, generator=generator).to(truth.device) < ratio
    drawn[0] = True  # nothing has been written yet
    own, fed, parts = first[0], [], []
    for step, true in zip(taught, drawn, strict=True):
        fed.append(torch.where(true, step, own))
        parts.append(writer.write(fed[-1][None], start))
        start = start._replace(state=parts[-1].state)
        own = parts[-1].logits[0].detach().argmax(dim=-1)
    return Fed(_joined(parts), torch.stack(fed), drawn)


@torch.no_grad()
def write_freely(writer: Writer, start: Start, longest: int = LONGEST) -> Tensor:
    """The likeliest token at every step, fed back: ids (time, batch), ``END`` from the end on."""
    batch = start.state[0].shape[1]
    token = torch.full((1, batch), START, device=start.state[0].device)
    ended = torch.zeros_like(token[0], dtype=torch.bool)
    written: list[Tensor] = []
    while not ended.all() and len(written) < longest:
        step = writer.write(token, start)
        start = start._replace(state=step.state)
        token = step.logits.argmax(dim=-1).masked_fill(ended, END)
        ended = ended | (token[0] == END)
        written.append(token[0])
    return torch.stack(written)


class Hypothesis(NamedTuple):
    """One thing that could be written: its tokens without ``END``, and the log of its
    probability, end included."""

    tokens: tuple[int, ...]
    log_probability: float


@torch.no_grad()
def beam_search(
    writer: Writer, start: Start, width: int = 4, longest: int = LONGEST
) -> list[Hypothesis]:
    r"""The likeliest whole sequences that a beam of ``width`` finds, best first.

    Every step keeps the ``width`` beginnings with the largest
    :math:`\sum_t \log p(y_t \mid y_{<t}, x)`. The answer of always taking the likeliest token
    is a candidate too, so the best one is never less likely than that, which a beam alone does
    not promise. One sequence at a time.

    Raises ValueError for a width below 1 or a batch of several.
    """
    if width < 1 or start.state[0].shape[1] != 1:
        raise ValueError(
            f"width is {width} and the batch holds {start.state[0].shape[1]} sequences; expected "
            "a width of at least 1 and one sequence."
        )
    alive = [Hypothesis((), 0.0)]
    rows, state = start.repeated(torch.zeros(1, dtype=torch.long)), start.state
    finished: list[Hypothesis] = []
    for _ in range(longest):
        last = [[one.tokens[-1] if one.tokens else START for one in alive]]
        step = writer.write(torch.tensor(last), rows._replace(state=state))
        scores = torch.log_softmax(step.logits[0].double(), dim=-1)
        scores = scores + torch.tensor([[one.log_probability] for one in alive])
        best = scores.flatten().topk(min(width, scores.numel()))
        kept, places = [], []
        for score, place in zip(best.values.tolist(), best.indices.tolist(), strict=True):
            origin, token = divmod(place, scores.shape[1])
            if token == END:
                finished.append(Hypothesis(alive[origin].tokens, score))
            else:
                kept.append(Hypothesis((*alive[origin].tokens, token), score))
                places.append(origin)
        enough = sorted((one.log_probability for one in finished), reverse=True)[:width]
        if not kept or (len(enough) == width and enough[-1] >= kept[0].log_probability):
            break
        alive = kept
        state = tuple(part[:, places] for part in step.state)
        rows = start.repeated(torch.zeros(len(alive), dtype=torch.long))
    greedy = write_freely(writer, start, longest)[:, 0].tolist()
    if END in greedy:
        finished.append(likelihood(writer, start, tuple(greedy[: greedy.index(END)])))
    unique = {one.tokens: one for one in finished}
    return sorted(unique.values(), key=lambda one: -one.log_probability)[:width]


@torch.no_grad()
def likelihood(writer: Writer, start: Start, tokens: tuple[int, ...]) -> Hypothesis:
    """How likely the network is to write exactly ``tokens``, and then to end."""
    ids = torch.tensor([*tokens, END])[:, None]
    logits = write_with_teacher(writer, start, ids).written.logits
    chosen = torch.log_softmax(logits.double(), dim=-1).gather(-1, ids[..., None])
    return Hypothesis(tokens, float(chosen.sum()))


def _joined(parts: list[Written]) -> Written:
    weights = [part.attention for part in parts if part.attention is not None]
    return Written(
        torch.cat([part.logits for part in parts]),
        parts[-1].state,
        torch.cat(weights) if weights else None,
    )
