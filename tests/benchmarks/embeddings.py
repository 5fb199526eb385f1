"""word2vec and vectors files against gensim, both sides in one run, on the same data.

What is printed beside the results: WordSim-353 correlations, peak memory, gensim's own times.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from gensim.models import KeyedVectors, Word2Vec

from core.embeddings import (
    EncodedCorpus,
    WordVectors,
    encode_corpus,
    load_vectors,
    read_sentences,
    train_word2vec,
)
from core.embeddings.evaluation import score_similarity
from core.embeddings.evaluation_files import read_similarity_file
from tests.benchmarks.result import Result

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SEEDS, EPOCHS, WORKERS = (1, 2, 3), 5, 2

# gensim adds the whole gradient of a CBOW window to each of its words; the loss says to divide
# it among them, some six. So the same step needs a rate six times as large.
RATES = {"skip-gram": (0.025, 0.025), "cbow": (0.15, 0.025)}
TARGETS = {"skip-gram": 2.5, "cbow": 1.2}

ROWS, SIZE, GENSIM_ROWS = 400_000, 300, 40_000
LOADING_TARGET, OPENING_LIMIT, NEAREST_LIMIT = 5.0, 1.0, 0.060


def word2vec() -> list[Result]:
    """Words a second of training alone, in words a second, and the correlation with people.

    A result is only ok if the correlation is at least gensim's, on average over the seeds.
    """
    sentences = _sentences()
    corpus = encode_corpus(sentences)
    return [
        _race("word2vec-skipgram", "skip-gram", sentences, corpus),
        _race("word2vec-cbow", "cbow", sentences, corpus),
    ]


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


def _race(name: str, model: str, sentences: list[list[str]], corpus: EncodedCorpus) -> Result:
    speeds: list[tuple[float, float]] = []
    scores: list[tuple[float, float]] = []
    words = EPOCHS * corpus.words_read
    for seed in SEEDS:
        oracle = _gensim_model(model, seed, sentences)
        theirs = _seconds(
            lambda oracle=oracle: oracle.train(
                sentences, total_examples=oracle.corpus_count, epochs=EPOCHS
            )
        )
        started = time.perf_counter()
        *_, ours = train_word2vec(
            corpus, model=model, learning_rate=RATES[model][0], epochs=EPOCHS, seed=seed,
            threads=WORKERS,
        )  # fmt: skip
        speeds.append((words / (time.perf_counter() - started), words / theirs))
        scores.append((_wordsim(ours.vectors), _wordsim(_as_word_vectors(oracle))))
    ratio = statistics.median(ours / theirs for ours, theirs in speeds)
    ours, reference = (statistics.median(side) for side in zip(*speeds))
    own_score, their_score = np.mean(scores, axis=0)
    memory = [_peak_memory(side, model) for side in ("ours", "gensim")]
    print(
        f"{name}: WordSim-353 {own_score:.3f}, gensim {their_score:.3f}; "
        f"peak memory {memory[0]} MB, gensim {memory[1]} MB"
    )
    good = not own_score < their_score
    return Result(name, ours, reference, ratio, TARGETS[model], ratio >= TARGETS[model] and good)


def _gensim_model(model: str, seed: int, sentences: list[list[str]]) -> Word2Vec:
    oracle = Word2Vec(
        vector_size=100, window=5, negative=5, min_count=5, sg=int(model == "skip-gram"),
        workers=WORKERS, alpha=RATES[model][1], seed=seed,
    )  # fmt: skip
    oracle.build_vocab(sentences)
    return oracle


def _sentences() -> list[list[str]]:
    """The shared English corpus; where it is absent, words of a Zipf law in sentences of 35."""
    path = DATA / "english.txt"
    if path.is_file():
        return list(read_sentences(path))
    rows = np.random.default_rng(0).zipf(1.2, 1_500_000).clip(max=15_000)
    words = [f"w{row}" for row in rows.tolist()]
    return [words[start : start + 35] for start in range(0, len(words), 35)]


def _wordsim(vectors: WordVectors) -> float:
    path = DATA / "wordsim353.tsv"
    if not path.is_file():
        return float("nan")
    return score_similarity(vectors, read_similarity_file(path)).spearman


def _as_word_vectors(oracle: Word2Vec) -> WordVectors:
    return WordVectors(oracle.wv.index_to_key, oracle.wv.vectors)


def _peak_memory(side: str, model: str) -> int:
    """Megabytes that a process of its own needs for one epoch, the corpus as a list included.

    Read from /proc: ``ru_maxrss`` of a child begins with what its parent held.
    """
    code = (
        "from pathlib import Path; from tests.benchmarks import embeddings as e\n"
        "s = e._sentences()\n"
        f"if {side!r} == 'ours': list(e.train_word2vec(s, model={model!r}, epochs=1, threads=2))\n"
        f"else: m = e._gensim_model({model!r}, 1, s); m.train(s, total_examples=len(s), epochs=1)\n"
        "status = Path('/proc/self/status').read_text()\n"
        "print(int(status.split('VmHWM:')[1].split()[0]) // 1024)"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True)
    return int(done.stdout)


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
    ("word2vec-skipgram", "word2vec-cbow"): word2vec,
    ("load-text-vectors", "open-cached-vectors"): vector_files,
    ("nearest-400k",): nearest,
}
