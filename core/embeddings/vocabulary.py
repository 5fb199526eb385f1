"""The words of a corpus and how often each occurs: what subsampling and negative sampling need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Words with their counts, the most frequent first; a word's row is its place in this order.

    Parameters
    ----------
    words
        The V distinct words.
    counts
        How often each occurs in the corpus, int64 of shape (V,), never increasing.
    """

    words: tuple[str, ...]
    counts: np.ndarray
    index: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.words) != len(self.counts):
            raise ValueError(
                f"{len(self.words)} words came with {len(self.counts)} counts; "
                "give one count for every word"
            )
        index = {word: row for row, word in enumerate(self.words)}
        if len(index) != len(self.words):
            raise ValueError("a word is listed twice; add its counts up and list it once")
        object.__setattr__(self, "index", index)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.index

    def encode(self, tokens: Iterable[str]) -> np.ndarray:
        """Rows of the tokens that are in the vocabulary, int32; the others are left out."""
        rows = (self.index[token] for token in tokens if token in self.index)
        return np.fromiter(rows, dtype=np.int32)

    def decode(self, rows: Iterable[int]) -> list[str]:
        """Words of the given rows."""
        return [self.words[row] for row in rows]

    def keep_probability(self, threshold: float | None) -> np.ndarray:
        """Chance that one occurrence of each word survives subsampling, float64 of shape (V,).

        With f the word's share of all occurrences and t the threshold,

            keep = min(1, sqrt(t / f) + t / f)

        the form the word2vec program uses (its paper prints sqrt(t / f)). ``None`` or 0 keeps
        every occurrence.

        Source: Mikolov et al., *Distributed Representations of Words and Phrases and their
        Compositionality*, 2013, section 2.3.
        """
        if not threshold:
            return np.ones(len(self))
        if not threshold > 0:
            raise ValueError(f"subsample must be positive, 0 or None; {threshold} came")
        ratio = threshold * self.counts.sum() / self.counts
        return np.minimum(1.0, np.sqrt(ratio) + ratio)

    def negative_probability(self, exponent: float = 0.75) -> np.ndarray:
        """Distribution the negatives are drawn from, float64 of shape (V,).

            P(w) = count(w)^exponent / sum over v of count(v)^exponent

        Exponent 1 gives the corpus frequencies, 0 the uniform distribution. Source: the same
        paper, section 2.2.
        """
        if not np.isfinite(exponent):
            raise ValueError(f"negative_exponent must be a finite number; {exponent} came")
        # Relative to the largest count, so that no exponent overflows.
        weight = (self.counts / self.counts[0]) ** exponent
        return weight / weight.sum()
