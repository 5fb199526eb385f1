"""The page of signals: Morse is heard and written down, the frames of a video are tagged."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.tasks.morse import RATE, Keying
from core.tasks.morse_written import keying_of
from explorer.captions import spoken
from explorer.charts.gallery_signals import noise_figure
from explorer.gallery.common import models_of
from explorer.gallery.signals_morse import heard, wav_of
from explorer.gallery.signals_noise import LEVELS, key_of, measure
from explorer.gallery.signals_settings import OFFERED, written
from explorer.gallery.signals_stage import matches, morse_caption
from explorer.jobs import Progress, jobs
from explorer.language import LANGUAGES, texts_of
from tests.explorer.pages import arrays_of, open_page, shown, spec_of

MODEL = "morse-lstm"
HOSTILE = "<img src=x>`$x$"


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


def data(app: AppTest) -> bytes:
    return app.get("bidi_component")[-1].proto.bytes


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["morse", "video"])
def test_both_parts_open(part: str, language: str) -> None:
    texts = texts_of(language)
    app = open_page("signals", lang=language, sig_part=part)
    assert problems(app) == []
    assert app.markdown[0].value == f"# {texts('nav.signals')}"
    assert texts.lesson("signals").strip() in [one.value for one in app.markdown]
    panels = spec_of(data(app))["panels"]
    assert all(any(map(str.isdigit, panel["alt"])) for panel in panels)


def test_a_typed_message_is_written_down_at_the_chosen_speed() -> None:
    app = open_page("signals", sig_speed="20", sig_noise="20")
    app.text_input(key="sig_message").set_value("hello 42").run()
    assert problems(app) == []
    told = " ".join(shown(app))
    assert told.count("`HELLO 42`") == 2  # by the network and by the rule
    assert "hello 42" in app.query_params["sig_message"]
    signal = next(p for p in spec_of(data(app))["panels"] if p["picture"] == "signal")
    assert "".join(sign for _, _, sign in signal["options"]["sent"]) == "HELLO42"
    frames = arrays_of(data(app))["bands"].shape[0]
    assert frames == spec_of(data(app))["steps"]
    slower = open_page("signals", sig_message="hello 42", sig_speed="12", sig_noise="20")
    assert arrays_of(data(slower))["bands"].shape[0] > 1.4 * frames


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_keyed_is_told_and_the_page_goes_on(language: str) -> None:
    app = open_page("signals", lang=language, sig_message=HOSTILE)
    assert problems(app) == []
    (warning,) = app.sidebar.warning
    assert "<img" not in warning.value.replace("\\<img", "")
    assert spec_of(data(app))["steps"] > 50


def test_another_hand_is_another_sound() -> None:
    app = open_page("signals")
    before = arrays_of(data(app))["bands"]
    (again,) = [b for b in app.button if b.label == texts_of("en")("signals.again")]
    again.click().run()
    assert app.query_params["sig_seed"] in ("1", ["1"])
    after = arrays_of(data(app))["bands"]
    assert after.shape != before.shape or not np.array_equal(before, after)


def test_the_sound_is_a_wav_file_with_every_sample() -> None:
    sound = Keying("SOS").samples()
    with wave.open(io.BytesIO(wav_of(sound, RATE))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        assert file.getnframes() == len(sound)
        whole = np.frombuffer(file.readframes(len(sound)), dtype="<i2")
    np.testing.assert_allclose(whole / 32_000 * np.abs(sound).max(), sound, atol=1e-3)
    assert len(wav_of(np.zeros(10, dtype=np.float32), RATE)) == 44 + 20


def test_settings_are_written_as_the_application_reads_them() -> None:
    values = {name: offered[-1] for name, (offered, _, _) in OFFERED.items()}
    keying = keying_of(written("sos", values, "3"))
    assert (keying.text, keying.wpm, keying.snr, keying.seed) == ("SOS", 25, 20, 3)
    for name, (offered, first, _) in OFFERED.items():
        assert first in offered
        for value in (offered[0], offered[-1]):
            keying_of(written("E", values | {name: value}, "0"))


def test_signs_are_matched_in_order() -> None:
    assert matches("SOS", "SOS") == [True] * 3
    assert matches("SOS", "SXOS") == [True, False, True, True]
    assert matches("AB", "BA").count(True) == 1


def test_the_caption_counts_the_right_signs() -> None:
    found = heard(MODEL, "SOS @18wpm 20dB")
    said = spoken(morse_caption(found, texts_of("en")))
    assert said.startswith(f"{sum(matches('SOS', found.text))} of 3")


def test_noise_is_measured_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.gallery.signals_noise.LEVELS", (-12.0, 20.0))
    monkeypatch.setattr("explorer.gallery.signals_noise.MESSAGES", 6)
    progress = Progress()
    found = measure(MODEL, progress)
    assert found[20.0][1] < 0.1 < found[-12.0][1]
    assert 0 < progress.share < 1
    figure = noise_figure(found, ("<b>net</b>", "rule"), texts_of("en"))
    assert [len(trace.x) for trace in figure.data] == [2, 2]
    assert "<b>" not in figure.data[0].name


def test_the_measuring_shows_its_chart() -> None:
    result = dict.fromkeys(LEVELS, (0.1, 0.2))
    jobs().start(key_of(MODEL), lambda progress: result).wait(10)
    try:
        app = open_page("signals")
        assert problems(app) == []
        assert len(app.get("plotly_chart")) == 1
    finally:
        jobs()._jobs.pop(key_of(MODEL))


def test_the_networks_are_told_apart_on_an_own_video() -> None:
    app = open_page("signals", sig_part="video", sig_video="rrrrrvvvlllll")
    assert problems(app) == []
    video = next(p for p in spec_of(data(app))["panels"] if p["picture"] == "video")
    rows = video["options"]["rows"]
    assert [len(row["tags"]) for row in rows] == [13] * len(rows)
    assert len({row["label"] for row in rows}) == len(rows) == 4
    right = [sum(a == b for a, b in zip(row["tags"], rows[0]["tags"])) for row in rows]
    assert right[1] > right[2]  # a memory against a single frame
    assert arrays_of(data(app))["frames"].shape == (13, 16, 16)


def test_what_is_no_video_is_told() -> None:
    app = open_page("signals", sig_part="video", sig_video="hello <b>")
    assert problems(app) == []
    assert len(app.sidebar.warning) == 1
    scores = {model.id: model.score for model in models_of("frames")}
    assert scores["frames-gru"] > 0.9 > 0.5 > scores["frames-perceptron"]
