"""Vectors as files to take home."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from core.embeddings import WordVectors

WHITE = {"\t": "⇥", "\n": "⏎", "\r": "⏎"}


def without_white(words: Sequence[str]) -> dict[str, int]:
    """Places of words by their names with ``_`` for white space, which parts the text forms.

    A word that becomes another that way is left out.
    """
    places: dict[str, int] = {}
    for place, word in enumerate(words):
        places.setdefault("_".join(word.split()) or "_", place)
    return places


def file_of(words: Sequence[str], vectors: np.ndarray, ending: str) -> bytes:
    """Words and their rows in a form that ``WordVectors.save`` writes."""
    places = without_white(words)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"vectors{ending}"
        WordVectors(list(places), np.asarray(vectors[list(places.values())])).save(path)
        return path.read_bytes()


def projector_vectors(vectors: np.ndarray) -> bytes:
    """Numbers parted by tabs, one word a line: the first of the projector's two files."""
    text = io.StringIO()
    np.savetxt(text, vectors, "%.7g", delimiter="\t")
    return text.getvalue().encode()


def projector_words(columns: Mapping[str, Sequence[str]]) -> bytes:
    """What is known of each word, in the order of the vectors: the second file.

    With several columns the first line names them, as the projector expects.
    """
    rows = [tuple(columns)] if len(columns) > 1 else []
    lines = ["\t".join(map(visible_white, row)) for row in (*rows, *zip(*columns.values()))]
    return ("\n".join(lines) + "\n").encode()


def visible_white(word: str) -> str:
    """A word on one line and in one column."""
    return "".join(WHITE.get(sign, sign) for sign in word)
