"""Hold a gate, silence a unit, patch a state: the network before and after, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
import xarray as xr

from core import Trace
from core.recording.signals import FORWARD
from explorer.captions import Caption, Lead, percent, sentence, spoken
from explorer.lab.gates_change import Change, choose_change
from explorer.lab.gates_network import loss_of, memory_name, network_of, runs_again, targets_of
from explorer.lab.gates_words import little
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.payload import Arrays, pack, signal_arrays, target_probability
from explorer.players.spec import Layout, Panel, group_of, stage_spec
from explorer.players.stage import opening_cursor, show_stage
from explorer.scaffold import unknown_steps
from explorer.shared import shared
from explorer.sidebar import Choice

HEIGHT = 524


@st.fragment
def show(choice: Choice, trace: Trace, texts: Texts) -> None:
    """Draw the part of the page; a control reruns nothing but this."""
    if not runs_again(choice, texts):
        return
    change = choose_change(trace, texts)
    after = after_of(choice.card.id, choice.text, choice.loss_at, change, choice, trace)
    group = group_of(trace)
    start = {"time": trace.data.sizes["time"] // 2, **opening_cursor("gates", group)}
    draw = partial(hold_stage, trace, after, change, texts, start)
    payload = _payload(choice, change, texts.language, tuple(sorted(start.items())), draw)
    show_stage(payload, group=group, key="stage-hold")


@shared
def after_of(
    card_id: str, text: str, loss_at: str, change: Change, _choice: Choice, _before: Trace
) -> Trace:
    """The recording of the same text under the change, with gradients of the same loss."""
    import torch

    from core.gradients import Hold, intervened
    from core.gradients.held_weights import held_throughout

    torch.set_num_threads(1)
    model = network_of(_choice.card)
    targets = targets_of(model, _before, text)
    place = change.intervention(len(targets))
    ids = model.encode(text)
    network = model.model
    fused = isinstance(network.rnn, torch.nn.RNNBase)
    if fused and isinstance(place, Hold) and place.steps is None:
        # ten times faster than step by step, and the same numbers
        return _recorded(held_throughout(network, place), ids, targets, loss_at, _before)
    with intervened(network, place) as opened:
        return _recorded(opened, ids, targets, loss_at, _before)


def _recorded(network: Any, ids: Any, targets: Any, loss_at: str, before: Trace) -> Trace:
    import torch

    from core import record

    logits = []

    def loss(output: tuple) -> torch.Tensor:
        logits.append(output[0].detach())
        return loss_of(output[0], targets, loss_at)

    (trace,) = record(network, ids, loss=loss, tokens=before.tokens).values()
    probabilities = torch.softmax(logits[0], dim=-1).numpy()
    data = trace.data.assign(prediction=(("time", "batch", "class"), probabilities))
    return Trace.of(data.assign_coords({"class": before.data["class"].values}))


@shared
def _payload(
    choice: Choice, change: Change, language: str, start: tuple, _draw: partial[bytes]
) -> bytes:
    return _draw()


def hold_stage(
    before: Trace, after: Trace, change: Change, texts: Texts, cursor: Mapping[str, Any]
) -> bytes:
    """States side by side, gradients and predictions over one another."""
    caption = hold_caption(before, after, change, texts)
    alt = spoken(caption)
    signals = [name for name in FORWARD if name in before and name != "output"]
    memory = texts(f"player.signal_{memory_name(before)}").lower()
    pair = [("before", texts("player.twins_before")), ("after", texts("player.twins_after"))]
    gradients = [{"name": f"grad_{name}", "label": label, "log": True} for name, label in pair]
    right = [{"name": f"right_{name}", "label": label} for name, label in pair]
    panels = [
        caption_panel("a", caption),
        Panel("twins", "b", alt=alt, options={"signals": signals}),
        Panel("curves", "c", texts("gates.gradient_of", memory=memory), alt, {"curves": gradients}),
        Panel("curves", "d", texts("gates.right"), alt, {"curves": right}),
        Panel("guesses", "e", alt=alt),
    ]
    layout = Layout(
        "'a a a' 'b b b' 'c d e'",
        "minmax(0, 1.15fr) minmax(0, 1.15fr) minmax(0, 1fr)",
        "auto minmax(0, 1.1fr) minmax(0, 1fr)",
        HEIGHT,
    )
    unknown = unknown_steps(before)
    spec = stage_spec(before, panels, layout, texts, cursor=cursor, unknown=unknown)
    return pack(_arrays(before, after, signals), spec)


def _arrays(before: Trace, after: Trace, signals: list[str]) -> Arrays:
    arrays = signal_arrays(before, signals)
    arrays |= {f"after.{name}": values for name, values in signal_arrays(after, signals).items()}
    for prefix, name, trace in (("", "before", before), ("after.", "after", after)):
        arrays[f"{prefix}probability"] = trace["prediction"].values[:, 0].astype(np.float32)
        arrays[f"curve.grad_{name}"] = memory_gradient(trace).astype(np.float32)
        arrays[f"curve.right_{name}"] = target_probability(trace).astype(np.float32)
    return arrays


def memory_gradient(trace: Trace) -> np.ndarray:
    """The size of the gradient for the top layer's memory, (time,)."""
    gradient: xr.DataArray = trace[f"grad_{memory_name(trace)}"]
    return np.linalg.norm(gradient.values[-1, 0, :, 0].astype(float), axis=-1)


def hold_caption(before: Trace, after: Trace, change: Change, texts: Texts) -> Caption:
    """What the change did to the predictions and to the gradient at the first step."""
    right = [float(np.nanmean(_known(target_probability(trace)))) for trace in (before, after)]
    guesses = [trace["prediction"].values[:, 0].argmax(-1) for trace in (before, after)]
    changed = np.flatnonzero(guesses[0] != guesses[1])
    first = Lead(texts("gates.first_step"), {"time": 0})
    reach = [_reach(memory_gradient(trace)) for trace in (before, after)]
    found = sentence(
        texts("gates.hold_caption"),
        change=describe(change, texts),
        before=percent(right[0]),
        after=percent(right[1]),
        changed=len(changed),
        steps=len(guesses[0]),
        first=first,
        reach_before=reach[0],
        reach_after=reach[1],
    )
    if not len(changed):
        return found
    where = Lead(texts("gates.first_change"), {"time": int(changed[0])})
    return [*found, texts("caption.gap"), where, texts("caption.stop")]


def describe(change: Change, texts: Texts) -> str:
    """The change in a few words."""
    units = texts("gates.all_units") if change.unit < 0 else str(change.unit)
    unit = units if change.unit < 0 else texts("player.unit_number", unit=change.unit)
    what = texts(f"player.signal_{change.what}").lower()
    value = f"{change.value:g}".replace("-", "−")
    at = change.steps[0] + 1
    return texts(f"gates.did_{change.act}", what=what, value=value, unit=unit.lower(), at=at)


def _known(values: np.ndarray) -> np.ndarray:
    return values if np.isfinite(values).any() else np.zeros(1)


def _reach(norms: np.ndarray) -> str:
    """The first norm as a share of the last."""
    if not np.isfinite(norms).all() or norms[-1] == 0:
        return "–"
    ratio = norms[0] / norms[-1]
    return little(float(ratio)) if ratio < 10 else f"×{ratio:.3g}"
