r"""By which road does the gradient come back: along the memory, or through the gates?"""

from __future__ import annotations

import torch
import xarray as xr
from torch import Tensor, nn

from core.gradients.any_cell import row_gradients
from core.gradients.carry_back import AtEveryStep, carry_back, pieces_of
from core.gradients.memory import memory_of
from core.gradients.runs import PEEPHOLES, Run, network_runs
from core.gradients.step_derivatives import (
    Flow,
    closed_factors,
    differentiate,
    has_closed_form,
    hidden_by_cell,
    recurrent_rows,
)
from core.recording.trace import Trace

# the candidate of these reads h through a gate: U (r * h)
RESET_BEFORE = {"gru-original": "reset_gate", "mgu": "forget_gate"}


def gradient_paths(trace: Trace, network: nn.Module, direct: Tensor) -> xr.DataArray:
    r"""The gradient of the memory, split by the road it took; the parts add up to the whole.

    For an LSTM the whole is :math:`\partial L/\partial c_k`, a recording's ``grad_cell``:

    .. math:: \frac{\partial L}{\partial c_k} =
              \sum_{t \ge k} \Big(\prod_{j=k+1}^{t} f_j\Big) \odot
              \frac{\partial h_t}{\partial c_t} \odot \Big(
              \underbrace{\frac{\partial L}{\partial y_t}}_{\text{highway}} + \sum_{\gamma}
              \underbrace{U_\gamma^T \frac{\partial L}{\partial a_{\gamma, t+1}}}_{
              \text{left the memory by gate } \gamma} \Big)

    ``highway`` is what never leaves the cell state until it is read out. A gate's part is
    what stays in the cell state up to some step t, is shown as :math:`h_t`, and goes on
    through that gate at the next step. For a GRU the whole is ``grad_hidden``, the highway
    is the update gate's copy (product of z), and what leaves goes by ``candidate``, by
    ``update_gate`` or by ``reset_gate``; for the minimal gated unit, 1 - f copies.

    ``direct`` is as in ``influence``. Computed in float64.
    Returns (path, layer, direction, time, batch, unit).
    Raises ValueError for a cell without a gated memory or a ``direct`` that does not fit.
    """
    keep = memory_of(trace).keep.values
    runs = network_runs(trace, network)
    sources = [
        run.in_reading_order(piece) for run, piece in zip(runs[-1], pieces_of(direct, runs[-1][0]))
    ]
    layers: list[Tensor] = []
    for layer in reversed(range(len(runs))):
        found, below = [], []
        for run, source in zip(runs[layer], sources):
            flows, totals, to_input = _all_steps(run, source, below=layer > 0)
            gate = torch.from_numpy(keep[layer, run.direction]).to(run.dtype)
            entries = _entries(run, source, flows, totals)
            paths = _along(run.in_reading_order(gate), entries)
            found.append(run.in_reading_order(paths))
            below.append(run.in_reading_order(to_input))
        layers.insert(0, torch.stack(found))
        if layer:
            widths = [run.cell.output_size for run in runs[layer - 1]]
            pieces = torch.stack(below).sum(0).split(widths, dim=-1)
            sources = [run.in_reading_order(p) for run, p in zip(runs[layer - 1], pieces)]
    values = torch.stack(layers).permute(3, 0, 1, 2, 4, 5)
    coordinates = {
        "path": ["highway", *runs[0][0].gates],
        **{name: trace.data[name] for name in ("layer", "direction", "time")},
    }
    dims = ("path", "layer", "direction", "time", "batch", "unit")
    return xr.DataArray(values.numpy(), coordinates, dims, name="gradient_paths")


def _all_steps(run: Run, source: Tensor, *, below: bool) -> tuple[Tensor, Flow, Tensor]:
    """The gradients of every step: with the state's parts held apart (time, batch, S), total
    ones, (time, batch, size) for each part, and, if there is a layer below, those for it."""
    steps = differentiate(run)
    flows, totals = [], []
    to_input = torch.zeros(run.steps, run.batch, run.cell.input_size, dtype=run.dtype)
    for k, flow, total in carry_back(steps, AtEveryStep(source[:, :, None], False), run):
        flows.append(torch.cat(flow, dim=-1)[:, 0])
        totals.append(tuple(part[:, 0] for part in total))
        if below:
            to_input[k] = steps.to_input(k, flow, total)[:, 0]
    joined = tuple(torch.stack(parts[::-1]) for parts in zip(*totals))
    return torch.stack(flows[::-1]), joined, to_input


def _entries(run: Run, source: Tensor, flows: Tensor, totals: Flow) -> Tensor:
    """What enters the memory at every step, (time, path, batch, units): from the loss itself,
    and back through each gate of the step that follows."""
    if has_closed_form(run):
        rows = recurrent_rows(closed_factors(run), totals)
    else:
        rows = row_gradients(run, flows)
    # what shows the memory to the outside: 1 where it is the hidden state itself
    shown = hidden_by_cell(run) if "cell" in run.cell.state_names else torch.ones(())
    entries = [shown * source]
    by_gate = zip(
        rows.chunk(len(run.gates), dim=-1), run.weights["weight_hh"].chunk(len(run.gates))
    )
    for gate, (row, U) in zip(run.gates, by_gate):
        back = row @ U
        if gate == "candidate" and run.cell.kind in RESET_BEFORE:
            back = run[RESET_BEFORE[run.cell.kind]] * back
        entry = shown * _from_next_step(back)
        if gate != "output_gate" and PEEPHOLES.get(gate) in run.weights:
            entry = entry + _from_next_step(row * run.weights[PEEPHOLES[gate]])
        entries.append(entry)
    return torch.stack(entries, dim=1)


def _along(keep: Tensor, entries: Tensor) -> Tensor:
    """Carried back along the memory: (time, path, batch, units) in reading order."""
    paths = torch.empty_like(entries)
    carried = torch.zeros_like(entries[0])
    for k in reversed(range(len(keep))):
        paths[k] = entries[k] + carried
        carried = keep[k] * paths[k]
    return paths


def _from_next_step(values: Tensor) -> Tensor:
    """What step k + 1 sends back to step k; nothing comes from beyond the end."""
    return torch.cat((values[1:], torch.zeros_like(values[:1])))
