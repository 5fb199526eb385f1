"""t-distributed stochastic neighbour embedding, watched while it settles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.embeddings.projections.pca import reduce_width, start_layout

PERPLEXITY = 30
EXAGGERATED_STEPS, STEPS = 250, 500
EVERY = 25
EXACT_UP_TO = 3000
"""Rows up to which neighbours are searched and forces are summed without an approximation grid."""


def fit_tsne(
    vectors: np.ndarray,
    dimensions: int,
    seed: int,
    on_layout: Callable[[float, np.ndarray], None],
) -> np.ndarray:
    """Coordinates (N, dimensions) by openTSNE, from a PCA start.

    250 steps with the attraction between neighbours 12 times as strong, then 500 without. The
    perplexity is 30, or a third of the rows where these are few. In two dimensions many rows
    are pushed apart on an interpolation grid, else by a Barnes-Hut tree.

    Source: van der Maaten and Hinton 2008; Poličar, Stražar and Zupan, *openTSNE*, 2024.
    """
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PerplexityBasedNN

    steps_before = 0

    def watch(step: int, error: float, embedding: np.ndarray) -> bool:
        share = (steps_before + step) / (EXAGGERATED_STEPS + STEPS)
        on_layout(share, np.array(embedding, dtype=np.float32))
        return False

    small = len(vectors) <= EXACT_UP_TO
    affinities = PerplexityBasedNN(
        reduce_width(vectors),
        perplexity=min(PERPLEXITY, (len(vectors) - 1) / 3),
        method="exact" if small else "annoy",
        n_jobs=1,
        random_state=seed,
    )
    embedding = TSNEEmbedding(
        start_layout(vectors, dimensions, spread=1e-4),
        affinities,
        negative_gradient_method="bh" if small or dimensions > 2 else "fft",
        n_jobs=1,
        random_state=seed,
        callbacks=[watch],
        callbacks_every_iters=EVERY,
    )
    embedding.optimize(EXAGGERATED_STEPS, exaggeration=12, momentum=0.5, inplace=True)
    steps_before = EXAGGERATED_STEPS
    embedding.optimize(STEPS, exaggeration=1, momentum=0.8, inplace=True)
    return np.array(embedding)
