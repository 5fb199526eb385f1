"""The runs as cards, read without torch: every page that offers networks lists them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from explorer.models import Card
from explorer.shared import shared
from explorer.workshop.store import SHIPPED, runs_folder

PREFIX = "run:"
FEED_FORWARD = ("convolution", "perceptron")


def run_cards() -> dict[str, Card]:
    """Every run with something to look into, by the id of its card: one's own, the newest first,
    then the ready-made ones. Damaged ones are left out."""
    cards = (card_in(folder) for folder in _folders())
    return {card.id: card for card in cards if card is not None}


def card_in(folder: Path) -> Card | None:
    """The card of the run in ``folder``; None where there is nothing to look into."""
    return _card(folder, _changed(folder / "settings.json"), _changed(folder / "checkpoints"))


def _folders() -> Iterator[Path]:
    for place, newest_first in ((runs_folder(), True), (SHIPPED, False)):
        found = (path.parent for path in place.glob("*/settings.json"))
        yield from sorted(
            (folder for folder in found if not folder.name.startswith(".")), reverse=newest_first
        )


@shared
def _card(folder: Path, settings_changed: int, checkpoints_changed: int) -> Card | None:
    try:
        settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
        return _made(folder, settings)
    except (OSError, ValueError, KeyError, TypeError):  # the workshop says what is wrong with it
        return None


def _made(folder: Path, settings: dict[str, Any]) -> Card | None:
    architecture = settings["architecture"]
    found = (folder / "checkpoints").glob("step-*.safetensors")
    updates = sorted(int(path.stem[5:]) for path in found if path.stem[5:].isdecimal())
    if not updates or architecture["cell"] in FEED_FORWARD:
        return None
    return Card(
        id=PREFIX + folder.name,
        cell=str(architecture["cell"]),
        corpus=PREFIX + folder.name,
        units=int(architecture["hidden_size"]),
        layers=int(architecture["num_layers"]),
        application=str(settings["application"]),
        bidirectional=bool(architecture["bidirectional"]),
        attention=bool(architecture["attention"]),
        updates=tuple(updates),
        title=str(settings["title"]) or folder.name,
    )


def _changed(path: Path) -> int:
    """Something that differs once the file, or what is in the folder, has changed."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
