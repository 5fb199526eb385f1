"""A sentence and two verdicts on it: a recurrent network, word by word, and a convolution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from core.training.gallery.shelf import GalleryModel
from explorer.address import chosen, publish
from explorer.captions import Caption, Lead, percent, sentence, signed, spoken
from explorer.gallery.classify_scores import show_scores
from explorer.gallery.classify_windows import Window, strongest, windows_of
from explorer.gallery.common import choose_input, choose_model, models_of, open_links, short_label
from explorer.gallery.memoryless_nets import group_of_pair
from explorer.language import LANGUAGES, Texts
from explorer.models import load_applied
from explorer.pictures import caption_panel
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, plain_spec
from explorer.players.stage import opening_cursor, show_stage
from explorer.sidebar import plain

if TYPE_CHECKING:
    from core.applications.sentiment import OnSentence

HEIGHT = 540
NEGATIVE, NEUTRAL, POSITIVE = range(3)
SHOWN_WINDOWS = 2


def show(texts: Texts) -> None:
    """Draw the part of the page."""
    language = choose_language(texts)
    models = models_of("sentiment", language=language)
    recurrent = [model for model in models if model.recurrent]
    rnn = choose_model(recurrent, texts, "verdict_model", default=f"sentiment-{language}-lstm")
    if rnn is None:
        return
    beside = choose_beside([model for model in models if not model.recurrent], texts)
    text = choose_input(rnn, texts, "sentence", height=100)
    try:
        answers = {model.id: load_applied(model.id).answer(text) for model in (rnn, beside)}
    except ValueError as error:
        st.warning(plain(f"{texts('gallery.refused')} {error}"))
        return
    group = group_of_pair("sentence", rnn.id, beside.id, text)
    start = opening_cursor("classify", group)
    payload = sentence_stage(rnn, beside, answers, texts, group, start)
    show_stage(payload, group=group, key="stage-sentence")
    open_links(rnn.id, text, texts)
    show_scores(language, (rnn, beside), texts)


def choose_language(texts: Texts) -> str:
    """Which small language is judged; at first that of the page."""
    chosen("verdict_in", texts.language, LANGUAGES)
    with st.sidebar:
        st.segmented_control(
            texts("classify.language"),
            list(LANGUAGES),
            format_func=lambda code: LANGUAGES[code],
            key="verdict_in",
            required=True,
        )
    language = st.session_state["verdict_in"]
    publish(verdict_in=None if language == texts.language else language)
    return language


def choose_beside(models: list[GalleryModel], texts: Texts) -> GalleryModel:
    """The convolution that is shown beside, by its width."""
    widths = {str(2 * model.window + 1): model for model in models}
    chosen("beside_width", next(iter(widths)), widths)
    with st.sidebar:
        st.segmented_control(
            texts("classify.width"), list(widths), key="beside_width", required=True
        )
    publish(beside_width=st.session_state["beside_width"])
    return widths[st.session_state["beside_width"]]


def sentence_stage(
    rnn: GalleryModel,
    beside: GalleryModel,
    answers: Mapping[str, OnSentence],
    texts: Texts,
    group: str,
    cursor: Mapping[str, Any],
) -> bytes:
    """The sentence twice, coloured by either network, over the probabilities on the way."""
    one, other = answers[rnn.id], answers[beside.id]
    stand = standing(one)
    found = windows_of(load_applied(beside.id), one.tokens)
    caption = sentence_caption(rnn, beside, answers, found, texts)
    rows = [
        {"name": "rnn", "label": short_label(rnn, texts), "stands": True},
        {
            "name": "beside",
            "label": f"{short_label(beside, texts)} ({2 * beside.window + 1})",
            "stands": False,
            "windows": [
                {"from": window.first, "to": window.last, "value": window.value}
                for window in strongest(found, SHOWN_WINDOWS)
            ],
        },
    ]
    for row, answer in zip(rows, (one, other), strict=True):
        row["verdict"] = verdict_text(answer, texts)
    curves = [
        {"name": label, "label": texts(f"classify.{label}")} for label in reversed(one.labels)
    ]
    panels = [
        caption_panel("a", caption),
        Panel("stances", "b", alt=spoken(caption), options={"rows": rows}),
        Panel("curves", "c", texts("classify.on_the_way"), spoken(caption), {"curves": curves}),
    ]
    spec = plain_spec(
        panels,
        Layout("'a' 'b' 'c'", "1fr", "auto minmax(0, 1.6fr) minmax(0, 1fr)", HEIGHT),
        texts,
        group=group,
        tokens=list(one.tokens),
        units=1,
        cursor=cursor,
        extra={"unknown": list(one.unknown)},
    )
    moves = np.diff(stand, prepend=0.0)
    arrays = {
        "move.rnn": scaled(moves),
        "stand.rnn": stand.astype(np.float32),
        "move.beside": scaled(per_step(found, len(stand))),
    }
    for at, label in enumerate(one.labels):
        arrays[f"curve.{label}"] = one.after[:, at].astype(np.float32)
    return pack(arrays, spec)


def standing(answer: OnSentence) -> np.ndarray:
    """Where the verdict stands after each step: p(positive) - p(negative), (step,)."""
    return answer.after[:, POSITIVE] - answer.after[:, NEGATIVE]


def scaled(values: np.ndarray) -> np.ndarray:
    """Divided by the largest size, so that the strongest has the strongest colour."""
    largest = np.abs(values).max(initial=0)
    return (values / largest if largest > 0 else values).astype(np.float32)


def per_step(found: list[Window], steps: int) -> np.ndarray:
    """What the windows in whose middle a word stands add, (step,)."""
    values = np.zeros(steps)
    for window in found:
        values[window.middle] += window.value
    return values


def verdict_text(answer: OnSentence, texts: Texts) -> str:
    """The label with its probability."""
    share = max(answer.probabilities)
    return f"{texts(f'classify.{answer.label}')} ({percent(share)})"


def sentence_caption(
    rnn: GalleryModel,
    beside: GalleryModel,
    answers: Mapping[str, OnSentence],
    found: list[Window],
    texts: Texts,
) -> Caption:
    """Both verdicts, the word that moved the one, and the window that decided the other."""
    one, other = answers[rnn.id], answers[beside.id]
    moves = np.diff(standing(one), prepend=0.0)
    most = int(np.abs(moves).argmax())
    word = Lead(texts("caption.quoted", token=one.tokens[most]), {"time": most})
    before = float(standing(one)[most - 1]) if most else 0.0
    said = sentence(
        texts("classify.moved"),
        cell=short_label(rnn, texts),
        verdict=texts(f"classify.{one.label}"),
        word=word,
        before=signed(before),
        after=signed(float(standing(one)[most])),
    )
    best = strongest(found, 1)
    if best:
        between = "" if beside.language == "zh" else " "
        words = between.join(one.tokens[best[0].first : best[0].last + 1])
        window = Lead(texts("caption.quoted", token=words), {"time": best[0].middle})
        said += sentence(
            texts("classify.window"), verdict=texts(f"classify.{other.label}"), window=window
        )
    if one.unknown:
        names = texts("caption.joint").join(dict.fromkeys(one.tokens[at] for at in one.unknown))
        said += sentence(texts("classify.unknown"), words=names)
    return said
