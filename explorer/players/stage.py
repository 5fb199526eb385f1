"""The stage as a Streamlit component: bytes in, the cursor out once it has come to rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from explorer.address import cursor_in_address, publish_cursor
from explorer.players.component import mount


@st.fragment
def show_stage(payload: bytes, *, group: str, key: str) -> None:
    """Mount the players on ``payload``; only this part of the page reruns when they report."""
    follow_stage(payload, group=group, key=key)


def follow_stage(payload: bytes, *, group: str, key: str) -> Mapping[str, Any]:
    """Mount the players inside the caller's fragment; where their cursor is comes back.

    Where it comes to rest goes into the address and is remembered for the next page.
    """
    cursor = mount_stage(payload, key=key)
    if cursor is None or cursor.get("group") != group:
        cursor = st.session_state["opening"]["cursor"]  # of this recording nothing is reported yet
    st.session_state.setdefault("cursors", {})[group] = cursor
    publish_cursor(cursor)
    return cursor


def mount_stage(
    payload: bytes, *, key: str, on_report: Callable[[], None] | None = None
) -> Mapping[str, Any] | None:
    """Mount the players inside whatever part of the page calls this.

    What they last reported comes back: the cursor, with the ``group`` that it belongs to.
    ``on_report`` is called before the rerun that a report causes.
    """
    result = mount(data=payload, key=key, on_cursor_change=on_report or _nothing)
    cursor = getattr(result, "cursor", None)
    return cursor if isinstance(cursor, Mapping) else None


def opening_cursor(page: str, group: str) -> Mapping[str, Any]:
    """Where the cursor of a recording starts on a page.

    The place it was left at on another page, else the place a link names. The answer stays
    the same for as long as page and recording do, so the bytes sent to the browser do too.
    """
    opening = st.session_state.get("opening")
    if opening is not None and opening["for"] == (page, group):
        return opening["cursor"]
    if opening is None:
        cursor = cursor_in_address()
    else:
        cursor = st.session_state.get("cursors", {}).get(group, {})
    linked = opening is None and any(key != "step" for key in cursor)
    st.session_state["opening"] = {"for": (page, group), "cursor": cursor, "linked": linked}
    return cursor


def opened_by_link() -> bool:
    """Whether a link named the place at which the cursor starts."""
    return st.session_state["opening"]["linked"]


def _nothing() -> None:
    """Streamlit offers a component's value only if a callback is named."""
