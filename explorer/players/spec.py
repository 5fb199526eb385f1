"""What to show on a stage, in the words of assets/players (see stage.js)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core import Trace
from core.recording.wiring import wiring_of
from explorer.language import Texts
from explorer.players.payload import reads_on

Caption = Sequence[str | Mapping[str, Any]]


@dataclass(frozen=True)
class Panel:
    """One picture: its kind, its place in the grid, what it is called and says."""

    picture: str
    area: str
    label: str = ""
    alt: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """The grid of a stage, as CSS writes it, and the height of the whole in pixels."""

    areas: str
    columns: str
    rows: str
    height: int


def plain_spec(
    panels: Iterable[Panel],
    layout: Layout,
    texts: Texts,
    *,
    group: str,
    tokens: Sequence[str],
    units: int,
    cursor: Mapping[str, Any],
    play: bool = False,
    speed: float = 2,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The spec of a stage over ``tokens``, one a step; see assets/players/stage.js for its keys.

    units: how many things the cursor can choose from (hidden units, words).
    """
    cursor = {"time": len(tokens) - 1, "layer": 0, "direction": 0, "unit": 0, **cursor}
    mode = cursor.pop("mode", "forward")
    return {
        "group": group,
        "panels": [vars(panel) for panel in panels],
        "grid": {"areas": layout.areas, "columns": layout.columns, "rows": layout.rows},
        "height": layout.height,
        "tokens": list(tokens),
        "vocabulary": [],
        "unknown": [],
        "layers": 1,
        "directions": 1,
        "steps": len(tokens),
        "units": units,
        "cursor": cursor,
        "mode": mode if mode in ("forward", "backward") else "forward",
        "play": play,
        "speed": speed,
        "loop": play,
        "text": dict(texts.section("player")),
        **(extra or {}),
    }


def stage_spec(
    trace: Trace,
    panels: Iterable[Panel],
    layout: Layout,
    texts: Texts,
    *,
    cursor: Mapping[str, Any],
    unknown: Sequence[int] = (),
    play: bool = False,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The spec of a stage that shows a recording."""
    hidden = trace["hidden"]
    settings = trace.settings
    layers = hidden.sizes["layer"]
    recorded = {
        "vocabulary": _classes(trace),
        "unknown": list(unknown),
        "reads_on": reads_on(trace),
        "cell": {
            "kind": settings.get("kind"),
            "activation": settings.get("activation", "tanh"),
            "output_activation": settings.get("output_activation", "softmax"),
            **wiring_of(trace)._asdict(),
        },
        "layers": layers,
        "directions": hidden.sizes["direction"],
    }
    return plain_spec(
        panels,
        layout,
        texts,
        group=group_of(trace),
        tokens=trace.tokens or [str(step + 1) for step in range(hidden.sizes["time"])],
        units=hidden.shape[-1],
        cursor={"layer": layers - 1, "signal": "hidden", **cursor},
        play=play,
        extra={**recorded, **(extra or {})},
    )


def group_of(trace: Trace) -> str:
    """A name for one recording: pictures of the same recording share one cursor."""
    settings = trace.settings
    parts = [str(settings.get(key)) for key in ("model", "module", "kind", "loss_at")]
    words = "\x1f".join([*parts, *(trace.tokens or [])])
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _classes(trace: Trace) -> list[str]:
    if "class" not in trace.data.coords:
        return []
    return [str(token) for token in trace.data["class"].values.tolist()]
