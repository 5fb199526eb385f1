"""The generated corpus, and its words under every representation; each made once and kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.embeddings.corpus import EncodedCorpus, encode_corpus
from core.embeddings.grammar import analogies, generate_corpus
from explorer.shared import shared
from explorer.words.space import Question, Space

MIN_COUNT = 5
SIZES = ("100000", "300000", "1000000")
DEFAULT_SIZE = "300000"
ASKED_OF_EACH = 40


@dataclass(frozen=True)
class Corpus:
    """The words that occur often enough to have neighbours, and the growth of all of them.

    unknown_read, unknown: a vocabulary of so many words, and the share of the last fifth of the
    corpus that it does not know.
    """

    encoded: EncodedCorpus
    words_read: np.ndarray
    distinct: np.ndarray
    unknown_read: np.ndarray
    unknown: np.ndarray

    @property
    def words(self) -> tuple[str, ...]:
        """The kept words, the most frequent first."""
        return self.encoded.vocabulary.words


@dataclass(frozen=True)
class Counting:
    """Which corpus, and how it is counted; only what a representation uses of it matters."""

    language: str
    words: int
    window: int = 5
    fading: bool = False
    smoothing: float = 0.75
    size: int = 64


@shared
def corpus_of(language: str, words: int) -> Corpus:
    """The corpus of a language's grammar."""
    from core.embeddings.representations import vocabulary_growth
    from core.embeddings.senses import unknown_share

    sentences = list(generate_corpus(language, words))
    everything = encode_corpus(sentences, min_count=1)
    words_read, distinct = vocabulary_growth(everything.tokens)
    kept = encode_corpus(sentences, min_count=MIN_COUNT)
    return Corpus(
        kept, words_read, distinct, *unknown_share(everything.tokens, min_count=MIN_COUNT)
    )


def space_of(kind: str, counting: Counting) -> Space:
    """The corpus's words as rows: one-hot, bag, tf-idf, counts, ppmi or svd."""
    c = counting
    if kind in ("one-hot", "bag", "tf-idf"):
        return _by_document(kind, c.language, c.words)
    if kind == "counts":
        return _counts(c.language, c.words, c.window, c.fading)
    if kind == "ppmi":
        return _ppmi(c.language, c.words, c.window, c.fading, c.smoothing)
    if kind == "svd":
        return _svd(c.language, c.words, c.window, c.fading, c.smoothing, c.size)[0]
    raise ValueError(f"{kind!r} is no representation by counting")


def svd_kept(counting: Counting) -> float:
    """Share of the PPMI matrix's sum of squares that the truncated SVD keeps."""
    c = counting
    return _svd(c.language, c.words, c.window, c.fading, c.smoothing, c.size)[1]


@shared
def exam(language: str) -> list[Question]:
    """Analogies of every category, evenly."""
    asked = []
    for questions in analogies(language).values():
        asked += questions[:: len(questions) // ASKED_OF_EACH][:ASKED_OF_EACH]
    return asked


def share_right(space: Space, language: str) -> tuple[float, int]:
    """Share of the exam's analogies whose answer comes first, and how many could be asked."""
    questions = space.known(exam(language))
    share = float((space.ranks(questions) == 1).mean()) if questions else float("nan")
    return share, len(questions)


@shared
def _by_document(kind: str, language: str, words: int) -> Space:
    """One-hot, or in which sentences a word stands: a column for each sentence."""
    from scipy import sparse

    from core.embeddings.representations import tf_idf

    encoded = corpus_of(language, words).encoded
    names = encoded.vocabulary.words
    if kind == "one-hot":
        return Space(names, sparse.eye_array(len(names), format="csr"))
    ones = np.ones(len(encoded.tokens))
    shape = (len(encoded), len(names))
    # A copy: adding up duplicates sorts the rows in place, and the corpus has its order to keep.
    counts = sparse.csr_array((ones, encoded.tokens, encoded.offsets), shape=shape, copy=True)
    counts.sum_duplicates()
    return Space(names, sparse.csr_array((tf_idf(counts) if kind == "tf-idf" else counts).T))


@shared
def _counts(language: str, words: int, window: int, fading: bool) -> Space:
    from core.embeddings.cooccurrence import cooccurrence

    encoded = corpus_of(language, words).encoded
    return Space(encoded.vocabulary.words, cooccurrence(encoded, window=window, fading=fading))


@shared
def _ppmi(language: str, words: int, window: int, fading: bool, smoothing: float) -> Space:
    from core.embeddings.cooccurrence import ppmi

    counts = _counts(language, words, window, fading)
    return Space(counts.words, ppmi(counts.rows, smoothing=smoothing))


@shared
def _svd(
    language: str, words: int, window: int, fading: bool, smoothing: float, size: int
) -> tuple[Space, float]:
    from core.embeddings.cooccurrence import truncated_svd

    full = _ppmi(language, words, window, fading, smoothing)
    vectors, singular = truncated_svd(full.rows, size)
    squares = np.square(full.rows.data, dtype=np.float64).sum()
    return Space(full.words, vectors), float(np.square(singular).sum() / squares)
