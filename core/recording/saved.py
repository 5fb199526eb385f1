"""What autograd already kept for the backward pass, read instead of computed again.

A training forward pass stores its gates: oneDNN's LSTM in a workspace, torch's GRU in the
nodes of the graph. Neither layout is promised, so whatever is read here is only a candidate:
the caller checks it against the weights and the module's own output, and computes the gates
itself where they do not fit.
"""

from __future__ import annotations

import torch
from torch import Tensor

from core.recording.recover import Signals, stacked_preactivations
from core.recording.weights import Weights

LSTM_NODE = "MkldnnRnnLayerBackward0"
TOLERANCE = 1e-5


def saved_gates(weights: Weights, output: Tensor, x: Tensor, h_previous: Tensor) -> Signals | None:
    """The gates that produced ``output`` (time, batch, units), or None where they are not kept.

    ``output`` must come straight from the kernel, with its ``grad_fn``.
    """
    if output.grad_fn is None:
        return None
    if weights.kind == "lstm" and weights.P is None:
        return _lstm_workspace(weights, output, x, h_previous)
    if weights.kind == "gru":
        return _gru_graph(output)
    return None


def _lstm_workspace(
    weights: Weights, output: Tensor, x: Tensor, h_previous: Tensor
) -> Signals | None:
    node = output.grad_fn
    while node is not None and node.name() == "TransposeBackward0":  # batch_first
        node = node.next_functions[0][0]
    if node is None or node.name() != LSTM_NODE or output.dtype != torch.float32:
        return None
    workspace = node._saved_result3.detach().view(torch.float32)
    steps, batch, units = output.shape
    # Rows may be padded to whole cache lines; the first and last step tell which it is.
    ends = [0, -1]
    expected = stacked_preactivations(weights, x[ends], h_previous[ends])
    i, f, g, o = expected.chunk(4, dim=-1)
    expected = torch.cat((i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()), dim=-1)
    line = -(-4 * units // 16) * 16
    for stride in (4 * units, line, line + 16):
        if workspace.numel() < steps * batch * stride:
            return None
        rows = workspace[: steps * batch * stride].view(steps, batch, stride)[..., : 4 * units]
        if torch.allclose(rows[ends], expected, atol=TOLERANCE):
            i, f, g, o = rows.split(units, dim=-1)
            return {"input_gate": i, "forget_gate": f, "candidate": g, "output_gate": o}
    return None


def _gru_graph(output: Tensor) -> Signals | None:
    node = output.grad_fn
    while node is not None and node.name() == "TransposeBackward0":
        node = node.next_functions[0][0]
    if node is None or node.name() != "StackBackward0":
        return None
    reset, update, candidate, recurrent = [], [], [], []
    for step, _ in node.next_functions:
        found = _gru_step(step)
        if found is None:
            return None
        for values, value in zip((reset, update, candidate, recurrent), found):
            values.append(value)
    return {
        "reset_gate": torch.stack(reset),
        "update_gate": torch.stack(update),
        "candidate": torch.stack(candidate),
        "_recurrent": torch.stack(recurrent),
    }


def _gru_step(step) -> tuple[Tensor, Tensor, Tensor, Tensor] | None:
    """r, z, n and U_n h + b_hn from the graph of h = z (h' - n) + n, n = tanh(a + r u)."""
    if step.name() != "AddBackward0":
        return None
    product = step.next_functions[0][0]
    if product.name() != "MulBackward0":
        return None
    tanh = step.next_functions[1][0]
    if tanh.name() != "TanhBackward0":
        return None
    gated = tanh.next_functions[0][0].next_functions[1][0]
    if gated.name() != "MulBackward0":
        return None
    return gated._saved_other, product._saved_other, tanh._saved_result, gated._saved_self
