r"""Which earlier state does the loss at each step depend on? The T x T map.

Source: S. Hochreiter, Untersuchungen zu dynamischen neuronalen Netzen (1991); R. Pascanu,
T. Mikolov and Y. Bengio, On the difficulty of training recurrent neural networks (2013).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import xarray as xr
from torch import Tensor, nn

from core.gradients.carry_back import AtEveryStep, AtOwnStep, Source, carry_back, pieces_of
from core.gradients.runs import Run, network_runs
from core.gradients.step_derivatives import differentiate
from core.recording.trace import Trace


def direct_gradient(trace: Trace, loss: Callable[[Tensor], Tensor]) -> Tensor:
    r"""What the losses say of each output on its own: :math:`\partial L_t/\partial y_t`.

    ``loss`` takes the recorded outputs of the top layer (time, batch, features; both
    directions side by side) and returns one number, a sum or mean of losses of which the one
    at step t depends on the output at step t alone: for a read-out V and targets,
    ``lambda h: cross_entropy(V(h).flatten(0, 1), targets.flatten(), reduction="sum")``.
    Returns (time, batch, features). Raises ValueError where the loss is not one number.
    """
    top = trace["output"].values[-1]
    outputs = torch.from_numpy(np.concatenate(list(top), axis=-1)).requires_grad_()
    with torch.enable_grad():
        value = loss(outputs)
        if value.numel() != 1:
            raise ValueError(f"loss returned shape {tuple(value.shape)}; expected one number.")
        return torch.autograd.grad(value, outputs)[0]


def influence(trace: Trace, network: nn.Module, direct: Tensor) -> xr.DataArray:
    r"""How much the loss at step t depends on the state at step k, for every t and k.

    .. math:: \Big\| \frac{\partial L_t}{\partial s_k} \Big\|_2, \qquad
              \frac{\partial L_t}{\partial s_k} = \frac{\partial L_t}{\partial y_t}
              \frac{\partial s_t}{\partial s_{t-1}} \cdots \frac{\partial s_{k+1}}{\partial s_k}

    ``direct`` (time, batch, features) holds :math:`\partial L_t/\partial y_t`; see
    ``direct_gradient``. All T losses travel back together, one matrix product a step.

    Returns (state, layer, direction, loss_time, time, batch): t is ``loss_time``, k is
    ``time``; ``state`` is hidden, for LSTMs also cell. 0 where no road leads from s_k to t. The
    derivatives are total, as a recording's ``grad_hidden`` and ``grad_cell`` are, and in the
    recording's precision: in float32, what falls below 1e-30 is 0.
    Raises ValueError where ``direct`` does not fit the outputs.
    """
    runs = network_runs(trace, network, dtype=None)
    sources: list[Source] = [
        AtOwnStep(run.in_reading_order(piece))
        for run, piece in zip(runs[-1], pieces_of(direct, runs[-1][0]))
    ]
    norms: list[np.ndarray] = []
    for layer in reversed(range(len(runs))):
        swept = [_sweep(run, source, below=layer > 0) for run, source in zip(runs[layer], sources)]
        norms.insert(0, np.stack([found for found, _ in swept]))
        if layer:
            to_input = torch.stack([arrived for _, arrived in swept]).sum(0)
            sources = _from_above(runs[layer - 1], to_input)
    return _labelled(trace, np.stack(norms), runs[-1][0])


def _sweep(run: Run, source: Source, *, below: bool) -> tuple[np.ndarray, Tensor]:
    """Norms (state, time, batch, losses) and, if there is a layer below, what goes to its
    outputs (time, batch, losses, features), both in the order of the inputs."""
    steps = differentiate(run)
    norms = torch.zeros(_shown(run), run.steps, run.batch, run.steps, dtype=torch.float64)
    width = run.cell.input_size if below else 0
    to_input = torch.zeros(run.steps, run.batch, run.steps, width, dtype=run.dtype)
    with torch.inference_mode():
        for k, flow, total in carry_back(steps, source, run):
            first = run.steps - flow[0].shape[1]
            for found, part in zip(norms, total):
                # in float64, since in float32 the square of 1e-20 is 0
                found[k, :, first:] = torch.linalg.vector_norm(part, dim=-1, dtype=found.dtype)
            if below:
                to_input[k, :, first:] = steps.to_input(k, flow, total)
    if run.direction:
        norms = norms.flip(1, 3)
    return norms.numpy(), _both_in_reading_order(run, to_input)


def _from_above(runs: list[Run], arrived: Tensor) -> list[Source]:
    """The sources of one layer, from what the layer above sends to its outputs."""
    pieces = arrived.split([run.cell.output_size for run in runs], dim=-1)
    return [
        AtEveryStep(_both_in_reading_order(run, piece), triangular=len(runs) == 1)
        for run, piece in zip(runs, pieces)
    ]


def _shown(run: Run) -> int:
    """How many parts of the state are states in their own right: not those of a longer past."""
    return 2 if "cell" in run.cell.state_names else 1


def _both_in_reading_order(run: Run, values: Tensor) -> Tensor:
    """(time, batch, losses, features) with both time axes turned round; undoes itself."""
    return values.flip(0, 2) if run.direction else values


def _labelled(trace: Trace, norms: np.ndarray, run: Run) -> xr.DataArray:
    data = trace.data
    coordinates = {
        "state": list(run.cell.state_names[: _shown(run)]),
        "layer": data["layer"],
        "direction": data["direction"],
        "loss_time": np.arange(run.steps),
        "time": data["time"],
    }
    if trace.tokens is not None:
        coordinates["token"] = ("time", trace.tokens)
    dims = ("layer", "direction", "state", "time", "batch", "loss_time")
    found = xr.DataArray(norms, coordinates, dims, name="influence")
    return found.transpose("state", "layer", "direction", "loss_time", "time", "batch")
