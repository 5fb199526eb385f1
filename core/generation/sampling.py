"""Writing token by token: draw the next one, read it, go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.generation.filters import Filtered, Filters, ranked
from core.generation.stepping import asking, column, read_on


@dataclass(frozen=True)
class Written:
    """A prompt and what was written after it, with every choice on the way.

    ids: all tokens (time,). start: how many of them are the prompt. kept: how many after the
        prompt were given and not drawn.
    before, tempered, after: what was said about the token that follows each step, (time, class)
        in float64; see ``Filtered``. The last row is about the token that was not written.
    die: the number in [0, 1) that drew the token after each step (time,); NaN where none was.
    """

    ids: Tensor
    start: int
    kept: int
    before: Tensor
    tempered: Tensor
    after: Tensor
    die: Tensor

    @property
    def log_probability(self) -> Tensor:
        """log p of the token after each step as the network itself sees it (time - 1,), in nats:
        the filters do not count. Ids outside the vocabulary count as certain."""
        known = self.ids[1:].clamp_max(self.before.shape[1] - 1)
        found = self.before[:-1].gather(1, known[:, None])[:, 0].log()
        return torch.where(self.ids[1:] < self.before.shape[1], found, 0.0)

    @property
    def written_log_probability(self) -> float:
        """log p of everything after the prompt, in nats."""
        return self.log_probability[self.start - 1 :].sum().item()


def write(
    model: nn.Module,
    prompt: Sequence[int],
    length: int,
    filters: Filters | None = None,
    *,
    seed: int = 0,
    kept: Sequence[int] = (),
) -> Written:
    """Let ``model`` write ``length`` tokens after ``prompt``, carrying its state along.

    model: called as ``logits, state = model(ids, state=state)`` with ids (time, batch).
    kept: the first tokens to be written, given instead of drawn; at most ``length``.

    One number of ``seed`` belongs to every place, whether it is needed or not, and lies on the
    tokens that may be drawn laid side by side, the likeliest first. So the same seed draws the
    same text where the probabilities are the same, a little warmth changes little, and keeping
    what was drawn anyway changes nothing. With a temperature of 0 the seed does not matter.

    Raises ValueError for an empty prompt, a length that is negative or below that of ``kept``,
    and a network that reads in both directions.
    """
    if not len(kept) <= length:
        raise ValueError(f"length is {length}; expected at least the {len(kept)} tokens to keep.")
    filters = filters or Filters()
    die = torch.rand(length, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    with asking(model):
        given = column([*prompt, *kept])
        logits, state = read_on(model, given)
        said = [filters(row) for row in logits[:, 0]]
        ids = given[:, 0].tolist()
        for place in range(len(kept), length):
            ids.append(draw(said[-1].after, die[place].item()))
            logits, state = read_on(model, torch.tensor([[ids[-1]]]), state)
            said.append(filters(logits[-1, 0]))
    unused = torch.full((len(prompt) - 1 + len(kept),), torch.nan, dtype=torch.float64)
    last = torch.full((1,), torch.nan, dtype=torch.float64)
    before, tempered, after = Filtered(*map(torch.stack, zip(*said)))
    return Written(
        ids=torch.tensor(ids),
        start=len(prompt),
        kept=len(kept),
        before=before,
        tempered=tempered,
        after=after,
        die=torch.cat((unused, die[len(kept) :], last)),
    )


def draw(probabilities: Tensor, die: float) -> int:
    """The token on which ``die`` in [0, 1) falls, the likeliest lying first."""
    order = ranked(probabilities)
    reached = torch.cumsum(probabilities[order], 0)
    place = int(torch.searchsorted(reached, die, right=True))
    possible = int((probabilities > 0).sum())  # rounding may leave the sum a little below 1
    return int(order[min(place, possible - 1)])
