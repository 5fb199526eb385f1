"""Carrying the gradients of many losses back through one layer, all of them at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from core.gradients.runs import Run
from core.gradients.step_derivatives import Flow, StepDerivatives

VANISHED = 1e-30  # below this a float32 gradient is rounded to 0: beyond lie denormals
CLEAR_EVERY = 8  # steps between two such roundings


def carry_back(
    steps: StepDerivatives, source: Source, run: Run
) -> Iterator[tuple[int, Flow, Flow]]:
    """From the last step read to the first: (k, derivatives for s_k of every loss, the same
    as total derivatives)."""
    flow: Flow = tuple(torch.zeros(run.batch, 0, size, dtype=run.dtype) for size in steps.sizes)
    for k in reversed(range(run.steps)):
        flow = source.add(k, flow)
        total = steps.total(k, flow)
        yield k, flow, total
        flow = steps.pull(k, flow, total)
        if run.dtype == torch.float32 and k % CLEAR_EVERY == 0:
            flow = tuple(functional.hardshrink(part, VANISHED) for part in flow)


def pieces_of(direct: Tensor, run: Run) -> tuple[Tensor, ...]:
    """What is meant for each direction of the top layer, of which ``run`` is one.

    Raises ValueError where ``direct`` does not fit the outputs.
    """
    widths = [run.cell.output_size] * run.trace.data.sizes["direction"]
    expected = (run.steps, run.batch, sum(widths))
    if direct.shape != expected:
        raise ValueError(
            f"direct has shape {tuple(direct.shape)}; expected (time, batch, features) = "
            f"{expected}. Make it with direct_gradient from the same recording."
        )
    return direct.detach().cpu().to(run.dtype).split(widths, dim=-1)


@dataclass(frozen=True)
class AtOwnStep:
    """Each loss touches the output at its own step: direct (time, batch, features)."""

    direct: Tensor

    def add(self, k: int, flow: Flow) -> Flow:
        """One more row: the loss at step k."""
        seed = self.direct[k, :, None]
        first, *others = flow
        return torch.cat((seed, first), dim=1), *(_with_new_rows(part, 1) for part in others)


@dataclass(frozen=True)
class AtEveryStep:
    """Losses that come down from the layer above at every step.

    from_above (time, batch, losses, features); triangular where losses only reach backward.
    """

    from_above: Tensor
    triangular: bool

    def add(self, k: int, flow: Flow) -> Flow:
        """What arrives at step k, added; rows of losses that had no say before are new."""
        arrived = self.from_above[k, :, k if self.triangular else 0 :]
        missing = arrived.shape[1] - flow[0].shape[1]
        first, *others = (_with_new_rows(part, missing) for part in flow)
        return first + arrived, *others


def _with_new_rows(part: Tensor, count: int) -> Tensor:
    """``count`` rows of zeros before those of ``part`` (batch, rows, size)."""
    if not count:
        return part
    return torch.cat((part.new_zeros(len(part), count, part.shape[-1]), part), dim=1)


Source = AtOwnStep | AtEveryStep
