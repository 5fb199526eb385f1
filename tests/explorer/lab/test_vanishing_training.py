"""A training that is watched: the shipped network comes out of it, looked at on the way."""

from __future__ import annotations

import numpy as np
import pytest

from core.gradients import jacobian_spectrum, spectral_radius
from core.recording import read_text
from explorer.captions import spoken
from explorer.lab.vanishing_network import Trained, network_of
from explorer.lab.vanishing_progress import training_stage
from explorer.lab.vanishing_training import Look, frame_updates, look_at, watch_training
from explorer.language import LANGUAGES, texts_of
from explorer.models import load
from tests.explorer.pages import arrays_of, spec_of

TEXT = "namaskar" * 3


@pytest.fixture(scope="module")
def looks() -> list[Look]:
    return watch_training("namaskar-elman", TEXT).wait(60).result


def test_a_look_is_what_the_recording_says() -> None:
    text_model = load("namaskar-elman")
    look = look_at(text_model, TEXT, 1500, 0.1)
    recurrent = text_model.model.rnn.weight_hh_l0.detach().numpy()
    assert look.radius == pytest.approx(spectral_radius(recurrent), rel=1e-5)
    assert look.radius == pytest.approx(network_of(Trained("namaskar-elman", TEXT)).radius)
    trace = read_text(text_model, TEXT)
    norms = np.linalg.norm(trace["grad_hidden"].values[0, 0, :, 0], axis=-1)
    np.testing.assert_allclose(look.gradient, norms, rtol=1e-5)
    spectrum = jacobian_spectrum(trace, text_model.model)
    np.testing.assert_allclose(look.fan, spectrum.values[list(look.gaps)])


def test_the_training_ends_at_the_shipped_network(looks: list[Look]) -> None:
    shipped = look_at(load("namaskar-elman"), TEXT, 1500, 0.0)
    assert looks[-1].updates == 1500
    assert looks[-1].loss < 0.01 < looks[0].loss
    # another machine may round otherwise on the way, so the last digits are not asked for
    assert looks[-1].radius == pytest.approx(shipped.radius, rel=0.1)


def test_training_crosses_the_unit_circle_and_the_slopes_hold_the_gradient(
    looks: list[Look],
) -> None:
    assert looks[0].radius < 1 < looks[-1].radius
    assert looks[-1].slope < looks[0].slope
    assert looks[-1].decay is not None
    assert looks[-1].decay.rate < 1


def test_the_updates_that_are_looked_at() -> None:
    found = sorted(frame_updates(6000, 20))
    assert found[-1] == 6000
    assert all(update % 20 == 0 for update in found)
    assert np.diff(found)[0] < np.diff(found)[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_step_of_training_is_the_axis(looks: list[Look], language: str) -> None:
    data = training_stage(looks, texts_of(language), "group", {})
    spec, arrays = spec_of(data), arrays_of(data)
    assert spec["tokens"] == [str(look.updates) for look in looks]
    assert spec["cursor"]["time"] == len(looks) - 1
    assert {panel["picture"] for panel in spec["panels"]} == {
        "verdict", "plane", "decay", "curves",
    }  # fmt: skip
    np.testing.assert_allclose(arrays["spectrum.radius"], [look.radius for look in looks])
    sizes = np.linalg.norm(arrays["spectrum.eigenvalues"], axis=-1)
    np.testing.assert_allclose(sizes[:, 0], arrays["spectrum.radius"], rtol=1e-5)
    (lead,) = [part for part in spec["panels"][0]["options"]["always"] if isinstance(part, dict)]
    assert looks[lead["move"]["time"]].radius > 1
    assert looks[lead["move"]["time"] - 1].radius <= 1


def test_one_look_needs_no_curves() -> None:
    look = look_at(load("chinese-elman"), "小猫叫了九声：喵喵喵。", 6000, 0.8)
    data = training_stage([look], texts_of("zh"), "group", {})
    spec = spec_of(data)
    assert "curves" not in {panel["picture"] for panel in spec["panels"]}
    assert "6,000" in spoken(spec["panels"][0]["options"]["frames"][0])
