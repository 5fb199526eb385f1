"""A linear recurrence comes out the same step by step and all at once."""

from __future__ import annotations

import pytest
import torch

from core.networks.linear_recurrence import all_at_once, joined_rounds, step_by_step


@pytest.mark.parametrize("length", [1, 2, 7, 64, 100])
def test_the_scan_is_the_loop(length: int) -> None:
    torch.manual_seed(length)
    keep, written = torch.randn(2, length, 3, 5, dtype=torch.float64).unbind()
    start = torch.randn(3, 5, dtype=torch.float64)
    torch.testing.assert_close(
        all_at_once(keep, written, start), step_by_step(keep, written, start), rtol=1e-9, atol=1e-9
    )


def test_gradients_are_the_same_too() -> None:
    torch.manual_seed(0)
    found = []
    for way in (step_by_step, all_at_once):
        torch.manual_seed(0)
        keep, written = torch.rand(2, 9, 4, dtype=torch.float64).unbind()
        keep, written = keep.clone().requires_grad_(), written.clone().requires_grad_()
        way(keep, written, torch.ones(4, dtype=torch.float64)).square().sum().backward()
        found.append((keep.grad, written.grad))
    for one, other in zip(*found):
        torch.testing.assert_close(one, other)


def test_a_round_joins_the_last_steps_and_no_more() -> None:
    length = 11
    keep, written = torch.ones(length, 1), torch.arange(1.0, length + 1)[:, None]
    rounds = list(joined_rounds(keep, written))
    assert [reach for reach, _, _ in rounds] == [2, 4, 8, 16]
    for reach, _, total in rounds:
        expected = [sum(range(max(1, t - reach + 2), t + 2)) for t in range(length)]
        assert total[:, 0].tolist() == expected
