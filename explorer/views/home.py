"""Home: a real network is reading a word when the page opens."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import streamlit as st

from explorer.address import keep
from explorer.language import Texts
from explorer.models import shipped_recording
from explorer.pictures import home_stage
from explorer.players.spec import group_of
from explorer.players.stage import opening_cursor, show_stage
from explorer.scaffold import heading, lesson
from explorer.sidebar import DEFAULT_MODEL

COLUMNS = 4


def show(texts: Texts) -> None:
    """Draw the page."""
    keep("model", "text", "loss")
    trace = shipped_recording(DEFAULT_MODEL)
    heading("home", texts)
    group = group_of(trace)
    show_stage(
        home_stage(trace, texts, opening_cursor("home", group)), group=group, key="stage-home"
    )
    st.caption(texts("home.under"))
    way_through(texts)
    lesson("home", texts)


def way_through(texts: Texts) -> None:
    """All other pages by section of the menu, each with the question it answers."""
    for section, pages in st.session_state.get("menu", {}).items():
        if not section:
            continue
        st.markdown(f"#### {texts(f'menu.{section}')}")
        for row in rows_of(pages.items(), COLUMNS):
            for column, (name, page) in zip(st.columns(COLUMNS), row):
                with column.container(border=True, height="stretch"):
                    st.page_link(page, label=texts(f"nav.{name}"))
                    st.caption(texts(f"home.{name}"))


def rows_of(things: Iterable[tuple[str, Any]], size: int) -> Iterator[tuple[tuple[str, Any], ...]]:
    """Rows of ``size`` things, the last perhaps shorter."""
    things = iter(things)
    while row := tuple(islice(things, size)):
        yield row
