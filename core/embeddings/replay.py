"""A training to be played back: every snapshot on one basis, with what was true at each.

Projecting each snapshot on axes of its own would make the axes move and not only the words, so
one basis is fitted on all snapshots together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from core.embeddings.word_vectors import WordVectors
from core.files import write_whole

if TYPE_CHECKING:
    from core.embeddings.word2vec import Snapshot

FORMAT, VERSION = "unrolled-replay", 1
Question = tuple[str, str, str, str]
ScoredPair = tuple[str, str, float]


@dataclass(frozen=True, eq=False)
class Replay:
    """Snapshots of one training, seen by its most frequent words.

    F snapshots, N words, vectors of ``size``:
    words_seen, loss (F,); vectors, output_vectors (F, N, size), the latter empty where the
    objective has none; positions (F, N, 3) on the basis shared by all; explained (3,), the share
    of the variance of all snapshots that each axis carries; neighbours (F, N, k), rows of the
    nearest by cosine, in the full space; overlap (F,), the share of those that are also
    nearest in the picture; counts (N,); scores, named rows (F,) such as the analogies' share
    of right answers, NaN where nothing could be asked.
    """

    words: tuple[str, ...]
    words_seen: np.ndarray
    loss: np.ndarray
    vectors: np.ndarray
    output_vectors: np.ndarray
    positions: np.ndarray
    explained: np.ndarray
    neighbours: np.ndarray
    overlap: np.ndarray
    counts: np.ndarray
    scores: Mapping[str, np.ndarray]
    settings: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.words_seen)

    def vectors_at(self, frame: int) -> WordVectors:
        """The embedding as it was at one snapshot, of the words of the replay."""
        return WordVectors(self.words, self.vectors[frame].astype(np.float32))

    def save(self, path: str | Path) -> None:
        """Write one ``.safetensors`` file; vectors are rounded to float16."""
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        for name in ("vectors", "output_vectors"):
            arrays[name] = arrays[name].astype(np.float16)
        arrays |= {f"score.{name}": row for name, row in self.scores.items()}
        header = json.dumps(
            {"words": self.words, "settings": dict(self.settings)}, ensure_ascii=False
        )
        metadata = {"format": FORMAT, "version": str(VERSION), "replay": header}
        plain = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        write_whole(Path(path), save(plain, metadata))

    @classmethod
    def load(cls, path: str | Path) -> Replay:
        """Read what ``save`` wrote; nothing in the file is run.

        Raises ValueError for a file that is truncated or no replay.
        """
        name = Path(path).name
        try:
            with safe_open(path, framework="numpy") as file:
                metadata = file.metadata() or {}
                arrays = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        except SafetensorError as error:
            raise ValueError(f"{name} is not a whole .safetensors file ({error}).") from error
        if metadata.get("format") != FORMAT or metadata.get("version") != str(VERSION):
            raise ValueError(
                f"{name} is not a replay of version {VERSION}; expected a file that "
                "Replay.save wrote."
            )
        header = json.loads(metadata["replay"])
        scores = {
            key.removeprefix("score."): arrays[key] for key in arrays if key.startswith("score.")
        }
        return cls(
            words=tuple(header["words"]),
            scores=scores,
            settings=header["settings"],
            **{key: arrays[key] for key in _ARRAYS},
        )


_ARRAYS = (
    "words_seen",
    "loss",
    "vectors",
    "output_vectors",
    "positions",
    "explained",
    "neighbours",
    "overlap",
    "counts",
)


def make_replay(
    snapshots: Sequence[Snapshot],
    counts: Mapping[str, int],
    *,
    most: int = 2000,
    neighbours: int = 10,
    questions: Sequence[Question] = (),
    pairs: Sequence[ScoredPair] = (),
    settings: Mapping[str, Any] | None = None,
) -> Replay:
    """What a replay shows, computed from the snapshots of a training.

    counts: how often each word occurs; the ``most`` frequent words are kept.
    questions, pairs: what ``analogies`` and ``similarity`` are scored on, over all words of the
    training and not only those kept.
    Raises ValueError for no snapshots.
    """
    if not snapshots:
        raise ValueError("A replay needs at least one snapshot; got none.")
    everything = snapshots[0].vectors.words
    kept = sorted(range(len(everything)), key=lambda row: -counts[everything[row]])[:most]
    vectors = np.stack([snapshot.vectors.vectors[kept] for snapshot in snapshots])
    outputs = [snapshot.output_vectors for snapshot in snapshots]
    output_vectors = (
        np.zeros((len(snapshots), 0, vectors.shape[-1]), dtype=np.float32)
        if any(output is None for output in outputs)
        else np.stack([output.vectors[kept] for output in outputs])
    )
    positions, explained = shared_basis(vectors)
    count = min(neighbours, len(kept) - 1)
    nearest = np.stack([nearest_rows(frame, count) for frame in vectors])
    seen = np.stack([nearest_rows(frame, count, cosine=False) for frame in positions])
    return Replay(
        words=tuple(everything[row] for row in kept),
        words_seen=np.array([snapshot.words_seen for snapshot in snapshots]),
        loss=np.array([snapshot.loss for snapshot in snapshots], dtype=np.float32),
        vectors=vectors,
        output_vectors=output_vectors,
        positions=positions.astype(np.float32),
        explained=explained.astype(np.float32),
        neighbours=nearest.astype(np.int32),
        overlap=_overlap(nearest, seen).astype(np.float32),
        counts=np.array([counts[everything[row]] for row in kept], dtype=np.int64),
        scores={
            "analogies": np.array([analogy_share(s.vectors, questions) for s in snapshots]),
            "similarity": np.array([likeness_rank(s.vectors, pairs) for s in snapshots]),
        },
        settings=dict(settings or {}),
    )


def shared_basis(vectors: np.ndarray, dimensions: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Principal components of all frames together: (F, N, dimensions), and their variance shares.

    The covariance of all F x N vectors, centred on their common mean, is decomposed once; the
    first frames are small random vectors and stay near the origin, as they are.
    """
    flat = vectors.reshape(-1, vectors.shape[-1]).astype(np.float64)
    mean = flat.mean(axis=0)
    values, axes = np.linalg.eigh(np.cov(flat - mean, rowvar=False))
    order = np.argsort(values)[::-1][:dimensions]
    shares = values[order] / max(values.sum(), 1e-300)
    return ((vectors - mean) @ axes[:, order]).astype(np.float32), shares


