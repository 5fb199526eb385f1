"""The vectors that can be looked at: those shipped with the app, and what the reader opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from core.embeddings import WordVectors
from explorer.reader import drop_own, keep_own, own
from explorer.shared import shared

SHIPPED = ("en", "zh")
FIRST_WORDS = ("king", "国王")


@dataclass(frozen=True)
class Facts:
    """What was found in an opened file.

    form: "text", "binary", "numpy" or "safetensors". encoding: of a text. Then how many words
    came again and were left out, rows that repeat a label and were kept, rows left out because
    they are none, words whose bytes are no text, rows that the first line promises and that are
    not there, rows that have a number that is not finite, or nothing but zeros. listed: what was
    wrong, in words, the first cases.
    """

    form: str
    gzipped: bool
    duplicates: int
    not_finite: int
    zero: int
    encoding: str = "UTF-8"
    repeated: int = 0
    skipped: int = 0
    replaced: int = 0
    missing: int = 0
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Source:
    """Vectors under an id that is the same for the same content.

    Parameters
    ----------
    name
        Name of the file; empty for what is shipped, which the page names in its own language.
    vectors
        The vectors that are looked at.
    outputs
        The vectors that word2vec has for a word as a context, where they are known.
    counts
        How often each word occurs in its corpus, where that is known.
    labels
        What rows are called where labels repeat; None where the words are the labels.
    metadata
        More about each word, by the name of the column.
    words_name
        Name of the file that the labels or the metadata are from; empty without one.
    limit
        How many rows were asked for; None for all.
    facts
        What was found in the file; None for what is shipped.
    """

    id: str
    name: str
    vectors: WordVectors
    outputs: WordVectors | None = None
    counts: np.ndarray | None = None
    labels: Sequence[str] | None = None
    metadata: Mapping[str, Sequence[str]] = field(default_factory=dict)
    words_name: str = ""
    limit: int | None = None
    facts: Facts | None = None

    def label(self, row: int) -> str:
        """What a row is called in the picture."""
        return self.vectors.words[row] if self.labels is None else self.labels[row]

    @cached_property
    def usable(self) -> np.ndarray:
        """Rows whose vector is finite and not zero: only these have a direction."""
        lengths = self.vectors.lengths
        return np.flatnonzero(np.isfinite(lengths) & (lengths > 0))

    def has_direction(self, row: int) -> bool:
        """Whether the vector of a row is finite and not zero."""
        length = self.vectors.lengths[row]
        return bool(np.isfinite(length) and length > 0)

    @property
    def first_word(self) -> str:
        """The word chosen at first: a king where there is one, else the first usable one."""
        index = self.vectors.index
        known = [word for word in FIRST_WORDS if word in index and self.has_direction(index[word])]
        return known[0] if known else self.vectors.words[self.usable[0]]

    def flipped(self) -> Source:
        """The same words by their output vectors."""
        if self.outputs is None:
            raise ValueError(f"{self.id} has no output vectors")
        return replace(self, id=f"{self.id}-output", vectors=self.outputs, outputs=self.vectors)


def available() -> dict[str, str]:
    """Ids and names of all sources: shipped ones first, then what this reader has opened."""
    opened = own("vectors")
    return dict.fromkeys(SHIPPED, "") | {key: source.name for key, source in opened.items()}


def source_of(source_id: str) -> Source:
    """The vectors called so; one of ``available``."""
    opened = own("vectors")
    return opened[source_id] if source_id in opened else shipped_source(source_id)


def keep_source(source: Source, most: int = 3) -> None:
    """Offer a reader's own vectors; beyond ``most`` the oldest are let go.

    Raises NoRoomError, a ValueError, where there is no room for them.
    """
    keep_own("vectors", source.id, source, _bytes_of(source))
    for old in list(own("vectors"))[:-most]:
        drop_own("vectors", old)


def _bytes_of(source: Source) -> int:
    """About what a source takes: its numbers, and its words and what is said of them."""
    texts = (source.vectors.words, *source.metadata.values())
    return source.vectors.vectors.nbytes + sum(49 + 2 * len(text) for one in texts for text in one)


@shared
def shipped_source(language: str) -> Source:
    """The end of the shipped training on the grammar of a language."""
    from explorer.trainings import shipped_finished, shipped_training

    finished = shipped_finished(shipped_training(language))
    if finished is None:
        raise ValueError(f"no finished training is shipped for {language!r}")
    return Source(language, "", finished.vectors, finished.outputs, finished.counts)
