"""Finding words in the whole file: by how they begin, or by a regular expression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.embeddings.search import find_pattern, find_prefix
from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.sidebar import plain
from explorer.space.scene import Scene
from explorer.space.tables import word_table

WAYS = ("prefix", "pattern")
MOST = 200


def show_finder(scene: Scene, texts: Texts) -> None:
    """A field, and the words found; a press on one chooses it."""
    chosen("find", "", most=200)
    chosen("find_by", "prefix", WAYS)
    field, way = st.columns([3, 2], vertical_alignment="bottom")
    field.text_input(
        texts("space.find"), key="find", max_chars=200, placeholder=texts("space.find_hint")
    )
    way.segmented_control(
        texts("space.find_by"),
        WAYS,
        format_func=lambda one: texts(f"space.find_by_{one}"),
        key="find_by",
        required=True,
        label_visibility="collapsed",
    )
    wanted, by = st.session_state["find"], st.session_state["find_by"]
    publish(find=wanted or None, find_by=None if by == "prefix" else by)
    if not wanted:
        st.caption(texts("space.find_help"))
        return
    words = scene.source.vectors.words
    try:
        found = (find_prefix if by == "prefix" else find_pattern)(words, wanted, most=MOST)
    except ValueError as error:
        st.error(plain(str(error)))
        return
    st.caption(_said(len(found.rows), found.searched, len(words), texts))
    if found.rows:
        names = [words[row] for row in found.rows]
        vectors = scene.source.vectors
        columns: dict[str, Sequence[Any]] = {
            texts("space.word"): [name[:200] for name in names],
            texts("space.row"): [row + 1 for row in found.rows],
            texts("space.cosine_to", word=scene.word[:40]): [
                round(vectors.similarity(scene.word, name), 4) for name in names
            ],
        }
        word_table(columns, names, key=f"found-{scene.source.id}-{by}-{wanted}")


def _said(found: int, searched: int, total: int, texts: Texts) -> str:
    if found >= MOST:
        return texts("space.found_many", found=found)
    if searched < total:
        return texts("space.found_part", found=found, searched=f"{searched:,}", total=f"{total:,}")
    return texts("space.found", found=found, total=f"{total:,}")
