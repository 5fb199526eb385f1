"""One network of every kind that can be chosen, as a reader would bring it onto a page."""

from __future__ import annotations

from pathlib import Path

import torch
from streamlit.testing.v1 import AppTest
from torch import nn

from core.training.gallery.shelf import FOLDER
from explorer.models import gallery, shipped
from explorer.workshop.shelf import run_cards
from tests.explorer.uploads import model_file, recorded, recording_file

Bring = dict[str, object]


def known_cards() -> list[str]:
    """The ids of every network that needs no file."""
    return [*shipped(), *gallery(), *run_cards()]


def one_of_each_kind() -> list[str]:
    """Of the networks that need no file, one for each purpose, cell and way of reading."""
    found: dict[tuple[object, ...], str] = {}
    for card in (shipped() | gallery() | run_cards()).values():
        shape = (card.layers > 1, card.bidirectional, card.attention, bool(card.updates))
        found.setdefault((card.application, card.cell, *shape), card.id)
    return list(found.values())


def own_files(folder: Path) -> dict[str, bytes]:
    """Files of every kind that can be opened, by what they are."""
    torch.manual_seed(5)
    return {
        "own lstm": model_file(folder, cell="lstm", info={"example": "abcab"}),
        "own elman": model_file(folder, cell="elman", info={"example": "abcab"}),
        "own tagger": (FOLDER / "tickets-lstm.safetensors").read_bytes(),
        "own translator": (FOLDER / "dates-gru.safetensors").read_bytes(),
        "recorded lstm": recording_file(recorded(nn.LSTM, loss=True)),
        "recorded gru": recording_file(recorded(nn.GRU, num_layers=2, bidirectional=True)),
        "recorded rnn": recording_file(recorded(nn.RNN, steps=1)),
    }


def give(app: AppTest, data: bytes) -> str:
    """Open a file on a recording page; the id of the card comes back."""
    app.file_uploader(key="file").set_value(("own.safetensors", data, "application/octet-stream"))
    app.run()
    return app.session_state["model"]
