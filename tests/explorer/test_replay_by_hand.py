"""The caption of a word2vec replay, recomputed from the vectors: a singular value decomposition
for the picture, sorted lists for the neighbours, a loop for the analogies."""

from __future__ import annotations

import numpy as np
import pytest

from core.embeddings.replay import Replay, make_replay
from core.embeddings.word2vec.snapshot import Snapshot
from core.embeddings.word_vectors import WordVectors
from explorer.captions import spoken
from explorer.language import LANGUAGES, texts_of
from explorer.replay_stage import replay_caption
from explorer.trainings import shipped_replay
from tests.explorer.by_hand import percent_of

every_language = pytest.mark.parametrize("language", LANGUAGES)


def picture(frames: np.ndarray) -> tuple[np.ndarray, float]:
    """The last frame on the first three axes of all frames, and their share of the variance."""
    flat = frames.reshape(-1, frames.shape[-1]).astype(float)
    _, sizes, axes = np.linalg.svd(flat - flat.mean(0), full_matrices=False)
    last = (frames[-1].astype(float) - flat.mean(0)) @ axes[:3].T
    return last, float((sizes[:3] ** 2).sum() / (sizes**2).sum())


def kept_neighbours(vectors: np.ndarray, points: np.ndarray, count: int) -> float:
    """The share of each word's nearest by angle that are its nearest in the picture too."""
    kept = 0
    units = [one / np.linalg.norm(one) for one in vectors.astype(float)]
    for row, (unit, point) in enumerate(zip(units, points, strict=True)):
        angle = np.array([-(unit @ other) for other in units])
        distance = np.sqrt(((points - point) ** 2).sum(1))
        angle[row] = distance[row] = np.inf
        kept += len({*np.argsort(angle)[:count]} & {*np.argsort(distance)[:count]})
    return kept / (len(vectors) * count)


def faithful(frames: np.ndarray, count: int, texts) -> str:
    points, explained = picture(frames)
    overlap = kept_neighbours(frames[-1], points, count)
    return texts(
        "training.caption_faithful",
        explained=percent_of(explained),
        overlap=percent_of(overlap),
        count=count,
    )


def right_of(words: list[str], vectors: np.ndarray, questions) -> float:
    """a is to b as c to d: d is the nearest to b - a + c by cosine, of all other words."""
    at = {
        word: vector / np.linalg.norm(vector)
        for word, vector in zip(words, vectors.astype(float), strict=True)
    }
    right = 0
    for a, b, c, d in questions:
        sought = at[b] - at[a] + at[c]
        others = [word for word in words if word not in (a, b, c)]
        right += max(others, key=lambda word: sought @ at[word]) == d
    return right / len(questions)


@every_language
def test_of_a_shipped_replay(language: str) -> None:
    texts, replay = texts_of(language), shipped_replay(language)
    said = spoken(replay_caption(replay, texts))
    assert said.startswith(
        texts(
            "training.caption",
            words=f"{int(max(replay.words_seen)):,}",
            loss=f"{float(replay.loss[-1]):.2f}",
            start=f"{6 * np.log(2):.2f}",  # a pair and five negatives, all undecided
        )
    )
    assert said.endswith(faithful(replay.vectors, 10, texts))


def random_replay(
    seed: int, size: int, losses: list[float]
) -> tuple[Replay, list[np.ndarray], list[float]]:
    """Vectors that come near a made grid of analogies, every frame of them, and the share of
    right answers at each."""
    random = np.random.default_rng(seed)
    words = [f"{place}{kind}" for place in range(size) for kind in "ab"]
    place, kind = random.normal(size=(size, 6)), random.normal(size=(2, 6))
    grid = (place[:, None] + kind).reshape(-1, 6)
    frames = [
        (grid * nearness + random.normal(size=grid.shape) * (1.1 - nearness)).astype(np.float32)
        for nearness in np.linspace(0.3, 0.8, len(losses))
    ]
    questions = [(f"{one}a", f"{one}b", f"{two}a", f"{two}b")
                 for one in range(size) for two in range(size) if one != two]  # fmt: skip
    snapshots = [
        Snapshot(
            step=100 * at,
            words_seen=12_345 * at,
            words_per_second=0.0,
            loss=loss,
            vectors=WordVectors(words, frame),
            output_vectors=None,
        )
        for at, (loss, frame) in enumerate(zip(losses, frames, strict=True))
    ]
    counts = {word: 100 - at for at, word in enumerate(words)}
    made = make_replay(snapshots, counts, questions=questions)
    return made, frames, [right_of(words, frame, questions) for frame in frames]


@every_language
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("size", "losses"), [(21, [4.16, 3.0, 2.5, 2.51, 1.2]), (4, [1.0, 2.0, 1.5])]
)
def test_of_random_vectors(seed: int, size: int, losses: list[float], language: str) -> None:
    texts = texts_of(language)
    replay, frames, right = random_replay(seed, size, losses)
    half = next(at for at, share in enumerate(right) if share >= right[-1] / 2)
    fell = losses[-1] < losses[0]
    expected = texts(
        "training.caption" if fell else "training.caption_rose",
        words=f"{12_345 * (len(losses) - 1):,}",
        loss=f"{losses[-1]:.2f}",
        start=f"{losses[0]:.2f}",
    ) + texts("training.caption_analogies", share=percent_of(right[-1]), half=f"{12_345 * half:,}")
    expected += faithful(np.stack(frames), min(10, 2 * size - 1), texts)
    assert spoken(replay_caption(replay, texts)) == expected