def nearest_rows(points: np.ndarray, count: int, *, cosine: bool = True) -> np.ndarray:
    """The ``count`` nearest other rows of each row (N, count), by cosine or by distance."""
    points = points.astype(np.float32)
    if cosine:
        lengths = np.linalg.norm(points, axis=1, keepdims=True)
        points = points / np.maximum(lengths, 1e-12)
        closeness = points @ points.T
    else:
        squares = (points**2).sum(axis=1)
        closeness = 2 * points @ points.T - squares[:, None] - squares[None]
    np.fill_diagonal(closeness, -np.inf)
    best = np.argpartition(-closeness, range(count), axis=1)[:, :count]
    return best


def analogy_share(vectors: WordVectors, questions: Sequence[Question]) -> float:
    """Share of questions a : b = c : d whose nearest word to b - a + c, a, b, c left out, is d.

    3CosAdd over all words; questions with an unknown word are left out; NaN if none is left.
    """
    known = [q for q in questions if all(word in vectors for word in q)]
    if not known:
        return float("nan")
    units = vectors.vectors / np.maximum(
        np.linalg.norm(vectors.vectors, axis=1, keepdims=True), 1e-12
    )
    rows = np.array([[vectors.row(word) for word in question] for question in known])
    a, b, c, d = rows.T
    closeness = (units[b] - units[a] + units[c]) @ units.T
    np.put_along_axis(closeness, rows[:, :3], -np.inf, axis=1)
    return float((closeness.argmax(axis=1) == d).mean())


def likeness_rank(vectors: WordVectors, pairs: Sequence[ScoredPair]) -> float:
    """Spearman's rank correlation of cosines with the given scores; NaN under three pairs."""
    from scipy.stats import spearmanr

    known = [(one, two, score) for one, two, score in pairs if one in vectors and two in vectors]
    if len(known) < 3:
        return float("nan")
    cosines = [
        float(
            vectors[one]
            @ vectors[two]
            / max(np.linalg.norm(vectors[one]) * np.linalg.norm(vectors[two]), 1e-12)
        )
        for one, two, _ in known
    ]
    return float(spearmanr(cosines, [score for *_, score in known]).statistic)


def _overlap(nearest: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Share of each word's true neighbours that are neighbours in the picture: (F,)."""
    shared = (nearest[..., :, None] == seen[..., None, :]).any(axis=-1)
    return shared.mean(axis=(1, 2))
