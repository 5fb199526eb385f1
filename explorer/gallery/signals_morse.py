"""Audio to text: key a message, hear it, and watch a network write down what it hears."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core import Trace
from explorer.gallery.common import choose_model, models_of, open_links, score_line
from explorer.gallery.signals_noise import show_noise
from explorer.gallery.signals_settings import MESSAGE, choose_keying, refuse
from explorer.gallery.signals_stage import morse_stage
from explorer.language import Texts
from explorer.models import load_applied, read_applied
from explorer.players.spec import group_of
from explorer.players.stage import opening_cursor, show_stage
from explorer.shared import shared

if TYPE_CHECKING:
    from core.tasks.morse import Keying


@dataclass(frozen=True)
class Heard:
    """One message, by the network and by the threshold rule.

    named: (frame, sign, probability) where the network first says each sign.
    """

    keying: Keying
    sound: np.ndarray
    text: str
    threshold: str
    named: tuple[tuple[int, str, float], ...]


def show(texts: Texts) -> None:
    """Draw the part of the page."""
    model = choose_model(models_of("morse"), texts, "sig_model")
    if model is None:
        return
    text = choose_keying(texts)
    try:
        found = heard(model.id, text)
    except ValueError as error:
        refuse(error, texts)
        text = MESSAGE
        found = heard(model.id, text)
    (trace,) = read_applied(model.id, text, "last").values()
    _answers(found, texts)
    group = group_of(trace) + text
    cursor = {"time": 0, **opening_cursor("signals", group)}
    payload = _payload(model.id, text, texts.language, tuple(sorted(cursor.items())), trace, texts)
    show_stage(payload, group=group, key="stage-signals")
    score_line(model, texts)
    open_links(model.id, text, texts)
    show_noise(model, texts)


@shared
def heard(model_id: str, text: str) -> Heard:
    """What the network and the rule make of a written message.

    Raises ValueError for a message that cannot be keyed.
    """
    import torch

    from core.tasks.morse_written import keying_of

    keying = keying_of(text)
    torch.set_num_threads(1)
    answer = load_applied(model_id).answer(text)
    named = tuple(answer["letters"])
    return Heard(keying, keying.samples(), answer["text"], answer["threshold"], named)


def wav_of(sound: np.ndarray, rate: int) -> bytes:
    """The sound as a WAV file of 16 bits, made in memory, as loud as it can be."""
    peak = max(float(np.abs(sound).max()), 1e-9)
    whole = np.round(sound / peak * 32_000).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(whole.tobytes())
    return file.getvalue()


def _answers(found: Heard, texts: Texts) -> None:
    from core.tasks.morse import RATE

    player, network, rule = st.columns([2, 3, 3], vertical_alignment="center")
    player.audio(wav_of(found.sound, RATE), format="audio/wav")
    for column, who, said in (
        (network, "network", found.text),
        (rule, "threshold", found.threshold),
    ):
        mark = ":material/check:" if said == found.keying.text else ":material/close:"
        column.markdown(f"{texts(f'signals.{who}')} {mark}  \n`{said or '…'}`")


@shared
def _payload(
    model_id: str, text: str, language: str, cursor: tuple, _trace: Trace, _texts: Texts
) -> bytes:
    return morse_stage(heard(model_id, text), _trace, _texts, dict(cursor), group_of(_trace) + text)
