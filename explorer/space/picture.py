"""What the browser is given: the cloud with its colours, neighbours, lines and caption."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.embeddings.axes import direction
from core.embeddings.clusters import cluster
from core.embeddings.projections.faithfulness import nearest_rows
from core.embeddings.similarity import cosines, distances
from explorer.captions import percent
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.cloud import cloud_arrays
from explorer.players.payload import Arrays, pack
from explorer.players.spec import Layout, Panel, plain_spec
from explorer.space.captions import space_caption
from explorer.space.chosen import turn, unit_of
from explorer.space.layouts import Placed, key_of, prepared
from explorer.space.settings import Colours, View
from explorer.space.sources import Source

HEIGHT = 640
NEIGHBOURS = 10
NEIGHBOURS_OF_ALL = 5000
NEIGHBOURS_OF = 1000
NO_GROUP = -1
MOST_GROUPS = 24

Line = tuple[str, str, str]


@dataclass(frozen=True)
class Scene:
    """Everything that the page is about at one moment."""

    view: View
    source: Source
    colours: Colours
    placed: Placed
    word: str
    lines: Sequence[Line] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The drawn words, in their order."""
        words = self.source.vectors.words
        return tuple(words[row] for row in self.placed.rows)

    @property
    def group(self) -> str:
        """A name for which words are drawn: as long as it stays, camera and cursor do."""
        named = repr(key_of(self.view, words_only=True))
        return hashlib.sha256(named.encode()).hexdigest()[:16]


def space_stage(scene: Scene, texts: Texts) -> bytes:
    """The payload of the page's stage."""
    group, names, label = group_of_words(scene, texts)
    tint, tint_label, ends = tint_of_words(scene, texts)
    placed = scene.placed
    counts = scene.source.counts
    arrays = cloud_arrays(
        placed.frames,
        scene.words,
        group=group,
        frequency=None if counts is None else counts[placed.rows].astype(np.float32),
        tint=tint,
    )
    options: dict[str, Any] = {
        "dimensions": placed.frames.shape[-1],
        "colour": "group" if scene.colours.tint == "similarity" else "tint",
        "groups": names,
        "group_label": label,
        "tint_label": tint_label,
        "tint_ends": ends,
        "axes": axis_names(scene),
        "lines": _lines(scene),
    }
    caption = space_caption(scene, texts)
    panels = [
        caption_panel("a", caption),
        Panel("cloud", "b", texts("nav.space"), options=options),
    ]
    layout = Layout("'a' 'b'", "1fr", "auto minmax(0, 1fr)", HEIGHT)
    unit = unit_of(scene.word, scene.source, placed.rows)
    cursor = {"unit": unit, "time": len(placed.frames) - 1}
    spec = plain_spec(
        panels,
        layout,
        texts,
        group=scene.group,
        tokens=placed.names,
        units=len(placed.rows),
        cursor=cursor,
        speed=8,
        extra={"goto": {"id": f"{turn()} {len(placed.frames)}", "cursor": cursor}},
    )
    return pack(arrays | neighbour_arrays(scene), spec)


def group_of_words(scene: Scene, texts: Texts) -> tuple[np.ndarray, list[str], str]:
    """Group of each drawn word, names of the groups, and what they are called together."""
    column = scene.colours.column
    if column != "clusters":
        return (*_metadata_groups(scene, column), column)
    key = (*key_of(scene.view), scene.colours.clusters)
    found, names = _clusters(key, scene)
    group = np.full(len(scene.placed.rows), NO_GROUP, dtype=np.int32)
    group[: len(found)] = found
    return group, list(names), texts("space.groups_clusters")


def tint_of_words(scene: Scene, texts: Texts) -> tuple[np.ndarray, str, list[str]]:
    """A number from 0 to 1 for each drawn word, what it is called, and its two ends."""
    placed, vectors, kind = scene.placed, scene.source.vectors, scene.colours.tint
    rows = placed.rows
    label = texts(f"space.tint_{kind}")
    if kind == "distortion":
        tint = np.full(len(rows), np.nan, dtype=np.float32)
        if placed.faithfulness is not None:
            tint[: placed.fitted] = placed.faithfulness.distortion
        return tint[None], label, ["0", "1"]
    if kind == "similarity" and scene.view.metric == "euclidean":
        found = -distances(vectors.vectors[rows], vectors.lengths[rows], vectors[scene.word])
        label = texts("space.tint_nearness", word=scene.word)
    else:
        query = vectors[scene.word]
        if kind == "axis":
            query = direction(scene.colours.axis, vectors)
            label = scene.colours.axis
        else:
            label = texts("space.tint_similarity_to", word=scene.word)
        found = cosines(vectors.vectors[rows], vectors.lengths[rows], query)
    low, high = _ends(found, scene, kind)
    tint = np.clip((found - low) / max(high - low, 1e-12), 0, 1)
    ends = (
        [f"{abs(low):.2f}", f"{abs(high):.2f}"]
        if found.max() <= 0
        else [
            f"{low:.2f}",
            f"{high:.2f}",
        ]
    )
    return tint.astype(np.float32)[None], label, ends


