"""A cell over a sequence, in both directions."""

from __future__ import annotations

import pytest
import torch

from core.cells import make_cell
from core.networks import unroll

KINDS = ("elman", "jordan", "lstm", "gru", "gru-original")


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_every_step_goes_on_from_the_one_before(kind: str, reverse: bool) -> None:
    torch.manual_seed(0)
    cell, x = make_cell(kind, 3, 4), torch.randn(5, 2, 3)
    start = tuple(torch.randn(2, size) for size in cell.state_sizes)
    run, state = unroll(cell, x, start, reverse=reverse), start
    for t in reversed(range(5)) if reverse else range(5):
        step = cell(x[t], state)
        state = step.state
        assert torch.equal(run.outputs[t], step.output)
        assert torch.equal(run.steps[t].signals["hidden"], step.signals["hidden"])
    for got, expected in zip(run.state, state, strict=True):
        assert torch.equal(got, expected)


@pytest.mark.parametrize("kind", KINDS)
def test_reading_backwards_is_reading_the_sequence_turned_round(kind: str) -> None:
    torch.manual_seed(0)
    cell, x = make_cell(kind, 3, 4), torch.randn(5, 2, 3)
    assert torch.equal(
        unroll(cell, x, reverse=True).outputs, unroll(cell, x.flip(0)).outputs.flip(0)
    )


def test_without_a_state_it_starts_from_zeros() -> None:
    torch.manual_seed(0)
    cell, x = make_cell("lstm", 3, 4), torch.randn(5, 2, 3)
    assert torch.equal(unroll(cell, x).outputs, unroll(cell, x, cell.initial_state(2)).outputs)


@pytest.mark.parametrize("shape", [(3,), (5, 3), (0, 2, 3), (1, 5, 2, 3)])
def test_inputs_of_a_wrong_shape(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"inputs have shape .*unsqueeze\(1\)"):
        unroll(make_cell("gru", 3, 4), torch.zeros(shape))
