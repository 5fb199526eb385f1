r"""What moved a word between two snapshots: the pairs that pulled it, the negatives that pushed.

For skip-gram with negative sampling, an occurrence of word w beside a word t moves v_w along
:math:`(1 - \sigma(v_w \cdot u_t))\,u_t`, and each of its negatives n along
:math:`-\sigma(v_w \cdot u_n)\,u_n`. Summed over the interval with the vectors half-way
between its ends, and with the expected number of negatives, this is an approximation: good for
short intervals early in a training, poor once chance moves a word more than the text does. Its
agreement with the way the word really went is given with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from core.embeddings.replay import Replay


@dataclass(frozen=True)
class Pull:
    """One word's part in moving another.

    pairs: how often it was seen beside it. share: of the account along the way really gone;
    what seeing it pulled, less what drawing it as a negative pushed. Below 0 it held back.
    """

    word: str
    pairs: int
    share: float


@dataclass(frozen=True)
class Movement:
    """Where a word went between two snapshots and why.

    distance: length of the real movement; agreement: cosine of the account and the movement.
    pulls: the words that moved it most along its way, strongest first; sentences: some in which
    they were seen beside it.
    """

    word: str
    distance: float
    agreement: float
    pulls: tuple[Pull, ...]
    sentences: tuple[str, ...]


def explain_movement(
    replay: Replay,
    word: str,
    frame: int,
    sentences: Iterable[Sequence[str]],
    *,
    window: int,
    negatives: int,
    negative_exponent: float = 0.75,
    most: int = 10,
) -> Movement:
    """Account for the way of ``word`` from snapshot ``frame`` to the next.

    sentences: those trained on in between. A pair d words apart counts (window - d + 1) / window,
    the chance that the position's own window reaches it.
    Raises ValueError for a last frame, an unknown word, or a replay without output vectors.
    """
    if word not in replay.words:
        raise ValueError(f"{word!r} is not among the {len(replay.words)} words of the replay.")
    if not 0 <= frame < len(replay) - 1:
        raise ValueError(
            f"frame is {frame}; expected 0 to {len(replay) - 2}, so that one comes after it."
        )
    if not replay.output_vectors.shape[1]:
        raise ValueError("This training has no output vector for each word, so no pairs to name.")
    row = replay.words.index(word)
    before, after = replay.vectors[frame : frame + 2, row].astype(np.float64)
    way = after - before
    # Both tables move on the way: half-way is nearer to what each pair met than either end.
    v = (before + after) / 2
    u = replay.output_vectors[frame : frame + 2].astype(np.float64).mean(axis=0)
    weights, counts, found = _pairs(word, replay.words, sentences, window)
    sigmoid = 1 / (1 + np.exp(-u @ v))
    noise = replay.counts.astype(np.float64) ** negative_exponent
    drawn = negatives * weights.sum() * noise / noise.sum()
    along = way / max(np.linalg.norm(way), 1e-12)
    steps = weights * (1 - sigmoid) - drawn * sigmoid  # along each u, pulled less pushed
    account = steps @ u
    parts = steps * (u @ along)
    whole = max(abs(float(parts.sum())), 1e-12)
    order = np.argsort(-np.abs(parts))[:most]
    seen = [replay.words[index] for index in order if replay.words[index] in found]
    return Movement(
        word=word,
        distance=float(np.linalg.norm(way)),
        agreement=float(account @ along / max(np.linalg.norm(account), 1e-12)),
        pulls=tuple(
            Pull(replay.words[index], int(counts[index]), float(parts[index] / whole))
            for index in order
        ),
        sentences=tuple(dict.fromkeys(found[other] for other in seen))[:5],
    )


def _pairs(
    word: str, words: Sequence[str], sentences: Iterable[Sequence[str]], window: int
) -> tuple[np.ndarray, np.ndarray, dict[str, str]]:
    """Weight and number of the pairs of ``word`` with each word, and a sentence for each."""
    weight: Counter[str] = Counter()
    number: Counter[str] = Counter()
    found: dict[str, str] = {}
    for sentence in sentences:
        if word not in sentence:
            continue
        for place, here in enumerate(sentence):
            if here != word:
                continue
            for other in range(max(0, place - window), min(len(sentence), place + window + 1)):
                if other == place:
                    continue
                weight[sentence[other]] += (window - abs(other - place) + 1) / window
                number[sentence[other]] += 1
                found.setdefault(sentence[other], " ".join(sentence))
    weights = np.array([weight[other] for other in words], dtype=np.float64)
    return weights, np.array([number[other] for other in words]), found
