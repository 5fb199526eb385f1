"""Take it home: the recording, its numbers, a page that plays by itself, and the code."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from core import Trace
from core.recording.table import ROW, over_units
from core.recording.trace_file import trace_bytes
from explorer.file_button import file_button
from explorer.language import Texts
from explorer.models import MAX_STEPS, Card, gallery, shipped
from explorer.players.page import standalone_page
from explorer.sidebar import Choice
from explorer.workshop.opened import run_of

if TYPE_CHECKING:
    import xarray as xr

SCRIPT = '''"""{title}

{how}
"""

from core.networks.model_file import load_model
from core.recording import read_text

model = load_model({model})
trace = read_text(model, {text}, loss_at={loss_at})

print(trace.data)                            # every signal, with named dimensions
print(trace["hidden"].sel(layer=0).shape)    # (direction, time, batch, unit)
print("proof:", trace.proof)                 # largest difference from torch's own output
trace.save("recording.safetensors")          # Trace.load(...) opens it without torch
'''

APPLICATION_SCRIPT = '''"""{title}

{how}
"""

from core.applications import load_applied

network = load_applied({model})
print(network.answer({text}))

for name, trace in network.read({text}, loss_at={loss_at}).items():
    print(name, trace.data)                  # every signal, with named dimensions
    print("proof:", trace.proof)             # largest difference from torch's own output
    trace.save(name.replace(".", "-") + ".safetensors")
'''


def offer_exports(trace: Trace, payload: bytes, choice: Choice, texts: Texts, page: str) -> None:
    """The export menu in the sidebar; each file is made when it is asked for."""
    title = texts("export.title", page=texts(f"nav.{page}"))
    name = choice.card.id.replace(":", "-")
    with st.sidebar, st.popover(texts("export.button"), width="stretch"):
        _button(texts, "recording", f"{name}.safetensors", lambda: trace_bytes(trace.data))
        _button(texts, "numbers", f"{name}.csv", lambda: numbers_csv(trace))
        _button(
            texts,
            "page",
            f"{name}-{page}.html",
            lambda: standalone_page(payload, title=title, language=texts.language).encode(),
        )
        if not choice.card.recorded:
            _button(texts, "code", f"{name}.py", lambda: script(choice, title, texts).encode())


def numbers_csv(trace: Trace) -> bytes:
    """One row for each layer, direction, step, sequence and unit, with a byte order mark for Excel.

    An output that is narrower or wider than the states fills the rows of its own units. Tokens are
    in quotation marks, so that no spreadsheet takes one for a formula.
    """
    frame = _rows(trace).to_dataframe(dim_order=list(ROW)).reset_index()
    for name in ("token", "guess"):
        if name in frame:
            frame[name] = [json.dumps(token, ensure_ascii=False) for token in frame[name]]
    return ("\ufeff" + frame.to_csv(index=False)).encode("utf-8")


def _rows(trace: Trace) -> xr.Dataset:
    """Every signal over the same units, and the first guess after each step."""
    rows = over_units(trace.data)
    if "prediction" not in trace:
        return rows
    best = trace["prediction"].argmax("class")
    guesses = trace["class"][best].drop_vars("class")
    return rows.assign(guess=guesses, guess_probability=trace["prediction"].max("class"))


def script(choice: Choice, title: str, texts: Texts) -> str:
    """Python that makes the same recording, to be run in the project's folder."""
    card = choice.card
    shipped_path = f"assets/models/{card.id}.safetensors"
    own = card.id not in shipped() and card.id not in gallery()
    return (APPLICATION_SCRIPT if card.application else SCRIPT).format(
        title=title.replace("\\", "").replace('"', "'"),
        how=texts("export.code_how"),
        model=repr(_file_of(card) if own else shipped_path),
        text=repr(choice.text[:MAX_STEPS]),
        loss_at=repr(choice.loss_at),
    )


def _file_of(card: Card) -> str:
    """The file of the reader's own network: of a run, its newest checkpoint."""
    if not card.updates:
        return f"{card.corpus}.safetensors"
    return f"{run_of(card.id).folder}/checkpoints/step-{card.updates[-1]:08d}.safetensors"


def _button(texts: Texts, kind: str, name: str, make: Callable[[], bytes]) -> None:
    file_button(
        texts(f"export.{kind}"),
        name,
        make,
        key=f"export-{kind}",
        note=texts(f"export.{kind}_help"),
    )
