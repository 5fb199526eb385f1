"""Columns of a projector's metadata file: more about each word than the word."""

from __future__ import annotations

import gzip
from pathlib import Path

from core.embeddings import WordVectors

MOST_COLUMNS = 12
WORD_COLUMNS = ("word", "words", "label", "token", "name")


def read_metadata(path: Path, vectors: WordVectors) -> dict[str, list[str]]:
    """Columns by name, one value for each word of ``vectors``; empty for a plain list of words.

    The first line names the columns and lines are parted by tabs, as the projector has it. Of a
    word listed twice the first line counts, as for the vectors.
    """
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8-sig") as file:
        names = file.readline().rstrip("\r\n").split("\t")
        if len(names) < 2:
            return {}
        lowered = [name.strip().lower() for name in names]
        place = next((lowered.index(one) for one in WORD_COLUMNS if one in lowered), 0)
        others = [at for at in range(len(names)) if at != place][:MOST_COLUMNS]
        columns = {at: [""] * len(vectors) for at in others}
        taken: set[str] = set()
        for line in file:
            values = line.rstrip("\r\n").split("\t")
            word = values[place] if place < len(values) else ""
            if word in taken or word not in vectors:
                continue
            taken.add(word)
            for at in others:
                columns[at][vectors.index[word]] = values[at] if at < len(values) else ""
    return {names[at].strip() or str(at + 1): columns[at] for at in others}
