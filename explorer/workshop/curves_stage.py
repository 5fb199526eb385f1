"""The curves of runs on one stage: loss, score, gradient and clipping over the updates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from explorer.captions import Caption, Lead, percent, sentence, spoken
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, plain_spec

HEIGHT = 535
MOST_POINTS = 400
HELD = ("validation_loss", "score")  # measured now and then: held until the next measurement
Metrics = Sequence[Mapping[str, Any]]


def curves_stage(
    metrics: Metrics,
    steps: int,
    texts: Texts,
    *,
    group: str,
    metric: str,
    log: bool = False,
    live: bool = False,
) -> bytes:
    """The curves of one run.

    metrics: the lines of its curve, one at least. metric: what the score is called.
    live: whether it goes on; then the cursor stays at the newest point.
    """
    lines = thinned(metrics)
    caption = run_caption(metrics, steps, texts)
    alt = spoken(caption)
    gradient = [_curve("gradient_norm", texts, log=log), _curve("clipped", texts, "right")]
    panels = [
        caption_panel("a", caption),
        Panel("curves", "b", texts("workshop.loss"), alt, {"curves": [
            _curve("loss", texts, log=log), _curve("validation_loss", texts, log=log)]}),
        Panel("curves", "c", texts("workshop.gradient"), alt, {"curves": gradient}),
        Panel("curves", "d", texts("workshop.score"), alt, {"curves": [
            {"name": "score", "label": metric}, _curve("learning_rate", texts, "right")]}),
    ]  # fmt: skip
    layout = Layout("'a a' 'b b' 'c d'", "1fr 1fr", "auto minmax(0, 1.3fr) minmax(0, 1fr)", HEIGHT)
    names = ("loss", "validation_loss", "score", "gradient_norm", "clipped", "learning_rate")
    arrays = {f"curve.{name}": values_of(lines, name) for name in names}
    return pack(arrays, _spec(lines, panels, layout, texts, group, live))


def overlay_stage(
    runs: Mapping[str, Metrics], texts: Texts, *, group: str, name: str, log: bool
) -> bytes:
    """One curve of several runs over the updates, by their titles."""
    updates = sorted({line["step"] for metrics in runs.values() for line in metrics})
    updates = [updates[place] for place in _places(len(updates))]
    arrays, curves = {}, []
    for number, (title, metrics) in enumerate(runs.items()):
        arrays[f"curve.r{number}"] = at_updates(metrics, name, updates)
        curves.append({"name": f"r{number}", "label": title, "log": log})
    caption = overlay_caption(runs, name, texts)
    panels = [
        caption_panel("a", caption),
        Panel("curves", "b", alt=spoken(caption), options={"curves": curves}),
    ]
    layout = Layout("'a' 'b'", "1fr", "auto minmax(0, 1fr)", 360)
    lines = [{"step": step} for step in updates]
    return pack(arrays, _spec(lines, panels, layout, texts, group, False))


def values_of(lines: Metrics, name: str) -> np.ndarray:
    """One curve, (point,); what is only measured now and then is held until the next time."""
    values = np.array(
        [math.nan if line[name] is None else line[name] for line in lines], dtype=np.float32
    )
    if name in HELD:
        seen = np.maximum.accumulate(np.where(np.isnan(values), -1, np.arange(len(values))))
        values = np.where(seen >= 0, values[np.maximum(seen, 0)], np.nan).astype(np.float32)
    return values


def at_updates(metrics: Metrics, name: str, updates: Sequence[int]) -> np.ndarray:
    """The curve of one run at these updates: its newest value until then; NaN before the first
    and after the last point."""
    steps = np.array([line["step"] for line in metrics])
    values = values_of(metrics, name)
    places = np.searchsorted(steps, updates, side="right") - 1
    inside = (places >= 0) & (np.array(updates) <= steps[-1])
    return np.where(inside, values[np.maximum(places, 0)], np.nan).astype(np.float32)


def thinned(metrics: Metrics) -> list[Mapping[str, Any]]:
    """At most so many points as can be told apart; measurements on held-out data stay in."""
    if len(metrics) <= MOST_POINTS:
        return list(metrics)
    places = set(_places(len(metrics)))
    measured = [at for at, line in enumerate(metrics) if line["validation_loss"] is not None]
    places |= set(measured if len(measured) <= MOST_POINTS else ())
    return [metrics[place] for place in sorted(places)]


def run_caption(metrics: Metrics, steps: int, texts: Texts) -> Caption:
    """How far it is, and what was reached."""
    shown = thinned(metrics)
    place = {line["step"]: at for at, line in enumerate(shown)}
    last = metrics[-1]
    caption = sentence(
        texts("workshop.curve_caption"), step=f"{last['step']:,}", steps=f"{steps:,}",
        loss=f"{last['loss']:.3f}",
    )  # fmt: skip
    measured = [line for line in metrics if line["validation_loss"] is not None]
    if measured:
        best = min(measured, key=lambda line: line["validation_loss"])
        lead = (
            Lead(f"{best['step']:,}", {"time": place[best["step"]]})
            if (best["step"] in place)
            else f"{best['step']:,}"
        )
        caption += [texts("caption.gap")]
        caption += sentence(
            texts("workshop.curve_best"), loss=f"{best['validation_loss']:.3f}", step=lead
        )
    # a line speaks of the updates since the line before; a stop or an end makes one shorter
    updates = np.diff([line["step"] for line in metrics], prepend=0)
    clipped = float(np.average([line["clipped"] for line in metrics], weights=updates))
    caption += [texts("caption.gap")]
    return caption + sentence(texts("workshop.curve_clipped_share"), share=percent(clipped))


def overlay_caption(runs: Mapping[str, Metrics], name: str, texts: Texts) -> Caption:
    """Where each of the runs ended."""
    parts: Caption = []
    for title, metrics in runs.items():
        values = [line[name] for line in metrics if line[name] is not None]
        if not values:
            continue
        parts += [texts("caption.joint")] if parts else []
        parts += sentence(texts("workshop.ended"), title=title, value=f"{values[-1]:.3f}")
    return [*parts, texts("caption.stop")]


def _curve(name: str, texts: Texts, axis: str = "left", *, log: bool = False) -> dict[str, Any]:
    return {"name": name, "label": texts(f"workshop.curve_{name}"), "axis": axis, "log": log}


def _spec(
    lines: Metrics, panels: list[Panel], layout: Layout, texts: Texts, group: str, live: bool
) -> dict[str, Any]:
    extra: dict[str, Any] = {
        "text": {
            **texts.section("player"),
            "position": texts("workshop.curve_position"),
            "scrubber": texts("workshop.curve_scrubber"),
        }
    }
    if live:
        extra["goto"] = {"id": str(lines[-1]["step"]), "cursor": {"time": len(lines) - 1}}
    return plain_spec(
        panels,
        layout,
        texts,
        group=group,
        tokens=[str(line["step"]) for line in lines],
        units=1,
        cursor={},
        speed=16,
        extra=extra,
    )


def _places(count: int) -> list[int]:
    return sorted(set(np.linspace(0, count - 1, min(count, MOST_POINTS)).astype(int).tolist()))
