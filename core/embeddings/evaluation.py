"""How good are vectors? Their agreement with people on word pairs, and their analogies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.embeddings.evaluation_files import Pair, Question
from core.embeddings.similarity import row_lengths, three_cos_mul
from core.embeddings.word_vectors import WordVectors

_QUESTIONS_AT_A_TIME = 256


@dataclass(frozen=True)
class SimilarityScore:
    """Agreement of cosine similarities with people's judgements.

    Parameters
    ----------
    spearman
        Rank correlation over the pairs whose words are both known, from -1 to 1; NaN where it is
        not defined (fewer than two pairs, or all judged the same).
    used, total
        Pairs compared, and pairs in the list.
    """

    spearman: float
    used: int
    total: int

    @property
    def coverage(self) -> float:
        """Share of the pairs that could be compared."""
        return self.used / self.total


@dataclass(frozen=True)
class AnalogyAnswer:
    """One question "a is to b as c is to expected", answered.

    ``rank`` is the place of the expected word among the answers, 1 for a correct one.
    """

    question: Question
    answer: str
    rank: int

    @property
    def correct(self) -> bool:
        """Whether the expected word came first."""
        return self.rank == 1


@dataclass(frozen=True)
class SectionScore:
    """Answers of one section of the questions; those with unknown words are only counted."""

    name: str
    answers: tuple[AnalogyAnswer, ...]
    total: int

    @property
    def coverage(self) -> float:
        """Share of the questions whose four words are all known."""
        return len(self.answers) / self.total if self.total else 0.0

    @property
    def accuracy(self) -> float:
        """Share of the covered questions answered correctly; NaN if none is covered."""
        return self._mean([answer.correct for answer in self.answers])

    @property
    def mean_reciprocal_rank(self) -> float:
        """Mean of 1 / rank of the expected word: 1 is perfect; NaN if none is covered."""
        return self._mean([1 / answer.rank for answer in self.answers])

    @staticmethod
    def _mean(values: Sequence[float]) -> float:
        return float(np.mean(values)) if values else float("nan")


def score_similarity(vectors: WordVectors, pairs: Iterable[Pair]) -> SimilarityScore:
    """Spearman's rank correlation of cosine similarity with the judgements.

    A word that is not known as written is looked up in lower case. Equal values share the mean
    of their ranks.
    """
    pairs = list(pairs)
    if not pairs:
        raise ValueError("there are no pairs to compare")
    found, judged = [], []
    for first, second, judgement in pairs:
        if rows := _rows(vectors.index, (first, second)):
            one, other = (vectors.words[row] for row in rows)
            found.append(vectors.similarity(one, other))
            judged.append(judgement)
    return SimilarityScore(_spearman(found, judged), len(found), len(pairs))


def score_analogies(
    vectors: WordVectors,
    sections: Mapping[str, Sequence[Question]],
    *,
    method: Literal["3cosadd", "3cosmul"] = "3cosadd",
    exclude_question: bool = True,
    most_frequent: int | None = 30_000,
) -> list[SectionScore]:
    """Answer every question whose four words are known, section by section.

    Parameters
    ----------
    method, exclude_question
        As in ``WordVectors.analogy``. A question that expects one of its own words may answer
        with that word all the same.
    most_frequent
        Only the first so many rows are known and can be answers, as is usual (files list words
        by falling frequency); None for all.
    """
    if method not in ("3cosadd", "3cosmul"):
        raise ValueError(f'method must be "3cosadd" or "3cosmul"; {method!r} came')
    words = vectors.words[:most_frequent]
    index = {word: row for row, word in enumerate(words)}
    unit = _unit_rows(np.asarray(vectors.vectors[:most_frequent], dtype=np.float32))
    scores = []
    for name, questions in sections.items():
        asked = [rows for question in questions if (rows := _rows(index, question))]
        answers: list[AnalogyAnswer] = []
        for start in range(0, len(asked), _QUESTIONS_AT_A_TIME):
            some = asked[start : start + _QUESTIONS_AT_A_TIME]
            found, ranks = _answer(unit, np.array(some), method, exclude_question)
            for rows, best, rank in zip(some, found, ranks):
                a, b, c, expected = (words[row] for row in rows)
                answers.append(AnalogyAnswer((a, b, c, expected), words[best], int(rank)))
        scores.append(SectionScore(name, tuple(answers), len(questions)))
    return scores


def all_sections(scores: Sequence[SectionScore], name: str = "total") -> SectionScore:
    """All sections as one."""
    answers = tuple(answer for score in scores for answer in score.answers)
    return SectionScore(name, answers, sum(score.total for score in scores))


def _answer(
    unit: np.ndarray, rows: np.ndarray, method: str, exclude_question: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Best row, and rank of the expected row, for questions given as rows (Q, 4)."""
    a, b, c, expected = rows.T
    if method == "3cosadd":
        scores = (unit[b] - unit[a] + unit[c]) @ unit.T
    else:
        scores = three_cos_mul(*(unit[word] @ unit.T for word in (a, b, c)))
    question = np.arange(len(rows))
    mine = scores[question, expected]
    if exclude_question:
        for word in (a, b, c):
            scores[question, word] = -np.inf
        scores[question, expected] = mine
    return scores.argmax(1), 1 + (scores > mine[:, None]).sum(1)


def _unit_rows(vectors: np.ndarray) -> np.ndarray:
    """Rows of length 1; a row that is zero or not finite becomes zero, and is never near."""
    lengths = row_lengths(vectors)
    usable = np.isfinite(lengths) & (lengths > 0)
    return np.where(usable[:, None], vectors, 0) / np.where(usable, lengths, 1)[:, None]


def _rows(index: Mapping[str, int], words: Iterable[str]) -> list[int] | None:
    """Rows of words as written, else in lower case; None if one of them is not known."""
    rows = [index.get(word, index.get(word.lower())) for word in words]
    known = [row for row in rows if row is not None]
    return known if len(known) == len(rows) else None


def _spearman(first: Sequence[float], second: Sequence[float]) -> float:
    if len(first) < 2 or len(set(first)) < 2 or len(set(second)) < 2:
        return float("nan")
    return float(np.corrcoef(_ranks(first), _ranks(second))[0, 1])


def _ranks(values: Sequence[float]) -> np.ndarray:
    """Places in increasing order, from 0; equal values share the mean of their places."""
    _, group, sizes = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    return (np.cumsum(sizes) - (sizes + 1) / 2)[group]
