"""The networks, numbers and sentences of the page *Vanishing and exploding*."""

from __future__ import annotations

import re

import numpy as np
import pytest

from core.gradients import jacobian_spectrum, spectral_radius
from core.recording import read_text
from explorer.captions import spoken
from explorer.lab.vanishing_frames import frames_of, spectrum_arrays, squash_arrays
from explorer.lab.vanishing_network import KINDS, Drawn, Trained, network_of, recurrent_matrix
from explorer.lab.vanishing_ripple import left_over, ripple_formulas
from explorer.lab.vanishing_scale import INITIALS, initial_matrix, measured_scales
from explorer.lab.vanishing_settings import ACTIVATIONS, plain_networks, standard_text
from explorer.lab.vanishing_stages import activation_stage, radius_stage
from explorer.lab.vanishing_words import (
    activation_sentences,
    amount,
    radius_formulas,
    radius_sentences,
    signed,
)
from explorer.language import LANGUAGES, texts_of
from explorer.models import load
from tests.explorer.pages import arrays_of, spec_of

TEXT = "namaskar" * 3


def at_radius(frames, radius: float) -> int:
    return int(np.abs(frames.radii - radius).argmin())


@pytest.mark.parametrize("seed", [0, 7, 42])
@pytest.mark.parametrize("kind", KINDS)
def test_every_matrix_has_a_spectral_radius_of_one(kind: str, seed: int) -> None:
    for units in (8, 24, 32):
        found = recurrent_matrix(kind, units, seed)
        assert spectral_radius(found) == pytest.approx(1, abs=1e-6)
        np.testing.assert_array_equal(found, recurrent_matrix(kind, units, seed))


def test_three_kinds_share_their_eigenvalues_and_nothing_else() -> None:
    found = {kind: recurrent_matrix(kind, 24, 3) for kind in KINDS}
    values = {kind: np.sort_complex(np.linalg.eigvals(matrix)) for kind, matrix in found.items()}
    for kind in ("normal", "non-normal"):
        np.testing.assert_allclose(values[kind], values["gaussian"], atol=1e-6)
    normal, far = found["normal"], found["non-normal"]
    np.testing.assert_allclose(normal @ normal.T, normal.T @ normal, atol=1e-12)
    assert np.linalg.norm(far @ far.T - far.T @ far) > 10
    np.testing.assert_allclose(found["orthogonal"] @ found["orthogonal"].T, np.eye(24), atol=1e-12)
    with pytest.raises(ValueError, match="kind is 'diagonal'"):
        recurrent_matrix("diagonal", 4, 0)


@pytest.mark.parametrize("card_id", plain_networks())
def test_a_trained_network_is_the_one_that_is_recorded(card_id: str) -> None:
    source = Trained(card_id, "namask")
    frames = frames_of(source)
    text_model = load(card_id)
    trace = read_text(text_model, source.text)
    own = frames.own
    assert own is not None
    assert frames.radii[own] == pytest.approx(frames.network.radius)
    recorded = trace["hidden_preactivation"].values[0, 0, :, 0]
    np.testing.assert_allclose(frames.sweep.preactivation[own], recorded, atol=1e-4)
    spectrum = jacobian_spectrum(trace, text_model.model).values[list(frames.sweep.gaps)]
    np.testing.assert_allclose(frames.sweep.singular[own], spectrum, rtol=1e-3, atol=1e-6)


def test_reading_a_trained_network_leaves_it_as_it_was() -> None:
    weight = load("namaskar-elman").model.rnn.weight_hh_l0
    network_of(Trained("namaskar-elman", "mask"))
    assert str(weight.dtype) == "torch.float32"
    assert load("namaskar-elman").model.rnn.weight_hh_l0 is weight


@pytest.mark.parametrize("radius", [0.5, 1.5])
@pytest.mark.parametrize("kind", KINDS)
def test_in_the_linear_case_the_measured_decay_is_the_predicted_one(
    kind: str, radius: float
) -> None:
    frames = frames_of(Drawn(kind=kind, activation="identity"))
    decay = frames.decays[at_radius(frames, radius)]
    assert decay is not None
    assert decay.rate == pytest.approx(radius, rel=0.1)


def test_same_eigenvalues_another_fate() -> None:
    """Far from normal: all eigenvalues inside, every slope at most 1, and the gradient grows."""
    fates = {}
    for kind in ("normal", "non-normal"):
        frames = frames_of(Drawn(kind=kind, activation="relu"))
        at = at_radius(frames, 0.9)
        fates[kind] = frames.decays[at].rate
        assert float(frames.sweep.slope[at].max()) <= 1
    assert fates["normal"] < 0.9
    assert fates["non-normal"] > 1.1


def test_a_gradient_shrinks_under_relu_too_because_units_are_off() -> None:
    frames = frames_of(Drawn(kind="gaussian", activation="relu"))
    at = at_radius(frames, 1.0)
    assert frames.decays[at].rate < 0.8
    assert frames.flat[at] > 0.2
    network, slopes = frames.network, frames.slope[at]
    assert slopes == pytest.approx(1 - frames.flat[at], abs=0.01)  # either 1 or 0
    assert network.activation == "relu"


