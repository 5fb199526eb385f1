"""What one vector a word cannot say: two meanings under one name, and words never seen.

A pseudoword puts two words under one name, so that it is known at every place which of the two
was meant. Source: W. Gale, K. Church and D. Yarowsky, *Work on statistical methods for word sense
disambiguation*, 1992.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.embeddings.corpus import EncodedCorpus
from core.embeddings.vocabulary import Vocabulary

JOINT = "/"
KEPT = 0.5
"""Share of either word's occurrences that keep their own name, at least."""


@dataclass(frozen=True, eq=False)
class Pseudoword:
    """A corpus in which some occurrences of two words are called by one ``name``.

    Parameters
    ----------
    name
        The two words with a stroke between them.
    words
        The two words; both also stay in the corpus under their own names.
    places
        Where in ``corpus.tokens`` the name stands, ascending: int64 of shape (M,).
    senses
        Which of the two words stood there, 0 or 1: int64 of shape (M,).
    """

    corpus: EncodedCorpus
    name: str
    words: tuple[str, str]
    places: np.ndarray
    senses: np.ndarray

    @property
    def share(self) -> float:
        """Share of the first word among the occurrences of the name."""
        return float((self.senses == 0).mean())


def merge_words(
    corpus: EncodedCorpus, first: str, second: str, *, share: float = 0.5, seed: int = 0
) -> Pseudoword:
    """Call some occurrences of two words by one name, ``share`` of them those of the first.

    As many as possible, but at most half of either word's occurrences (``KEPT``), drawn without
    replacement. The rest keep their names, so all three get a vector in the same training.

    Raises
    ------
    ValueError
        The words are equal, one is not in the vocabulary, the share is not between 0 and 1, or
        the words are too rare for one occurrence of each.
    """
    vocabulary = corpus.vocabulary
    for word in (first, second):
        if word not in vocabulary:
            raise ValueError(f"{word!r} is not in the corpus; choose a word of its vocabulary")
    if first == second:
        raise ValueError(f"{first!r} came twice; two different words were expected")
    if not 0 < share < 1:
        raise ValueError(f"share is {share}; a number between 0 and 1 was expected")
    rows = [vocabulary.index[word] for word in (first, second)]
    found = [np.flatnonzero(corpus.tokens == row) for row in rows]
    most = min((1 - KEPT) * len(places) / part for places, part in zip(found, (share, 1 - share)))
    draw = np.random.default_rng(seed)
    wanted = (round(most * share), round(most * (1 - share)))
    if min(wanted) < 1:
        raise ValueError(f"{first!r} and {second!r} are too rare for a share of {share}")
    taken = [draw.choice(places, n, replace=False) for places, n in zip(found, wanted)]
    places, senses = np.concatenate(taken), np.repeat((0, 1), wanted)
    order = np.argsort(places)
    tokens = corpus.tokens.copy()
    tokens[places] = len(vocabulary)
    name = first + JOINT + second
    renamed = _in_order(corpus, tokens, (*vocabulary.words, name))
    return Pseudoword(renamed, name, (first, second), places[order], senses[order])


def _in_order(corpus: EncodedCorpus, tokens: np.ndarray, words: tuple[str, ...]) -> EncodedCorpus:
    """The corpus with rows numbered anew, the most frequent word first."""
    counts = np.bincount(tokens, minlength=len(words))
    order = np.argsort(-counts, kind="stable")
    row_of = np.empty(len(words), dtype=np.int32)
    row_of[order] = np.arange(len(words), dtype=np.int32)
    vocabulary = Vocabulary(tuple(words[row] for row in order), counts[order])
    return EncodedCorpus(vocabulary, row_of[tokens], corpus.offsets, corpus.words_read)


@dataclass(frozen=True)
class Mixture:
    r"""A vector as a mixture of two others: :math:`v \approx a\,v_1 + b\,v_2`.

    first, second: a and b. explained: :math:`1 - |v - a v_1 - b v_2|^2 / |v|^2`.
    """

    first: float
    second: float
    explained: float


