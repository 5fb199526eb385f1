"""One sequence of a task as a reader sees it: what is read, and what is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.tasks.memory import MemoryTask

SHOWN_WIDTH = 60  # letters; of a longer sequence the middle is left out
SIGNS = {
    "recall": "abcd?",
    "copying": "abcd·?",
    "parity": "01·?",
    "brackets": "([{)]}x?",
}
ANSWERS = {"parity": ("0", "1"), "brackets": (")", "]", "}")}


@dataclass(frozen=True)
class Example:
    """tokens: what is read at each step; marked: the steps that matter; answer: what is asked."""

    tokens: tuple[str, ...]
    marked: frozenset[int]
    answer: str


def example_of(task: MemoryTask, seed: int) -> Example:
    """The first sequence that ``seed`` draws."""
    inputs, targets = task.sample(1, seed)
    rows = inputs[:, 0]
    if task.regression:
        tokens = tuple(f"{number:.2f}".lstrip("0") for number in rows[:, 0].tolist())
        marked = frozenset(rows[:, 1].nonzero()[:, 0].tolist())
        return Example(tokens, marked, f"{targets[0, 0].item():.2f}")
    signs = SIGNS[task.name]
    tokens = tuple(signs[place] for place in rows[:, : len(signs)].argmax(-1).tolist())
    marks = rows[:, len(signs) :].sum(-1).nonzero()[:, 0].tolist()
    names = ANSWERS.get(task.name, signs)
    answer = " ".join(names[place] for place in targets[:, 0].tolist())
    first = len(targets) if task.name == "copying" else {"parity": 3}.get(task.name, 1)
    return Example(tokens, frozenset(marks or range(first)), answer)


def example_html(example: Example, reads: str, asked: str) -> str:
    """The example in one line, what matters in bold; safe to put on a page."""
    steps = list(range(len(example.tokens)))
    room = SHOWN_WIDTH // (len(example.tokens[0]) + 1)
    if len(steps) > room:
        keep = room // 3
        near = {s for m in example.marked for s in (m - 1, m, m + 1)}
        ends = len(example.tokens) - room // 4
        steps = [s for s in steps if s < keep or s >= ends or s in near]
    parts: list[str] = []
    before = -1
    for step in steps:
        if step != before + 1:
            parts.append(f"<i>… {step - before - 1} …</i>")
        token = escape(example.tokens[step])
        parts.append(f"<b>{token}</b>" if step in example.marked else f"<span>{token}</span>")
        before = step
    style = "white-space:nowrap;overflow:hidden;text-overflow:ellipsis;font-size:15px"
    read = (
        "font-family:monospace;word-spacing:2px;padding:2px 8px;border-radius:6px;"
        "background:rgba(128,128,128,.14)"
    )
    return (
        f"<div class='u-race-example' style='{style}'>{escape(reads)} "
        f"<span style='{read}'>{' '.join(parts)}</span> {escape(asked)} "
        f"<b style='font-family:monospace'>{escape(example.answer)}</b></div>"
    )
