"""The stage of each page: which pictures stand where, and what they are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core import Trace
from core.recording.signals import FORWARD
from core.recording.wiring import wiring_of
from explorer.captions import (
    Caption,
    activity_caption,
    broken_caption,
    gradient_caption,
    order_caption,
    proof_caption,
    reading_caption,
    saturation_caption,
    spoken,
)
from explorer.language import Texts
from explorer.players.payload import (
    gradient_norms,
    pack,
    predictions,
    signal_arrays,
    similarity_orders,
)
from explorer.players.spec import Layout, Panel, stage_spec

STARTS = ("initial_hidden", "initial_cell", "initial_output")
HEIGHT = 630  # with the navigation and the heading it fills 1280x800


def home_stage(trace: Trace, texts: Texts, cursor: Mapping[str, Any]) -> bytes:
    """A network reading a word, unrolled, above its hidden state over time."""
    caption = [texts("home.lead"), texts("caption.gap"), *reading_caption(trace, texts)]
    label = texts("player.signal_hidden")
    options = {"signals": ["hidden"], "static": True}
    panels = [
        caption_panel("a", caption),
        Panel("graph", "b", alt=spoken(caption)),
        Panel("heatmap", "c", label, spoken(caption), options),
    ]
    layout = Layout("'a' 'b' 'c'", "1fr", "auto minmax(0, 2fr) minmax(0, 1fr)", 580)
    spec = stage_spec(trace, panels, layout, texts, cursor={"time": 0, **cursor}, play=True)
    arrays = signal_arrays(trace, _of_graph(trace)) | gradient_norms(trace)
    return pack(arrays | predictions(trace), spec)


def cell_stage(trace: Trace, texts: Texts, cursor: Mapping[str, Any], **more: Any) -> bytes:
    """One step of the cell with its wiring and formulas, under the text that it reads."""
    gap = texts("caption.gap")
    said = [*broken_caption(trace, texts), *reading_caption(trace, texts)]
    caption = [*said, gap, *proof_caption(trace, texts)]
    panels = [
        caption_panel("a", caption),
        Panel("text", "b", alt=spoken(caption), options={"compact": True}),
        Panel("cell", "c", alt=spoken(caption)),
    ]
    layout = Layout("'a' 'b' 'c'", "1fr", "auto 56px minmax(0, 1fr)", HEIGHT + 20)
    spec = stage_spec(trace, panels, layout, texts, cursor=cursor, **more)
    return pack(signal_arrays(trace, _of_cell(trace)) | predictions(trace), spec)


def unrolled_stage(trace: Trace, texts: Texts, cursor: Mapping[str, Any], **more: Any) -> bytes:
    """The network over the whole sequence, forwards and backwards."""
    caption = [*broken_caption(trace, texts), *reading_caption(trace, texts)]
    if "grad_hidden" in trace:
        before = texts("caption.gap") + texts("caption.gradient")
        caption = [*caption, before, *gradient_caption(trace, texts)]
    panels = [
        caption_panel("a", caption),
        Panel("graph", "b", alt=spoken(caption)),
    ]
    layout = Layout("'a' 'b'", "1fr", "auto minmax(0, 1fr)", HEIGHT)
    spec = stage_spec(trace, panels, layout, texts, cursor=cursor, **more)
    arrays = signal_arrays(trace, _of_graph(trace)) | gradient_norms(trace)
    return pack(arrays | predictions(trace), spec)


def states_stage(trace: Trace, texts: Texts, cursor: Mapping[str, Any], **more: Any) -> bytes:
    """Text, heatmap of any signal and curves of chosen units, over the same steps."""
    signals = [name for name in FORWARD if name in trace]
    caption = [
        *broken_caption(trace, texts),
        *activity_caption(trace, texts),
        texts("caption.gap"),
        *saturation_caption(trace, texts),
        *order_caption(trace, texts),
    ]
    alt = spoken(caption)
    panels = [
        caption_panel("a", caption),
        Panel("text", "b", alt=spoken(reading_caption(trace, texts))),
        Panel("heatmap", "c", alt=alt, options={"signals": signals}),
        Panel("lines", "d", alt=alt),
    ]
    rows = "auto minmax(64px, auto) minmax(0, 1.7fr) minmax(0, 1fr)"
    layout = Layout("'a' 'b' 'c' 'd'", "1fr", rows, HEIGHT)
    spec = stage_spec(trace, panels, layout, texts, cursor=cursor, **more)
    arrays = signal_arrays(trace, [*signals, *STARTS])
    return pack(arrays | similarity_orders(trace, signals), spec)


def gradients_stage(
    traces: Mapping[str, Trace],
    shown: str,
    texts: Texts,
    cursor: Mapping[str, Any],
    **more: Any,
) -> bytes:
    """Norm of the gradient over time for several networks on one text, by their labels."""
    series, arrays = [], {}
    for number, (label, trace) in enumerate(traces.items()):
        found = gradient_norms(trace)
        signals = [signal.removesuffix("_norm") for signal in found]
        for signal, norms in zip(signals, found.values(), strict=True):
            arrays[f"norms.s{number}.{signal}"] = norms[:, 0]
        series.append({"id": f"s{number}", "label": label, "signals": signals})
    verdicts = {label: spoken(gradient_caption(trace, texts)) for label, trace in traces.items()}
    alt = " ".join(f"{label}: {verdict}" for label, verdict in verdicts.items())
    trace = traces[shown]
    panels = [
        caption_panel(
            "a", [f"{shown}: ", *broken_caption(trace, texts), *gradient_caption(trace, texts)]
        ),
        Panel("norms", "b", alt=alt, options={"verdicts": list(verdicts.values())}),
    ]
    layout = Layout("'a' 'b'", "1fr", "auto minmax(0, 1fr)", HEIGHT)
    extra = {"series": series}
    spec = stage_spec(trace, panels, layout, texts, cursor=cursor, extra=extra, **more)
    return pack(arrays | signal_arrays(trace, ["hidden"]) | gradient_norms(trace), spec)


def caption_panel(area: str, caption: Caption) -> Panel:
    """The computed sentence above the pictures."""
    parts = [part if isinstance(part, str) else vars(part) for part in caption]
    return Panel("caption", area, alt=spoken(caption), options={"parts": parts})


def _of_graph(trace: Trace) -> list[str]:
    """The states between which the unrolled graph draws its arrows."""
    return list(dict.fromkeys(["hidden", *wiring_of(trace).states, *STARTS]))


def _of_cell(trace: Trace) -> list[str]:
    """Everything recorded but gradients and predictions: what the wiring shows."""
    return [name for name in trace.signals if not name.startswith("grad_") and name != "prediction"]
