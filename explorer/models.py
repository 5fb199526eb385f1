"""The networks that can be looked into: shipped ones, and what the reader opens."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import Trace
from core.training.gallery.shelf import FOLDER, find_gallery_model, gallery_models
from core.training.shelf import find_shipped, shipped_models
from explorer import libraries
from explorer.once import once
from explorer.reader import own
from explorer.shared import shared

if TYPE_CHECKING:
    from core.applications import Applied
    from core.networks.model_file import TextModel

MAX_STEPS = 300  # characters of a text that the pages show
_READING = threading.Lock()
PARTS = {"out-of-step": ("encoder", "decoder")}  # the recurrent modules of each shape
SIDE_BY_SIDE = ("elman", "jordan", "lstm", "gru")  # the variants are compared on their own page


@dataclass(frozen=True)
class Card:
    """What the pages need to know of a network before it is loaded.

    recorded: a recording without its network, which cannot read another text.
    application: what the network is for, where it does not just read on; see
        core.applications. language: of its inputs, where they have one. parts: its recurrent
        modules, where there are several. updates: of a run of the workshop, how many updates
        of the weights each of its checkpoints has behind it. title: what a run is called.
    """

    id: str
    cell: str
    corpus: str
    units: int
    layers: int
    examples: tuple[str, ...] = ()
    recorded: bool = False
    application: str = ""
    language: str = ""
    bidirectional: bool = False
    attention: bool = False
    parts: tuple[str, ...] = ()
    updates: tuple[int, ...] = ()
    title: str = ""

    @property
    def reads_on(self) -> bool:
        """Whether it is a network that reads a text on, character by character, and no more."""
        return not (self.recorded or self.application)


@once
def shipped() -> dict[str, Card]:
    """The networks in assets/models, by id, in the order in which they are offered."""
    return {
        model.id: Card(
            id=model.id,
            cell=model.cell,
            corpus=model.corpus,
            units=model.units,
            layers=model.layers,
            examples=model.examples,
        )
        for model in shipped_models()
    }


@once
def gallery() -> dict[str, Card]:
    """The recurrent networks of the gallery, by id."""
    return {
        model.id: Card(
            id=model.id,
            cell=model.cell,
            corpus=model.application,
            units=model.units,
            layers=model.layers,
            examples=model.examples,
            application=model.application,
            language=model.language,
            bidirectional=model.bidirectional,
            attention=model.attention,
            parts=PARTS.get(model.shape, ()),
        )
        for model in gallery_models()
        if model.recurrent
    }


def available() -> dict[str, Card]:
    """Shipped networks, those of the gallery, then what this reader has opened."""
    opened = {card_id: card for card_id, (card, _) in own("network").items()}
    return shipped() | gallery() | opened


def siblings(card: Card) -> list[Card]:
    """The shipped networks trained on the same corpus with one layer, one for each plain cell.

    A reader's own network has none, whatever its file is called.
    """
    shelf = gallery() if card.application else shipped()
    if card.id not in shelf:
        return []
    return [
        other
        for other in shelf.values()
        if (other.corpus, other.language) == (card.corpus, card.language)
        and other.layers == 1
        and (other.cell in SIDE_BY_SIDE or other.id == card.id)
    ]


@shared
def load(card_id: str) -> TextModel:
    """The network itself; imports torch."""
    libraries.load("torch")
    from core.networks.model_file import load_model

    return load_model(find_shipped(card_id).path)


@shared
def load_applied(card_id: str) -> Applied:
    """A network of the gallery with what it is for; imports torch."""
    libraries.load("torch")
    from core.applications import load_applied

    return load_applied(FOLDER / find_gallery_model(card_id).file)


def network_of(card: Card) -> TextModel | Applied:
    """The network of a card, with what it is for where it has a purpose of its own."""
    return _applied(card.id) if card.application else text_model(card.id)


@shared
def read_applied(card_id: str, text: str, loss_at: str) -> dict[str, Trace]:
    """The recordings of a gallery network at work on ``text``, by recurrent module.

    Raises ValueError for a text that cannot be its input.
    """
    libraries.load("torch")
    import torch

    torch.set_num_threads(1)
    with _READING:
        return _applied(card_id).read(text, loss_at=loss_at)


@shared
def read(card_id: str, text: str, loss_at: str) -> Trace:
    """The recording of a network reading ``text``, with every part and with gradients."""
    libraries.load("torch")
    import torch

    from core.recording import read_text

    # For networks and texts of this size several threads only wait for each other: one took 7 ms
    # of processor time where two took 120. The number belongs to the calling thread.
    torch.set_num_threads(1)
    # A recording watches the modules themselves, and all sessions share them.
    with _READING:
        trace = read_text(text_model(card_id), text, loss_at=loss_at)
    _ = trace.data  # made here, once for all, and counted where the bytes of the cache are
    return trace


@shared
def shipped_recording(card_id: str) -> Trace:
    """The recording shipped with a network: there at once, without torch."""
    return Trace.load(find_shipped(card_id).recording)


def uploaded_recording(card_id: str) -> Trace:
    """The recording that this reader has opened under ``card_id``."""
    return own("network")[card_id][1]


def text_model(card_id: str) -> TextModel:
    """A network that reads on, character by character: the reader's own, or a shipped one."""
    opened = own("network")
    return opened[card_id][1] if card_id in opened else load(card_id)


def _applied(card_id: str) -> Applied:
    opened = own("network")
    return opened[card_id][1] if card_id in opened else load_applied(card_id)
