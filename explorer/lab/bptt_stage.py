"""The stages about backpropagation through time: pictures, numbers and caption of each part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from explorer.captions import Caption, spoken
from explorer.lab.bptt_captions import CAPTIONS, depth_caption, parameter_caption
from explorer.lab.bptt_numbers import Itemised
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.payload import Arrays, pack
from explorer.players.spec import Layout, Panel, plain_spec

HEIGHT = 600
CHOICES = 44  # what the choices above the itemised sum take of it
ONCE = ("V", "b_y")  # parameters that stand behind the state: each loss meets them once
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
    spec = _rows_spec(PICTURES[part], caption, HEIGHT, numbers, texts, cursor, group)
    return pack(bptt_arrays(numbers), spec)


def sum_stage(
    parameter: str,
    mean: bool,
    numbers: Itemised,
    texts: Texts,
    cursor: Mapping[str, Any],
    *,
    group: str,
) -> bytes:
    """The itemised sum of one parameter, for the loss of one step or for the mean of all.

    Of the mean no chain is opened: each of its terms is a sum of chains, one a loss."""
    caption = parameter_caption(numbers, parameter, mean, texts)
    options = {"parameter": parameter, "once": parameter in ONCE, "mean": mean}
    rows = PICTURES["sum"][:1] if mean else PICTURES["sum"]
    height = HEIGHT - CHOICES
    spec = _rows_spec(rows, caption, height, numbers, texts, cursor, group, options)
    return pack(parameter_arrays(numbers, parameter, mean), spec)


def _rows_spec(
    rows: Sequence[tuple[str, str]],
    caption: Caption,
    height: int,
    numbers: Itemised,
    texts: Texts,
    cursor: Mapping[str, Any],
    group: str,
    options: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A caption above pictures, each in a row of its own."""
    pictures = [
        Panel(picture, area, alt=spoken(caption), options=options or {})
        for (picture, _), area in zip(rows, "bcd")
    ]
    heights = " ".join(height for _, height in rows)
    areas = " ".join(f"'{panel.area}'" for panel in pictures)
    last = numbers.steps - 1
    return plain_spec(
        [caption_panel("a", caption), *pictures],
        Layout(f"'a' {areas}", "minmax(0, 1fr)", f"auto {heights}", height),
        texts,
        group=group,
        tokens=numbers.tokens,
        units=numbers.steps,
        cursor={"time": max(last - 2, 0), "unit": last, "mode": "backward", **cursor},
        extra=_labels(texts),
    )


def parameter_arrays(numbers: Itemised, parameter: str, mean: bool) -> Arrays:
    """What assets/players/bptt_model.js reads of one parameter; for the mean its terms in every
    row, since there is but one loss."""
    terms = numbers.parameters[parameter]
    arrays = bptt_arrays(numbers)
    arrays["read"] = terms.read.astype(np.float32)
    shown = terms.mean_of(numbers.counted) if mean else terms
    totals = np.linalg.norm(shown.gradients, axis=(1, 2))
    shape = (numbers.steps, numbers.steps)
    arrays["term"] = np.broadcast_to(shown.sizes, shape).astype(np.float32)
    arrays["total"] = np.broadcast_to(totals, shape[:1]).astype(np.float32)
    if parameter in ONCE:
        errors = np.einsum("ttr->tr", terms.back)
        arrays["out"] = errors.astype(np.float32)
        arrays["slope"] = np.ones_like(arrays["out"])
        arrays["influence"] = np.diag(np.linalg.norm(errors, axis=1)).astype(np.float32)
    return arrays


def bptt_arrays(numbers: Itemised) -> Arrays:
    """What assets/players/bptt_model.js reads."""
    names = ("loss", "term", "influence", "total", "error", "cosine")
    matrices = ("out", "jacobian", "slope")
    arrays = {name: getattr(numbers, name).astype(np.float32) for name in (*names, *matrices)}
    arrays["read"] = numbers.before.astype(np.float32)  # what a copy of U reads
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
