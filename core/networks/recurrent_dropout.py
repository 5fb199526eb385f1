"""Dropout in a recurrent network: on what, and drawn how often."""

from __future__ import annotations

import torch
from torch import Tensor

from core.cells import GRUCell, State

PLACES = ("inputs", "every-step", "one-mask", "written")


@torch.no_grad()
def states_under_dropout(
    cell: GRUCell,
    inputs: Tensor,
    start: Tensor,
    rate: float,
    place: str,
    *,
    spared: int = 0,
    seed: int = 0,
) -> Tensor:
    r"""The states (time, batch, units) of a GRU that reads under dropout, scaled by 1/(1 - rate).

    - ``inputs``: on :math:`x_t`, a mask for each step.
    - ``every-step``: on the state that is handed on, a mask for each step.
    - ``one-mask``: on the state that is handed on, one mask for the whole sequence, whose scale is
      applied once (Y. Gal and Z. Ghahramani, arXiv:1512.05287, tie the masks over time).
    - ``written``: on the candidate, so that what is kept is never touched (S. Semeniuta et al.,
      arXiv:1603.05118).

    inputs (time, batch, features), start (units,). spared: how many of the last features are
    never dropped. Raises ValueError for a rate outside [0, 1) and
    for an unknown place.
    """
    if not 0 <= rate < 1 or place not in PLACES:
        raise ValueError(
            f"rate is {rate} and place {place!r}; expected [0, 1) and one of {', '.join(PLACES)}."
        )
    generator = torch.Generator().manual_seed(seed)

    def mask(like: Tensor) -> Tensor:
        kept = torch.rand(like.shape, generator=generator, dtype=like.dtype) >= rate
        return kept.to(like.dtype)

    scale = 1 / (1 - rate)
    h = start.expand(inputs.shape[1], -1)
    tied, found = mask(h), []
    for t, x in enumerate(inputs):
        read = x
        if place == "inputs":
            kept = mask(x) * scale
            kept[:, x.shape[1] - spared :] = 1
            read = x * kept
        state: State = (h,)
        if place == "every-step" and t:
            state = (h * mask(h) * scale,)
        if place == "one-mask" and t:
            state = (h * tied * (scale if t == 1 else 1.0),)
        step = cell.forward(read, state)
        h = step.output
        if place == "written":
            z, n = step.signals["update_gate"], step.signals["candidate"]
            h = (1 - z) * n * mask(n) * scale + z * state[0]
        found.append(h)
    return torch.stack(found)
