"""A stage over a whole training: every checkpoint's recording, and what is said of each."""

from __future__ import annotations

import numpy as np
import pytest

from core import Trace
from explorer.language import texts_of
from explorer.pictures import gradients_stage, states_stage, unrolled_stage
from explorer.players.checkpoints import MOST_CHECKPOINTS, over_training, thinned, unpack
from tests.explorer.made import made

EN = texts_of("en")
UPDATES = (0, 10, 40)
LEADS = [f"After {updates} updates. " for updates in UPDATES]


def reading(seed: int, steps: int = 4) -> Trace:
    draw = np.random.default_rng(seed)
    gate = draw.uniform(size=(steps, 3))
    return made(
        {
            "hidden": draw.normal(size=(steps, 3)),
            "forget_gate": gate,
            "grad_hidden": draw.normal(size=(steps, 3)),
        },
        tokens="abcdefgh"[:steps],
        prediction=draw.dirichlet(np.ones(2), size=steps),
        classes=["a", "b"],
    )


def test_every_checkpoint_keeps_its_own_numbers() -> None:
    traces = [reading(seed) for seed in range(3)]
    arrays, spec = unpack(
        over_training([states_stage(trace, EN, {}) for trace in traces], UPDATES, LEADS)
    )
    assert spec["checkpoints"]["updates"] == list(UPDATES)
    assert set(spec["checkpoints"]["arrays"]) == {"hidden", "forget_gate"}
    for place, trace in enumerate(traces):
        for name in ("hidden", "forget_gate"):
            expected = trace[name].values[:, :, :, 0].astype(np.float32)
            np.testing.assert_array_equal(arrays[name][place], expected)


def test_rows_keep_the_order_of_the_last_checkpoint() -> None:
    payloads = [states_stage(reading(seed), EN, {}) for seed in range(3)]
    arrays, _ = unpack(over_training(payloads, UPDATES, LEADS))
    last, _ = unpack(payloads[-1])
    np.testing.assert_array_equal(arrays["order_hidden"], last["order_hidden"])


def test_what_is_said_differs_from_checkpoint_to_checkpoint() -> None:
    payloads = [unrolled_stage(reading(seed), EN, {}) for seed in range(3)]
    _, spec = unpack(over_training(payloads, UPDATES, LEADS))
    caption, graph = spec["panels"]
    for place, payload in enumerate(payloads):
        alone = unpack(payload)[1]["panels"]
        said = caption["checkpoints"][place]
        assert said["options"]["parts"] == [LEADS[place], *alone[0]["options"]["parts"]]
        assert graph["checkpoints"][place]["alt"] == LEADS[place] + alone[1]["alt"]
    assert caption["options"] == caption["checkpoints"][-1]["options"]


def test_curves_of_gradients_travel_too() -> None:
    traces = [reading(seed) for seed in range(3)]
    payloads = [gradients_stage({"LSTM": trace}, "LSTM", EN, {}) for trace in traces]
    arrays, spec = unpack(over_training(payloads, UPDATES, LEADS))
    assert "norms.s0.grad_hidden" in spec["checkpoints"]["arrays"]
    norms = [np.linalg.norm(trace["grad_hidden"].values[0, 0, :, 0], axis=-1) for trace in traces]
    np.testing.assert_allclose(arrays["norms.s0.grad_hidden"][:, 0], norms, rtol=1e-6)


def test_a_text_of_another_length_ends_without_values() -> None:
    payloads = [states_stage(reading(seed, steps), EN, {}) for seed, steps in ((0, 2), (1, 5))]
    arrays, spec = unpack(over_training(payloads, (0, 9), ["", ""]))
    assert spec["steps"] == 5
    assert spec["checkpoints"]["tokens"] == [["a", "b", "", "", ""], list("abcde")]
    hidden = arrays["hidden"]
    assert hidden.shape == (2, 1, 1, 5, 3)
    assert np.isnan(hidden[0, 0, 0, 2:]).all()
    assert np.isfinite(hidden[0, 0, 0, :2]).all()
    assert np.isfinite(hidden[1]).all()


def test_what_does_not_fit_together_is_refused() -> None:
    payload = states_stage(reading(0), EN, {})
    with pytest.raises(ValueError, match="expected one of each"):
        over_training([payload], (0, 1), ["", ""])
    with pytest.raises(ValueError, match="got 0 payloads"):
        over_training([], (), [])


@pytest.mark.parametrize("count", [1, 5, 16, 17, 40, 300])
def test_few_enough_checkpoints_are_shown_the_first_and_last_among_them(count: int) -> None:
    updates = [100 * place for place in range(count)]
    for size in (1_000, 400_000, 50_000_000):
        shown = thinned(updates, size)
        assert shown == sorted(set(shown))
        assert set(shown) <= set(updates)
        assert {updates[0], updates[-1]} <= set(shown)
        assert len(shown) <= MOST_CHECKPOINTS
    assert len(thinned(updates, 1_000)) == min(count, MOST_CHECKPOINTS)
    assert len(thinned(updates, 50_000_000)) == min(count, 4)
