"""Take it home: the drawn words as vectors, tables, a page that turns by itself, and code."""

from __future__ import annotations

import json
from collections.abc import Callable, Container
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.file_button import file_button
from explorer.language import Texts
from explorer.players.page import standalone_page
from explorer.space.colours import groups_of
from explorer.space.scene import Scene
from explorer.space.script import script
from explorer.vector_files import file_of, projector_vectors, projector_words, visible_white


@dataclass
class Holder:
    """What is on the screen at the moment; filled when the picture is drawn."""

    scene: Scene | None = None
    payload: bytes = b""


def offer_exports(holder: Holder, texts: Texts) -> None:
    """The export menu in the sidebar; each file is made when it is asked for."""
    kinds: dict[str, tuple[str, Callable[[Scene], bytes]]] = {
        "word2vec": ("vectors.txt", lambda scene: saved(scene, ".txt")),
        "safetensors": ("vectors.safetensors", lambda scene: saved(scene, ".safetensors")),
        "projector_vectors": ("vectors.tsv", projector_table),
        "projector_words": ("metadata.tsv", lambda scene: projector_labels(scene, texts)),
        "places": ("places.csv", places_csv),
        "page": ("space.html", lambda scene: page(holder, texts)),
        "code": ("space.py", lambda scene: script(scene, texts).encode()),
    }
    with st.sidebar, st.popover(texts("export.button"), width="stretch"):
        st.caption(texts("space.export_help"))
        for kind, (name, make) in kinds.items():
            label = texts(f"space.export_{kind}")
            file_button(label, name, _of_now(holder, make), key=f"export-{kind}")


def saved(scene: Scene, ending: str) -> bytes:
    """The drawn words with their original vectors, in a form that ``WordVectors.save`` writes."""
    return file_of(scene.words, scene.source.vectors.vectors[scene.placed.rows], ending)


def projector_table(scene: Scene) -> bytes:
    """The drawn vectors: the first of the projector's two files."""
    return projector_vectors(scene.source.vectors.vectors[scene.placed.rows])


def projector_labels(scene: Scene, texts: Texts) -> bytes:
    """Words with all that is known of them, in the order of the vectors: the second file."""
    groups = groups_of(scene, texts)
    rows = scene.placed.rows.tolist()
    columns: dict[str, list[str]] = {"word": list(scene.labels)}
    if scene.source.counts is not None:
        columns["count"] = [str(count) for count in scene.source.counts[rows]]
    for name, values in scene.source.metadata.items():
        columns[_free(name, columns)] = [values[row] for row in rows]
    if groups.names and groups.label not in columns:
        columns[groups.label] = [groups.names[one] if one >= 0 else "" for one in groups.group]
    return projector_words(columns)


def _free(name: str, taken: Container[str]) -> str:
    """A column's name, on one line, that no other column has."""
    name = visible_white(name) or "?"
    while name in taken:
        name += "'"
    return name


def places_csv(scene: Scene) -> bytes:
    """Coordinates and distortion of each word, with a byte order mark for Excel.

    Words stand in JSON's quotation marks, so none can be taken for a formula.
    """
    import pandas as pd

    places = scene.placed.frames[-1]
    frame = pd.DataFrame({"word": [json.dumps(word, ensure_ascii=False) for word in scene.words]})
    for axis, name in zip(range(places.shape[1]), "xyz"):
        frame[name] = places[:, axis]
    if scene.placed.faithfulness is not None:
        distortion = np.full(len(frame), np.nan)
        distortion[: scene.placed.fitted] = scene.placed.faithfulness.distortion
        frame["distortion"] = distortion
    return ("\ufeff" + frame.to_csv(index=False)).encode()


def page(holder: Holder, texts: Texts) -> bytes:
    """The picture as it stands, in one file that needs no server."""
    title = texts("export.title", page=texts("nav.space"))
    return standalone_page(holder.payload, title=title, language=texts.language).encode()


def _of_now(holder: Holder, make: Callable[[Scene], bytes]) -> Callable[[], bytes]:
    """Made from what is on the screen when the button is pressed."""
    return lambda: make(holder.scene) if holder.scene is not None else b""