def mixture(vector: np.ndarray, first: np.ndarray, second: np.ndarray) -> Mixture:
    """The mixture of two vectors that comes nearest to ``vector``, by least squares.

    All of shape (size,), in float64. Source: S. Arora et al., *Linear algebraic structure of word
    senses, with applications to polysemy*, 2018, who find a word's vector to be near a weighted
    sum of the vectors that its senses would have.
    """
    basis = np.stack([first, second], axis=1).astype(np.float64)
    target = vector.astype(np.float64)
    weights = np.linalg.lstsq(basis, target, rcond=None)[0]
    rest = target - basis @ weights
    return Mixture(float(weights[0]), float(weights[1]), float(1 - rest @ rest / (target @ target)))


@dataclass(frozen=True)
class Told:
    """How often the company of an occurrence tells which word was meant.

    right: share of the name's occurrences. guess: what always saying the more frequent word gets.
    occurrences: how many were asked.
    """

    right: float
    guess: float
    occurrences: int


def told_by_context(pseudoword: Pseudoword, vectors: np.ndarray, *, window: int) -> Told:
    """Tell the two words under one name apart by a vector for every *occurrence*.

    An occurrence's vector is the mean of the unit vectors of the words within ``window`` in its
    sentence, without itself. It is given to the word whose own occurrences, those that kept their
    name, have the nearer mean context by cosine. None of the judged occurrences is used for that.

    Parameters
    ----------
    vectors
        Of the corpus's words, shape (V, size).
    """
    corpus = pseudoword.corpus
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    rows = [corpus.vocabulary.index[word] for word in pseudoword.words]
    centres = np.stack(
        [
            contexts(corpus, np.flatnonzero(corpus.tokens == row), unit, window).mean(0)
            for row in rows
        ]
    )
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
    scores = contexts(corpus, pseudoword.places, unit, window) @ centres.T
    right = (scores.argmax(1) == pseudoword.senses).mean()
    share = pseudoword.share
    return Told(float(right), max(share, 1 - share), len(pseudoword.places))


def contexts(
    corpus: EncodedCorpus, places: np.ndarray, vectors: np.ndarray, window: int
) -> np.ndarray:
    """Mean vector of the words around each place, within its sentence: shape (places, size).

    0 where a sentence has no other word.
    """
    sentence = np.searchsorted(corpus.offsets, places, side="right") - 1
    low, high = corpus.offsets[sentence], corpus.offsets[sentence + 1]
    total, count = np.zeros((len(places), vectors.shape[1])), np.zeros(len(places))
    for distance in (*range(-window, 0), *range(1, window + 1)):
        beside = places + distance
        inside = (beside >= low) & (beside < high)
        total[inside] += vectors[corpus.tokens[beside[inside]]]
        count += inside
    return total / np.maximum(count, 1)[:, None]


def unknown_share(
    tokens: np.ndarray, *, min_count: int = 5, held_out: float = 0.2, points: int = 24
) -> tuple[np.ndarray, np.ndarray]:
    """Share of a corpus's end that a vocabulary of its first n words does not know.

    Parameters
    ----------
    tokens
        The whole corpus in its order, rare words included, as rows: int of shape (N,).
    min_count
        How often a word must occur among the first n to be in the vocabulary.
    held_out
        The share at the end that is asked about, never learned from.

    Returns
    -------
    words_read, share
        n, spaced evenly on a logarithmic scale up to what is not held out; shares from 0 to 1.
    """
    stop = len(tokens) - int(held_out * len(tokens))
    if stop < 1 or stop == len(tokens):
        raise ValueError(f"{len(tokens)} words came; too few to hold {held_out:.0%} of them out")
    asked = np.bincount(tokens[stop:], minlength=int(tokens.max()) + 1)
    sizes = np.unique(np.geomspace(min(100, stop), stop, points).round().astype(np.int64))
    shares = [
        1 - asked[np.bincount(tokens[:n], minlength=len(asked)) >= min_count].sum() / asked.sum()
        for n in sizes
    ]
    return sizes, np.array(shares)
