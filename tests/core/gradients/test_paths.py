"""The gradient of the memory, split by road, against autograd with the other roads closed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from core.gradients import direct_gradient, gradient_paths
from tests.core.gradients.examples import GATED, Example, example, state_gradients

Memory = tuple[Tensor, Tensor]  # what the gates read (h), and the memory itself
GATES = {
    "lstm": ("input_gate", "forget_gate", "candidate", "output_gate"),
    "gru": ("reset_gate", "update_gate", "candidate"),
    "gru-original": ("reset_gate", "update_gate", "candidate"),
}


def read_one(case: Example, x: Tensor, h: dict[str, Tensor], memory: Tensor) -> Memory:
    """One step by its equations, with an h of its own for every gate."""
    cell = case.network.cells[0][0]
    kind, gates = cell.kind, GATES[cell.kind]
    rows = dict(zip(gates, zip(*(p.chunk(len(gates)) for p in cell.parameters()))))
    a = {g: x @ W.T + bi + h[g] @ U.T + bh for g, (W, U, bi, bh) in rows.items()}
    if kind == "lstm":
        i, f, o = (torch.sigmoid(a[g]) for g in ("input_gate", "forget_gate", "output_gate"))
        c = f * memory + i * torch.tanh(a["candidate"])
        return o * torch.tanh(c), c
    r, z = torch.sigmoid(a["reset_gate"]), torch.sigmoid(a["update_gate"])
    W, U, bi, bh = rows["candidate"]
    if kind == "gru":
        n = torch.tanh(x @ W.T + bi + r * (h["candidate"] @ U.T + bh))
    else:
        n = torch.tanh(x @ W.T + bi + (r * h["candidate"]) @ U.T + bh)
    h_new = (1 - z) * n + z * memory
    return h_new, h_new


def shown(case: Example, t: int, memory: Tensor) -> Tensor:
    """h_t as a function of the memory at t."""
    if case.network.kind != "lstm":
        return memory
    return torch.from_numpy(case.trace["output_gate"].values[0, 0, t]) * torch.tanh(memory)


def by_closing_roads(case: Example, start: int, road: str) -> Tensor:
    """The gradient for the memory at ``start`` that leaves the memory by ``road``.

    For every step t: a nudge at ``start`` travels along the memory to t, where every gate but
    ``road`` is given the state without it; from then on all roads are open.
    """
    kind, gates = case.network.kind, GATES[case.network.kind]
    name, keep = ("cell", "forget_gate") if kind == "lstm" else ("hidden", "update_gate")
    recorded = torch.from_numpy(case.trace[name].values[0, 0])
    kept = torch.from_numpy(case.trace[keep].values[0, 0])
    total = torch.zeros_like(recorded[0])
    for t in range(start, len(case.inputs)):
        nudge = torch.zeros_like(recorded[0]).requires_grad_()
        moved = recorded[t] + kept[start + 1 : t + 1].prod(0) * nudge
        if road == "highway":
            outputs = {t: shown(case, t, moved)}
        else:
            still = shown(case, t, recorded[t])
            h = dict.fromkeys(gates, still) | {road: shown(case, t, moved)}
            memory, outputs = recorded[t], {}
            for later in range(t + 1, len(case.inputs)):
                read, memory = read_one(case, case.inputs[later], h, memory)
                h, outputs[later] = dict.fromkeys(gates, read), read
        loss = sum((y * case.loss_weights[s]).sum() for s, y in outputs.items())
        if outputs:
            total += torch.autograd.grad(loss, nudge)[0]
    return total


@pytest.mark.parametrize("kind", GATED)
@pytest.mark.parametrize(("layers", "bidirectional"), [(1, False), (2, True)])
def test_the_parts_add_up_to_the_whole(kind, layers, bidirectional):
    case = example(kind, num_layers=layers, bidirectional=bidirectional)
    paths = gradient_paths(case.trace, case.network, case.direct)
    name = "cell" if "lstm" in kind else "hidden"
    whole = state_gradients(
        case.network, case.inputs, name, lambda y: (y * case.loss_weights).sum()
    )
    np.testing.assert_allclose(paths.sum("path"), whole, atol=1e-10)
    largest = abs(paths).max(["layer", "direction", "time", "batch", "unit"])
    assert float(largest.min()) > 1e-4


@pytest.mark.parametrize("kind", GATES)
def test_each_part_is_what_its_road_alone_brings(kind):
    case = example(kind, steps=5)
    paths = gradient_paths(case.trace, case.network, case.direct).isel(layer=0, direction=0)
    assert paths["path"].values.tolist() == ["highway", *GATES[kind]]
    for road in paths["path"].values:
        for start in (0, 2, 4):
            expected = by_closing_roads(case, start, road)
            np.testing.assert_allclose(
                paths.sel(path=road, time=start), expected.numpy(), atol=1e-10
            )


def test_the_highway_is_the_product_of_the_forget_gates():
    case = example("lstm")
    last = direct_gradient(case.trace, lambda h: (h[-1] * case.loss_weights[-1]).sum())
    paths = gradient_paths(case.trace, case.network, last)
    signals = {name: case.trace[name].values[0, 0] for name in ("forget_gate", "output_gate")}
    c = case.trace["cell"].values[0, 0, -1]
    entry = signals["output_gate"][-1] * (1 - np.tanh(c) ** 2) * case.loss_weights[-1].numpy()
    for k in (0, 3, 6):
        expected = signals["forget_gate"][k + 1 :].prod(axis=0) * entry
        found = paths.sel(path="highway", time=k).values[0, 0]
        np.testing.assert_allclose(found, expected, atol=1e-12)


def test_a_cell_without_a_gated_memory_is_refused():
    case = example("elman")
    with pytest.raises(ValueError, match="kind elman has no gated memory"):
        gradient_paths(case.trace, case.network, case.direct)
