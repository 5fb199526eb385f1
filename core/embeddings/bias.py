"""What an axis such as he - she says of words, and whether a difference could be chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb

import numpy as np

from core.embeddings.axes import UnknownWordsError, direction
from core.embeddings.similarity import cosines
from core.embeddings.word_vectors import WordVectors

EXACT = 20_000
"""Up to so many ways to part the words, every one is tried."""
AT_A_TIME = 2_000


@dataclass(frozen=True)
class Association:
    """The outcome of a word embedding association test.

    Parameters
    ----------
    statistic
        Difference of the summed associations of the two groups.
    effect
        Difference of their means over the standard deviation of all, between -2 and 2.
    p_value
        Chance of a statistic at least as large if the words were dealt into groups at random.
    permutations
        How many ways to deal them were tried.
    exact
        Whether these were all there are.
    first, second
        Association of each word of the two groups, in their order.
    """

    statistic: float
    effect: float
    p_value: float
    permutations: int
    exact: bool
    first: tuple[float, ...]
    second: tuple[float, ...]


def leaning(vectors: WordVectors, axis: str) -> np.ndarray:
    """Cosine of every word with the direction of a formula such as ``he - she``, shape (V,).

    Raises
    ------
    ValueError
        The formula cannot be read or names unknown words.
    """
    return cosines(vectors.vectors, vectors.lengths, direction(axis, vectors))


def association_test(
    vectors: WordVectors,
    first: Sequence[str],
    second: Sequence[str],
    pole: Sequence[str],
    opposite: Sequence[str],
    *,
    permutations: int = 10_000,
    seed: int = 0,
) -> Association:
    """Do the words of one group lie nearer to one pole than those of the other group?

        s(w)      = mean over a in pole of cos(w, a) - mean over b in opposite of cos(w, b)
        statistic = sum over first of s - sum over second of s
        effect    = (mean over first - mean over second) / standard deviation over both

    The p-value is one-sided: the share of equal-sized dealings of all words into two groups
    whose statistic is at least as large. All are tried where there are at most 20,000; else
    ``permutations`` are drawn with ``seed``, and the observed one is counted among them, so the
    p-value is never 0.

    Raises
    ------
    ValueError
        A group is empty, the groups differ in size, a word is in both, or has no vector.

    Source: Caliskan, Bryson and Narayanan, *Semantics derived automatically from language
    corpora contain human-like biases*, 2017.
    """
    _check(vectors, first, second, pole, opposite)
    if permutations < 1:
        raise ValueError(f"permutations must be at least 1; {permutations} came")
    scores = _scores(vectors, [*first, *second], pole, opposite)
    half = len(first)
    statistic = _statistic(scores, np.arange(half)[None])[0]
    spread = scores.std(ddof=1)
    effect = (scores[:half].mean() - scores[half:].mean()) / spread if spread > 0 else 0.0
    exact = comb(2 * half, half) <= EXACT
    larger, tried = _count_larger(scores, statistic, permutations, exact=exact, seed=seed)
    return Association(
        statistic=float(statistic),
        effect=float(effect),
        p_value=larger / tried,
        permutations=tried,
        exact=exact,
        first=tuple(scores[:half].tolist()),
        second=tuple(scores[half:].tolist()),
    )


def _check(
    vectors: WordVectors,
    first: Sequence[str],
    second: Sequence[str],
    pole: Sequence[str],
    opposite: Sequence[str],
) -> None:
    if not pole or not opposite or not first:
        raise ValueError("a group is empty; each needs at least one word")
    if len(first) != len(second):
        raise ValueError(
            f"the groups have {len(first)} and {len(second)} words; the test deals the words "
            "into groups of equal size, so give as many of each"
        )
    both = [word for word in first if word in set(second)]
    if both or len({*first}) < len(first) or len({*second}) < len(second):
        raise ValueError("a word stands twice in the groups; list each once")
    named = dict.fromkeys([*first, *second, *pole, *opposite])
    unknown = [word for word in named if word not in vectors]
    if unknown:
        raise UnknownWordsError(unknown)


def _scores(
    vectors: WordVectors, words: Sequence[str], pole: Sequence[str], opposite: Sequence[str]
) -> np.ndarray:
    """s(w) of each word, float64."""
    poles = [
        np.stack([vectors.unit(word).astype(np.float64) for word in group])
        for group in (words, pole, opposite)
    ]
    asked, towards, away = poles
    return (asked @ towards.T).mean(axis=1) - (asked @ away.T).mean(axis=1)


def _statistic(scores: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Statistic of each dealing; ``chosen`` (dealings, half) are the places of the first group."""
    return 2 * scores[chosen].sum(axis=1) - scores.sum()


def _count_larger(
    scores: np.ndarray, statistic: float, permutations: int, *, exact: bool, seed: int
) -> tuple[int, int]:
    """How many dealings reach the statistic, and how many were tried."""
    half = len(scores) // 2
    # The same sum in another order differs in the last digits; that is not "smaller".
    least = statistic - 1e-9 * np.abs(scores).sum()
    dealings = _every(len(scores)) if exact else _drawn(len(scores), permutations, seed)
    larger, tried = (0, 0) if exact else (1, 1)
    for chosen in dealings:
        larger += int((_statistic(scores, chosen[:, :half]) >= least).sum())
        tried += len(chosen)
    return larger, tried


def _every(count: int) -> Iterator[np.ndarray]:
    ways = combinations(range(count), count // 2)
    while block := list(islice(ways, AT_A_TIME)):
        yield np.array(block)


def _drawn(count: int, permutations: int, seed: int) -> Iterator[np.ndarray]:
    generator = np.random.default_rng(seed)
    for start in range(0, permutations, AT_A_TIME):
        block = np.tile(np.arange(count), (min(AT_A_TIME, permutations - start), 1))
        yield generator.permuted(block, axis=1)
