"""Several networks of one kind and size computed at once: their weights lie side by side.

Member m of a stack computes exactly what its network computes alone. All signs are those of the
cells in ``core.cells``, with one more dimension in front: ``U.mT`` is (members, hidden, rows).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.func import functional_call

from core.cells import make_cell
from core.cells.lstm_family import LSTMVariant
from core.networks.recurrent import TORCH_KINDS, Recurrent

Weights = Mapping[str, Tensor]
State = tuple[Tensor, ...]
Step = Callable[[Weights, Tensor, State], State]


def stack(networks: list[nn.Module]) -> dict[str, Tensor]:
    """The weights of networks of one kind and size, each (members, ...), to be trained."""
    return {
        name: torch.stack([dict(n.named_parameters())[name].detach() for n in networks])
        .clone()
        .requires_grad_()
        for name, _ in networks[0].named_parameters()
    }


def predict(network: nn.Module, weights: Weights, inputs: Tensor) -> Tensor:
    """Predictions (answers, members, batch, outputs) on inputs (time, members, batch, features).

    ``network`` is one of those that were stacked; only its shape matters, not its weights. Where
    it has torch's LSTM, whose kernel is faster than a stack, or no recurrent layer at all, the
    members are computed in turn.
    """
    body = getattr(network, "body", None)
    if body is None or isinstance(body, nn.LSTM):
        each = [
            functional_call(network, {name: w[m] for name, w in weights.items()}, inputs[:, m])
            for m in range(inputs.shape[1])
        ]
        return torch.stack(each, dim=1)
    own = {name.removeprefix("body.").removesuffix("_l0"): w for name, w in weights.items()}
    outputs = _unroll(body, own, inputs, network.answers)
    return outputs @ own["read_out.weight"].mT + own["read_out.bias"][:, None]


def _unroll(body: nn.Module, w: Weights, inputs: Tensor, answers: int) -> Tensor:
    """The last outputs (answers, members, batch, hidden); inputs enter in one product before."""
    kind = body.kind if isinstance(body, Recurrent) else TORCH_KINDS[type(body)]
    step = _step_of(kind)
    bias = w["bias_ih"] if kind == "gru" else w["bias_ih"] + w["bias_hh"]
    from_input = inputs @ w["weight_ih"].mT + bias[:, None]
    state = _start(body, inputs)
    outputs = []
    for a in from_input.unbind():
        state = step(w, a, state)
        outputs.append(state[0])
    return torch.stack(outputs[-answers:])


def _start(body: nn.Module, inputs: Tensor) -> State:
    """Zeros in front of the first step."""
    _, members, batch, _ = inputs.shape
    sizes = body.cells[0][0].state_sizes if isinstance(body, Recurrent) else (body.hidden_size,)
    return tuple(inputs.new_zeros(members, batch, size) for size in sizes)


def _step_of(kind: str) -> Step:
    return STEPS[kind] if kind in STEPS else _lstm_step(kind)


def _elman(w: Weights, a: Tensor, state: State) -> State:
    return (torch.tanh(torch.baddbmm(a, state[0], w["weight_hh"].mT)),)


def _jordan(w: Weights, a: Tensor, state: State) -> State:
    h = torch.tanh(torch.baddbmm(a, state[0], w["weight_hh"].mT))
    return (torch.baddbmm(w["bias_ho"][:, None], h, w["weight_ho"].mT),)


def _higher_order(w: Weights, a: Tensor, state: State) -> State:
    earlier = torch.cat(state, dim=-1)
    return (torch.tanh(torch.baddbmm(a, earlier, w["weight_hh"].mT)), *state[:-1])


def _gru(w: Weights, a: Tensor, state: State) -> State:
    (h,) = state
    u_r, u_z, u_n = torch.baddbmm(w["bias_hh"][:, None], h, w["weight_hh"].mT).chunk(3, dim=-1)
    a_r, a_z, a_n = a.chunk(3, dim=-1)
    r, z = torch.sigmoid(a_r + u_r), torch.sigmoid(a_z + u_z)
    return (torch.lerp(torch.tanh(a_n + r * u_n), h, z),)


def _gru_original(w: Weights, a: Tensor, state: State) -> State:
    (h,) = state
    size = h.shape[-1]
    gates, candidate = w["weight_hh"].split((2 * size, size), dim=1)
    a_gates, a_n = a.split((2 * size, size), dim=-1)
    r, z = torch.sigmoid(torch.baddbmm(a_gates, h, gates.mT)).chunk(2, dim=-1)
    return (torch.lerp(torch.tanh(torch.baddbmm(a_n, r * h, candidate.mT)), h, z),)


def _mgu(w: Weights, a: Tensor, state: State) -> State:
    (h,) = state
    u_f, u_n = w["weight_hh"].chunk(2, dim=1)
    a_f, a_n = a.chunk(2, dim=-1)
    f = torch.sigmoid(torch.baddbmm(a_f, h, u_f.mT))
    return (torch.lerp(h, torch.tanh(torch.baddbmm(a_n, f * h, u_n.mT)), f),)


STEPS: dict[str, Step] = {
    "elman": _elman,
    "jordan": _jordan,
    "higher-order": _higher_order,
    "gru": _gru,
    "gru-original": _gru_original,
    "mgu": _mgu,
}


def _lstm_step(kind: str) -> Step:
    """One step of a variant: the very equations of its cell, which work element by element."""
    cell = make_cell(kind, 1, 1)
    if not isinstance(cell, LSTMVariant):
        raise ValueError(f"Cells of the kind {kind!r} cannot be stacked.")
    peepholes = [name for name, _ in cell.named_parameters() if name.startswith("weight_c")]
    for name in peepholes:
        delattr(cell, name)

    def step(w: Weights, a: Tensor, state: State) -> State:
        h, c = state
        for name in peepholes:
            setattr(cell, name, w[name][:, None])
        stacked = torch.baddbmm(a, h, w["weight_hh"].mT).chunk(len(cell.gates), dim=-1)
        signals = cell.equations(dict(zip(cell.gates, stacked)), c)
        return signals["hidden"], signals["cell"]

    return step
