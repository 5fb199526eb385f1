"""The stage of the translation page: encoder above, the decoder's runs below, one cursor."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from explorer.captions import Caption, Lead, percent, sentence, spoken
from explorer.gallery.translate_runs import Lane, Translated
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.payload import Arrays, pack
from explorer.players.spec import Layout, Panel, plain_spec

HEIGHT = 540


def translate_stage(
    found: Translated, ratio: float, texts: Texts, cursor: Mapping[str, Any], *, group: str
) -> bytes:
    """The pictures as bytes; the cursor runs through the source first and then through the
    answer, and its unit is the run of the decoder that is looked at."""
    caption = translate_caption(found, ratio, texts)
    panels = [caption_panel("a", caption), Panel("translator", "b", alt=spoken(caption))]
    layout = Layout("'a' 'b'", "minmax(0, 1fr)", "auto minmax(0, 1fr)", HEIGHT)
    fed = max((lane.fed for lane in found.lanes), key=len)
    spec = plain_spec(
        panels,
        layout,
        texts,
        group=group,
        tokens=[*found.source, *fed],
        units=len(found.lanes),
        cursor=cursor,
        extra={"translator": _described(found, ratio, texts)},
    )
    return pack(_arrays(found), spec)


def group_of(model_id: str, text: str) -> str:
    """A name for what is looked at, so that the cursor stays while only the help changes."""
    return hashlib.sha256(f"{model_id}\x1f{text}".encode()).hexdigest()[:16]


def translate_caption(found: Translated, ratio: float, texts: Texts) -> Caption:
    """What was written, whether it is right, and what the first mistake led to."""
    free, turn = found.free, len(found.source)
    said = Lead(free.answer or "∅", {"time": turn + len(free.said) - 1})
    chance = percent(float(np.prod(free.chance)))
    if found.truth is None:
        return sentence(texts("translate.caption_unknown"), answer=said, chance=chance)
    if not free.mistakes:
        return sentence(texts("translate.caption_right"), answer=said, chance=chance)
    first = free.right.index(False)
    values: dict[str, Any] = {
        "answer": said,
        "truth": found.truth,
        "first": Lead(str(first + 1), {"time": turn + first, "unit": 0}),
        "free": free.mistakes,
        "steps": len(free.said),
        "taught": found.lanes[-1].mistakes,
        "ratio": f"{ratio:.2f}",
    }
    return sentence(texts("translate.caption_wrong"), **values)


def _described(found: Translated, ratio: float, texts: Texts) -> dict[str, Any]:
    known = set(found.unknown)
    names = [texts("translate.lane_free"), texts("translate.lane_taught", ratio=f"{ratio:.2f}")]
    return {
        "source": list(found.source),
        "unknown": [step for step, token in enumerate(found.source) if token in known],
        "lanes": [
            {
                "label": name,
                "lines": _lines(lane, texts),
                "fed": lane.fed,
                "given": lane.given,
                "said": lane.said,
                "right": lane.right,
                "chance": lane.chance,
                "guesses": lane.guesses,
            }
            for name, lane in zip(names, found.lanes, strict=False)
        ],
    }


def _lines(lane: Lane, texts: Texts) -> list[str]:
    if lane.loss is None:
        return [lane.answer]
    mark = "✗" if lane.mistakes else "✓"
    return [f"{lane.answer} {mark}", texts("translate.lane_loss", loss=f"{lane.loss:.3f}")]


def _arrays(found: Translated) -> Arrays:
    arrays: Arrays = {"source": found.states.astype(np.float32)}
    for number, lane in enumerate(found.lanes):
        arrays[f"lane{number}"] = lane.states.astype(np.float32)
        if lane.attention is not None:
            arrays[f"attention{number}"] = lane.attention.astype(np.float32)
    return arrays
