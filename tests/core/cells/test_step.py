"""What every cell promises: named parts that add up, right gradients, shapes, errors."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from beartype import beartype
from jaxtyping import Float, jaxtyped
from torch import Tensor, nn

from core.cells import make_cell
from core.cells.step import Cell

KINDS = ("elman", "jordan", "lstm", "gru", "gru-original")
TORCH = {"elman": nn.RNNCell, "lstm": nn.LSTMCell, "gru": nn.GRUCell}
INPUTS, UNITS, BATCH = 3, 4, 2
Inputs, Units = Float[Tensor, "batch inputs"], Float[Tensor, "batch units"]


def drawn(kind: str, seed: int = 0, **options) -> Cell:
    """A cell with large random weights, so that gates leave the middle."""
    cell = make_cell(kind, INPUTS, UNITS, **options).double()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
    return cell


def arguments(cell: Cell, seed: int = 1) -> tuple[Tensor, tuple[Tensor, ...]]:
    """An input and a state."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(BATCH, INPUTS, generator=generator, dtype=torch.float64)
    state = tuple(
        torch.randn(BATCH, size, generator=generator, dtype=torch.float64)
        for size in cell.state_sizes
    )
    return x, state


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_gradients_pass_the_gradient_check(kind: str, bias: bool) -> None:
    cell = drawn(kind, bias=bias)
    x, state = arguments(cell)
    names = [name for name, _ in cell.named_parameters()]
    values = [value.detach().requires_grad_() for value in cell.parameters()]

    def step(x: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
        state, parameters = rest[: len(cell.state_sizes)], rest[len(cell.state_sizes) :]
        found = torch.func.functional_call(cell, dict(zip(names, parameters)), (x, tuple(state)))
        return found.output, *found.state

    leaves = [tensor.requires_grad_() for tensor in (x, *state)]
    assert torch.autograd.gradcheck(step, (*leaves, *values))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", TORCH)
def test_one_step_is_torchs(kind: str, bias: bool, seed: int) -> None:
    cell = drawn(kind, seed, bias=bias)
    torchs = TORCH[kind](INPUTS, UNITS, bias=bias).double()
    torchs.load_state_dict(cell.state_dict())
    x, state = arguments(cell, seed)
    step = cell(x, state)
    wanted = torchs(x, state if len(state) > 1 else state[0])
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    for got, expected in zip(step.state, wanted, strict=True):
        torch.testing.assert_close(got, expected, rtol=0, atol=1e-14)
    assert step.output is step.state[0]
    sum(part.sin().sum() for part in step.state).backward()
    sum(part.sin().sum() for part in wanted).backward()
    theirs = dict(torchs.named_parameters())
    for name, parameter in cell.named_parameters():
        torch.testing.assert_close(parameter.grad, theirs[name].grad, rtol=0, atol=1e-13)


@pytest.mark.parametrize("kind", TORCH)
def test_state_dicts_go_both_ways(kind: str) -> None:
    torchs, cell = TORCH[kind](INPUTS, UNITS).double(), drawn(kind)
    cell.load_state_dict(torchs.state_dict())
    for name, value in torchs.state_dict().items():
        assert torch.equal(cell.state_dict()[name], value)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_the_parts_add_up_to_the_preactivation(kind: str, bias: bool) -> None:
    cell = drawn(kind, bias=bias)
    step = cell(*arguments(cell))
    signals = step.signals
    sums = [name.removesuffix("_preactivation") for name in signals if "_preactivation" in name]
    assert sums
    for name in sums:
        if name == "output":  # of a Jordan cell
            total = signals["output_from_hidden"] + signals["output_bias"]
        else:
            recurrent = signals[f"{name}_from_recurrent"]
            if kind == "gru" and name == "candidate":
                recurrent = signals["reset_gate"] * (
                    recurrent + signals["candidate_recurrent_bias"]
                )
            total = signals[f"{name}_from_input"] + recurrent + signals[f"{name}_bias"]
        torch.testing.assert_close(total, signals[f"{name}_preactivation"], rtol=0, atol=1e-14)
        if not bias:
            assert not signals[f"{name}_bias"].any()


@pytest.mark.parametrize("kind", KINDS)
def test_every_part_is_the_product_it_is_called(kind: str) -> None:
    cell = drawn(kind)
    x, state = arguments(cell)
    signals = cell(x, state).signals
    gates = {
        "lstm": ["input_gate", "forget_gate", "candidate", "output_gate"],
        "gru": ["reset_gate", "update_gate", "candidate"],
        "gru-original": ["reset_gate", "update_gate", "candidate"],
    }.get(kind, ["hidden"])
    for W, U, gate in zip(cell.weight_ih.split(UNITS), cell.weight_hh.split(UNITS), gates):
        torch.testing.assert_close(signals[f"{gate}_from_input"], x @ W.T, rtol=0, atol=1e-14)
        before = state[0]
        if kind == "gru-original" and gate == "candidate":
            before = signals["reset_gate"] * before
        recurrent = signals[f"{gate}_from_recurrent"]
        torch.testing.assert_close(recurrent, before @ U.T, rtol=0, atol=1e-14)


@pytest.mark.parametrize("options", [{}, {"bias": False}])
@pytest.mark.parametrize("kind", KINDS)
def test_shapes(kind: str, options: dict) -> None:
    cell = drawn(kind, **options)

    @jaxtyped(typechecker=beartype)
    def check(x: Inputs, state: tuple[Units, ...]) -> Units:
        step = cell(x, state)
        for part in (*step.state, *step.signals.values()):
            assert isinstance(part, Units)
        assert len(step.state) == len(cell.state_names)
        return step.output

    check(*arguments(cell))


@pytest.mark.parametrize("kind", KINDS)
def test_the_signals_hold_the_state_and_the_output(kind: str) -> None:
    cell = drawn(kind)
    step = cell(*arguments(cell))
    assert step.signals["output"] is step.output
    for name, part in zip(cell.state_names, step.state, strict=True):
        assert step.signals[name] is part
    assert all(
        gate >= 0
        for name in step.signals
        if name.endswith("_gate")
        for gate in step.signals[name].flatten()
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_initial_state_is_zero_and_like_the_weights(kind: str) -> None:
    cell = drawn(kind).to(torch.float32)
    for part, size in zip(cell.initial_state(3), cell.state_sizes, strict=True):
        assert part.shape == (3, size)
        assert part.dtype == torch.float32
        assert not part.any()


@pytest.mark.parametrize("kind", KINDS)
def test_new_weights_are_torchs_own_choice(kind: str) -> None:
    torch.manual_seed(0)
    cell = make_cell(kind, 50, 64)
    for parameter in cell.parameters():
        assert parameter.abs().max() <= 1 / 8
        assert parameter.std().item() == pytest.approx(1 / 8 / np.sqrt(3), rel=0.2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("sizes", "name"), [((0, 4), "input_size"), ((3, -1), "hidden_size")])
def test_a_size_below_one(kind: str, sizes: tuple[int, int], name: str) -> None:
    with pytest.raises(ValueError, match=rf"{name} is (0|-1); a cell needs at least 1"):
        make_cell(kind, *sizes)


def test_an_unknown_cell() -> None:
    with pytest.raises(ValueError, match=r"Cell 'lstn' is not known; choose one of .*lstm"):
        make_cell("lstn", 2, 2)


def test_a_cell_without_a_step() -> None:
    with pytest.raises(TypeError, match="Cell does not define a step"):
        Cell(1, 1)(torch.zeros(1, 1), ())
