"""Files that a reader opens: models, networks of the gallery's kind, and recordings."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from core import Trace
from explorer.belongings import NoRoomError
from explorer.models import PARTS, Card
from explorer.reader import keep_own

if TYPE_CHECKING:
    import torch

    from core.applications import Applied
    from core.networks.model_file import TextModel

    Taken = tuple[Card, Trace | TextModel | Applied, int]
    """What a file holds: how it is offered, itself, and how many bytes it takes."""


class UploadError(ValueError):
    """An uploaded file that is neither a model nor a recording; the message says why."""


def upload(name: str, data: bytes) -> Card:
    """Take in a model or a recording and offer it to this reader under its own id.

    Raises UploadError, saying what came, what was expected and what to do.
    """
    digest = hashlib.sha256(data).hexdigest()[:12]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.safetensors"
        path.write_bytes(data)
        problems = []
        for take_in in (_take_recording, _take_model, _take_application):
            try:
                card, content, size = take_in(path, Path(name).stem[:40], digest)
            except ValueError as error:
                problems.append(str(error))
            else:
                _keep(card, content, max(size, len(data)))
                return card
    raise UploadError(problems[_relevant(data)].replace("upload.safetensors", name))


def _take_recording(path: Path, name: str, digest: str) -> Taken:
    trace = Trace.load(path)
    card_id = f"recording-{digest}"
    hidden = trace["hidden"]
    card = Card(
        id=card_id,
        cell=str(trace.settings.get("kind", "elman")),
        corpus=name,
        units=hidden.shape[-1],
        layers=hidden.sizes["layer"],
        recorded=True,
    )
    return card, trace, trace.data.nbytes


def _take_model(path: Path, name: str, digest: str) -> Taken:
    from core.networks.model_file import load_model

    model = load_model(path)
    card_id = f"model-{digest}"
    settings = model.model.settings
    known = "".join(model.vocabulary.tokens)
    card = Card(
        id=card_id,
        cell=settings.cell,
        corpus=name,
        units=settings.hidden_size,
        layers=settings.num_layers,
        examples=(str(model.info.get("example", known[:40])),),
    )
    return card, model, _bytes_of(model.model)


def _take_application(path: Path, name: str, digest: str) -> Taken:
    from core.applications import load_applied

    applied = load_applied(path)
    architecture, application = applied.architecture, applied.application
    if not architecture.recurrent:
        raise ValueError(
            f"{path.name} holds a {architecture.cell}, which carries no state; expected a "
            "recurrent network. Open one trained with another cell."
        )
    card_id = f"application-{digest}"
    card = Card(
        id=card_id,
        cell=architecture.cell,
        corpus=name,
        units=architecture.hidden_size,
        layers=architecture.num_layers,
        examples=application.examples,
        application=application.name,
        bidirectional=architecture.bidirectional,
        attention=architecture.attention,
        parts=PARTS.get(application.shape, ()),
    )
    return card, applied, _bytes_of(applied.model)


def _keep(card: Card, content: Trace | TextModel | Applied, size: int) -> None:
    """Give the file to the reader. Raises UploadError where there is no room for it."""
    try:
        keep_own("network", card.id, (card, content), size)
    except NoRoomError as error:
        raise UploadError(str(error)) from error


def _bytes_of(network: torch.nn.Module) -> int:
    return sum(weights.nbytes for weights in network.parameters())


def _relevant(data: bytes) -> int:
    """Which explanation fits: a file that says it is a model failed as one."""
    kinds = (b"unrolled-model", b"unrolled-application")
    return next((place for place, kind in enumerate(kinds, 1) if kind in data[:4096]), 0)
