"""What the page about backpropagation through time lets the reader choose, and its stage."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from explorer.address import chosen, publish, publish_cursor
from explorer.captions import visible
from explorer.lab.bptt_numbers import LAYERS, Itemised, deep_powers, itemise
from explorer.lab.bptt_stage import depth_stage, part_stage, sum_stage
from explorer.language import Texts
from explorer.models import Card, available, text_model
from explorer.players.stage import mount_stage, opening_cursor
from explorer.shared import shared
from explorer.sidebar import card_label, plain

PARTS = ("sum", "map", "copies", "cut", "depth")
PARAMETERS = ("U", "W", "b", "V", "b_y")
LOSSES = ("step", "mean")
MAX_STEPS = 60  # each character has a loss of its own, so numbers grow with the square
DEFAULT = "namaskar-elman"
EQUATIONS = r"""
\begin{aligned}
h_t &= \phi(W x_t + U h_{t-1} + b) \\
\hat y_t &= \mathrm{softmax}(V h_t + b_y)
\end{aligned}
"""


@dataclass(frozen=True)
class Reading:
    """An Elman network and the text that it reads."""

    card: Card
    text: str

    @property
    def key(self) -> str:
        """A name for it: pictures of the same reading share one cursor."""
        words = f"bptt\x1f{self.card.id}\x1f{self.text}"
        return hashlib.sha256(words.encode()).hexdigest()[:16]


def choose_reading(texts: Texts) -> Reading:
    """The sidebar: a one-layer Elman network and a text."""
    cards = {
        card.id: card
        for card in available().values()
        if card.cell == "elman" and card.layers == 1 and card.reads_on
    }
    chosen("bptt_model", DEFAULT, cards)
    with st.sidebar:
        st.selectbox(
            texts("bptt.network"),
            list(cards),
            format_func=lambda card_id: card_label(cards[card_id], texts),
            key="bptt_model",
            help=texts("bptt.network_help"),
        )
        card = cards[st.session_state["bptt_model"]]
        text = _choose_text(card, texts)
        st.latex(EQUATIONS)
        st.caption(texts("bptt.sizes", **_sizes(card)))
        st.caption(texts("bptt.loss_note"))
    publish(bptt_model=card.id, bptt_text=text)
    return Reading(card, text)


def _choose_text(card: Card, texts: Texts) -> str:
    if st.session_state.get("bptt_text_for") not in (None, card.corpus):
        st.session_state["bptt_text"] = card.examples[0]
    st.session_state["bptt_text_for"] = card.corpus
    chosen("bptt_text", card.examples[0], most=MAX_STEPS)
    st.session_state["bptt_text"] = st.session_state["bptt_text"][:MAX_STEPS]
    st.text_area(
        texts("bptt.text"),
        key="bptt_text",
        height=80,
        max_chars=MAX_STEPS,
        help=texts("bptt.text_help", steps=MAX_STEPS),
    )
    text = st.session_state["bptt_text"]
    if not text:
        st.warning(texts("sidebar.empty"))
        return card.examples[0][:MAX_STEPS]
    return text


def _sizes(card: Card) -> dict[str, int]:
    """How many numbers are read, kept and answered."""
    settings = text_model(card.id).model.settings
    inputs = settings.embedding_size or settings.vocabulary_size
    return {"inputs": inputs, "units": settings.hidden_size, "classes": settings.classes}


@shared
def numbers_of(card_id: str, text: str) -> Itemised:
    """Everything itemised, once for all who read the same text with the same network."""
    return itemise(text_model(card_id), text)


def warn_of_unknown(reading: Reading, texts: Texts) -> None:
    """Say which characters the network does not know."""
    known = set(text_model(reading.card.id).vocabulary.tokens)
    strange = list(dict.fromkeys(visible(token) for token in reading.text if token not in known))
    if strange:
        st.sidebar.warning(plain(texts("bptt.unknown", tokens="  ".join(strange))))


def choose_sum(texts: Texts) -> tuple[str, str]:
    """Above the itemised sum: which parameter's gradient, and of which loss."""
    chosen("bptt_of", PARAMETERS[0], PARAMETERS)
    chosen("bptt_loss", LOSSES[0], LOSSES)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            texts("bptt.of"),
            PARAMETERS,
            format_func=lambda name: texts("bptt.of_parameter", parameter=name),
            key="bptt_of",
            required=True,
            label_visibility="collapsed",
        )
        st.segmented_control(
            texts("bptt.loss"),
            LOSSES,
            format_func=lambda name: texts(f"bptt.loss_{name}"),
            key="bptt_loss",
            required=True,
            label_visibility="collapsed",
        )
    parameter, loss = st.session_state["bptt_of"], st.session_state["bptt_loss"]
    publish(
        bptt_of=parameter if parameter != PARAMETERS[0] else None,
        bptt_loss=loss if loss != LOSSES[0] else None,
    )
    return parameter, loss


def show_part(part: str, reading: Reading, texts: Texts) -> None:
    """The stage of one part of the page."""
    of = choose_sum(texts) if part == "sum" else ()
    group = _group(part, reading)
    start = dict(opening_cursor("bptt", group))
    if part != "depth":
        start.setdefault("pinned", [_opening_window(group, len(reading.text)) - 1])
    frozen = json.dumps(start, sort_keys=True)
    made = partial(_draw, part, of, reading, texts, start)
    show_bptt_stage(
        _payload("-".join((part, *of)), reading.key, texts.language, frozen, made), group
    )


@st.fragment
def show_bptt_stage(payload: bytes, group: str) -> None:
    """Mount the stage; only this part of the page reruns when the cursor has come to rest."""
    cursor = mount_stage(payload, key="stage-bptt")
    if cursor is None or cursor.get("group") != group:
        cursor = st.session_state["opening"]["cursor"]
    st.session_state.setdefault("cursors", {})[group] = cursor
    publish_cursor(cursor)
    if cursor.get("pinned"):
        publish(bptt_window=str(cursor["pinned"][-1] + 1))


def _opening_window(group: str, steps: int) -> int:
    """How many copies truncation keeps at first; the same for as long as the reading is."""
    opening = st.session_state.setdefault("bptt_windows", {})
    if group not in opening:
        wanted = st.query_params.get("bptt_window", "")
        whole = wanted.isascii() and wanted.isdigit() and len(wanted) < 4
        opening[group] = min(max(int(wanted) if whole else 2, 1), steps)
    return opening[group]


def _draw(
    part: str,
    of: tuple[str, ...],
    reading: Reading,
    texts: Texts,
    start: Mapping[str, Any],
) -> bytes:
    if part != "depth":
        numbers = numbers_of(reading.card.id, reading.text)
        if of:
            parameter, loss = of
            return sum_stage(parameter, loss == "mean", numbers, texts, start, group=reading.key)
        return part_stage(part, numbers, texts, start, group=reading.key)
    model = text_model(reading.card.id)
    weights = sum(parameter.numel() for parameter in model.model.parameters())
    powers = deep_powers(model, reading.text)
    tokens = list((reading.text * (LAYERS // len(reading.text) + 1))[:LAYERS])
    size = (reading.card.units, weights)
    return depth_stage(powers, tokens, size, texts, start, group=_group(part, reading))


@shared
def _payload(part: str, key: str, language: str, start: str, _made: Callable[[], bytes]) -> bytes:
    return _made()


def _group(part: str, reading: Reading) -> str:
    """Layers and characters are counted differently, so the last part has a cursor of its own."""
    return f"depth-{reading.key}" if part == "depth" else reading.key
