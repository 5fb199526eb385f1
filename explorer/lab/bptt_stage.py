"""The stages about backpropagation through time: pictures, numbers and caption of each part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from explorer.captions import spoken
from explorer.lab.bptt_captions import CAPTIONS, depth_caption
from explorer.lab.bptt_numbers import Itemised
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.payload import Arrays, pack
from explorer.players.spec import Layout, Panel, plain_spec

HEIGHT = 600
# Which pictures a part has, each in a row of its own, and how the rows share the height.
PICTURES = {
    "sum": (("terms", "minmax(0, 1fr)"), ("chain", "246px")),
    "map": (("influence", "minmax(0, 1fr)"),),
    "copies": (("copies", "minmax(0, 1fr)"),),
    "cut": (("cut", "minmax(0, 1fr)"),),
}


def part_stage(
    part: str, numbers: Itemised, texts: Texts, cursor: Mapping[str, Any], *, group: str
) -> bytes:
    """The stage of every part but the last. The cursor's time is the copy k, its unit the loss t,
    and its pinned number how many copies truncation keeps, less one."""
    caption = CAPTIONS[part](numbers, texts)
    pictures = [
        Panel(picture, area, alt=spoken(caption))
        for (picture, _), area in zip(PICTURES[part], "bcd")
    ]
    rows = " ".join(row for _, row in PICTURES[part])
    areas = " ".join(f"'{panel.area}'" for panel in pictures)
    last = numbers.steps - 1
    spec = plain_spec(
        [caption_panel("a", caption), *pictures],
        Layout(f"'a' {areas}", "minmax(0, 1fr)", f"auto {rows}", HEIGHT),
        texts,
        group=group,
        tokens=numbers.tokens,
        units=numbers.steps,
        cursor={"time": max(last - 2, 0), "unit": last, "mode": "backward", **cursor},
        extra=_labels(texts),
    )
    return pack(bptt_arrays(numbers), spec)


def bptt_arrays(numbers: Itemised) -> Arrays:
    """What assets/players/bptt_model.js reads."""
    names = ("loss", "term", "influence", "total", "error", "cosine")
    matrices = ("out", "jacobian", "slope", "before")
    arrays = {name: getattr(numbers, name).astype(np.float32) for name in (*names, *matrices)}
    # the colour scale of gradients is found by this name
    return arrays | {"grad_influence": arrays["influence"]}


def depth_stage(
    powers: np.ndarray,
    tokens: Sequence[str],
    size: tuple[int, int],
    texts: Texts,
    cursor: Mapping[str, Any],
    *,
    group: str,
) -> bytes:
    """One layer forward beside all the layers backward.

    powers (layer,): the gradient's norm as a power of ten. size: how many units and weights.
    """
    caption = depth_caption(powers, texts)
    units, weights = size
    forward = texts("bptt.depth_forward", units=units, weights=weights)
    panels = [
        caption_panel("a", caption),
        Panel("depth", "b", alt=spoken(caption), options={"forward": forward}),
    ]
    spec = plain_spec(
        panels,
        Layout("'a' 'b'", "minmax(0, 1fr)", "auto minmax(0, 1fr)", HEIGHT),
        texts,
        group=group,
        tokens=tokens,
        units=1,
        cursor={"time": len(powers) // 2, "mode": "backward", **cursor},
        speed=32,
        extra=_labels(texts),
    )
    return pack({"depth": powers.astype(np.float32)}, spec)


def _labels(texts: Texts) -> dict[str, Any]:
    """On these pages the play bar moves k, and both ways make sense."""
    labels = {**texts.section("player"), "position": texts("bptt.position")}
    return {"text": labels, "two_way": True}
