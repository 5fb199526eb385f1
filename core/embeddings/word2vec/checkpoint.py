"""A word2vec training kept in a file, to go on from where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from core.embeddings.vocabulary import Vocabulary
from core.embeddings.word2vec.settings import Settings
from core.embeddings.word2vec.worker import Tally
from core.files import write_whole

FORMAT, VERSION = "unrolled-word2vec-training", "1"
FREE = ("threads", "snapshot_every", "device")
"""Settings that may change on the way: they decide where and how fast, not what is learned."""


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Where a training is: the piece that comes next, what came before, and the two tables."""

    settings: Mapping[str, Any]
    vocabulary: str
    next_piece: int
    pieces: int
    first_loss: float
    seconds: float
    tally: Tally
    inputs: np.ndarray
    outputs: np.ndarray

    def save(self, path: Path) -> None:
        """Write one ``.safetensors`` file, whole or not at all."""
        plain = {k: v for k, v in vars(self).items() if k not in ("inputs", "outputs", "tally")}
        header = json.dumps(plain | {"tally": asdict(self.tally)})
        tables = {"inputs": self.inputs, "outputs": self.outputs}
        write_whole(path, save(tables, {"format": FORMAT, "version": VERSION, "state": header}))

    @classmethod
    def load(cls, path: Path) -> Checkpoint:
        """Read what ``save`` wrote; nothing in the file is run.

        Raises ValueError for a file that is damaged or something else.
        """
        try:
            with safe_open(path, framework="numpy") as file:
                metadata = file.metadata() or {}
                if (metadata.get("format"), metadata.get("version")) != (FORMAT, VERSION):
                    raise ValueError(
                        f"{path.name} is no checkpoint of a word2vec training of version "
                        f"{VERSION}; give the path of one, or of a file that is not there yet"
                    )
                tables = {name: file.get_tensor(name) for name in ("inputs", "outputs")}
                state = json.loads(metadata["state"])
        except SafetensorError as error:
            raise ValueError(
                f"{path.name} is not a whole .safetensors file ({error}); delete it to begin anew"
            ) from error
        return cls(**state | {"tally": Tally(**state["tally"])}, **tables)

    def check(self, path: Path, settings: Settings, vocabulary: Vocabulary, pieces: int) -> None:
        """Raise ValueError unless it belongs to these settings and this corpus."""
        wanted = kept_settings(settings)
        differing = [
            f"{name}={wanted[name]!r} (there: {self.settings.get(name)!r})"
            for name in wanted
            if self.settings.get(name) != wanted[name]
        ]
        if differing:
            raise ValueError(
                f"{path.name} was begun with other settings: {', '.join(differing)}; give the "
                "same ones to go on, or another checkpoint to begin anew"
            )
        if (self.vocabulary, self.pieces) != (fingerprint(vocabulary), pieces):
            raise ValueError(
                f"{path.name} was begun on another corpus; give the same one to go on, or another "
                "checkpoint to begin anew"
            )


def kept_settings(settings: Settings) -> dict[str, Any]:
    """The settings that a training must go on with."""
    every = asdict(settings) | {"learning_rate": settings.first_rate()}
    return {name: value for name, value in every.items() if name not in FREE}


def fingerprint(vocabulary: Vocabulary) -> str:
    """A digest of the words and their counts."""
    digest = hashlib.sha256("\0".join(vocabulary.words).encode("utf-8", "surrogatepass"))
    digest.update(np.asarray(vocabulary.counts, np.int64).tobytes())
    return digest.hexdigest()
