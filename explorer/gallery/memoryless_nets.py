"""The networks of the page: learned by heart in front of the reader, or shipped."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np

from explorer.gallery.common import models_of
from explorer.models import load_applied
from explorer.shared import shared

if TYPE_CHECKING:
    from core.applications.next_letter import NextLetter
    from core.training.by_heart import Learned

HIDDEN = 8
CELLS = ("elman", "lstm", "gru")
WINDOWS = ("1", "2", "3")
MOST_CLASSES = 22


@dataclass(frozen=True)
class Pair:
    """What a feed-forward network and a recurrent one expect after each letter of a text.

    keys: what the feed-forward network is given at each step; where two are equal its answers
    have to be. probabilities: by network, "feed" and "rnn", each (step, class). right: the
    class of the letter that did follow, -1 where that is not known. parameters: of either.
    scores: of shipped networks, the share of next letters guessed on held-out text; "pairs" is
    what the letter before tells whoever counted the training text.
    """

    text: str
    keys: tuple[str, ...]
    labels: tuple[str, ...]
    probabilities: dict[str, np.ndarray]
    right: tuple[int, ...]
    parameters: dict[str, int]
    unknown: tuple[int, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)

    def guessed(self, net: str) -> int:
        """How many of the known next letters are guessed."""
        return int((self.probabilities[net].argmax(-1) == np.array(self.right)).sum())


@shared
def learned(text: str, kind: str, window: int = 1) -> Learned:
    """A network that learned ``text`` by heart just now; imports torch."""
    import torch

    from core.training.by_heart import learn_by_heart

    torch.set_num_threads(1)
    return learn_by_heart(text, kind, window=window, hidden=HIDDEN)


def learned_pair(text: str, cell: str, window: int) -> Pair:
    """Both networks on the text that they have learned; its last letter is only predicted."""
    found = {"feed": learned(text, "perceptron", window), "rnn": learned(text, cell)}
    return Pair(
        text=text[:-1],
        keys=keys_of(text[:-1], window),
        labels=found["rnn"].vocabulary.tokens,
        probabilities={name: net.probabilities for name, net in found.items()},
        right=tuple(found["rnn"].targets.tolist()),
        parameters={name: size_of(net.model) for name, net in found.items()},
    )


def shipped_pair(text: str, language: str, window: int) -> Pair | None:
    """The gallery's networks for next letters on any text; None where they are not made."""
    models = models_of("next-letter", language=language)
    feed = next((m for m in models if m.cell == "perceptron" and m.window == window - 1), None)
    rnn = next((m for m in models if m.recurrent), None)
    if feed is None or rnn is None:
        return None
    answers = {"feed": load_applied(feed.id).answer(text), "rnn": load_applied(rnn.id).answer(text)}
    labels = answers["rnn"].labels
    place = {label: at for at, label in enumerate(labels)}
    return Pair(
        text=text,
        keys=keys_of(text, window),
        labels=labels,
        probabilities={name: answer.probabilities for name, answer in answers.items()},
        right=tuple(place.get(letter, -1) for letter in (*text[1:], "")),
        parameters={"feed": feed.parameters, "rnn": rnn.parameters},
        unknown=answers["rnn"].unknown,
        scores={"feed": feed.score, "rnn": rnn.score, "pairs": pairs_score(feed.id)},
    )


@shared
def pairs_score(model_id: str) -> float:
    """The share of next letters that counting pairs of letters guesses, on held-out text."""
    return cast("NextLetter", load_applied(model_id).application).pairs_score()


def keys_of(text: str, window: int) -> tuple[str, ...]:
    """The last ``window`` letters at each step."""
    return tuple(text[max(0, at - window + 1) : at + 1] for at in range(len(text)))


def spread(pair: Pair, net: str, steps: list[int]) -> float:
    """The largest difference of any probability between the answers at these steps."""
    answers = pair.probabilities[net][steps].astype(float)
    return float((answers.max(0) - answers.min(0)).max())


def repeated(pair: Pair) -> dict[str, list[int]]:
    """Inputs that are read more than once, with their steps."""
    found: dict[str, list[int]] = {}
    for step, key in enumerate(pair.keys):
        found.setdefault(key, []).append(step)
    return {key: steps for key, steps in found.items() if len(steps) > 1}


def telling(pair: Pair) -> tuple[str, list[int]] | None:
    """The repeated input that the recurrent network answers most differently."""
    found = repeated(pair)
    if not found:
        return None
    return max(found.items(), key=lambda item: spread(pair, "rnn", item[1]))


def shown_classes(pair: Pair) -> list[int]:
    """The classes worth a row: those that are right or guessed somewhere, then the likeliest."""
    largest = np.max([values.max(0) for values in pair.probabilities.values()], axis=0)
    needed = {at for at in pair.right if at >= 0}
    for values in pair.probabilities.values():
        needed |= set(values.argmax(-1).tolist())
    order = sorted(range(len(pair.labels)), key=lambda at: (at not in needed, -largest[at]))
    return sorted(order[: max(MOST_CLASSES, len(needed))])


def group_of_pair(*parts: object) -> str:
    """The name of a shared cursor."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]


def size_of(model) -> int:
    """How many numbers a network has."""
    return sum(parameter.numel() for parameter in model.parameters())
