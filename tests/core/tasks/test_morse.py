"""Morse sounds say what they should, by a decoder that knows nothing of how they are made."""

from __future__ import annotations

import numpy as np
import pytest

from core.tasks.morse import CODE, LONGEST, RATE, Keying, draw_keying, draw_text, part_of
from core.tasks.morse_bands import EDGES, FEATURES, band_energies, features_of, tuned_pitch
from core.tasks.morse_labels import BLANK, CLASSES, FIRST_PREFIX, labels_of, message_of
from core.tasks.morse_threshold import threshold_decode

# Written down again from the standard, by the order of the marks and not of the letters.
TREE = "**ETIANMSURWDKGOHVF*L*PJBXCYZQ**54*3***2*******16*******7***8*90"


def heard(sound: np.ndarray) -> str:
    """A decoder of its own for clean sounds: loudness sample by sample, and a walk in the tree."""
    window = np.ones(40) / 40  # 10 ms
    loud = np.convolve(np.abs(sound), window, "same") > 0.25
    edges = np.flatnonzero(np.diff(loud.astype(int), prepend=0, append=0))
    lengths = np.diff(edges)
    dot = np.sort(lengths[::2])
    unit = dot[0] if dot[-1] < 2 * dot[0] and len(dot) == 1 else dot[dot < 2 * dot[0]].mean()
    text, node = "", 1
    for at, length in enumerate([*lengths, 9 * unit]):
        if at % 2 == 0:
            node = 2 * node + (length > 2 * unit)
        elif length > 2 * unit:
            text += TREE[node] + (" " if length > 5 * unit else "")
            node = 1
    return text.strip()


@pytest.mark.parametrize("wpm", [12, 18.5, 25])
def test_a_clean_sound_says_its_message(wpm: float) -> None:
    for text in ("THE QUICK BROWN FOX", "JUMPS OVER 13 LAZY", "DOGS 0245 6789", "E5"):
        keying = Keying(text, wpm=wpm, snr=40, jitter=0, pitch=700)
        assert heard(keying.samples()) == text
        assert threshold_decode(keying.samples()) == text


def test_times_are_those_of_the_standard() -> None:
    keying = Keying("PARIS PARIS", wpm=20, jitter=0)
    starts = [start for start, _, place in keying.presses if keying.text[place] == "P"]
    first_of_each = starts[0], starts[4]
    assert first_of_each[1] - first_of_each[0] == pytest.approx(50 * 1.2 / 20)
    lengths = {round((end - start) / 0.06) for start, end, _ in keying.presses}
    assert lengths == {1, 3}


def test_the_noise_is_as_loud_as_it_says() -> None:
    for snr in (-6.0, 0.0, 10.0):
        keying = Keying("EEEEE", snr=snr, jitter=0)
        sound = keying.samples(seconds=30)
        silence = sound[int((keying.presses[-1][1] + 0.1) * RATE) :]
        assert 10 * np.log10(0.5 / silence.var()) == pytest.approx(snr, abs=0.2)


def test_the_tone_lies_in_its_band() -> None:
    keying = Keying("OOO", pitch=730, snr=40)
    loudest = band_energies(keying.samples()).mean(axis=0).argmax()
    assert EDGES[loudest] <= 730 <= EDGES[loudest + 1]


def test_the_radio_is_tuned_to_the_pitch_also_in_noise() -> None:
    for pitch in (410, 587, 730.5, 890):
        for snr in (30, -8):
            keying = Keying("OOO", pitch=pitch, snr=snr)
            assert tuned_pitch(keying.samples()) == pytest.approx(pitch, abs=6)


def test_the_features_tell_marks_from_gaps_whatever_the_volume() -> None:
    keying = Keying("PARIS", snr=20, jitter=0)
    features = features_of(keying.samples())
    assert features.shape == (len(band_energies(keying.samples())), FEATURES)
    np.testing.assert_allclose(features, features_of(keying.samples() * 30), atol=1e-3)
    middles = [(start + end) / 2 for start, end, _ in keying.presses]
    gaps = [
        (end + after) / 2 for (_, end, _), (after, _, _) in zip(keying.presses, keying.presses[1:])
    ]
    loud = features[np.round(np.array(middles) / 0.02).astype(int)]
    still = features[np.round(np.array(gaps) / 0.02).astype(int)]
    assert (loud.min(axis=0) > still.max(axis=0)).all()


def test_the_same_seed_is_the_same_sound_and_noise_leaves_the_hand_alone() -> None:
    one, other = Keying("ABC", seed=4), Keying("ABC", seed=4)
    np.testing.assert_array_equal(one.samples(), other.samples())
    assert one.presses == Keying("ABC", seed=4, snr=-5).presses
    assert one.presses != Keying("ABC", seed=5).presses


def test_labels_read_back_as_the_message() -> None:
    random = np.random.default_rng(0)
    for _ in range(100):
        keying = draw_keying(random, "test", longest=12)
        labels = labels_of(keying, len(band_energies(keying.samples())))
        assert message_of(labels) == keying.text


def test_no_letter_is_named_before_it_is_over() -> None:
    random = np.random.default_rng(1)
    for _ in range(30):
        keying = draw_keying(random, "training")
        labels = labels_of(keying, len(band_energies(keying.samples())))
        for start, end, place in keying.presses:
            during = labels[int(start / 0.02) + 1 : int(end / 0.02)]
            assert not ((during > BLANK) & (during < FIRST_PREFIX)).any(), keying.text[place]


def test_the_marks_so_far_are_those_of_the_letter() -> None:
    keying = Keying("R", jitter=0)
    labels = labels_of(keying, len(band_energies(keying.samples())))
    told = [CLASSES[label] for label in labels]
    order = list(dict.fromkeys(told))
    assert order == ["∅", "·", "·–", "·–·", "R", " "]


def test_messages_of_training_are_never_those_held_out() -> None:
    random = np.random.default_rng(2)
    drawn = {part: {draw_text(random, part) for _ in range(400)} for part in
             ("training", "validation", "test")}  # fmt: skip
    assert not drawn["training"] & (drawn["test"] | drawn["validation"])
    assert not drawn["test"] & drawn["validation"]
    assert {part_of(text) for text in drawn["test"]} == {"test"}
    signs = set("".join(drawn["training"]))
    assert signs == set(CODE) | {" "}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"text": "ÄB"}, "Ä"),
        ({"text": ""}, "''"),
        ({"text": "A  B"}, "single blanks"),
        ({"text": "A" * (LONGEST + 1)}, "at most"),
        ({"wpm": 60}, "speed"),
        ({"snr": 99}, "noise"),
        ({"pitch": 5000}, "pitch"),
        ({"jitter": 0.9}, "jitter"),
        ({"seed": -1}, "seed"),
    ],
)
def test_what_cannot_be_keyed_is_refused(change: dict, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        Keying(**{"text": "SOS"} | change)


def test_the_rule_withstands_noise_and_an_unsteady_hand() -> None:
    for seed in range(5):
        keying = Keying("HELLO WORLD 42", snr=5, jitter=0.1, seed=seed)
        assert threshold_decode(keying.samples()) == keying.text


def test_the_rule_says_nothing_to_silence() -> None:
    assert threshold_decode(np.zeros(100)) == ""
    assert isinstance(threshold_decode(np.zeros(8000)), str)
