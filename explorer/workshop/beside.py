"""Several runs reading the same text, side by side on one stage with one cursor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core import Trace
from core.recording.signals import FORWARD
from explorer.captions import Caption, reading_caption, spoken
from explorer.language import Texts
from explorer.pictures import HEIGHT, STARTS, caption_panel
from explorer.players.payload import pack, signal_arrays, similarity_orders
from explorer.players.spec import Layout, Panel, stage_spec

OWN = ("vocabulary", "unknown", "cell", "layers", "directions", "units")


def beside_stage(
    traces: Mapping[str, Trace], texts: Texts, cursor: Mapping[str, Any], *, group: str
) -> bytes:
    """Heatmaps and curves of every run, by its title; the first one's text above them.

    The first recording has the plain names, the others ``1/hidden`` and so on; what their specs
    have of their own is in ``parts`` (see assets/players/recording.js). The cursor goes through
    the layers that all of them have.

    Raises ValueError where they did not read equally many steps.
    """
    recordings = list(traces.values())
    lengths = {trace["hidden"].sizes["time"] for trace in recordings}
    if len(lengths) != 1:
        raise ValueError(f"The runs read {sorted(lengths)} steps; expected the same text in all.")
    said = beside_caption(traces, texts)
    columns = len(traces)
    panels = [
        caption_panel("a", said),
        Panel("text", "b", alt=spoken(said), options={"compact": True}),
    ]
    arrays: dict[str, np.ndarray] = {}
    specs = []
    for number, (title, trace) in enumerate(traces.items()):
        signals = [name for name in FORWARD if name in trace]
        own = signal_arrays(trace, [*signals, *STARTS]) | similarity_orders(trace, signals)
        arrays |= {_named(number, name): array for name, array in own.items()}
        alt = f"{title}: {spoken(reading_caption(trace, texts))}"
        options = {"signals": signals}
        panels.append(Panel("heatmap", f"h{number}", title, alt, options))
        panels.append(Panel("lines", f"l{number}", "", alt))
        specs.append(stage_spec(trace, (), LAYOUT, texts, cursor=cursor))
    rows = ["a", "b"], [f"h{n}" for n in range(columns)], [f"l{n}" for n in range(columns)]
    areas = [" ".join([name] * columns) for name in rows[0]] + [" ".join(row) for row in rows[1:]]
    layout = Layout(
        " ".join(f"'{area}'" for area in areas),
        " ".join(["minmax(0, 1fr)"] * columns),
        "auto 50px minmax(0, 1.6fr) minmax(0, 1fr)",
        HEIGHT,
    )
    spec = stage_spec(recordings[0], panels, layout, texts, cursor=cursor)
    for number, panel in enumerate(spec["panels"][2:]):
        if number >= 2:
            panel["part"] = str(number // 2)
    layers = min(one["layers"] for one in specs)
    return pack(
        arrays,
        spec
        | {
            "group": group,
            "layers": layers,
            "directions": min(one["directions"] for one in specs),
            "units": max(one["units"] for one in specs),
            "cursor": spec["cursor"] | {"layer": min(spec["cursor"]["layer"], layers - 1)},
            "parts": {
                str(number): {name: one[name] for name in OWN}
                for number, one in enumerate(specs)
                if number
            },
        },
    )


LAYOUT = Layout("", "", "", HEIGHT)


def beside_caption(traces: Mapping[str, Trace], texts: Texts) -> Caption:
    """What each of them expects of the text."""
    parts: Caption = []
    for title, trace in traces.items():
        parts += [texts("caption.gap")] if parts else []
        parts += [f"{title}: ", *reading_caption(trace, texts)]
    return parts


def _named(number: int, name: str) -> str:
    return f"{number}/{name}" if number else name
