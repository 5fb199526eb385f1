"""The networks that can write, and what they write: made once for all who choose the same."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from core import Trace
from explorer.models import Card, available, network_of
from explorer.shared import shared
from explorer.workshop.opened import applied_at
from explorer.workshop.shelf import run_cards

if TYPE_CHECKING:
    from torch import nn

    from core.generation import Filters, Tree, Written
    from core.networks import Vocabulary

WRITING = ("", "next-character", "next-word")  # what a card's network may be for
SHOWN = 8  # continuations of each beginning that a tree remembers
_ALONE = threading.Lock()


@dataclass(frozen=True)
class Writer:
    """A network that goes on with a text.

    split: a text as tokens that put together again give it back. words: whether they are words.
    """

    id: str
    model: nn.Module
    vocabulary: Vocabulary
    split: Callable[[str], list[str]] = field(repr=False)
    words: bool

    def encode(self, text: str) -> list[int]:
        """The ids of the tokens of ``text``."""
        return self.vocabulary.encode(self.split(text))


def writers() -> dict[str, Card]:
    """Every network of this session, and every run of the workshop, that predicts the next token
    and reads forwards only."""
    return {
        card.id: card
        for card in (available() | run_cards()).values()
        if card.application in WRITING and not card.recorded and not card.bidirectional
    }


def writer_of(card: Card, updates: int = 0) -> Writer:
    """The network of ``card``, of a run as it was after so many updates, ready to write."""
    import torch

    torch.set_num_threads(1)  # for networks of this size several threads only wait
    return _writer(f"{card.id}@{updates}", card, updates)


@shared
def _writer(writer_id: str, _card: Card, _updates: int) -> Writer:
    from core.applications.text import NextToken, NextWord
    from core.networks.model_file import TextModel

    network = applied_at(_card.id, _updates) if _card.updates else network_of(_card)
    # A copy: the pages that record watch the modules themselves, and all sessions share them.
    model = copy.deepcopy(network.model).eval()
    if isinstance(network, TextModel):
        return Writer(writer_id, model, network.vocabulary, list, words=False)
    text = cast(NextToken, network.application)  # a card says what its network is for
    return Writer(writer_id, model, text.vocabulary, text.split, words=isinstance(text, NextWord))


def written(
    writer: Writer,
    prompt: Sequence[int],
    length: int,
    filters: Filters,
    *,
    seed: int = 0,
    kept: Sequence[int] = (),
) -> Written:
    """What the network writes; see ``core.generation.write``."""
    return _written(writer.id, tuple(prompt), length, filters, seed, tuple(kept), writer)


@shared
def _written(
    writer_id: str,
    prompt: tuple[int, ...],
    length: int,
    filters: Filters,
    seed: int,
    kept: tuple[int, ...],
    _writer: Writer,
) -> Written:
    from core.generation import write

    with _ALONE:
        return write(_writer.model, prompt, length, filters, seed=seed, kept=kept)


def searched(writer: Writer, prompt: Sequence[int], length: int, width: int) -> Tree:
    """The likeliest texts; see ``core.generation.beam_search``."""
    return _searched(writer.id, tuple(prompt), length, width, writer)


@shared
def _searched(
    writer_id: str, prompt: tuple[int, ...], length: int, width: int, _writer: Writer
) -> Tree:
    from core.generation import beam_search

    with _ALONE:
        return beam_search(_writer.model, prompt, length, width, shown=SHOWN)


def states_of(writer: Writer, ids: Sequence[int], tokens: Sequence[str]) -> Trace:
    """The recording of the network reading all that was given and written."""
    return _states(writer.id, tuple(ids), tuple(tokens), writer)


@shared
def _states(
    writer_id: str, ids: tuple[int, ...], tokens: tuple[str, ...], _writer: Writer
) -> Trace:
    import torch

    from core import record

    with _ALONE:
        (trace,) = record(
            _writer.model,
            torch.tensor(ids).unsqueeze(1),
            tokens=list(tokens),
            settings={"model": writer_id},
        ).values()
    return trace
