"""Words with their vectors: nearest neighbours, analogies and saving. Works without torch."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from core.embeddings.similarity import cosines, distances, largest, row_lengths, three_cos_mul

Neighbour = tuple[str, float]


@dataclass(frozen=True, eq=False)
class WordVectors:
    """One vector for each word.

    Parameters
    ----------
    words
        The V distinct words; their order is the order of the rows.
    vectors
        Real numbers of shape (V, size). float32 and float64 are kept as they are (a
        memory-mapped file stays one); other kinds become float32.

    Raises
    ------
    ValueError
        The shapes disagree, or a word is listed twice.
    """

    words: Sequence[str]
    vectors: np.ndarray
    index: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or len(self.vectors) != len(self.words):
            raise ValueError(
                f"vectors of shape {self.vectors.shape} came with {len(self.words)} words; "
                f"shape ({len(self.words)}, size) was expected"
            )
        if self.vectors.dtype not in (np.float32, np.float64):
            object.__setattr__(self, "vectors", self.vectors.astype(np.float32))
        index = dict(zip(self.words, range(len(self.words))))
        if len(index) != len(self.words):
            twice = next(w for row, w in enumerate(self.words) if index[w] != row)
            raise ValueError(f"the word {twice!r} is listed twice; keep one row of each word")
        object.__setattr__(self, "index", index)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.index

    def __getitem__(self, word: str) -> np.ndarray:
        return self.vectors[self.row(word)]

    @property
    def size(self) -> int:
        """How many numbers one vector has."""
        return self.vectors.shape[1]

    def row(self, word: str) -> int:
        """Row of a word; a KeyError names the word if there is none."""
        try:
            return self.index[word]
        except KeyError:
            raise KeyError(f"{word!r} is not among the {len(self)} words") from None

    @cached_property
    def lengths(self) -> np.ndarray:
        """Euclidean length of every row, shape (V,); computed when first asked for."""
        return row_lengths(self.vectors)

    def unit(self, word: str) -> np.ndarray:
        """The vector of a word scaled to length 1; a zero vector stays zero."""
        row = self.row(word)
        return self.vectors[row] / (self.lengths[row] or 1)

    def similarity(self, first: str, second: str) -> float:
        """Cosine of the angle between the vectors of two words, from -1 to 1."""
        return float(self.unit(first) @ self.unit(second))

    def nearest(
        self,
        word_or_vector: str | np.ndarray,
        k: int = 10,
        *,
        metric: Literal["cosine", "euclidean"] = "cosine",
        exclude: Iterable[str] = (),
    ) -> list[Neighbour]:
        """The exactly k nearest words, nearest first, each with its similarity or distance.

        With ``metric="cosine"`` the number is cos(x, w), larger is nearer; with ``"euclidean"``
        it is the length of x - w, smaller is nearer. A word asked about is not its own
        neighbour; for a vector nothing is left out but ``exclude``. Fewer than k come back when
        there are no more words.
        """
        left_out = {self.index[word] for word in exclude if word in self.index}
        if isinstance(word_or_vector, str):
            left_out.add(self.row(word_or_vector))
            query = self[word_or_vector]
        else:
            query = self._checked_query(word_or_vector)
        if metric == "cosine":
            scores, sign = cosines(self.vectors, self.lengths, query), 1
        elif metric == "euclidean":
            scores, sign = -distances(self.vectors, self.lengths, query), -1
        else:
            raise ValueError(f'metric must be "cosine" or "euclidean"; {metric!r} came')
        rows = largest(scores, k, left_out)
        return [(self.words[row], sign * float(scores[row])) for row in rows]

    def analogy(
        self,
        a: str,
        b: str,
        c: str,
        *,
        method: Literal["3cosadd", "3cosmul"] = "3cosadd",
        exclude_question: bool = True,
        k: int = 10,
    ) -> list[Neighbour]:
        """Words d for which "a is to b as c is to d", best first, each with its score.

        With every vector scaled to length 1:

            3cosadd: cos(d, b - a + c)
            3cosmul: s(d, b) s(d, c) / (s(d, a) + 0.000001),   s(x, y) = (1 + cos(x, y)) / 2

        So ``analogy("man", "king", "woman")`` looks for queen. With ``exclude_question`` the
        three words of the question cannot be answers, as is usual; without it, one of them
        often is.

        Sources: Mikolov, Yih and Zweig 2013; Levy and Goldberg, *Linguistic Regularities in
        Sparse and Explicit Word Representations*, 2014, equation 4.
        """
        scores = self.analogy_scores(a, b, c, method=method)
        left_out = {self.row(word) for word in (a, b, c)} if exclude_question else set()
        rows = largest(scores, k, left_out)
        return [(self.words[row], float(scores[row])) for row in rows]

    def analogy_scores(
        self, a: str, b: str, c: str, *, method: Literal["3cosadd", "3cosmul"] = "3cosadd"
    ) -> np.ndarray:
        """Score of every word as the answer of an analogy, shape (V,)."""
        to_a, to_b, to_c = (self.unit(word) for word in (a, b, c))
        if method == "3cosadd":
            return cosines(self.vectors, self.lengths, to_b - to_a + to_c)
        if method == "3cosmul":
            return three_cos_mul(
                *(cosines(self.vectors, self.lengths, unit) for unit in (to_a, to_b, to_c))
            )
        raise ValueError(f'method must be "3cosadd" or "3cosmul"; {method!r} came')

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the vectors; the ending says how.

        ``.bin`` is the word2vec program's binary form, ``.safetensors`` a safetensors file, and
        ``.txt`` or ``.vec`` its text form; an added ``.gz`` compresses. All are read back by
        ``load_vectors``, the first and last by other tools. Numbers are stored as float32.

        Raises
        ------
        ValueError
            The ending is another, or a word cannot be written in that form (the word2vec forms
            part words by white space).
        """
        from core.embeddings.formats import save_vectors

        save_vectors(self, path)

    def _checked_query(self, vector: np.ndarray) -> np.ndarray:
        query = np.asarray(vector)
        if query.shape != (self.size,):
            raise ValueError(
                f"a vector of shape {query.shape} came; one word or a vector of shape "
                f"({self.size},) was expected"
            )
        return query
