"""The view is in the address: what the reader chose, as query parameters.

Streamlit's own binding stores labels, which change with the language; here the address holds
language-neutral ids, so a link opens the same view for somebody who reads another language.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

LONGEST = 8000
"""Characters of one value in an address; the fields that it fills take fewer."""
CURSOR_KEYS = ("time", "step", "layer", "direction", "unit", "signal", "mode")
_NUMBERS = ("time", "step", "layer", "direction", "unit")


def tidy() -> None:
    """Make the address safe to read before any page does: well-formed text of a bounded length."""
    said = st.query_params.to_dict()
    publish(**{name: value[:LONGEST] for name, value in said.items()})


def well_formed(text: str) -> str:
    """The text with a sign in place of each half of a surrogate pair, which cannot be sent."""
    return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text)


def chosen(
    name: str, default: str, allowed: Collection[str] | None = None, *, most: int = LONGEST
) -> str:
    """The current choice called ``name``: from this session, else the address, else ``default``.

    ``name`` is the widget's key; a value that is not ``allowed`` counts as none, and a text is
    read up to ``most`` characters, since a field bounds only what is typed into it. Choices are
    kept beside the widgets, because a change of page forgets every widget, also one with the
    same key.
    """
    kept = _kept()
    value = wanted(name, default)
    if allowed is not None and value not in allowed:
        value = default
    if isinstance(value, str):
        value = value[:most]
    st.session_state[name] = kept[name] = value
    return value


def wanted(name: str, default: str = "") -> str:
    """What this session, else the address, asks for, whether or not there is such a thing."""
    return st.session_state.get(name, _kept().get(name, st.query_params.get(name, default)))


def keep(*names: str) -> None:
    """Remember these choices of a link for the pages that offer them."""
    for name in names:
        if name in st.query_params:
            _kept().setdefault(name, st.query_params[name])


def follow_link(*names: str) -> bool:
    """Whether a link inside the app led here; then its choices replace this session's.

    Such a link says ``go``; without it what the reader chose before stays chosen.
    """
    if "go" not in st.query_params:
        return False
    for name in names:
        if name in st.query_params:
            st.session_state[name] = _kept()[name] = st.query_params[name]
    publish(go=None)
    return True


def publish(**choices: str | None) -> None:
    """Write choices into the address; None removes one. Unchanged ones cost nothing.

    All at once: each writing is one more place for the browser's back button.
    """
    before = st.query_params.to_dict()
    after = {
        well_formed(name): well_formed(value)
        for name, value in {**before, **choices}.items()
        if value is not None
    }
    if after != before:
        st.query_params.from_dict(after)


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


def publish_cursor(cursor: Mapping[str, Any]) -> None:
    """Write the cursor into the address; what it does not say is taken out."""
    shown: dict[str, str | None] = {}
    for name in CURSOR_KEYS:
        value = cursor.get(name)
        if value is not None and name in ("time", "layer"):
            value += 1
        shown[_parameter(name)] = None if value is None else str(value)
    publish(**shown)


def _kept() -> dict[str, str]:
    return st.session_state.setdefault("choices", {})


def _parameter(name: str) -> str:
    return {"time": "t", "step": "updates"}.get(name, name)
