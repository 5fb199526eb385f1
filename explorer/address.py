"""The view is in the address: what the reader chose, as query parameters.

Streamlit's own binding stores labels, which change with the language; here the address holds
language-neutral ids, so a link opens the same view for somebody who reads another language.
"""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

CURSOR_KEYS = ("time", "layer", "direction", "unit", "signal", "mode")
_NUMBERS = ("time", "layer", "direction", "unit")


def chosen(name: str, default: str, allowed: Collection[str] | None = None) -> str:
    """The current choice called ``name``: from this session, else the address, else ``default``.

    ``name`` is the widget's key; a value that is not ``allowed`` counts as none.
    """
    value = st.session_state.get(name, st.query_params.get(name, default))
    if allowed is not None and value not in allowed:
        value = default
    st.session_state[name] = value
    return value


def keep(*names: str) -> None:
    """Keep choices alive on a page that does not show their widgets, and those of a link."""
    for name in names:
        value = st.session_state.get(name, st.query_params.get(name))
        if value is not None:
            st.session_state[name] = value


def publish(**choices: str | None) -> None:
    """Write choices into the address; None removes one. Unchanged ones cost nothing."""
    for name, value in choices.items():
        if value is None:
            if name in st.query_params:
                del st.query_params[name]
        elif st.query_params.get(name) != value:
            st.query_params[name] = value


def cursor_in_address() -> dict[str, int | str]:
    """The cursor that a link carries: time counts from 1 there, as on the page."""
    cursor: dict[str, int | str] = {}
    for name in CURSOR_KEYS:
        value = st.query_params.get(_parameter(name))
        if value is None:
            continue
        if name not in _NUMBERS:
            cursor[name] = value
        elif value.isascii() and value.isdigit() and len(value) < 7:
            cursor[name] = max(0, int(value) - 1) if name in ("time", "layer") else int(value)
    return cursor


def publish_cursor(cursor: dict[str, int | str]) -> None:
    """Write the cursor into the address."""
    shown = {
        _parameter(name): str(value + 1 if name in ("time", "layer") else value)
        for name, value in cursor.items()
        if name in CURSOR_KEYS and value is not None
    }
    publish(**shown)


def _parameter(name: str) -> str:
    return {"time": "t"}.get(name, name)
