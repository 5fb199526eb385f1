"""How many signs have to be changed to turn one text into another."""

from __future__ import annotations

from collections.abc import Sequence


def edit_distance(one: Sequence, other: Sequence) -> int:
    """The least number of insertions, deletions and replacements that turn one into the other.

    Source: V. I. Levenshtein, Soviet Physics Doklady 10 (1966).
    """
    row = list(range(len(other) + 1))
    for down, left in enumerate(one, start=1):
        corner, row[0] = row[0], down
        for across, right in enumerate(other, start=1):
            replaced = corner + (left != right)
            corner = row[across]
            row[across] = min(row[across] + 1, row[across - 1] + 1, replaced)
    return row[-1]


def error_rate(answers: Sequence[str], truths: Sequence[str]) -> float:
    """Edits of all answers over the length of all truths; can be above 1 where much is added."""
    edits = sum(edit_distance(answer, truth) for answer, truth in zip(answers, truths))
    return edits / max(1, sum(map(len, truths)))
