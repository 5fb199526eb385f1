"""Words as rows of numbers, dense or sparse: what is near, and how well analogies come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.embeddings.representations import Matrix, cosine_matrix, unit_rows

Question = tuple[str, str, str, str]


@dataclass(frozen=True, eq=False)
class Space:
    """``rows`` (V, size) holds the numbers of each of the V ``words``."""

    words: Sequence[str]
    rows: Matrix

    @cached_property
    def index(self) -> dict[str, int]:
        """The row of each word."""
        return {word: row for row, word in enumerate(self.words)}

    @cached_property
    def unit(self) -> Matrix:
        """The rows scaled to length 1."""
        return unit_rows(self.rows)

    @property
    def size(self) -> int:
        """How many numbers a word has."""
        return int(self.rows.shape[1])

    @cached_property
    def filled(self) -> float:
        """Share of the numbers that are not 0."""
        rows = self.rows
        full = np.count_nonzero(rows) if isinstance(rows, np.ndarray) else rows.count_nonzero()
        return float(full) / (rows.shape[0] * rows.shape[1])

    def take(self, words: Sequence[str]) -> np.ndarray:
        """The rows of some words at length 1, dense, without the columns in which all are 0."""
        rows = self.unit[[self.index[word] for word in words]]
        if isinstance(rows, np.ndarray):
            return rows
        used = np.unique(rows.nonzero()[1])
        return rows[:, used].toarray() if len(used) else np.zeros((len(words), 1))

    def cosines(self, words: Sequence[str]) -> np.ndarray:
        """Cosine of every two of some words."""
        return cosine_matrix(self.take(words))

    def nearest(self, word: str, count: int) -> list[tuple[str, float]]:
        """The words with the largest cosine to a word, without itself."""
        row = self.index[word]
        scores = self._scores(self.unit[[row]])[0]
        scores[row] = -np.inf
        best = np.argsort(-scores, kind="stable")[:count]
        return [(self.words[place], float(scores[place])) for place in best]

    def ranks(self, questions: Sequence[Question]) -> np.ndarray:
        """Rank of each answer d of "a is to b as c is to d" by cos(d, b - a + c), 1 the best.

        The words of the question cannot be answers; words with the score of the answer count as
        before it, so a representation to which all are alike does not win by chance.
        """
        asked = np.array([[self.index[word] for word in question] for question in questions])
        query = self.unit[asked[:, 1]] - self.unit[asked[:, 0]] + self.unit[asked[:, 2]]
        scores = self._scores(query)
        every = np.arange(len(asked))
        for column in range(3):
            scores[every, asked[:, column]] = -np.inf
        # Sums of the same numbers in another order differ in their last digits.
        return (scores >= scores[every, asked[:, 3]][:, None] - 1e-9).sum(axis=1)

    def known(self, questions: Sequence[Question]) -> list[Question]:
        """The questions all of whose words are here."""
        return [q for q in questions if all(word in self.index for word in q)]

    def _scores(self, queries: Matrix) -> np.ndarray:
        scores = queries @ self.unit.T
        return np.array(scores) if isinstance(scores, np.ndarray) else scores.toarray()
