"""The circle's stage: every angle is there, and what the caption says is in the arrays."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.captions import Lead, spoken
from explorer.language import LANGUAGES, texts_of
from explorer.words.ring import ANGLES, EQUAL, POINTS, ring_arrays, ring_caption, ring_stage
from tests.explorer.pages import arrays_of, spec_of


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.5])
def test_the_coordinates_are_those_of_every_angle(noise: float) -> None:
    arrays = ring_arrays(noise)
    assert arrays["circle.points"].shape == (len(ANGLES), POINTS, 3)
    for step in (0, 7, EQUAL, len(ANGLES) - 1):
        points = arrays["circle.points"][step].astype(float)
        along = (points - points.mean(axis=0)) @ arrays["circle.axes"][step].T
        # An axis may point either way.
        np.testing.assert_allclose(np.abs(along[:, :2]), np.abs(arrays["circle.flat"]), atol=1e-5)
        np.testing.assert_allclose(
            arrays["circle.shares"][step, 3:], arrays["circle.shares"][0, 3:], atol=1e-6
        )
        np.testing.assert_allclose(
            along.var(axis=0) / along.var(axis=0).sum(),
            arrays["circle.shares"][step, 3:],
            atol=1e-5,
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_stage_holds_the_arrays_and_says_what_they_say(language: str) -> None:
    payload = ring_stage(0.05, texts_of(language), {})
    spec = spec_of(payload)
    assert spec["steps"] == len(ANGLES)
    assert spec["tokens"][spec["cursor"]["time"]] == "35°"
    assert [panel["options"].get("view") for panel in spec["panels"]] == [
        None,
        "space",
        "shares",
        "flat",
    ]
    shares = arrays_of(payload)["circle.shares"]
    assert f"{100 * shares[0, 0]:.1f}%" in spec["panels"][1]["alt"]
    assert f"{100 * shares[0, 5]:.2g}%" in spec["panels"][1]["alt"]


def test_the_caption_leads_to_the_angles() -> None:
    caption = ring_caption(ring_arrays(0.0)["circle.shares"], texts_of("en"))
    leads = [part for part in caption if isinstance(part, Lead)]
    assert [(lead.text, lead.move) for lead in leads] == [
        ("0°", {"time": 0}),
        ("55°", {"time": EQUAL}),
    ]
    assert "x has 0.0% of the variance" in spoken(caption)


def test_a_link_opens_at_its_angle() -> None:
    assert spec_of(ring_stage(0.0, texts_of("en"), {"time": 3}))["cursor"]["time"] == 3
