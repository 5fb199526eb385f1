"""Two embeddings of the same words: which changed most?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.embeddings.alignment import most_changed
from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.sidebar import plain
from explorer.space.scene import Scene
from explorer.space.settings import source_labels
from explorer.space.sources import available, source_of
from explorer.space.tables import word_table

COUNT = 30
NAMED = 5


def show_changes(scene: Scene, texts: Texts) -> None:
    """The other embedding, and the most changed words with their neighbours before and after."""
    others = _others(scene)
    if not others:
        st.info(texts("space.changes_none"))
        return
    chosen("against", others[0], others)
    labels = {"output": texts("space.changes_output")} | source_labels(texts)
    st.selectbox(
        texts("space.changes_against"),
        others,
        format_func=lambda one: labels[one],
        key="against",
    )
    against = st.session_state["against"]
    publish(against=against if against != others[0] else None)
    outputs = scene.source.outputs
    other = outputs if against == "output" and outputs else source_of(against).vectors
    try:
        changes = most_changed(scene.source.vectors, other, count=COUNT)
    except ValueError as error:
        st.error(plain(str(error)))
        return
    words = [change.word for change in changes]
    gap = texts("space.listed")
    columns: dict[str, Sequence[Any]] = {
        texts("space.word"): [word[:200] for word in words],
        texts("space.changes_cosine"): [round(change.similarity, 3) for change in changes],
        texts("space.changes_shared"): [f"{change.shared:.0%}" for change in changes],
        texts("space.changes_here"): [gap.join(change.before[:NAMED]) for change in changes],
        texts("space.changes_there"): [gap.join(change.after[:NAMED]) for change in changes],
    }
    st.caption(texts("space.changes_help"))
    word_table(columns, words, key=f"changes-{scene.source.id}-{against}")


def _others(scene: Scene) -> list[str]:
    """The output vectors of the same training first, then every other file."""
    files = [one for one in available() if one != scene.source.id.removesuffix("-output")]
    return ["output", *files] if scene.source.outputs is not None else files
