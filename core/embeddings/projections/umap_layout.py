"""Uniform manifold approximation and projection, watched while it settles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.embeddings.projections.faithfulness import nearest_rows
from core.embeddings.projections.pca import start_layout

NEIGHBOURS = 15
MIN_DISTANCE, SPREAD = 0.1, 1.0
EPOCHS_FEW, EPOCHS_MANY, MANY = 500, 200, 10_000
LAYOUTS = 30


def fit_umap(
    vectors: np.ndarray,
    dimensions: int,
    seed: int,
    on_layout: Callable[[float, np.ndarray], None],
) -> np.ndarray:
    """Coordinates (N, dimensions) by umap-learn, from a PCA start and exact neighbours.

    umap-learn's own class shows no layout before the last, so its parts are called one by one:
    the graph of neighbours, and the optimizer on an array of ours that can be read meanwhile.
    15 neighbours (fewer where rows are few), least distance 0.1, 500 epochs, or 200 above
    10,000 rows, as umap-learn does by default.

    Source: McInnes, Healy and Melville, *UMAP*, 2018.
    """
    from sklearn.utils import check_random_state
    from umap.layouts import optimize_layout_euclidean
    from umap.umap_ import find_ab_params, fuzzy_simplicial_set, make_epochs_per_sample

    epochs = EPOCHS_FEW if len(vectors) <= MANY else EPOCHS_MANY
    random = check_random_state(seed)
    rows, distances = _neighbours(vectors)
    graph = fuzzy_simplicial_set(
        vectors, rows.shape[1], random, "euclidean", knn_indices=rows, knn_dists=distances
    )[0].tocoo()
    graph.sum_duplicates()
    # An edge that would never be drawn in so many epochs is left out, as umap-learn does.
    kept = graph.data >= graph.data.max() / epochs
    head, tail = graph.row[kept].astype(np.int32), graph.col[kept].astype(np.int32)
    layout = start_layout(vectors, dimensions, spread=3.0).astype(np.float32)
    a, b = find_ab_params(SPREAD, MIN_DISTANCE)
    optimize_layout_euclidean(
        layout,
        layout,
        head,
        tail,
        _Watched(epochs, layout, on_layout),
        len(vectors),
        make_epochs_per_sample(graph.data[kept], epochs),
        a,
        b,
        random.randint(np.iinfo(np.int32).min + 1, np.iinfo(np.int32).max, 3).astype(np.int64),
        parallel=False,
        move_other=True,
    )
    return layout


def _neighbours(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each row itself and its nearest others, with distances, as the graph wants them."""
    count = min(NEIGHBOURS, len(vectors)) - 1
    rows, distances = nearest_rows(vectors, vectors, count, own=np.arange(len(vectors)))
    rows = np.column_stack([np.arange(len(vectors)), rows]).astype(np.int32)
    distances = np.column_stack([np.zeros(len(vectors)), distances]).astype(np.float32)
    return rows, distances


class _Watched(list):
    """The epochs after which the optimizer is to keep a copy, as it takes them: only the last.

    It asks after every epoch whether that is one of them, and then this object hands the layout
    on. An exception of whoever watches passes through the optimizer at a moment when nothing is
    held. (Its progress bar is no such moment: tqdm writes while it has the one lock of all bars
    of the process, and keeps it for ever where the writing raises.)
    """

    def __init__(
        self, epochs: int, layout: np.ndarray, on_layout: Callable[[float, np.ndarray], None]
    ) -> None:
        super().__init__([epochs])
        self.layout = layout
        self.on_layout = on_layout

    def __contains__(self, epoch: object) -> bool:
        done, epochs = int(epoch) + 1, self[0]
        if done % max(1, epochs // LAYOUTS) == 0:
            self.on_layout(done / epochs, self.layout.copy())
        return False
