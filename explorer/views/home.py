"""Home: a real network is reading a word when the page opens."""

import streamlit as st

from explorer.address import keep
from explorer.language import Texts
from explorer.models import shipped_recording
from explorer.pictures import home_stage
from explorer.players.spec import group_of
from explorer.players.stage import opening_cursor, show_stage
from explorer.scaffold import heading, lesson
from explorer.sidebar import DEFAULT_MODEL

WAY = ("cell", "unrolled", "states", "gradients")


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
    """The next pages, each with the question it answers."""
    pages = st.session_state.get("pages", {})
    for column, name in zip(st.columns(len(WAY)), WAY, strict=True):
        with column.container(border=True):
            if name in pages:
                st.page_link(pages[name], label=texts(f"nav.{name}"))
            st.caption(texts(f"home.{name}"))
