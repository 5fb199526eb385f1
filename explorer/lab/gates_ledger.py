"""Which word is still in memory? The ledger of the cell state over the text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from core import Trace
from core.gradients.memory import memory_ledger, memory_of
from core.recording.signals import FORWARD
from explorer.address import chosen, publish
from explorer.captions import Caption, Lead, percent, sentence, spoken
from explorer.exports import offer_exports
from explorer.lab.gates_network import keep_gate, memory_name
from explorer.lab.gates_words import words_of
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.payload import Arrays, pack, signal_arrays
from explorer.players.spec import Layout, Panel, group_of, stage_spec
from explorer.players.stage import opening_cursor, show_stage
from explorer.scaffold import payload_of, unknown_steps
from explorer.sidebar import Choice

HEIGHT = 566
VIEWS = ("whole", "unit")
HELD = 0.01  # a word that still makes up this share of the memory is still in it


def show(choice: Choice, trace: Trace, texts: Texts) -> None:
    """Draw the part of the page."""
    view = _choose_view(texts)
    group = group_of(trace)
    start = {**opening_cursor("gates", group), "signal": keep_gate(trace)}
    draw = partial(ledger_stage, trace, texts, start, view=view)
    payload = payload_of(f"gates-ledger-{view}", choice, texts, start, draw)
    show_stage(payload, group=group, key="stage-ledger")
    offer_exports(trace, payload, choice, texts, "gates")


def _choose_view(texts: Texts) -> str:
    chosen("gates_view", "whole", VIEWS)
    st.segmented_control(
        texts("gates.view"),
        VIEWS,
        format_func=lambda view: texts(f"gates.view_{view}"),
        key="gates_view",
        required=True,
        label_visibility="collapsed",
    )
    view = st.session_state["gates_view"]
    publish(gates_view=None if view == "whole" else view)
    return view


def ledger_stage(trace: Trace, texts: Texts, cursor: Mapping[str, Any], *, view: str) -> bytes:
    """The stack over the text, the text as it is held, and a unit's gate."""
    tokens = trace.tokens or [str(step + 1) for step in range(trace["hidden"].sizes["time"])]
    groups, words = words_of(tokens)
    whole = view == "whole"
    caption = ledger_caption(trace, texts)
    alt = spoken(caption)
    options = {
        "groups": [*groups, len(words)],
        "names": [*words, texts("gates.before_text")],
        "whole": whole,
        "percent": whole,
        "formula": "shares" if whole else "memory",
    }
    label = texts(f"gates.ledger_{view}", memory=texts(f"player.signal_{memory_name(trace)}"))
    panels = [
        caption_panel("a", caption),
        Panel("ledger", "b", label, alt, options),
        Panel("ledger-text", "c", texts("gates.still_held"), alt, options),
        Panel("lines", "d", alt=alt),
    ]
    rows = "auto minmax(0, 2fr) minmax(64px, 0.8fr) minmax(0, 1fr)"
    layout = Layout("'a' 'b' 'c' 'd'", "1fr", rows, HEIGHT)
    unknown = unknown_steps(trace)
    spec = stage_spec(trace, panels, layout, texts, cursor=cursor, unknown=unknown)
    signals = [name for name in FORWARD if name in trace]
    return pack(signal_arrays(trace, signals) | account_arrays(trace), spec)


def account_arrays(trace: Trace) -> Arrays:
    """What the browser makes the ledger of: (layer, direction, time, unit), and the start."""
    memory = memory_of(trace)
    start = trace[f"initial_{memory.state}"].values[0, :, :, 0]
    return {
        "keep": memory.keep.values[:, :, :, 0].astype(np.float32),
        "written": memory.written.values[:, :, :, 0].astype(np.float32),
        "initial_start": start.astype(np.float32),
    }


def held_at_end(trace: Trace) -> np.ndarray:
    """The share of the top layer's memory after the last step that each step wrote: (time,)."""
    last = memory_ledger(trace)["left"].isel(layer=-1, direction=0, batch=0, time=-1)
    sizes = abs(last).sum("unit").values
    return sizes / max(float(sizes.sum()), 1e-300)


def ledger_caption(trace: Trace, texts: Texts) -> Caption:
    """Which word holds most of the memory at the end, the oldest one left, and how old half is."""
    shares = held_at_end(trace)
    tokens = trace.tokens or [str(step + 1) for step in range(len(shares))]
    groups, words = words_of(tokens)
    by_word = np.bincount(groups, weights=shares, minlength=len(words))
    first_step = [groups.index(word) for word in range(len(words))]

    def word(number: int) -> Lead:
        quoted = texts("caption.quoted", token=words[number])
        return Lead(quoted, {"time": first_step[number]})

    most = int(by_word.argmax())
    oldest = int(np.flatnonzero(by_word >= min(HELD, by_word.max()))[0])
    age = int(np.searchsorted(np.cumsum(shares[::-1]), 0.5)) + 1
    back = len(shares) - first_step[oldest] - 1
    return sentence(
        texts("gates.ledger_caption"),
        most=word(most),
        share=percent(by_word[most]),
        age=texts("caption.step" if age == 1 else "caption.steps", number=age),
        oldest=word(oldest),
        held=percent(by_word[oldest]),
        back=texts("caption.step" if back == 1 else "caption.steps", number=back),
    )
