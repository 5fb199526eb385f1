"""Vectors files and nearest neighbours against gensim, both sides in one run, on the same data."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from gensim.models import KeyedVectors

from core.embeddings import (
    WordVectors,
    load_vectors,
)
from tests.benchmarks.result import Result

ROWS, SIZE, GENSIM_ROWS = 400_000, 300, 40_000
LOADING_TARGET, OPENING_LIMIT, NEAREST_LIMIT = 5.0, 1.0, 0.060


def vector_files() -> list[Result]:
    """Rows a second of a text file of 400,000 x 300, and the time to open it again, in seconds.

    gensim reads the first 40,000 rows of the same file; its time grows with the rows.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors.txt"
        _random_vectors().save(path)
        old = os.environ.get("UNROLLED_CACHE")
        os.environ["UNROLLED_CACHE"] = str(Path(folder) / "cache")
        try:
            load_vectors(path, 1000, cache=False)
            seconds = _seconds(lambda: load_vectors(path))
            theirs = _seconds(
                lambda: KeyedVectors.load_word2vec_format(str(path), limit=GENSIM_ROWS)
            )
            again = statistics.median(_seconds(lambda: load_vectors(path)) for _ in range(3))
        finally:
            if old is None:
                del os.environ["UNROLLED_CACHE"]
            else:
                os.environ["UNROLLED_CACHE"] = old
    ours, reference = ROWS / seconds, GENSIM_ROWS / theirs
    return [
        _at_least("load-text-vectors", ours, reference, LOADING_TARGET),
        _within("open-cached-vectors", again, seconds, OPENING_LIMIT),
    ]


def nearest() -> list[Result]:
    """Time of the exact 10 nearest of 400,000 x 300, in seconds, once lengths are known."""
    vectors = _random_vectors()
    oracle = KeyedVectors(SIZE)
    oracle.add_vectors(list(vectors.words), vectors.vectors)
    words = vectors.words[:: ROWS // 12]
    assert [w for w, _ in vectors.nearest(words[0])] == [
        w for w, _ in oracle.similar_by_word(words[0])
    ]
    ours, theirs = [], []
    for word in words:
        ours.append(_seconds(lambda word=word: vectors.nearest(word)))
        theirs.append(_seconds(lambda word=word: oracle.similar_by_word(word)))
    medians = (statistics.median(side) for side in (ours, theirs))
    return [_within("nearest-400k", *medians, NEAREST_LIMIT)]


def _random_vectors() -> WordVectors:
    random = np.random.default_rng(0)
    array = random.standard_normal((ROWS, SIZE), dtype=np.float32)
    return WordVectors([f"w{row}" for row in range(ROWS)], array)


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _at_least(name: str, ours: float, reference: float, target: float) -> Result:
    return Result(name, ours, reference, ours / reference, target, ours / reference >= target)


def _within(name: str, ours: float, reference: float, limit: float) -> Result:
    return Result(name, ours, reference, ours / reference, limit, ours <= limit)


BENCHMARKS = {
    ("load-text-vectors", "open-cached-vectors"): vector_files,
    ("nearest-400k",): nearest,
}
