"""What the players are sent is what was recorded."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest

from core import Trace
from explorer import pictures
from explorer.language import texts_of
from explorer.models import read, shipped
from explorer.players.payload import (
    gradient_norms,
    pack,
    predictions,
    signal_arrays,
    similarity_orders,
    target_probability,
)
from explorer.players.spec import group_of
from tests.explorer.made import fading, made
from tests.explorer.pages import arrays_of, spec_of

EN = texts_of("en")


@pytest.fixture(scope="module")
def trace() -> Trace:
    return read("namaskar-lstm", "nam人ska", "every")


def test_arrays_and_spec_come_back() -> None:
    values = np.arange(6, dtype=np.float32).reshape(1, 1, 2, 3).transpose(0, 1, 3, 2)
    data = pack({"hidden": values}, {"tokens": ["</script>", "人", "\u2028"]})
    assert np.array_equal(arrays_of(data)["hidden"], values)
    assert spec_of(data) == {"tokens": ["</script>", "人", "\u2028"]}


def test_signals_lose_only_the_batch(trace: Trace) -> None:
    arrays = signal_arrays(trace, ["hidden", "forget_gate", "initial_cell", "no_such"])
    assert set(arrays) == {"hidden", "forget_gate", "initial_cell"}
    assert np.array_equal(arrays["hidden"], trace["hidden"].values[..., 0, :].astype(np.float32))
    assert arrays["initial_cell"].shape == (1, 1, trace["hidden"].sizes["unit"])
    assert all(array.dtype == np.float32 for array in arrays.values())


def test_gradient_norms() -> None:
    arrays = gradient_norms(fading([3.0, 4.0]))
    assert set(arrays) == {"grad_hidden_norm"}
    np.testing.assert_allclose(arrays["grad_hidden_norm"], [[[3.0, 4.0]]], rtol=1e-6)
    assert gradient_norms(made({"hidden": np.zeros((2, 2))})) == {}


def test_guesses_are_sorted_and_true() -> None:
    rows = [[0.1, 0.6, 0.3], [0.5, 0.2, 0.3], [0.2, 0.2, 0.6]]
    trace = made(
        {"hidden": np.zeros((3, 2))}, tokens="c人a", prediction=rows, classes=["a", "b", "c"]
    )
    arrays = predictions(trace)
    assert arrays["prediction_index"].tolist() == [[1, 2, 0], [0, 2, 1], [2, 0, 1]]
    np.testing.assert_allclose(arrays["prediction_probability"][0], [0.6, 0.3, 0.1], rtol=1e-6)
    # 人 is not a class, so after the first step there is no right answer; after the last neither.
    np.testing.assert_array_equal(target_probability(trace), [np.nan, 0.5, np.nan])
    assert predictions(made({"hidden": np.zeros((3, 2))})) == {}


def test_units_that_behave_alike_become_neighbours() -> None:
    time = np.arange(12)
    one, other = np.sin(time), np.cos(2 * time)
    hidden = np.stack([one, other, 0.1 * one, 0.5 * other, np.zeros(12)], axis=-1)
    (order,) = similarity_orders(made({"hidden": hidden}), ["hidden"]).values()
    place = {unit: at for at, unit in enumerate(order[0, 0].tolist())}
    assert sorted(place) == [0, 1, 2, 3, 4]
    assert abs(place[0] - place[2]) == abs(place[1] - place[3]) == 1
    single = similarity_orders(made({"hidden": hidden[:, :1]}), ["hidden"])
    assert single["order_hidden"].tolist() == [[[0]]]


def test_the_same_reading_shares_a_cursor_and_another_does_not() -> None:
    groups = {
        group_of(read(model, text, loss))
        for model in ("namaskar-lstm", "namaskar-gru")
        for text in ("nam", "nama")
        for loss in ("last", "every")
    }
    assert len(groups) == 8
    assert group_of(read("namaskar-lstm", "nam", "last")) in groups


@pytest.mark.parametrize("card_id", shipped())
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_stage_is_whole(card_id: str, language: str) -> None:
    texts, trace = texts_of(language), read(card_id, "namaska", "last")
    makers = (
        pictures.home_stage,
        pictures.cell_stage,
        pictures.unrolled_stage,
        pictures.states_stage,
        lambda one, *more: pictures.gradients_stage({"A": one}, "A", *more),
    )
    for make in makers:
        data = make(trace, texts, {"unit": 2})
        spec, arrays = spec_of(data), arrays_of(data)
        areas = set(spec["grid"]["areas"].replace("'", " ").split())
        assert areas == {panel["area"] for panel in spec["panels"]}
        assert spec["tokens"] == list("namaska")
        assert arrays["hidden"].shape == (
            spec["layers"],
            spec["directions"],
            spec["steps"],
            spec["units"],
        )
        assert spec["cursor"]["unit"] == 2
        arrays.pop("target_probability", None)  # all unknown where the network reads no Latin
        assert all(np.isfinite(array).any() for array in arrays.values())


@pytest.mark.parametrize("card_id", shipped())
def test_the_parts_shown_in_the_cell_add_up(card_id: str) -> None:
    trace = read(card_id, "namaska", "last")
    arrays = arrays_of(pictures.cell_stage(trace, EN, {}))
    sums = [name for name in arrays if name.endswith("_preactivation")]
    assert sums
    for name in sums:
        quantity = name.removesuffix("_preactivation")
        if quantity == "candidate" and "reset_gate" in arrays:
            continue  # the reset gate lies between the parts
        parts = [
            arrays[f"{quantity}_{part}"]
            for part in ("from_input", "from_recurrent", "from_hidden", "from_cell", "bias")
            if f"{quantity}_{part}" in arrays
        ]
        np.testing.assert_allclose(sum(parts), arrays[name], atol=1e-5)


def test_ten_thousand_units_are_ordered_in_little_memory_with_alike_ones_together() -> None:
    random = np.random.default_rng(0)
    shape = np.sin(np.arange(30) / 3)
    signs = random.choice([-1.0, 1.0], 10_000)
    trace = made({"hidden": shape[:, None] * signs + 0.05 * random.normal(size=(30, 10_000))})
    tracemalloc.start()
    started = time.process_time()
    order = similarity_orders(trace, ["hidden"])["order_hidden"][0, 0]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6
    assert time.process_time() - started < 5
    assert sorted(order.tolist()) == list(range(10_000))
    assert np.count_nonzero(np.diff(signs[order])) == 1


def test_units_that_are_not_finite_are_ordered_too() -> None:
    values = np.random.default_rng(0).normal(size=(5, 8))
    values[2:, 1], values[:, 2], values[3, 3] = np.nan, np.inf, -np.inf
    order = similarity_orders(made({"hidden": values * 1e30}), ["hidden"])["order_hidden"][0, 0]
    assert sorted(order.tolist()) == list(range(8))
