"""What is done to the network: a gate held, a unit silenced, a state patched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from core import Trace
from core.recording.signals import GATES
from explorer.address import chosen, publish
from explorer.lab.gates_network import keep_gate
from explorer.language import Texts

if TYPE_CHECKING:
    from core.gradients import Hold, Patch, Silence

ACTS = ("hold", "silence", "patch")
ALL = "all"
GATE_VALUES = tuple(f"{value / 20:.2f}" for value in range(21))
STATE_VALUES = tuple(f"{value / 10:.1f}" for value in range(-10, 11))
OPENING = {"forget_gate": "1.00", "update_gate": "0.95"}


@dataclass(frozen=True)
class Change:
    """An intervention in plain values; ``unit`` -1 means all, ``steps`` first and last.

    what: the gate that is held or the state that is patched.
    """

    act: str
    what: str
    value: float
    unit: int
    steps: tuple[int, int]
    layer: int

    def intervention(self, length: int) -> Hold | Patch | Silence:
        """The same for core.gradients; steps are left out where they are all there are."""
        from core.gradients import Hold, Patch, Silence

        first, last = self.steps
        whole = (first, last) == (0, length - 1)
        units = None if self.unit < 0 else [self.unit]
        steps = None if whole else list(range(first, last + 1))
        if self.act == "hold":
            return Hold(self.what, self.value, units=units, steps=steps, layer=self.layer)
        if self.act == "silence":
            return Silence(units=units, steps=steps, layer=self.layer)
        return Patch(self.what, self.value, units=units, steps=steps, layer=self.layer)


def choose_change(trace: Trace, texts: Texts) -> Change:
    """The controls above the picture, and what they say; all of it is in the address."""
    several = trace["hidden"].sizes["layer"] > 1
    places = st.columns([1.25, 1.1, 1.5, 0.8, 1.4] + [0.6] * several, vertical_alignment="bottom")
    with places[0]:
        act = _option("gates_act", ACTS, "hold", texts, "gates.act")
    with places[1]:
        what = _choose_what(act, trace, texts)
    with places[2]:
        value = 0.0 if act == "silence" else _choose_value(act, what, texts)
    with places[3]:
        unit = _choose_unit(act, trace, texts)
    with places[4]:
        steps = _choose_steps(act, trace.data.sizes["time"], texts)
    layer = trace["hidden"].sizes["layer"]
    if several:
        with places[5]:
            names = tuple(str(number + 1) for number in range(layer))
            layer = int(_option("gates_layer", names, names[-1], texts, "player.layer"))
    return Change(act, what, value, unit, steps, layer - 1)


def _own_gates(kind: str) -> tuple[str, ...]:
    """The gates that a cell learns. What follows from another gate, as the forgetting of a cell
    with coupled gates, is recorded too and cannot be held."""
    from core.cells import make_cell
    from core.gradients.runs import gate_rows

    return gate_rows(make_cell(kind, 1, 1))


def _choose_what(act: str, trace: Trace, texts: Texts) -> str:
    if act == "hold":
        own = _own_gates(str(trace.settings["kind"]))
        gates = tuple(gate for gate in (*GATES, "candidate") if gate in trace and gate in own)
        first = keep_gate(trace) if keep_gate(trace) in gates else gates[0]
        return _option("gates_gate", gates, first, texts, "gates.gate")
    states = ("hidden", "cell") if "cell" in trace else ("hidden",)
    if act == "silence":
        states = ("hidden",)
    return _option(f"gates_{act}_state", states, states[-1], texts, "gates.state")


def _choose_value(act: str, what: str, texts: Texts) -> float:
    signed = act == "patch" or what == "candidate"
    allowed = STATE_VALUES if signed else GATE_VALUES
    name = "gates_set" if signed else "gates_value"
    default = "0.0" if signed else OPENING.get(what, "1.00")
    chosen(name, default, allowed)
    st.select_slider(texts("gates.value"), allowed, key=name)
    value = st.session_state[name]
    publish(**{name: None if value == default else value})
    return float(value)


def _choose_unit(act: str, trace: Trace, texts: Texts) -> int:
    units = tuple(str(unit) for unit in range(trace["hidden"].sizes["unit"]))
    default = "0" if act == "silence" else ALL
    allowed = (ALL, *units)
    found = _option(f"gates_unit_{act}", allowed, default, texts, "gates.unit")
    return -1 if found == ALL else int(found)


def _choose_steps(act: str, length: int, texts: Texts) -> tuple[int, int]:
    """The first and last step, counted from 0: a range, or the one step of a patch."""
    if length == 1:
        return 0, 0
    single = act == "patch"
    name = "gates_at" if single else "gates_steps"
    default = str((length + 1) // 2) if single else ALL
    first, last = _parsed(chosen(name, default), length)
    slider = f"{name}_slider"
    st.session_state[slider] = first if single else (first, last)
    label = texts(f"gates.{'at' if single else 'steps'}")
    st.slider(label, 1, length, key=slider, on_change=_take_steps, args=(name, slider, length))
    told = st.session_state[name]
    publish(**{name: None if told == default else told})
    return first - 1, last - 1


def _take_steps(name: str, slider: str, length: int) -> None:
    """Write what the slider says in the words of the address."""
    picked = st.session_state[slider]
    told = str(picked) if isinstance(picked, int) else f"{picked[0]}-{picked[1]}"
    st.session_state[name] = ALL if told == f"1-{length}" else told


def _parsed(told: str, length: int) -> tuple[int, int]:
    """ "3-7" as (3, 7) and "5" as (5, 5), inside the text; what cannot be read is all of it."""
    parts = told.split("-")
    if len(parts) > 2 or not all(part.isascii() and part.isdigit() for part in parts):
        return 1, length
    ends = sorted(min(max(int(part[:6]), 1), length) for part in parts)
    return ends[0], ends[-1]


def _option(name: str, allowed: tuple[str, ...], default: str, texts: Texts, label: str) -> str:
    """One of a few, chosen in a list and kept in the address by its id."""
    names = {"gates_act": "gates.act_", "gates_gate": "player.signal_"}
    prefix = names.get(name, "player.signal_" if name.endswith("_state") else "")

    def shown(value: str) -> str:
        if value == ALL:
            return texts("gates.all_units")
        return texts(f"{prefix}{value}") if prefix else value

    chosen(name, default, allowed)
    st.selectbox(texts(label), allowed, format_func=shown, key=name)
    value = st.session_state[name]
    publish(**{name: None if value == default else value})
    return value
