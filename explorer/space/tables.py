"""Tables of words whose rows can be pressed to choose the word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from explorer.space.chosen import ask_for, choose_word

ROW_HEIGHT = 35
MOST_ROWS = 11


def word_table(
    columns: Mapping[str, Sequence[Any]], words: Sequence[str], *, key: str, rows: int = MOST_ROWS
) -> None:
    """A table; a press on a row chooses its word. ``words`` has one for each row.

    The key must change with the words, since a pressed row stays pressed.
    """

    def press() -> None:
        pressed = st.session_state[key].selection.rows
        if pressed:
            ask_for(words[pressed[0]])
            choose_word(words[pressed[0]])

    st.dataframe(
        dict(columns),
        hide_index=True,
        width="stretch",
        height=ROW_HEIGHT * (min(rows, len(words)) + 1) + 3,
        on_select=press,
        selection_mode="single-row",
        key=key,
    )
