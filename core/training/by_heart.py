"""One short text learned by heart in a second or so, to see what a network can tell apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.networks import Vocabulary
from core.networks.architecture import RECURRENT, Architecture
from core.networks.injected_layers import InjectedLayers
from core.networks.perceptron import Perceptron
from core.networks.reader import Ends, Reader
from core.tasks.next_letter import causal_windows, least_loss

KINDS = ("perceptron", "layers", *RECURRENT)
UPDATES, RATE, KNOWN = 600, 0.02, 0.03  # known: so many nats above what is possible


@dataclass(frozen=True)
class Learned:
    """A network that has learned which letter of a text follows.

    probabilities: (step, letter) of the letter that follows, after each of the text's letters
    but the last; letters in the order of ``vocabulary``. updates: of its weights.
    """

    model: nn.Module
    vocabulary: Vocabulary
    probabilities: np.ndarray
    targets: np.ndarray
    updates: int

    @property
    def right(self) -> int:
        """How many of the letters that follow are guessed."""
        return int((self.probabilities.argmax(-1) == self.targets).sum())


def learn_by_heart(
    text: str, kind: str, *, window: int = 1, hidden: int = 16, seed: int = 0
) -> Learned:
    """Train a fresh network on the letters that follow each other in ``text``.

    kind: "perceptron" over the last ``window`` letters; "layers", a deep perceptron with one
        layer a step; or a recurrent cell. Adam on the whole text at once until it is known, at
        most ``UPDATES`` times.

    Nothing is held out: this shows what can be told apart, not what is learned about others.
    Raises ValueError for a text of fewer than two letters or an unknown kind.
    """
    if len(text) < 2:
        raise ValueError(f"The text has {len(text)} letters; expected at least 2.")
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; choose one of {', '.join(KINDS)}.")
    vocabulary = Vocabulary.of(text)
    ids = torch.tensor(vocabulary.encode(text))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model, logits = _network(kind, ids[:-1], len(vocabulary), window, hidden)
    possible = least_loss(text, window) if kind == "perceptron" else 0.0
    updates = _train(model, logits, ids[1:], possible + KNOWN)
    with torch.no_grad():
        shares = torch.softmax(logits(), dim=-1).numpy()
    return Learned(model.eval(), vocabulary, shares, ids[1:].numpy(), updates)


def _network(
    kind: str, ids: Tensor, size: int, window: int, hidden: int
) -> tuple[nn.Module, Callable[[], Tensor]]:
    """A network and what it says after each of ``ids`` (time,): logits (time, letter)."""
    if kind == "perceptron":
        x = causal_windows(ids.unsqueeze(1), window, size)
        architecture = Architecture("perceptron", hidden_size=hidden)
        ends = Ends(size * window, size, tokens=False)
        feed = Perceptron(architecture, ends, activation="tanh")
        return feed, lambda: feed(x)[0][:, 0]
    if kind == "layers":
        x = functional.one_hot(ids, size).float()
        deep = InjectedLayers(len(ids), size, hidden, size)
        return deep, lambda: deep(x)[0]
    model = Reader(Architecture(kind, hidden_size=hidden, embedding_size=0), Ends(size, size))
    return model, lambda: model(ids.unsqueeze(1))[0][:, 0]


@torch.enable_grad()
def _train(model: nn.Module, logits: Callable[[], Tensor], targets: Tensor, enough: float) -> int:
    optimiser = torch.optim.Adam(model.parameters(), lr=RATE)
    for update, loss in enumerate(_losses(logits, targets)):
        if loss.item() < enough:
            return update
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    return UPDATES


def _losses(logits: Callable[[], Tensor], targets: Tensor) -> Iterator[Tensor]:
    for _ in range(UPDATES):
        yield functional.cross_entropy(logits(), targets)
