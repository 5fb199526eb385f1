"""The circle's stage: every angle is there, and what the caption says is in the arrays."""

from __future__ import annotations

import numpy as np
import pytest

from core.embeddings.circle import angle_error, circle_angles
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
    caption = ring_caption(ring_arrays(0.0)["circle.shares"], 0.0, texts_of("en"))
    leads = [part for part in caption if isinstance(part, Lead)]
    assert [(lead.text, lead.move) for lead in leads] == [
        ("0°", {"time": 0}),
        ("55°", {"time": EQUAL}),
    ]
    assert "x has 0.0% of the variance" in spoken(caption)


def test_a_link_opens_at_its_angle() -> None:
    assert spec_of(ring_stage(0.0, texts_of("en"), {"time": 3}))["cursor"]["time"] == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_latent_angle_is_read_back_from_the_plane(language: str) -> None:
    """Aligned by hand with the best of many turns, in either direction."""
    flat, true = ring_arrays(0.1)["circle.flat"].astype(float), circle_angles(POINTS)
    seen = np.arctan2(flat[:, 1], flat[:, 0])
    turns = np.linspace(0, 2 * np.pi, 7200)
    errors = [
        np.abs(np.angle(np.exp(1j * (way * seen[:, None] + turns - true[:, None])))).mean(axis=0)
        for way in (1, -1)
    ]
    best = np.degrees(min(one.min() for one in errors))
    found = angle_error(flat, true)
    assert found == pytest.approx(best, rel=0.03)
    assert found < 10
    # without noise what is left is the mean of 300 points, which is not the centre of the circle
    assert angle_error(ring_arrays(0.0)["circle.flat"].astype(float), true) < 4
    rng = np.random.default_rng(1)
    assert angle_error(rng.normal(size=(POINTS, 2)), true) > 60
    texts = texts_of(language)
    said = spec_of(ring_stage(0.1, texts, {}))["panels"][1]["alt"]
    assert texts("words.ring_latent", error=f"{found:.2g}") in said
