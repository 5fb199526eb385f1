"""What autograd already kept for the backward pass, read instead of computed again.

A training forward pass stores its gates: oneDNN's LSTM in a workspace, torch's GRU in the
nodes of the graph. Neither layout is promised, so whatever is read here is only a candidate.
The caller proves every step against the module's own states, which leaves nothing open for an
LSTM; the reset gates of a GRU are compared here, at the first and last step, with what the
weights give. Where nothing fits the gates are computed instead.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from core.recording.elementwise import furthest
from core.recording.recover import Signals, recover_gates
from core.recording.weights import Weights

LSTM_NODE = "MkldnnRnnLayerBackward0"
LSTM_GATES = ("input_gate", "forget_gate", "candidate", "output_gate")
GRU_GATES = ("reset_gate", "update_gate", "candidate", "_recurrent")
LINE = 16  # numbers in a cache line, to which oneDNN pads its rows
PAGE = 1024  # numbers in a page of memory, on which oneDNN begins a section
TOLERANCE = 1e-5


def saved_gates(
    weights: Weights, output: Tensor, x: Tensor, h_previous: Tensor, c_start: Tensor | None = None
) -> Signals | None:
    """The gates that produced ``output`` (time, batch, units), or None where they are not kept.

    ``output`` must come straight from the kernel, with its ``grad_fn``. An LSTM's ``_cell``,
    where it is found, holds the states after every step but the last.
    """
    node = output.grad_fn
    while node is not None and node.name().startswith("TransposeBackward"):  # batch_first
        node = node.next_functions[0][0]
    if weights.kind == "lstm" and weights.P is None and _is(node, LSTM_NODE):
        return _lstm_workspace(node, *output.shape, c_start)
    if weights.kind == "gru" and _is(node, "StackBackward0"):
        gates = _gru_graph(node)
        ends = slice(0, None, max(1, len(x) - 1))
        wanted = recover_gates(weights, x[ends], h_previous[ends])
        if gates and all(furthest(gates[name][ends], wanted[name]) < TOLERANCE for name in wanted):
            return gates
    return None


def _lstm_workspace(
    node, steps: int, batch: int, units: int, c_start: Tensor | None
) -> Signals | None:
    """oneDNN's workspace begins with the gates; each row is as long as its caches like it."""
    workspace = node._saved_result3.detach().view(torch.float32)
    stride = -(-4 * units // LINE) * LINE
    if stride % (16 * LINE) == 0:
        stride += LINE
    size = steps * batch * stride
    if workspace.numel() < size:
        return None
    rows = workspace[:size].view(steps, batch, stride)[..., : 4 * units]
    gates = dict(zip(LSTM_GATES, rows.split(units, dim=-1)))
    if c_start is not None:
        at = _place_of_cells(workspace.numpy(), c_start.numpy(), steps, stride)
        if at is not None:
            after = at + (steps - 1) * batch * units
            gates["_cell"] = workspace[at:after].view(steps - 1, batch, units)
    return gates


def _place_of_cells(
    workspace: np.ndarray, c_start: np.ndarray, steps: int, stride: int
) -> int | None:
    """Where in the workspace the cell state after the first step lies, and those after it.

    Somewhere after the gates a section begins, on a page of its own, with the cell states of
    every layer and step: first the input's, which has none, then the start, then ours.
    """
    batch, units = c_start.shape
    i, f, g = workspace[: 3 * units : units].tolist()
    first = f * c_start.item(0) + i * g
    gates = steps * batch * stride
    begin = -(-gates // PAGE) * PAGE + (steps + 2) * batch * units
    last = len(workspace) - (steps - 1) * batch * units
    pages = np.flatnonzero(np.abs(workspace[begin : last + 1 : PAGE] - first) < TOLERANCE)
    return begin + int(pages[0]) * PAGE if len(pages) else None


def _gru_graph(node) -> Signals | None:
    """The gates in the graph of a GRU that torch computed step by step."""
    found = [_gru_step(step) for step, _ in node.next_functions]
    # with some weights frozen, autograd keeps only what it needs
    if not all(step and all(value is not None for value in step) for step in found):
        return None
    return {name: torch.stack(values) for name, values in zip(GRU_GATES, zip(*found))}


def _gru_step(step) -> tuple[Tensor, Tensor, Tensor, Tensor] | None:
    """r, z, n and U_n h + b_hn from the graph of h = z (h' - n) + n, n = tanh(a + r u)."""
    product, tanh = _parents(step, "AddBackward0")
    _, gated = _parents(_parents(tanh, "TanhBackward0")[0], "AddBackward0")
    if not (_is(product, "MulBackward0") and _is(gated, "MulBackward0")):
        return None
    return gated._saved_other, product._saved_other, tanh._saved_result, gated._saved_self


def _is(node, name: str) -> bool:
    return node is not None and node.name() == name


def _parents(node, name: str) -> tuple:
    """What went into ``node``; nothing at all unless it is called ``name``."""
    if not _is(node, name):
        return None, None
    parents = tuple(parent for parent, _ in node.next_functions)
    return parents if len(parents) > 1 else (*parents, None)
