"""The stage as a Streamlit component: bytes in, the cursor out once it has come to rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from explorer.address import cursor_in_address, publish_cursor
from explorer.players.bundle import PLAYERS, bundle

_STAGE = st.components.v2.component(
    "unrolled_stage",
    css=(PLAYERS / "stage.css").read_text(encoding="utf-8"),
    js=bundle(),
)


@st.fragment
def show_stage(payload: bytes, *, group: str, key: str) -> None:
    """Mount the players on ``payload``; only this part of the page reruns when they report.

    Where the cursor comes to rest goes into the address and is remembered for the next page.
    """
    result = _STAGE(data=payload, key=key, on_cursor_change=_nothing)
    cursor = getattr(result, "cursor", None)
    if isinstance(cursor, Mapping):
        st.session_state["cursor"] = {"group": group, **cursor}
        publish_cursor(dict(cursor))


def opening_cursor(page: str, group: str) -> Mapping[str, Any]:
    """Where the cursor of a recording starts on a page.

    The place it was left at on the page before, else the place a link names. The answer stays
    the same for as long as page and recording do, so the bytes sent to the browser do too.
    """
    opening = st.session_state.get("opening")
    if opening is not None and opening["for"] == (page, group):
        return opening["cursor"]
    left = st.session_state.get("cursor", {})
    if opening is None:
        cursor = cursor_in_address()
    elif left.get("group") == group:
        cursor = {name: value for name, value in left.items() if name != "group"}
    else:
        cursor = {}
    st.session_state["opening"] = {"for": (page, group), "cursor": cursor}
    return cursor


def _nothing() -> None:
    """Streamlit offers a component's value only if a callback is named."""