def test_the_orthogonal_linear_network_keeps_every_direction() -> None:
    frames = frames_of(Drawn(kind="orthogonal", activation="identity"))
    np.testing.assert_allclose(frames.sweep.singular[at_radius(frames, 1.0)], 1, atol=1e-10)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_arrays_of_the_pictures_say_what_the_numbers_say(activation: str) -> None:
    frames = frames_of(Drawn(activation=activation, units=8))
    arrays = spectrum_arrays(frames) | squash_arrays(frames)
    at = at_radius(frames, 0.8)
    assert {array.dtype.name for array in arrays.values()} == {"float32", "int32"}
    sizes = np.linalg.norm(arrays["spectrum.eigenvalues"][at], axis=-1)
    assert sizes[0] == pytest.approx(0.8, rel=1e-5)
    assert (np.diff(sizes) <= 1e-6).all()
    matrix = 0.8 * frames.network.recurrent.numpy()
    fourth = np.linalg.matrix_power(matrix, 4)
    assert arrays["spectrum.norms"][at, 4] == pytest.approx(
        np.log10(np.linalg.norm(fourth, 2)), abs=1e-4
    )
    np.testing.assert_allclose(arrays["spectrum.powers"][0, 2] * 0.8**4, fourth, atol=1e-5)
    np.testing.assert_allclose(arrays["squash.share"].sum(axis=1), 1, atol=1e-5)
    # the bins of the flat part hold the share that is said, up to the bins at its edge
    if activation != "identity":
        flat = arrays["squash.share"][at] @ arrays["squash.binflat"]
        edge = float(arrays["squash.share"][at].max())
        assert float(flat) == pytest.approx(float(arrays["squash.low"][at, 0]), abs=edge)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_say_why(language: str) -> None:
    texts = texts_of(language)

    def said(radius: float, **settings: object) -> str:
        frames = frames_of(Drawn(**settings))
        return spoken(radius_sentences(frames, texts)[at_radius(frames, radius)])

    decides, exceeds = texts("vanishing.decides"), re.split("[{]", texts("vanishing.exceeds"))[0]
    saturates = re.split("[{]", texts("vanishing.saturates"))[0]
    hump = re.split("[{]", texts("vanishing.non_normal"))[0]
    linear = said(0.5, activation="identity")
    assert decides in linear
    assert hump not in linear
    assert saturates in said(1.5, activation="tanh")
    far = said(0.9, activation="relu", kind="non-normal")
    assert exceeds in far
    assert hump in far
    frames = frames_of(Drawn(activation="sigmoid"))
    about = spoken(activation_sentences(frames, texts)[0])
    assert texts("vanishing.about_sigmoid") in about


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_stage_is_moved_by_the_spectral_radius(language: str) -> None:
    spec = spec_of(radius_stage(Drawn(), language, "group", ()))
    assert spec["tokens"][spec["cursor"]["time"]] == "0.90"
    verdict = spec["panels"][0]["options"]
    assert len(verdict["frames"]) == spec["steps"]
    leads = [part["move"]["time"] for part in verdict["always"] if isinstance(part, dict)]
    assert [spec["tokens"][time] for time in leads] == ["0.60", "1.00", "1.40"]
    other = spec_of(activation_stage(Drawn(), language, "group", (("time", 3),)))
    assert other["group"] == spec["group"]
    assert other["cursor"]["time"] == 3


def test_the_formulas_carry_the_numbers_of_their_frame() -> None:
    frames = frames_of(Drawn(activation="identity"))
    at, last = at_radius(frames, 0.5), len(frames.norms) - 1
    matrix = 0.5 * frames.network.recurrent.numpy()
    norm = float(np.linalg.norm(np.linalg.matrix_power(matrix, last), 2))
    formula = radius_formulas(frames)[at]
    for value in (0.5**last, norm, float(frames.sweep.gradient[at, -1 - last])):
        assert f"= {amount(value)}" in formula
    kept, _ = left_over(frames.network, 0.5, 1e-3)
    assert amount(float(kept[3, -1])) in ripple_formulas(kept, 0.5)[3]


def test_the_payload_is_the_sweep() -> None:
    frames = frames_of(Drawn())
    arrays = arrays_of(radius_stage(Drawn(), "en", "group", ()))
    singular = frames.sweep.singular.numpy()
    certain = singular > 1e-14 * singular[..., :1]
    found = arrays["spectrum.fan"]
    np.testing.assert_allclose(found[certain], np.log10(singular[certain]), rtol=1e-4, atol=1e-4)
    assert np.isnan(found[~certain]).all()
    assert 0 < (~certain).mean() < 0.5


def test_a_drawn_disturbance_fades_and_a_chaotic_one_grows() -> None:
    fading, _ = left_over(network_of(Drawn()), 0.5, 1e-6)
    assert fading[0, -1] < 1e-6
    growing, _ = left_over(network_of(Drawn(drive=0.0, units=32)), 1.6, 1e-9)
    assert np.nanmax(growing[0]) > 10


def test_the_usual_first_weights_obey_the_circular_law() -> None:
    expected = {"torch": 3**-0.5, "glorot": 1.0, "he": 2**0.5, "orthogonal": 1.0, "identity": 1.0}
    for name in INITIALS:
        assert spectral_radius(initial_matrix(name, 256, 0)) == pytest.approx(
            expected[name], rel=0.1
        )
    rates = {scale.name: scale.rate for scale in measured_scales(Drawn())}
    assert rates["torch"] < rates["orthogonal"] < rates["he"]
    with pytest.raises(ValueError, match="initial weights are 'zero'"):
        initial_matrix("zero", 4, 0)


def test_numbers_are_written_as_in_a_book() -> None:
    expected = {
        0.0: "0",
        0.2149: "0.21",
        0.01: "0.010",
        27.4: "27",
        270.4: "270",
        4.8e-10: "4.8 × 10⁻¹⁰",
        3e7: "3.0 × 10⁷",
    }
    found = {value: amount(value).replace("\u00a0", " ") for value in expected}
    assert found == expected
    assert [signed(value) for value in (0.5, -0.25, -np.inf)] == ["+0.50", "−0.25", "−∞"]


def test_the_short_word_is_read_often_enough_to_see_a_decay() -> None:
    for card in plain_networks().values():
        assert len(standard_text(card)) >= 30
