"""What the pictures "cloud", "bump" and "curves" are given: words as points, frame by frame.

A *frame* is one picture of all points: one snapshot of a training, one iteration of a layout, or
the only one of a cloud that stands still. In the player the time of the cursor is the frame, its
unit is the chosen word, and its pinned units are the marked ones. Stages of one group share the
cursor, and new data of the same group keeps cursor, camera and colouring; so a group names one
set of points in one order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from explorer.players.payload import Arrays

_LINE_BREAK = re.compile("\r\n|\r|\n")
_INTEGERS = np.iinfo(np.int32)

Rows = ArrayLike | Mapping[int, Sequence[int]]


def cloud_arrays(
    positions: ArrayLike,
    labels: Sequence[str],
    *,
    group: ArrayLike | None = None,
    frequency: ArrayLike | None = None,
    tint: ArrayLike | None = None,
    neighbours: Rows | None = None,
    similarity: Rows | None = None,
) -> Arrays:
    """Points and words as the cloud reads them.

    Args:
        positions: (point, 2 or 3) for a cloud that stands still, or (frame, point, 2 or 3).
        labels: one word a point, any text; a line break in it is shown as ⏎.
        group: (point,) whole numbers, the category of each point (a cluster, a column of the
            metadata); a negative one has none.
        frequency: (point,) how often each word occurs, >= 0.
        tint: (point,) or (frame, point), numbers in [0, 1]; NaN where there is no value.
        neighbours: nearest neighbours in the original space, best first: (point, k) indices of
            points, -1 where a list is shorter; or ``{point: [indices]}`` for some points only.
        similarity: how similar each neighbour is, in the form of ``neighbours``.

    Returns:
        float32 ``positions`` (frame, point, 3), uint8 ``labels`` and what else was given.

    Raises:
        ValueError: a shape does not fit the points, a number is not finite or out of range.
        TypeError: a label is no string, groups or neighbours are no whole numbers.
    """
    places = _positions(positions)
    frames, points = places.shape[:2]
    arrays: Arrays = {"positions": places, "labels": _labels(labels, points)}
    if group is not None:
        arrays["group"] = _whole("group", _shaped("group", group, [(points,)]), _INTEGERS.min)
    if frequency is not None:
        arrays["frequency"] = _frequency(frequency, points)
    if tint is not None:
        arrays["tint"] = _tint(tint, frames, points)
    if neighbours is not None:
        arrays |= _neighbours(neighbours, similarity, points)
    elif similarity is not None:
        raise ValueError("got similarity without neighbours; give both or neither")
    return arrays


def rank_arrays(
    ranks: ArrayLike,
    points: int,
    *,
    words: Sequence[int] | None = None,
    similarity: ArrayLike | None = None,
) -> Arrays:
    """Neighbours of words in every frame, for the bump chart and the cloud's card.

    Args:
        ranks: (frame, word, k) indices of points, best first, -1 where a list is shorter. One
            word alone is the one that the cursor starts on.
        points: how many points there are.
        words: which points the rows of ``ranks`` belong to; all of them if not given.
        similarity: like ``ranks``, how similar each neighbour is.

    Raises:
        ValueError: a shape or an index does not fit.
        TypeError: an index is no whole number.
    """
    index = np.asarray(ranks)
    if index.ndim != 3 or 0 in index.shape:
        raise ValueError(f"got ranks of shape {index.shape}, expected (frame, word, k)")
    arrays: Arrays = {"rank_index": _whole("ranks", index, -1, points)}
    rows = index.shape[1]
    if words is not None:
        listed = _shaped("words", words, [(rows,)])
        arrays["rank_words"] = _whole("words", listed, 0, points)
    elif rows not in (1, points):
        raise ValueError(f"got {rows} rows for {points} points; say in words whose they are")
    if similarity is not None:
        arrays["rank_similarity"] = _shaped("similarity", similarity, [index.shape], np.float32)
    return arrays


def curve_arrays(curves: Mapping[str, ArrayLike], frames: int) -> Arrays:
    """Named curves over ``frames`` frames, NaN where there is no value.

    The panel "curves" says in its options what each is called and which axis it belongs to:
    ``{"curves": [{"name": "loss", "label": "Loss", "axis": "left", "log": False}, ...]}``.

    Raises:
        ValueError: a curve does not have one value a frame.
    """
    return {
        f"curve.{name}": _shaped(f"curve {name!r}", values, [(frames,)], np.float32)
        for name, values in curves.items()
    }


def _positions(positions: ArrayLike) -> np.ndarray:
    with np.errstate(over="ignore"):  # too large a number becomes infinite and is refused below
        places = np.asarray(positions, dtype=np.float32)
    if places.ndim == 2:
        places = places[None]
    if places.ndim != 3 or places.shape[-1] not in (2, 3) or 0 in places.shape:
        raise ValueError(
            f"got positions of shape {np.shape(positions)}, expected (point, 2 or 3) or "
            "(frame, point, 2 or 3) with at least one point"
        )
    if not np.isfinite(places).all():
        frame, point, axis = np.argwhere(~np.isfinite(places))[0]
        raise ValueError(
            f"position {places[frame, point, axis]} of point {point} in frame {frame}, expected "
            "finite numbers; leave such points out"
        )
    if places.shape[-1] == 2:
        places = np.concatenate([places, np.zeros_like(places[..., :1])], axis=-1)
    return np.ascontiguousarray(places)


def _labels(labels: Sequence[str], points: int) -> np.ndarray:
    if isinstance(labels, str) or len(labels) != points:
        raise ValueError(f"got {len(labels)} labels for {points} points, expected one each")
    for place, label in enumerate(labels):
        if not isinstance(label, str):
            raise TypeError(f"label {place} is {type(label).__name__}, expected a string")
    joined = "\n".join(_LINE_BREAK.sub("⏎", label) for label in labels)
    # Half a surrogate pair has no UTF-8; the browser shows what it cannot read as �.
    return np.frombuffer(joined.encode("utf-8", "surrogatepass"), dtype=np.uint8)


def _frequency(frequency: ArrayLike, points: int) -> np.ndarray:
    counts = _shaped("frequency", frequency, [(points,)], np.float32)
    if not (np.isfinite(counts) & (counts >= 0)).all():
        raise ValueError("a frequency is negative or not finite, expected numbers from 0 on")
    return counts


def _tint(tint: ArrayLike, frames: int, points: int) -> np.ndarray:
    values = _shaped("tint", tint, [(points,), (1, points), (frames, points)], np.float32)
    if (np.isfinite(values) & ((values < 0) | (values > 1))).any() or np.isinf(values).any():
        raise ValueError("a tint is outside [0, 1]; scale the values before")
    return np.atleast_2d(values)


def _neighbours(neighbours: Rows, similarity: Rows | None, points: int) -> Arrays:
    arrays: Arrays = {}
    if isinstance(neighbours, Mapping):
        words = list(neighbours)
        arrays["neighbour_words"] = _whole("neighbours", np.asarray(words), 0, points)
        index = _padded([neighbours[word] for word in words], -1)
        if isinstance(similarity, Mapping):
            if similarity.keys() != neighbours.keys():
                raise ValueError("similarity and neighbours are of different points")
            similarity = _padded([similarity[word] for word in words], np.nan)
    else:
        index = np.asarray(neighbours)
        if index.ndim != 2 or len(index) != points:
            raise ValueError(
                f"got neighbours of shape {index.shape}, expected ({points}, k) or a mapping from "
                "some of the points to theirs"
            )
    arrays["neighbours"] = _whole("neighbours", index, -1, points)
    if similarity is not None:
        arrays["neighbour_similarity"] = _shaped(
            "similarity", similarity, [index.shape], np.float32
        )
    return arrays


def _padded(rows: Sequence[Sequence[Any]], fill: float) -> np.ndarray:
    longest = max((len(row) for row in rows), default=0)
    return np.array([[*row, *[fill] * (longest - len(row))] for row in rows]).reshape(
        len(rows), longest
    )


def _shaped(
    name: str, values: Any, shapes: Sequence[tuple[int, ...]], dtype: Any = None
) -> np.ndarray:
    array = np.asarray(values, dtype=dtype)
    if array.shape not in shapes:
        expected = " or ".join(map(str, dict.fromkeys(shapes)))
        raise ValueError(f"got {name} of shape {array.shape}, expected {expected}")
    return array


def _whole(name: str, values: np.ndarray, low: int, below: int | None = None) -> np.ndarray:
    if values.size and values.dtype.kind not in "iu":
        raise TypeError(f"got {name} of type {values.dtype}, expected whole numbers")
    top = _INTEGERS.max if below is None else below - 1
    if values.size and (values.min() < low or values.max() > top):
        found = values.min() if values.min() < low else values.max()
        raise ValueError(f"got {found} in {name}, expected whole numbers from {low} to {top}")
    return values.astype(np.int32)