def axis_names(scene: Scene) -> list[str]:
    """What the axes of the picture are; t-SNE and UMAP have none that mean anything."""
    placed = scene.placed
    if placed.explained is not None:
        return [f"PC{axis + 1} ({percent(share)})" for axis, share in enumerate(placed.explained)]
    return list(scene.view.formulas) if placed.angles is not None else []


def neighbour_arrays(scene: Scene) -> Arrays:
    """The nearest of each drawn word among the drawn ones, in the original space."""
    placed = scene.placed
    count = len(placed.rows)
    k = min(NEIGHBOURS, count - 1)
    if k < 1:
        return {}
    if count <= NEIGHBOURS_OF_ALL:
        asked = np.arange(count)
    else:
        chosen = unit_of(scene.word, scene.source, placed.rows)
        asked = np.union1d(np.arange(NEIGHBOURS_OF), chosen)
    key = (*key_of(scene.view, words_only=True), scene.view.metric, count, len(asked), asked[-1])
    near, apart = _neighbours(key, scene, asked, k)
    arrays = {"neighbours": near}
    if scene.view.metric == "cosine":
        arrays["neighbour_similarity"] = (1 - apart**2 / 2).astype(np.float32)
    if len(asked) < count:
        arrays["neighbour_words"] = asked.astype(np.int32)
    return arrays


@st.cache_resource(max_entries=16, show_spinner=False)
def _neighbours(
    key: tuple[Any, ...], _scene: Scene, _asked: np.ndarray, _k: int
) -> tuple[np.ndarray, np.ndarray]:
    vectors = prepared(_scene.view, _scene.source, _scene.placed.rows)
    near, apart = nearest_rows(vectors[_asked], vectors, _k, own=_asked)
    return near.astype(np.int32), apart


@st.cache_resource(max_entries=16, show_spinner=False)
def _clusters(key: tuple[Any, ...], _scene: Scene) -> tuple[np.ndarray, tuple[str, ...]]:
    rows = _scene.placed.rows[: _scene.placed.fitted]
    words = _scene.source.vectors.words
    found = cluster(prepared(_scene.view, _scene.source, rows), _scene.colours.clusters)
    return found.group, tuple(words[rows[row]] for row in found.centre_rows)


def _metadata_groups(scene: Scene, column: str) -> tuple[np.ndarray, list[str]]:
    """The most frequent values of a column are groups, the others have none."""
    values = scene.source.metadata[column]
    drawn = [values[row] for row in scene.placed.rows]
    counted: dict[str, int] = {}
    for value in drawn:
        counted[value] = counted.get(value, 0) + 1
    names = sorted(counted, key=lambda value: (-counted[value], value))[:MOST_GROUPS]
    place: Mapping[str, int] = {name: number for number, name in enumerate(names)}
    return np.array([place.get(value, NO_GROUP) for value in drawn], dtype=np.int32), names


def _ends(found: np.ndarray, scene: Scene, kind: str) -> tuple[float, float]:
    """Between which values the colours run; the chosen word itself does not count."""
    own = scene.source.vectors.index[scene.word]
    others = found[scene.placed.rows != own] if kind == "similarity" else found
    if not len(others):
        return 0.0, 1.0
    return float(np.nanmin(others)), float(np.nanmax(others))


def _lines(scene: Scene) -> list[list[Any]]:
    """Lines between words that are drawn."""
    place = {row: at for at, row in enumerate(scene.placed.rows.tolist())}
    index = scene.source.vectors.index
    found = [(place.get(index[a]), place.get(index[b]), kind) for a, b, kind in scene.lines]
    return [list(line) for line in found if line[0] is not None and line[1] is not None]
