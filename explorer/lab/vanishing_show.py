"""How a part of the page *Vanishing and exploding* is shown, and taken home."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer.file_button import file_button
from explorer.language import Texts
from explorer.players.page import standalone_page
from explorer.players.stage import opening_cursor, show_stage

Draw = Callable[[str, str, tuple[tuple[str, int | str], ...]], bytes]


def show_part(part: str, group: str, draw: Draw, texts: Texts) -> None:
    """A stage of this part; ``draw`` is given the language, the group and the cursor's start."""
    start = opening_cursor(f"vanishing-{part}", group)
    payload = draw(texts.language, group, tuple(sorted(start.items())))
    show_stage(payload, group=group, key=f"stage-vanishing-{part}")
    title = texts("export.title", page=texts("nav.vanishing"))
    with st.sidebar:
        file_button(
            texts("export.page"),
            f"vanishing-{part}.html",
            lambda: standalone_page(payload, title=title, language=texts.language).encode(),
            key="vanishing-page",
            note=texts("export.page_help"),
        )
