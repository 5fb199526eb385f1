"""Which way does the gradient come back: along the memory, or through gates and hidden state?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import xarray as xr

from core import Trace
from core.gradients.memory import memory_of
from explorer.captions import Caption, Lead, sentence, spoken
from explorer.exports import offer_exports
from explorer.lab.gates_network import memory_name, paths_of, runs_again, shares
from explorer.lab.gates_words import little, signed_share
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, group_of, stage_spec
from explorer.players.stage import opening_cursor, show_stage
from explorer.scaffold import payload_of, unknown_steps
from explorer.sidebar import Choice

HEIGHT = 606


def show(choice: Choice, trace: Trace, texts: Texts) -> None:
    """Draw the part of the page."""
    if not runs_again(choice, texts):
        return
    paths = paths_of(choice.card.id, choice.text, choice.loss_at, choice, trace)
    group = group_of(trace)
    halfway = trace.data.sizes["time"] // 2
    start = {"time": halfway, **opening_cursor("gates", group), "mode": "backward"}
    draw = partial(paths_stage, trace, paths, texts, start)
    payload = payload_of("gates-paths", choice, texts, start, draw)
    show_stage(payload, group=group, key="stage-paths")
    offer_exports(trace, payload, choice, texts, "gates")


def paths_stage(
    trace: Trace, paths: xr.DataArray, texts: Texts, cursor: Mapping[str, Any]
) -> bytes:
    """The text, the size of each path over time, and its share of the whole."""
    top = paths.isel(layer=-1, direction=0)
    names = [path_label(str(name), trace, texts) for name in paths["path"].values]
    norms = np.linalg.norm(top.values, axis=-1)
    whole = np.linalg.norm(top.sum("path").values, axis=-1)
    caption = paths_caption(trace, paths, texts)
    alt = spoken(caption)
    curves = [{"name": "whole", "label": texts("gates.whole"), "log": True}]
    curves += [
        {"name": str(path), "label": name, "log": True}
        for path, name in zip(paths["path"].values, names, strict=True)
    ]
    memory = texts(f"player.signal_{memory_name(trace)}").lower()
    stack = {"names": names, "first": 1, "percent": True, "formula": "paths"}
    panels = [
        caption_panel("a", caption),
        Panel("text", "b", alt=alt, options={"compact": True}),
        Panel("curves", "c", texts("gates.paths_sizes", memory=memory), alt, {"curves": curves}),
        Panel("ledger", "d", texts("gates.paths_shares"), alt, stack),
    ]
    rows = "auto 50px minmax(0, 1.15fr) minmax(0, 1fr)"
    layout = Layout("'a' 'b' 'c' 'd'", "1fr", rows, HEIGHT)
    spec = stage_spec(
        trace,
        panels,
        layout,
        texts,
        cursor=cursor,
        unknown=unknown_steps(trace),
        extra={"two_way": True},
    )
    arrays = {f"curve.{path}": norm for path, norm in zip(paths["path"].values, norms, strict=True)}
    arrays |= {"curve.whole": whole, "parts": shares(paths)[-1, 0]}
    plain = {name: values.astype(np.float32) for name, values in arrays.items()}
    return pack(plain, spec)


def path_label(path: str, trace: Trace, texts: Texts) -> str:
    """What a path is called: the highway by what it is made of, the others by their gate."""
    if path == "highway":
        return texts(f"gates.highway_{memory_name(trace)}")
    return texts("gates.through", gate=texts(f"player.signal_{path}").lower())


def paths_caption(trace: Trace, paths: xr.DataArray, texts: Texts) -> Caption:
    """What the gates let through halfway, and the weightiest path at the start, with its sign."""
    parts = shares(paths)[-1, 0]
    halfway = len(parts) // 2
    kept = kept_since(trace, halfway)
    largest = int(np.abs(parts[0]).argmax())
    return sentence(
        texts("gates.paths_caption"),
        back=Lead(texts("caption.steps", number=len(parts) - 1 - halfway), {"time": halfway}),
        kept=little(float(np.median(kept))),
        most=little(float(kept.max())),
        share=signed_share(float(parts[halfway, 0])),
        first=Lead(texts("gates.first_step"), {"time": 0}),
        name=path_label(str(paths["path"].values[largest]), trace, texts),
        largest=signed_share(float(parts[0, largest])),
        effect=texts("gates.paths_cancels" if parts[0, largest] < 0 else "gates.paths_adds"),
        error=f"{addition_error(trace, paths):.0e}",
    )


def kept_since(trace: Trace, step: int) -> np.ndarray:
    """What the keep gates let through from ``step`` to the end: their product, (unit,)."""
    keep = memory_of(trace).keep.values[-1, 0, :, 0].astype(float)
    return np.prod(keep[step + 1 :], axis=0)


def addition_error(trace: Trace, paths: xr.DataArray) -> float:
    """The largest difference between the sum of the parts and the recorded gradient, as a share
    of its largest value."""
    recorded = trace[f"grad_{memory_name(trace)}"].values[:, :, :, 0]
    summed = paths.sum("path").transpose("layer", "direction", "time", "unit").values
    return float(np.abs(recorded - summed).max() / max(np.abs(recorded).max(), 1e-300))
