"""The chosen word: picked in the cloud, in a table, by a link; the same one everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.address import publish
from explorer.space.sources import Source

STAGE = "stage-space"


@dataclass(frozen=True)
class Drawn:
    """What the browser was last given, to know which word the number in its report means."""

    group: str
    words: tuple[str, ...]


def word_of(source: Source) -> str:
    """The chosen word if these vectors have it, else the first of theirs; goes into the address."""
    word = st.session_state.get("word", st.query_params.get("word", ""))
    row = source.vectors.index.get(word)
    if row is None or not source.has_direction(row):
        word = source.first_word
    st.session_state["word"] = word
    publish(word=None if word == source.first_word else word)
    return word


def choose_word(word: str) -> None:
    """Choose a word from the page's side; the cursor in the browser is told to go there."""
    st.session_state["word"] = word
    st.session_state["word_turn"] = st.session_state.get("word_turn", 0) + 1


def asked_words() -> list[str]:
    """Words that the page was asked for in this session, to be drawn wherever they can be."""
    asked = st.session_state.setdefault("asked_words", {})
    asked.setdefault(st.session_state.get("word", ""))
    return [word for word in asked if word]


def ask_for(*words: str) -> None:
    """Have these words drawn too, from now on."""
    st.session_state.setdefault("asked_words", {}).update(dict.fromkeys(words))


def remember(group: str, words: tuple[str, ...]) -> None:
    """Keep what is drawn, until the browser reports."""
    st.session_state["space_drawn"] = Drawn(group, words)


def turn() -> int:
    """Which time the page itself chooses: the browser follows once each time."""
    return st.session_state.get("word_turn", 0)


def take_report() -> None:
    """A word was picked in the browser: Streamlit calls this before the page runs again."""
    report = getattr(st.session_state.get(STAGE), "cursor", None)
    drawn: Drawn | None = st.session_state.get("space_drawn")
    if drawn is None or not isinstance(report, Mapping) or report.get("group") != drawn.group:
        return
    unit = report.get("unit")
    if isinstance(unit, int) and 0 <= unit < len(drawn.words):
        st.session_state["word"] = drawn.words[unit]


def unit_of(word: str, source: Source, rows: np.ndarray) -> int:
    """Place of the chosen word among the drawn rows; the first where it is not among them."""
    found = np.flatnonzero(rows == source.vectors.index[word])
    return int(found[0]) if len(found) else 0
