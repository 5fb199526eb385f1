"""Where the words lie: PCA and custom axes at once, t-SNE and UMAP by a job in the background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.embeddings.axes import custom_axes
from core.embeddings.projections import (
    LARGEST,
    Basis,
    Faithfulness,
    Projection,
    draw_rows,
    fit_basis,
    measure_faithfulness,
    project,
)
from core.embeddings.projections.faithfulness import BLOCK
from explorer.jobs import Job, Progress, jobs
from explorer.libraries import LAYOUTS, load
from explorer.shared import shared
from explorer.space.settings import View
from explorer.space.sources import Source

MEASURED_AT_ONCE = 1500
MOST_FRAMES_BYTES = 12_000_000


@dataclass(frozen=True, eq=False)
class Placed:
    """Words with their places.

    Parameters
    ----------
    rows
        Rows of the words in the file, shape (N,). The first ``fitted`` made the layout, the
        others were asked for and placed on it.
    frames
        float32 of shape (F, N, 2 or 3); more than one for a layout that can be played back.
    names
        What each frame is called.
    explained
        Share of the variance along each axis; PCA only.
    angles
        Angle between each two axes in degrees; custom axes only.
    faithfulness
        None while it is still measured.
    job
        What is still at work, if anything.
    """

    rows: np.ndarray
    fitted: int
    frames: np.ndarray
    names: tuple[str, ...]
    faithfulness: Faithfulness | None = None
    explained: np.ndarray | None = None
    angles: np.ndarray | None = None
    job: Job | None = None


def place(view: View, source: Source, asked: Sequence[str]) -> Placed:
    """The layout of a view; ``asked`` are words to be shown though the view leaves them out.

    Raises ValueError where a formula of custom axes is not one.
    """
    rows = rows_of(view, source)
    if view.method in ("tsne", "umap"):
        return _in_the_background(view, source, rows)
    every = np.concatenate([rows, _extra(source, rows, asked)])
    if view.method == "axes":
        axes = custom_axes(source.vectors, view.formulas, rows=every)
        placed = Placed(every, len(rows), axes.coordinates[None], ("",), angles=axes.angles)
    else:
        basis = _basis(view, source, rows)
        places = basis.place(prepared(view, source, every))
        placed = Placed(every, len(rows), places[None], ("",), explained=basis.explained)
    return _measured(view, source, placed)


def rows_of(view: View, source: Source) -> np.ndarray:
    """Rows that make the layout: around a word, the first of the file, or a random sample."""
    if view.around:
        return _around(view, source)
    usable = source.usable
    if view.random:
        rows = usable[draw_rows(len(usable), view.shown, seed=view.seed)]
    else:
        rows = usable[: view.shown]
    if view.method in LARGEST and len(rows) > LARGEST[view.method]:
        rows = rows[draw_rows(len(rows), LARGEST[view.method], seed=view.seed)]
    return rows


def is_pending(view: View, source: Source) -> bool:
    """Whether something of this view is, or is about to be, at work in the background."""
    if view.method in ("tsne", "umap"):
        key = key_of(view)
    elif len(rows_of(view, source)) > MEASURED_AT_ONCE:
        key = _measure_key(view)
    else:
        return False
    job = jobs().find(key)
    return job is None or job.running or job.cancelled


def key_of(view: View, *, words_only: bool = False) -> tuple[Any, ...]:
    """A hashable name for a layout; or only for which words are drawn, however they lie."""
    if words_only:
        capped = LARGEST.get(view.method, 0) < view.shown and view.method in ("tsne", "umap")
        view = replace(
            view, method=view.method if capped else "", dimensions=0, metric="cosine", formulas=()
        )
    return ("layout", *vars(view).values())


def prepared(view: View, source: Source, rows: np.ndarray) -> np.ndarray:
    """The vectors of some rows as the metric wants them: at length 1 for the cosine."""
    vectors = np.asarray(source.vectors.vectors[rows], dtype=np.float32)
    if view.metric == "euclidean":
        return vectors
    return vectors / source.vectors.lengths[rows][:, None].astype(np.float32)


def _around(view: View, source: Source) -> np.ndarray:
    """A word and its nearest, in the order of the file."""
    near = source.vectors.nearest(view.around, view.near, metric=view.metric)
    rows = [source.vectors.index[word] for word in (view.around, *(word for word, _ in near))]
    return np.intersect1d(rows, source.usable)


def _extra(source: Source, rows: np.ndarray, asked: Sequence[str]) -> np.ndarray:
    """Rows of asked words that are not among the others, in the order they were asked for, so
    that the place of a word in the picture does not change when one more is asked for."""
    index = source.vectors.index
    known = dict.fromkeys(index[word] for word in asked if word in index)
    missing = set(np.setdiff1d(list(known), rows).tolist())
    extra = [row for row in known if row in missing and source.has_direction(row)]
    return np.array(extra, dtype=np.int64)


def _basis(view: View, source: Source, rows: np.ndarray) -> Basis:
    return _fitted_basis(key_of(view), view, source, rows)


@shared
def _fitted_basis(key: tuple[Any, ...], _view: View, _source: Source, _rows: np.ndarray) -> Basis:
    vectors = prepared(_view, _source, _rows)
    return fit_basis(vectors, min(_view.dimensions, *vectors.shape))


def _measured(view: View, source: Source, placed: Placed) -> Placed:
    """With its faithfulness: at once for few words, else by a job."""
    rows = placed.rows[: placed.fitted]
    if len(rows) < 4:
        return placed
    layout = placed.frames[0, : placed.fitted]
    key = _measure_key(view)
    if placed.fitted <= MEASURED_AT_ONCE:
        return replace(placed, faithfulness=_faithfulness(key, view, source, rows, layout))

    def measure(progress: Progress) -> Faithfulness:
        return measure_faithfulness(prepared(view, source, rows), layout, seed=view.seed)

    job = jobs().start(key, measure, memory=_bytes_held(view, source, rows))
    return replace(placed, faithfulness=job.result, job=job if job.running else None)


@shared
def _faithfulness(
    key: tuple[Any, ...], _view: View, _source: Source, _rows: np.ndarray, _layout: np.ndarray
) -> Faithfulness:
    return measure_faithfulness(prepared(_view, _source, _rows), _layout, seed=_view.seed)


def _measure_key(view: View) -> tuple[Any, ...]:
    return ("faithfulness", *key_of(view))


def _in_the_background(view: View, source: Source, rows: np.ndarray) -> Placed:
    """What a job has so far; until its first layout the words lie as PCA puts them."""

    def work(progress: Progress) -> tuple[Projection, list[tuple[float, np.ndarray]]]:
        load(*LAYOUTS[view.method])
        seen: list[tuple[float, np.ndarray]] = []

        def watch(share: float, layout: np.ndarray) -> None:
            seen.append((share, layout))
            progress.report(share, layout)

        projection = project(
            prepared(view, source, rows),
            view.method,
            dimensions=view.dimensions,
            seed=view.seed,
            on_layout=watch,
        )
        return projection, _thinned(seen, projection.coordinates)

    job = jobs().start(key_of(view), work, memory=_bytes_held(view, source, rows))
    if job.error is not None:
        raise ValueError(job.error)
    if job.result is not None:
        projection, frames = job.result
        return Placed(
            rows,
            len(rows),
            np.stack([layout for _, layout in frames]),
            tuple(f"{share:.0%}" for share, _ in frames),
            faithfulness=projection.faithfulness,
        )
    layout = job.progress.note
    if layout is None:
        layout = _basis(view, source, rows).place(prepared(view, source, rows))
    return Placed(rows, len(rows), np.asarray(layout)[None], ("",), job=job)


def _bytes_held(view: View, source: Source, rows: np.ndarray) -> int:
    """What a layout or its measurement holds at most, estimated: the vectors as float32, centred
    and as float64; blocks of distances; neighbours and layouts along the way."""
    numbers = len(rows) * source.vectors.vectors.shape[1]
    return (4 + 4 + 8) * numbers + 4 * 4 * BLOCK + len(rows) * (3000 + 30 * 12)


def _thinned(
    seen: list[tuple[float, np.ndarray]], last: np.ndarray
) -> list[tuple[float, np.ndarray]]:
    """As many of the layouts as may travel to the browser, the last always among them."""
    most = max(0, MOST_FRAMES_BYTES // (last.shape[0] * 12) - 1)
    step = max(1, -(-len(seen) // most)) if most else len(seen) + 1
    kept = seen[::step] if most else []
    return [*kept, (1.0, last)]
