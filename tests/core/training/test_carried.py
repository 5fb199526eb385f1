"""States of any structure, taken apart and put together."""

import pytest
import torch

from core.training.carried import detached, each_tensor, flatten, unflatten

A, B, C = (torch.tensor(float(number)) for number in range(3))


@pytest.mark.parametrize(
    "carried", [None, A, (A, B), (A, (B, None), {"decoder": C}), {"a": (A,), "b": None}, ()]
)
def test_there_and_back(carried):
    tensors, form = flatten(carried)
    assert unflatten(tensors, form) == carried
    assert all(isinstance(tensor, torch.Tensor) for tensor in tensors)


@pytest.mark.parametrize(
    ("tensors", "form"), [((A,), None), ((), 0), ((A, B), [0]), ((A,), [0, 0]), ((A,), "x")]
)
def test_what_does_not_belong_together_is_refused(tensors, form):
    with pytest.raises(ValueError, match="start a new run"):
        unflatten(tensors, form)


def test_a_detached_state_has_no_past_however_deep():
    past = torch.ones(1, requires_grad=True) * 2
    found = detached({"a": (past, [past, None])})
    assert not found["a"][0].requires_grad
    assert not found["a"][1][0].requires_grad
    assert found["a"][1][1] is None


def test_anything_else_is_named():
    with pytest.raises(TypeError, match="holds int"):
        each_tensor((A, 3), torch.Tensor.detach)
