"""Temperature, top-k and top-p, against their definitions."""

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.generation import Filters

numbers = st.lists(st.floats(-8, 8), min_size=2, max_size=7)


def test_temperature_divides_the_logits():
    logits = torch.tensor([1.0, 2.0, 0.5, -1.0], dtype=torch.float64)
    found = Filters(temperature=0.7)(logits)
    p = logits.softmax(-1)
    assert torch.allclose(found.before, p)
    assert torch.allclose(found.after, p ** (1 / 0.7) / (p ** (1 / 0.7)).sum())
    assert torch.equal(found.after, found.tempered)


@given(numbers)
def test_a_vanishing_temperature_is_greedy(values):
    values = [value + 0.1 * place for place, value in enumerate(values)]
    logits = torch.tensor(values, dtype=torch.float64)
    near = logits.max() - logits < 0.01
    if near.sum() > 1:
        return
    cold, zero = Filters(temperature=1e-4)(logits), Filters(temperature=0)(logits)
    assert torch.allclose(cold.after, zero.after, atol=1e-12)
    assert zero.after.argmax() == logits.argmax()
    assert zero.after.sum() == 1


def test_a_great_temperature_makes_all_alike():
    found = Filters(temperature=1e6)(torch.tensor([5.0, -3.0, 0.0]))
    assert torch.allclose(found.after, torch.full((3,), 1 / 3, dtype=torch.float64), atol=1e-4)


@given(numbers, st.integers(1, 9))
def test_top_k_keeps_the_k_likeliest(values, k):
    found = Filters(top_k=k)(torch.tensor(values))
    kept = found.after > 0
    assert kept.sum() == min(k, len(values))
    left = found.before[~kept]
    assert not len(left) or left.max() <= found.before[kept].min()
    assert torch.allclose(found.after[kept], found.before[kept] / found.before[kept].sum())


@given(numbers, st.floats(0.01, 0.999))
def test_top_p_keeps_the_smallest_set_that_reaches_p(values, p):
    found = Filters(top_p=p)(torch.tensor(values))
    kept = found.after > 0
    reached = found.before[kept].sum().item()
    assert reached >= p - 1e-9
    count = int(kept.sum())
    smaller = [sum(pick) for pick in itertools.combinations(found.before.tolist(), count - 1)]
    assert max(smaller) < p + 1e-9  # no set of fewer tokens reaches it
    assert found.after.sum() == pytest.approx(1)


def test_top_p_counts_what_top_k_left():
    # of the two that stay, 5/8 and 3/8, the first alone reaches 0.6; of all four it would not
    logits = torch.tensor([0.5, 0.3, 0.15, 0.05], dtype=torch.float64).log()
    assert (Filters(top_k=2, top_p=0.6)(logits).after > 0).tolist() == [True, False, False, False]
    assert (Filters(top_p=0.6)(logits).after > 0).tolist() == [True, True, False, False]


def test_equals_are_taken_in_the_order_of_the_vocabulary():
    logits = torch.zeros(5)
    assert (Filters(top_k=2)(logits).after > 0).tolist() == [True, True, False, False, False]
    assert Filters(temperature=0)(logits).after.tolist() == [1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": -0.1}, "temperature is -0.1"),
        ({"temperature": float("nan")}, "temperature is nan"),
        ({"top_k": -1}, "top_k is -1"),
        ({"top_p": 0}, "top_p is 0"),
        ({"top_p": 1.1}, "top_p is 1.1"),
    ],
)
def test_a_value_out_of_its_range_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Filters(**options)
