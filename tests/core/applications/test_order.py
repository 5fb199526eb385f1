"""Every pass sees each example once, in a new order, whatever was asked before."""

from itertools import chain

import pytest

from core.applications.order import examples_of_batch


def one_pass(count, size, seed, turn=0):
    batches = -(-count // size)
    return [examples_of_batch(count, turn * batches + step, size, seed) for step in range(batches)]


def test_a_pass_holds_every_example_once():
    batches = one_pass(10, 3, seed=4)
    assert [len(batch) for batch in batches] == [3, 3, 3, 1]
    assert sorted(chain(*batches)) == list(range(10))


def test_each_pass_and_each_seed_has_its_own_order():
    orders = {tuple(chain(*one_pass(30, 30, seed, turn))) for seed in (0, 1) for turn in (0, 1, 2)}
    assert len(orders) == 6


def test_a_batch_depends_on_nothing_but_its_arguments():
    late = examples_of_batch(10, 17, 3, seed=1)
    for step in range(17):
        examples_of_batch(10, step, 3, seed=1)
    assert examples_of_batch(10, 17, 3, seed=1) == late


@pytest.mark.parametrize(("count", "size"), [(0, 3), (3, 0)])
def test_no_examples_are_refused(count, size):
    with pytest.raises(ValueError, match="expected at least 1"):
        examples_of_batch(count, 0, size, seed=0)
