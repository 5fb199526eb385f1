"""Any text as a task: read it character by character and predict the next one."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor

from core.encodings import decode_text
from core.limits import TEXT_FILE_BYTES
from core.networks import Vocabulary
from core.tasks.streams import piece
from core.tasks.task import Batch

MAX_CHARACTERS = 5000
MAX_HELD_OUT = 50_000  # enough for two digits of the score, and quick to read


@dataclass(frozen=True)
class TextTask:
    """A text, its characters, and its last part kept for validation.

    train, validation: ids (time,), in the order of the text; characters outside the
    vocabulary have the id ``len(vocabulary)``, are read as zeros and never asked for.
    left_out: how many different characters the vocabulary leaves out.
    """

    name: str
    vocabulary: Vocabulary
    train: Tensor
    validation: Tensor
    left_out: int = 0

    @classmethod
    def of(
        cls,
        text: str,
        *,
        name: str = "text",
        validation: float = 0.1,
        max_characters: int = MAX_CHARACTERS,
    ) -> TextTask:
        """The task of ``text``; its last ``validation`` share (at most 50,000 characters) is
        held out.

        The vocabulary is that of the whole text, the ``max_characters`` most frequent of it.
        Raises ValueError for a text of fewer than two characters or two different ones, a
        share outside [0, 1), or a limit below two.
        """
        if not 0 <= validation < 1:
            raise ValueError(f"validation is {validation}; expected a share in [0, 1).")
        if max_characters < 2:
            raise ValueError(f"max_characters is {max_characters}; expected 2 or more.")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        counts = Counter(text)
        if len(counts) < 2:
            raise ValueError(
                f"{name} has {len(text)} characters, {len(counts)} of them different; expected "
                "at least two different ones. Give a longer text."
            )
        ranked = sorted(counts, key=lambda character: (-counts[character], character))
        vocabulary = Vocabulary.of(ranked[:max_characters])
        ids = torch.tensor(vocabulary.encode(text))
        cut = len(ids) - min(round(validation * len(ids)), MAX_HELD_OUT)
        return cls(name, vocabulary, ids[:cut], ids[cut:], len(ranked) - len(vocabulary))

    @classmethod
    def read(cls, path: str | Path, **options) -> TextTask:
        """The task of a text file in UTF-8, UTF-16 or GB18030; options as in ``of``.

        Raises FileNotFoundError, and ValueError for a file that is empty, too large, or in no
        such encoding, naming the first byte that is wrong.
        """
        path = Path(path)
        size = path.stat().st_size
        if size > TEXT_FILE_BYTES:
            raise ValueError(
                f"{path.name} has {size:,} bytes; expected at most {TEXT_FILE_BYTES:,}. "
                "Train on a part of it."
            )
        text = decode_text(path.read_bytes(), path.name).text
        if not text.strip():
            raise ValueError(f"{path.name} is empty; expected a text to learn from.")
        return cls.of(text, **{"name": path.stem} | options)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of tokens and ids, cut to 16 digits: enough to notice another text."""
        digest = hashlib.sha256("\0".join(self.vocabulary.tokens).encode("utf-8", "surrogatepass"))
        digest.update(self.train.numpy().tobytes())
        digest.update(self.validation.numpy().tobytes())
        return digest.hexdigest()[:16]

    @property
    def note(self) -> str | None:
        """What a person should know about the vocabulary, if anything."""
        if not self.left_out:
            return None
        return (
            f"{self.name} has {len(self.vocabulary) + self.left_out:,} different characters; the "
            f"{len(self.vocabulary):,} most frequent are learned, the other {self.left_out:,} are "
            "read as unknown. Raise max_characters to learn them too."
        )

    def batch(self, step: int, size: int, length: int) -> Batch:
        """Batch number ``step``: the next ``length`` characters of ``size`` parallel streams.

        The text is cut into ``size`` contiguous streams, and batch k + 1 goes on where batch
        k stopped, for truncated backpropagation through time; after the last whole batch the
        streams start again. Raises ValueError for a text that is too short for one batch.
        """
        stream = (len(self.train) - 1) // size
        batches = stream // length
        if not batches:
            raise ValueError(
                f"{self.name} has {len(self.train):,} characters to train on; {size} streams of "
                f"{length} steps need at least {size * length + 1:,}. Choose a smaller batch or "
                "unroll length, or a longer text."
            )
        start = step % batches * length
        return piece(self.train, len(self.vocabulary), size, start, length)
