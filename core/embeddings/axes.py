"""Directions made of words: custom axes, and the angles between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.embeddings.formulas import Formula, Number, Operation, Word, parse, words_of
from core.embeddings.similarity import cosines
from core.embeddings.word_vectors import WordVectors


class UnknownWordsError(ValueError):
    """Words of a formula that have no vector; ``words`` are they, in their order."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        named = ", ".join(repr(word) for word in self.words)
        super().__init__(f"there is no vector for {named}; choose words that are in the file")


class DirectionError(ValueError):
    """A formula that is well written and yet no direction.

    Parameters
    ----------
    problem
        One of "number" (it has no word), "product" (word times word), "divide" (by a word or by
        0), "add" (a number to a word), "zero" (the vectors cancel) and "infinite".
    position
        Place in the formula, counted from 0.
    """

    def __init__(self, problem: str, position: int, message: str) -> None:
        super().__init__(f"{message} (position {position + 1} of the formula)")
        self.problem = problem
        self.position = position


@dataclass(frozen=True, eq=False)
class Axes:
    """Words seen along directions of one's own.

    Parameters
    ----------
    formulas
        The text of each of the A axes.
    coordinates
        Cosine of every word with every axis, float32 of shape (V, A).
    angles
        Angle between each two axes in degrees, float64 of shape (A, A). At 90 degrees neither
        axis has a part along the other; the coordinates of the words may correlate all the same.
    """

    formulas: tuple[str, ...]
    coordinates: np.ndarray
    angles: np.ndarray


def direction(formula: str, vectors: WordVectors) -> np.ndarray:
    """The vector that a formula stands for, float64 of shape (size,).

    Each word counts as its vector scaled to length 1, as in analogies. The result has the
    length that comes out.

    Raises
    ------
    FormulaError
        The text is no formula.
    UnknownWordsError
        Words without a vector; all of them are named.
    DirectionError
        Word times word, a number alone, a division by 0, or vectors that cancel.
    """
    tree = parse(formula)
    unknown = dict.fromkeys(word.text for word in words_of(tree) if word.text not in vectors)
    if unknown:
        raise UnknownWordsError(list(unknown))
    with np.errstate(over="ignore", invalid="ignore"):
        value = _value(tree, vectors)
    if isinstance(value, float):
        raise DirectionError("number", 0, "a number is no direction; quote it to mean the word")
    length = float(np.linalg.norm(value))
    if not np.isfinite(length):
        raise DirectionError("infinite", 0, "the numbers are too large")
    if length <= 1e-9:
        raise DirectionError("zero", 0, "the vectors cancel, so there is no direction")
    return value


def custom_axes(
    vectors: WordVectors, formulas: Sequence[str], *, rows: np.ndarray | None = None
) -> Axes:
    """Place words along the directions of formulas.

        coordinate(w, axis) = cos(w, direction of the axis)

    Parameters
    ----------
    formulas
        One axis each, such as ``["king - man", "avg(paris, rome) - avg(france, italy)"]``.
    rows
        Rows to place; all when left out.

    Raises
    ------
    ValueError
        As in ``direction``; and where there is no formula.
    """
    if not formulas:
        raise ValueError("no formula came; an axis needs one")
    directions = np.stack([direction(formula, vectors) for formula in formulas])
    units = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    chosen = vectors.vectors if rows is None else vectors.vectors[rows]
    lengths = vectors.lengths if rows is None else vectors.lengths[rows]
    columns = [cosines(chosen, lengths, unit) for unit in units]
    return Axes(
        formulas=tuple(formulas),
        coordinates=np.stack(columns, axis=1).astype(np.float32),
        angles=np.degrees(np.arccos(np.clip(units @ units.T, -1, 1))),
    )


def _value(tree: Formula, vectors: WordVectors) -> np.ndarray | float:
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Word):
        return vectors.unit(tree.text).astype(np.float64)
    return _operate(tree, [_value(part, vectors) for part in tree.parts])


def _operate(tree: Operation, parts: list[np.ndarray | float]) -> np.ndarray | float:
    numbers = [isinstance(part, float) for part in parts]
    mixed = any(numbers) and not all(numbers)
    if mixed and tree.sign in ("+", "-", "avg"):
        raise DirectionError(
            "add", tree.position, "a number and a word cannot be added; quote a number word"
        )
    if tree.sign == "avg":
        return sum(parts[1:], parts[0]) / len(parts)
    if tree.sign == "unit":
        return _unit(tree, parts[0])
    if tree.sign == "-" and len(parts) == 1:
        return -parts[0]
    left, right = parts
    if tree.sign == "+":
        return left + right
    if tree.sign == "-":
        return left - right
    if tree.sign == "*":
        if not any(numbers):
            raise DirectionError("product", tree.position, "two words cannot be multiplied")
        return left * right
    if not numbers[1] or right == 0:
        raise DirectionError("divide", tree.position, "only a number other than 0 can divide")
    return left / right


def _unit(tree: Operation, part: np.ndarray | float) -> np.ndarray | float:
    length = abs(part) if isinstance(part, float) else float(np.linalg.norm(part))
    if length <= 1e-9:
        raise DirectionError("zero", tree.position, "a zero vector cannot be brought to length 1")
    return part / length
