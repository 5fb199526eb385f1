"""What a listener can say at each frame: the marks of the letter so far, or which letter it was."""

from __future__ import annotations

import math

import numpy as np

from core.tasks.morse import CODE, LETTERS, Keying
from core.tasks.morse_bands import FRAME_SECONDS

BLANK, SPACE = 0, 1
SHOWN = str.maketrans(".-", "·–")  # marks as people write them
PREFIXES = tuple(
    sorted(
        {marks[:size] for marks in CODE.values() for size in range(1, len(marks) + 1)},
        key=lambda marks: (len(marks), marks.translate(str.maketrans(".-", "ab"))),
    )
)
CLASSES = ("∅", " ", *LETTERS, *(marks.translate(SHOWN) for marks in PREFIXES))
FIRST_PREFIX = 2 + len(LETTERS)
KNOWN_AFTER, WORD_AFTER = 2.0, 5.0  # units of silence: no further mark, no further letter


def labels_of(keying: Keying, frames: int) -> np.ndarray:
    """The class of each frame, int64 (frames,).

    From the end of a mark the frames carry the marks of the letter so far ("·–"), until the
    next mark is over. The letter is over once two units of silence have passed (inside it
    there is one); from then until the next mark, but for three units at most, the frames carry
    its name. After five units it was the end of a word, and until the next mark they carry the
    blank between words, also behind the last one: nobody can know that no other will come. All
    others say nothing, ``BLANK``.
    """
    labels = np.zeros(frames, dtype=np.int64)
    _label_marks(labels, keying)
    unit = 1.2 / keying.wpm
    for end, onward, place in keying.ends:
        last = _frame(min(onward, end + WORD_AFTER * unit))
        first = min(_frame(end + KNOWN_AFTER * unit), last - 1)
        labels[first:last] = CLASSES.index(keying.text[place])
        if place + 1 == len(keying.text) or keying.text[place + 1] == " ":
            onward = min(onward, frames * FRAME_SECONDS)
            labels[last : max(_frame(onward), last + 1)] = SPACE
    return labels


def letters_in(classes: np.ndarray) -> list[tuple[int, str]]:
    """Where each run of frames with one letter (or blank between words) begins, and which."""
    told = np.where(classes < FIRST_PREFIX, classes, BLANK)
    starts = np.flatnonzero(np.diff(told, prepend=BLANK))
    return [(int(at), CLASSES[told[at]]) for at in starts if told[at] != BLANK]


def message_of(classes: np.ndarray) -> str:
    """The message in the classes of the frames: each run of letters once, nothing else."""
    return "".join(sign for _, sign in letters_in(classes)).strip()


def _label_marks(labels: np.ndarray, keying: Keying) -> None:
    presses, unit, marks = keying.presses, 1.2 / keying.wpm, ""
    for at, (_, end, place) in enumerate(presses):
        code = CODE[keying.text[place]]
        marks = code[: len(marks) + 1] if len(marks) < len(code) else code
        over = marks == code
        until = end + KNOWN_AFTER * unit if over else presses[at + 1][1]
        labels[_frame(end) : _frame(until)] = FIRST_PREFIX + PREFIXES.index(marks)
        marks = "" if over else marks


def _frame(seconds: float) -> int:
    return math.ceil(seconds / FRAME_SECONDS)
