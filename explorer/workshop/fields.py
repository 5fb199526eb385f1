"""The settings of a new run as fields of a form; every choice is in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from explorer.address import chosen, publish
from explorer.workshop.tasks import OFFERS, Offer

FIRST = "adding"
CLIPS = ("0", "0.1", "0.25", "0.5", "1", "2", "5")
RATES = ("0.0001", "0.0003", "0.001", "0.002", "0.003", "0.005", "0.01", "0.03", "0.1", "0.3", "1")
DROPOUTS = ("0", "0.1", "0.2", "0.3", "0.5")
FORCINGS = ("1", "0.75", "0.5", "0.25", "0")
SCALES = ("0.1", "0.5", "1", "2", "4", "8")
OPTIMIZERS = ("adamw", "adam", "sgd", "rmsprop")
NONLINEARITIES = ("tanh", "relu")
PREFIX = "w_"


@dataclass(frozen=True)
class Range:
    """A whole number with its limits."""

    low: int
    high: int


NUMBERS: dict[str, Range] = {
    "delay": Range(2, 1000),
    "units": Range(1, 1024),
    "layers": Range(1, 8),
    "embedding": Range(0, 512),
    "steps": Range(1, 1_000_000),
    "batch": Range(1, 1024),
    "unroll": Range(2, 1000),
    "seed": Range(0, 999_999),
}
CHOICES: dict[str, tuple[str, ...]] = {
    "rate": RATES,
    "clip": CLIPS,
    "dropout": DROPOUTS,
    "optimizer": OPTIMIZERS,
    "scale": SCALES,
    "forcing": FORCINGS,
    "nonlinearity": NONLINEARITIES,
}


def start_values(offer: Offer) -> dict[str, Any]:
    """What the fields hold when a task has just been chosen."""
    return {
        "cell": offer.cell,
        "delay": 10,
        "units": offer.units,
        "layers": 1,
        "both": False,
        "attention": False,
        "nonlinearity": "tanh",
        "code": False,
        "batch_first": False,
        "forcing": "1",
        "embedding": offer.embedding,
        "dropout": "0",
        "optimizer": "adamw",
        "rate": next(rate for rate in RATES if float(rate) >= offer.rate),
        "clip": "1",
        "unroll": offer.unroll,
        "steps": offer.steps,
        "batch": offer.batch,
        "seed": 0,
        "scale": "1",
        "title": "",
    }


def chosen_offer() -> Offer:
    """The task of this session or of the address."""
    return OFFERS[chosen(f"{PREFIX}task", FIRST, OFFERS)]


def take_up(offer: Offer, cells: tuple[str, ...]) -> None:
    """Fill the fields: from this session, else the address, else with the task's own values."""
    for name, start in start_values(offer).items():
        key = PREFIX + name
        value = _allowed(name, chosen(key, str(start)), start, cells)
        st.session_state[key] = st.session_state["choices"][key] = value


def begin_anew() -> None:
    """Called when another task was chosen: its own values, but the reader's seed."""
    for name, start in start_values(OFFERS[st.session_state[f"{PREFIX}task"]]).items():
        if name != "seed":
            st.session_state[PREFIX + name] = st.session_state["choices"][PREFIX + name] = start


def field(name: str) -> Any:
    """What a field holds."""
    return st.session_state[PREFIX + name]


def publish_fields(offer: Offer) -> None:
    """Write what differs from the task's own values into the address."""
    start = start_values(offer)
    values = {name: field(name) for name in start}
    shown = {
        PREFIX + name: None if value == start[name] else str(value)
        for name, value in values.items()
    }
    publish(w_task=offer.id if offer.id != FIRST else None, **shown)


def _allowed(name: str, value: Any, start: Any, cells: tuple[str, ...]) -> Any:
    """``value`` as the field takes it; the task's own where an address holds nonsense."""
    if name in NUMBERS:
        limits = NUMBERS[name]
        text = str(value)
        fits = text.isascii() and text.isdigit() and len(text) < 9
        return int(text) if fits and limits.low <= int(text) <= limits.high else start
    if isinstance(start, bool):
        return str(value) == "True"
    if name == "cell":
        return value if value in cells else (start if start in cells else cells[0])
    if name in CHOICES:
        return value if value in CHOICES[name] else start
    return str(value)[:100]
