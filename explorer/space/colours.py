"""What the colours of the cloud say: a group for each word, and a number from 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.embeddings.axes import direction
from core.embeddings.clusters import cluster
from core.embeddings.similarity import cosines, distances
from explorer.language import Texts
from explorer.shared import shared
from explorer.space.layouts import key_of, prepared
from explorer.space.scene import Scene

NO_GROUP = -1
MOST_GROUPS = 24
MOSTLY = 0.9


@dataclass(frozen=True, eq=False)
class Groups:
    """Group of each drawn word (-1 for none), names of the groups, what they are together."""

    group: np.ndarray
    names: list[str]
    label: str


@dataclass(frozen=True, eq=False)
class Tint:
    """A number from 0 to 1 for each drawn word (NaN for none), its name, and its two ends.

    span: what 0 and 1 stand for.
    """

    values: np.ndarray
    label: str
    ends: tuple[str, str]
    span: tuple[float, float] = (0.0, 1.0)


def groups_of(scene: Scene, texts: Texts) -> Groups:
    """Clusters of the words that made the layout, or a column of the metadata."""
    column = scene.colours.column
    if column != "clusters" and numbers_of(scene, column) is not None:
        return Groups(np.full(len(scene.placed.rows), NO_GROUP, dtype=np.int32), [], column)
    if column != "clusters":
        return Groups(*_metadata_groups(scene, column), column)
    found, names = _clusters((*key_of(scene.view), scene.colours.clusters), scene)
    group = np.full(len(scene.placed.rows), NO_GROUP, dtype=np.int32)
    group[: len(found)] = found
    return Groups(group, list(names), texts("space.groups_clusters"))


def tint_of(scene: Scene, texts: Texts) -> Tint:
    """Likeness to the chosen word, place along a formula, or distortion.

    Raises ValueError where the formula is not one.
    """
    vectors, rows, kind = scene.source.vectors, scene.placed.rows, scene.colours.tint
    column = scene.colours.column
    if kind == "similarity" and column != "clusters":
        numbers = numbers_of(scene, column)
        if numbers is not None:
            return _between(numbers, numbers[np.isfinite(numbers)], column, "{:g}")
    if kind == "distortion":
        return Tint(_distortion(scene), texts("space.tint_distortion"), ("0", "1"))
    table, lengths = vectors.vectors[rows], vectors.lengths[rows]
    if kind == "axis":
        found = cosines(table, lengths, direction(scene.colours.axis, vectors))
        return _between(found, found, scene.colours.axis)
    others = rows != vectors.index[scene.word]
    if scene.view.metric == "euclidean":
        apart = distances(table, lengths, vectors[scene.word])
        near = _between(-apart, -apart[others], texts("space.tint_nearness", word=scene.word))
        far, close = (end.lstrip("-") for end in near.ends)
        return Tint(near.values, near.label, (far, close), (-near.span[0], -near.span[1]))
    found = cosines(table, lengths, vectors[scene.word])
    return _between(found, found[others], texts("space.tint_similarity_to", word=scene.word))


def numbers_of(scene: Scene, column: str) -> np.ndarray | None:
    """A metadata column as numbers, NaN where it has none, float64 of shape (drawn,).

    None where it holds names: where a tenth of its values are no numbers, or where there are so
    few different ones that each can have a colour of its own.
    """
    values = scene.source.metadata[column]
    drawn = [values[row].strip() for row in scene.placed.rows]
    if len(set(drawn)) <= MOST_GROUPS:
        return None
    found = np.array([_number(value) for value in drawn])
    said = np.array([bool(value) for value in drawn])
    return found if np.isfinite(found[said]).mean() > MOSTLY else None


def _number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        return np.nan
    return number if np.isfinite(number) else np.nan


def _between(found: np.ndarray, ends: np.ndarray, label: str, form: str = "{:.2f}") -> Tint:
    """Numbers brought to 0 to 1, from the least to the largest of ``ends``."""
    low, high = (float(ends.min()), float(ends.max())) if len(ends) else (0.0, 1.0)
    width = high / 2 - low / 2  # half, for the whole may be beyond the largest number
    values = np.clip((found / 2 - low / 2) / max(width, 1e-300), 0, 1).astype(np.float32)
    return Tint(values, label, (form.format(low), form.format(high)), (low, high))


def _distortion(scene: Scene) -> np.ndarray:
    placed = scene.placed
    values = np.full(len(placed.rows), np.nan, dtype=np.float32)
    if placed.faithfulness is not None:
        values[: placed.fitted] = placed.faithfulness.distortion
    return values


@shared
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
