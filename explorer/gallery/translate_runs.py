"""What a translating network does with one input, and with many held-out ones."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from explorer.models import load_applied
from explorer.shared import shared

if TYPE_CHECKING:
    from torch import Tensor

    from core.applications.translation import Translation
    from core.networks.decoding import Fed
    from core.networks.encoder_decoder import EncoderDecoder

HELD_OUT = 300  # pairs that the charts are measured on
GUESSES = 3
RATIOS = ("1.00", "0.75", "0.50", "0.25", "0.00")
BEAM = 5
OVERTIME = 4  # steps that a decoder running free may take beyond the true answer


@dataclass(frozen=True)
class Lane:
    """One run of the decoder.

    fed, said: tokens. given: of each token fed, whether it was the start mark ("start"), the
    true one ("true"), or the network's own, which was right ("own") or not ("wrong").
    right: whether what was said is right, None where nobody knows. chance: its probability.
    guesses: the likeliest tokens of every step. loss: mean surprise at the truth, or None.
    states: (step, unit). attention: (step, source) or None.
    """

    fed: tuple[str, ...]
    given: tuple[str, ...]
    said: tuple[str, ...]
    right: tuple[bool | None, ...]
    chance: tuple[float, ...]
    guesses: tuple[tuple[tuple[str, float], ...], ...]
    loss: float | None
    states: np.ndarray
    attention: np.ndarray | None

    @property
    def answer(self) -> str:
        """What was written, up to the end mark."""
        from core.applications.writing import END_SIGN

        return "".join(self.said).split(END_SIGN)[0]

    @property
    def mistakes(self) -> int:
        """Steps at which something wrong was said."""
        return sum(right is False for right in self.right)


@dataclass(frozen=True)
class Translated:
    """One input at work: its tokens, the encoder's states (direction, step, unit), the truth
    where there is one, and the runs of the decoder: free, then with a teacher if possible."""

    source: tuple[str, ...]
    unknown: tuple[str, ...]
    states: np.ndarray
    truth: str | None
    lanes: tuple[Lane, ...]

    @property
    def free(self) -> Lane:
        """The run in which the network is on its own."""
        return self.lanes[0]


@shared
def translated(model_id: str, text: str, ratio: float, seed: int) -> Translated:
    """``text`` through a network of the gallery, fed the truth with probability ``ratio`` and
    running free. Raises ValueError for a text that it cannot read."""
    import torch

    from core.networks.decoding import write_freely, write_with_teacher
    from core.networks.encoder_decoder import END

    torch.set_num_threads(1)
    application, model = _network(model_id)
    truth = application.expected(text)
    inputs, lengths = application.take([text])
    with torch.no_grad():
        start = model.start(inputs, lengths)
        if truth is None:
            ids, taught, said = None, [], write_freely(model, start)
        else:
            ids = torch.tensor([*application.target.encode(truth), END])[:, None]
            generator = torch.Generator().manual_seed(seed)
            taught = [write_with_teacher(model, start, ids, ratio, generator)]
            said = write_freely(model, start, len(ids) + OVERTIME)
        runs = [write_with_teacher(model, start, said, 0.0), *taught]
        lanes = tuple(_lane(application, model, run, ids, inputs) for run in runs)
        states = _encoder_states(model, inputs)
    tokens = tuple(application.source_tokens(text))
    return Translated(tokens, tuple(application.unknown(text)), states, truth, lanes)


@shared
def alternatives(model_id: str, text: str) -> list[tuple[str, float]]:
    """The likeliest whole answers that a beam finds, with their probabilities."""
    import torch

    from core.networks.decoding import beam_search

    torch.set_num_threads(1)
    application, model = _network(model_id)
    with torch.no_grad():
        start = model.start(*application.take([text]))
    found = beam_search(model, start, BEAM, longest=40)
    return [
        ("".join(application.target.decode(one.tokens)), float(np.exp(one.log_probability)))
        for one in found
    ]


@dataclass(frozen=True)
class HeldOut:
    """Many held-out inputs: lengths (pair,) in steps; wrong (ratio, step), the share of wrong
    tokens at each step of the answer, by ``RATIOS``; exact (pair,) of running free."""

    lengths: np.ndarray
    wrong: np.ndarray
    exact: np.ndarray


@shared
def held_out(model_id: str) -> HeldOut:
    """What a network makes of the test part, with every share of help."""
    import torch

    from core.applications.writing import IGNORED, exact
    from core.networks.decoding import write_freely, write_with_teacher

    torch.set_num_threads(1)
    application, model = _network(model_id)
    examples = application.examples_of(application.pairs("test")[:HELD_OUT])
    targets = examples.targets
    shares = []
    with torch.no_grad():
        start = model.start(examples.inputs, examples.lengths)
        for ratio in RATIOS:
            generator = torch.Generator().manual_seed(0)
            run = write_with_teacher(model, start, targets, float(ratio), generator)
            counted = targets != IGNORED
            missed = (run.written.logits.argmax(-1) != targets) & counted
            shares.append((missed.sum(1) / counted.sum(1).clamp_min(1)).numpy())
        said = write_freely(model, start, len(targets) + OVERTIME)
    right = exact(said, targets).numpy()
    return HeldOut(np.asarray(examples.lengths), np.stack(shares), right)


def _network(model_id: str) -> tuple[Translation, EncoderDecoder]:
    from core.applications.translation import Translation
    from core.networks.encoder_decoder import EncoderDecoder

    applied = load_applied(model_id)
    application, model = applied.application, applied.model
    if not isinstance(application, Translation) or not isinstance(model, EncoderDecoder):
        raise TypeError(f"{model_id} is for {application.name}; expected a translation.")
    return application, model


def _lane(
    application: Translation,
    model: EncoderDecoder,
    run: Fed,
    truth: Tensor | None,
    inputs: Tensor,
) -> Lane:
    decode = application.target.decode
    chances = run.written.logits[:, 0].softmax(-1)
    said = chances.argmax(-1)
    fed = run.tokens[:, 0].tolist()
    true = [None] * len(fed) if truth is None else truth[:, 0].tolist()
    true = (true + [-1] * len(fed))[: len(fed)]  # beyond its end nothing is right
    given = ["start"]
    for step in range(1, len(fed)):
        taught = bool(run.true[step, 0])
        same = true[step - 1] is None or fed[step] == true[step - 1]
        given.append("true" if taught else "own" if same else "wrong")
    best = chances.topk(GUESSES)
    guesses = tuple(
        tuple(zip(decode(row), chance, strict=True))
        for row, chance in zip(best.indices.tolist(), best.values.tolist(), strict=True)
    )
    right = [None if t is None else s == t for s, t in zip(said.tolist(), true, strict=True)]
    attention = run.written.attention
    return Lane(
        fed=tuple(decode(fed)),
        given=tuple(given),
        said=tuple(decode(said.tolist())),
        right=tuple(right),
        chance=tuple(chances.max(-1).values.tolist()),
        guesses=guesses,
        loss=_loss(run, truth),
        states=_decoder_states(model, run, inputs),
        attention=None if attention is None else attention[:, 0].numpy(),
    )


def _loss(run: Fed, truth: Tensor | None) -> float | None:
    """Mean surprise at the true tokens over the steps that both have."""
    from torch.nn import functional

    if truth is None:
        return None
    steps = min(len(truth), len(run.tokens))
    return float(functional.cross_entropy(run.written.logits[:steps, 0], truth[:steps, 0]))


def _encoder_states(model: EncoderDecoder, inputs: Tensor) -> np.ndarray:
    """The top layer's states (direction, step, unit), of every direction."""
    outputs, _ = model.encoder(model.vectors(inputs))
    directions = 2 if model.architecture.bidirectional else 1
    return np.stack([half.numpy() for half in outputs[:, 0].chunk(directions, dim=-1)])


def _decoder_states(model: EncoderDecoder, run: Fed, inputs: Tensor) -> np.ndarray:
    """The top layer's states (step, unit): what the read-out or the attention is given."""
    from core.networks.encoder_decoder import as_state

    outputs, _ = model.decoder(model.fed(run.tokens), as_state(model.start(inputs).state))
    return outputs[:, 0].numpy()


def by_length(found: HeldOut, bins: int = 6) -> list[tuple[str, float, int]]:
    """The share of exact answers by length of the input: (range, share, how many)."""
    edges = np.unique(np.quantile(found.lengths, np.linspace(0, 1, bins + 1)).round())
    rows = []
    for number, (low, high) in enumerate(pairwise(edges)):
        last = number == len(edges) - 2
        inside = (found.lengths >= low) & (found.lengths < high + last)
        top = int(high if last else high - 1)
        name = f"{int(low)}–{top}" if top > low else f"{int(low)}"
        rows.append((name, float(found.exact[inside].mean()), int(inside.sum())))
    return rows
