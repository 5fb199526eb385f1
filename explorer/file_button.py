"""A button that gives a file, which is made when it is pressed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st


def file_button(
    label: str, name: str, make: Callable[[], bytes], *, key: str, note: str | None = None
) -> None:
    """Offer the file called ``name``; the page does not run again for it."""
    st.download_button(
        label,
        data=make,
        file_name=name,
        mime="application/octet-stream",
        on_click="ignore",
        key=key,
        width="stretch",
        help=note,
    )
