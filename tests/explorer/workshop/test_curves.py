"""Curves show what was measured, when it was measured."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from explorer.captions import spoken
from explorer.language import texts_of
from explorer.players.checkpoints import unpack
from explorer.workshop.curves_stage import (
    MOST_POINTS,
    at_updates,
    curves_stage,
    overlay_stage,
    run_caption,
    thinned,
    values_of,
)

EN = texts_of("en")


def line(step: int, loss: float, held: float | None = None, clipped: float = 0.0) -> dict[str, Any]:
    return {
        "step": step,
        "loss": loss,
        "validation_loss": held,
        "score": None if held is None else 1 - held,
        "gradient_norm": 2 * loss,
        "clipped": clipped,
        "learning_rate": 0.1 / step,
        "rate": 100.0,
        "seconds_left": 1.0,
        "seconds": step / 10,
    }


METRICS = [line(2, 3.0), line(4, 2.0, 0.9, 1.0), line(6, 1.5), line(8, 1.0, 0.7), line(10, 0.5)]


def test_what_is_measured_now_and_then_is_held() -> None:
    held = values_of(METRICS, "validation_loss")
    assert math.isnan(held[0])
    np.testing.assert_allclose(held[1:], [0.9, 0.9, 0.7, 0.7], rtol=1e-6)
    np.testing.assert_allclose(values_of(METRICS, "loss"), [3.0, 2.0, 1.5, 1.0, 0.5])
    assert np.isnan(values_of(METRICS[:1], "score")).all()


def test_runs_with_other_updates_are_brought_together() -> None:
    found = at_updates(METRICS, "loss", [1, 2, 5, 10, 11])
    np.testing.assert_array_equal(found, [np.nan, 3.0, 2.0, 0.5, np.nan])


def test_long_curves_are_thinned_but_every_measurement_stays() -> None:
    many = [line(n, 1 / n, 0.5 if n % 777 == 0 else None) for n in range(1, 5001)]
    shown = thinned(many)
    assert len(shown) < MOST_POINTS + 10
    steps = [one["step"] for one in shown]
    assert steps == sorted(set(steps))
    assert steps[0] == 1
    assert steps[-1] == 5000
    assert {777 * n for n in range(1, 7)} <= set(steps)


def test_the_stage_holds_every_curve() -> None:
    payload = curves_stage(METRICS, 20, EN, group="g", metric="accuracy", live=True)
    arrays, spec = unpack(payload)
    assert spec["tokens"] == ["2", "4", "6", "8", "10"]
    assert spec["goto"] == {"id": "10", "cursor": {"time": 4}}
    wanted = {curve["name"] for panel in spec["panels"][1:] for curve in panel["options"]["curves"]}
    assert {f"curve.{name}" for name in wanted} == set(arrays)
    assert wanted >= {"loss", "validation_loss", "score", "gradient_norm", "clipped"}
    still = unpack(curves_stage(METRICS, 20, EN, group="g", metric="accuracy"))[1]
    assert "goto" not in still


def test_the_caption_says_what_was_reached() -> None:
    said = spoken(run_caption(METRICS, 20, EN))
    assert "10 of 20" in said
    assert "0.500" in said
    assert "0.700, at update 8" in said
    assert "20% of the updates were clipped" in said


def test_a_run_without_measurements_has_no_best() -> None:
    assert "held-out" not in spoken(run_caption(METRICS[:1], 20, EN))


def test_several_runs_in_one_picture() -> None:
    other = [line(3, 9.0), line(12, 8.0)]
    payload = overlay_stage({"a": METRICS, "b": other}, EN, group="g", name="loss", log=True)
    arrays, spec = unpack(payload)
    assert spec["tokens"] == ["2", "3", "4", "6", "8", "10", "12"]
    np.testing.assert_array_equal(arrays["curve.r0"], [3, 3, 2, 1.5, 1, 0.5, np.nan])
    np.testing.assert_array_equal(arrays["curve.r1"], [np.nan, 9, 9, 9, 9, 9, 8])
    assert [curve["label"] for curve in spec["panels"][1]["options"]["curves"]] == ["a", "b"]
    assert all(curve["log"] for curve in spec["panels"][1]["options"]["curves"])
