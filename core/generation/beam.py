"""Beam search: the likeliest whole texts, with everything that was weighed on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from core.generation.filters import ranked
from core.generation.stepping import asking, branches, column, read_on


class Node(NamedTuple):
    """One token of one alternative.

    parent: the node before it, -1 after the prompt. depth: 1 for the first token written.
    log_probability: of this token after what precedes it; total: of the whole path, in nats.
    kept: whether the search went on from here (at the last depth: whether it is a result).
    """

    parent: int
    token: int
    depth: int
    log_probability: float
    total: float
    kept: bool


@dataclass(frozen=True)
class Tree:
    """nodes: parents stand before their children. beams: the last nodes of the texts found,
    the likeliest first."""

    nodes: tuple[Node, ...]
    beams: tuple[int, ...]

    def path(self, node: int) -> list[int]:
        """The nodes from the first token to ``node``."""
        found = []
        while node >= 0:
            found.append(node)
            node = self.nodes[node].parent
        return found[::-1]

    def tokens(self, node: int) -> list[int]:
        """The ids of the tokens from the first to that of ``node``."""
        return [self.nodes[one].token for one in self.path(node)]


class _Beam(NamedTuple):
    node: int
    total: float


def beam_search(
    model: nn.Module, prompt: Sequence[int], length: int, width: int, *, shown: int = 0
) -> Tree:
    r"""The ``width`` likeliest texts of ``length`` tokens that are found by keeping ``width``
    beginnings at every step.

    .. math:: \log p(x_1 \ldots x_n) = \sum_t \log p(x_t \mid \mathrm{prompt}, x_1 \ldots x_{t-1})

    With a width of 1 this is greedy search; with at least as many beginnings as there are, it
    is exact. The tree holds every alternative that could win a place: the ``width`` likeliest
    tokens after each beginning (or ``shown``, where that is more), kept or not. Equals are
    taken in the order of the beginnings, then of the vocabulary.

    model: called as ``logits, state = model(ids, state=state)`` with ids (time, batch).
    Raises ValueError for an empty prompt, a length or width below 1, and a network that reads
    in both directions.
    """
    if length < 1 or width < 1:
        raise ValueError(f"length is {length} and width {width}; expected at least 1 of each.")
    nodes: list[Node] = []
    with asking(model):
        logits, state = read_on(model, column(prompt))
        beams = [_Beam(-1, 0.0)]
        for depth in range(1, length + 1):
            scores = torch.log_softmax(logits[-1].double(), dim=-1)
            first = len(nodes)
            nodes += _alternatives(beams, scores, depth, max(width, shown))
            best = sorted(range(first, len(nodes)), key=lambda one: -nodes[one].total)[:width]
            for one in best:
                nodes[one] = nodes[one]._replace(kept=True)
            places = {beam.node: place for place, beam in enumerate(beams)}
            parents = [places[nodes[one].parent] for one in best]
            beams = [_Beam(one, nodes[one].total) for one in best]
            if depth < length:
                logits, state = _onward(model, state, parents, [nodes[one].token for one in best])
    return Tree(tuple(nodes), tuple(beam.node for beam in beams))


def _alternatives(beams: Sequence[_Beam], scores: Tensor, depth: int, most: int) -> list[Node]:
    """The likeliest tokens after each beginning; scores (beam, class)."""
    found = []
    for beam, row in zip(beams, scores):
        for token in ranked(row)[:most].tolist():
            step = row[token].item()
            found.append(Node(beam.node, token, depth, step, beam.total + step, kept=False))
    return found


def _onward(
    model: nn.Module, state: Any, parents: list[int], tokens: list[int]
) -> tuple[Tensor, Any]:
    """Read one token after each of the beginnings that stay."""
    return read_on(model, torch.tensor([tokens]), branches(state, torch.tensor(parents)))
