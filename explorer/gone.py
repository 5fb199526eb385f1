"""What an address asks for and is not here: said, instead of quietly showing something else."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from explorer.address import wanted
from explorer.language import Texts, plain

OWN = ("recording-", "model-", "application-", "own-")
"""How the ids of opened files begin."""
RUN = "run:"


def note_gone(key: str, known: Mapping[str, str]) -> None:
    """To be called before the choice called ``key`` falls back to what is ``known``."""
    asked = wanted(key)
    if asked.startswith((*OWN, RUN)) and asked not in known:
        st.session_state[f"gone-{key}"] = asked


def tell_gone(key: str, known: Mapping[str, str], texts: Texts) -> None:
    """Say what is missing, until the reader chooses anew; ``known`` are labels by id."""
    asked = st.session_state.get(f"gone-{key}")
    if asked is None:
        return
    instead = st.session_state[key]
    first = st.session_state.setdefault(f"instead-{key}", instead)
    if asked in known or instead != first:
        del st.session_state[f"gone-{key}"], st.session_state[f"instead-{key}"]
        return
    shown = plain(known[instead])
    if asked.startswith(RUN):
        name = plain(asked.removeprefix(RUN)[:60])
        st.sidebar.warning(texts("uploader.run_gone", name=name, shown=shown))
    else:
        st.sidebar.warning(texts("uploader.gone", shown=shown))
