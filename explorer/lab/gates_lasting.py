"""How long does a unit remember? What its gate says, against what a disturbance shows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from core import Trace
from core.gradients.memory import half_life, memory_of
from explorer.address import chosen, publish
from explorer.charts.lab_gates import lasting_figure, left_figure
from explorer.lab.gates_network import keep_gate, network_of, runs_again
from explorer.language import Texts
from explorer.shared import shared
from explorer.sidebar import Choice, plain
from explorer.words.pictures import draw, is_dark

SHORTEST = 0.1  # a half-life below this is drawn here
SHORTEST_TEXT = 4  # there is a step to choose, and something to read after it


class Lasting(NamedTuple):
    """The top layer after a disturbance at one step.

    gate, here, measured: half-lives by the gate's mean over the text, by the gates from here on,
    and as measured (unit,); own, whole: what is left (gap, unit); kept: the product
    of the gates since the disturbance (gap, unit).
    """

    gate: np.ndarray
    here: np.ndarray
    measured: np.ndarray
    own: np.ndarray
    whole: np.ndarray
    kept: np.ndarray


@st.fragment
def show(choice: Choice, trace: Trace, texts: Texts) -> None:
    """Draw the part of the page; the controls rerun nothing but this."""
    if not runs_again(choice, texts):
        return
    steps = trace.data.sizes["time"]
    if steps < SHORTEST_TEXT:
        st.info(texts("gates.too_short"))
        return
    left, right, _ = st.columns([2, 1, 1.5], vertical_alignment="bottom")
    with left:
        at = _choose_number("gates_from", texts("gates.disturbed"), 1, steps - 2, steps // 3)
    with right:
        units = trace["hidden"].sizes["unit"]
        found = lasting_of(choice.card.id, choice.text, at - 1, choice, trace)
        unit = _choose_number(
            "gates_watch", texts("gates.watched"), 0, units - 1, _telling(found), box=True
        )
    said = lasting_caption(found, unit, at, trace, texts)
    st.caption(said)
    gate = texts(f"player.signal_{keep_gate(trace)}").lower()
    dark = is_dark()
    first, second = st.columns(2)
    with first:
        halves = (found.gate, found.measured)
        draw(lasting_figure(*halves, unit, steps - at, gate, texts, dark=dark), "lasting", said)
    with second:
        own, kept, whole = found.own[:, unit], found.kept[:, unit], found.whole[:, unit]
        draw(left_figure(own, kept, whole, unit, gate, texts, dark=dark), "left", said)


def _telling(found: Lasting) -> int:
    """A unit to begin with: one that lasts, and whose disturbance is seen most in the others."""
    elsewhere = np.nanmean(np.abs(found.whole - np.abs(found.own)), axis=0)
    return int(np.argmax(np.where(found.gate >= min(2, found.gate.max()), elsewhere, -1)))


def _choose_number(
    name: str, label: str, low: int, high: int, default: int, *, box: bool = False
) -> int:
    """A whole number with a slider or in a box; kept in the address."""
    told = chosen(name, str(default))
    number = int(told) if told.isascii() and told.isdigit() and len(told) < 6 else default
    widget = f"{name}_widget"
    st.session_state[widget] = min(max(number, low), high)
    control = st.number_input if box else st.slider
    control(label, low, high, key=widget, on_change=_take_number, args=(name, widget))
    found = st.session_state[widget]
    publish(**{name: None if found == default else str(found)})
    return found


def _take_number(name: str, widget: str) -> None:
    st.session_state[name] = str(st.session_state[widget])


@shared
def lasting_of(card_id: str, text: str, step: int, _choice: Choice, _trace: Trace) -> Lasting:
    """Disturb every unit of memory after ``step`` and see what is left of it."""
    import torch

    from core.gradients import recall

    torch.set_num_threads(1)
    model = network_of(_choice.card)
    with torch.no_grad():
        inputs = model.model.embed(model.encode(text))
    found = recall(model.model.rnn, inputs, step=step).isel(layer=-1, direction=0)
    left = len(inputs) - step
    keep = memory_of(_trace).keep.values[-1, 0, step + 1 :, 0].astype(float)
    kept = np.concatenate((np.ones((1, keep.shape[1])), np.cumprod(keep, axis=0)))
    return Lasting(
        half_life(_trace).values[-1, 0],
        np.apply_along_axis(half_of, 0, kept),
        found["half_life"].values,
        found["own"].values[:left],
        found["whole"].values[:left],
        kept,
    )


def half_of(left: np.ndarray) -> float:
    """The gap at which ``left``, 1 at gap 0, first falls to one half; inf where it never does."""
    below = np.flatnonzero(left <= 0.5)
    if not len(below):
        return np.inf
    after = below[0]
    if left[after] == 0:
        return float(after)
    before, now = np.log(left[after - 1]), np.log(left[after])
    return float(after - 1 + (before - np.log(0.5)) / (before - now))


def lasting_caption(found: Lasting, unit: int, at: int, trace: Trace, texts: Texts) -> str:
    """How well the gate foretells the measurement, for all units and for one."""
    from scipy.stats import spearmanr

    limit = len(found.own)
    gate, here, measured = (np.clip(values, SHORTEST, limit) for values in found[:3])

    def rank(values: np.ndarray) -> str:
        varied = np.ptp(values) > 0 and np.ptp(measured) > 0
        return f"{spearmanr(values, measured).statistic:.2f}" if varied else "–"

    token = (trace.tokens or [])[at - 1 : at]
    said = texts(
        "gates.lasting_caption",
        rank=rank(gate),
        rank_here=rank(here),
        near=int(((measured / here < 2) & (here / measured < 2)).sum()),
        units=len(gate),
        longer=int((measured / here >= 2).sum()),
        shorter=int((here / measured >= 2).sum()),
        unit=unit,
        mean=f"{0.5 ** (1 / max(found.gate[unit], 1e-9)):.3g}",
        by_gate=steps_of(found.gate[unit], limit, texts),
        by_here=steps_of(found.here[unit], limit, texts),
        shown=steps_of(found.measured[unit], limit, texts),
        at=at,
        token="".join(token),
    )
    return plain(said)


def steps_of(half: float, limit: int, texts: Texts) -> str:
    """A half-life in words; one beyond the text is only known to be longer."""
    if half >= limit:
        return texts("gates.beyond", steps=limit)
    return f"{half:.1f}"
