"""The writing as it goes: the text, what might have come instead, and the states meanwhile."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from core import Trace
from explorer.captions import Caption, Lead, percent, sentence, spoken, visible
from explorer.gallery.common import open_links
from explorer.gallery.generate_settings import Wish, keep_writing
from explorer.gallery.generate_writer import states_of, written
from explorer.language import Texts
from explorer.models import MAX_STEPS
from explorer.pictures import STARTS, caption_panel
from explorer.players.payload import Arrays, pack, signal_arrays, similarity_orders
from explorer.players.spec import Layout, Panel, stage_spec
from explorer.players.stage import follow_stage, opening_cursor

if TYPE_CHECKING:
    from core.generation import Written

HEIGHT = 604
SHOWN = 12
SIGNALS = ("hidden", "cell", "output")


def show(wish: Wish, texts: Texts) -> None:
    """Draw the part of the page."""
    done = written(
        wish.writer, wish.prompt, wish.length, wish.filters, seed=wish.seed, kept=wish.kept
    )
    tokens = wish.whole(done.ids.tolist())
    trace = states_of(wish.writer, done.ids.tolist(), tokens)
    group = _group(wish)
    start = {"time": done.start - 1, **opening_cursor("generate", group)}
    payload = _payload(wish, done, trace, texts, start, group)
    _stage(wish, done, payload, group)
    open_links(wish.card.id, "".join(tokens)[:MAX_STEPS], texts)


@st.fragment
def _stage(wish: Wish, done: Written, payload: bytes, group: str) -> None:
    """The stage; a candidate that the reader chose becomes part of what must be kept."""
    cursor = follow_stage(payload, group=group, key="stage-generate")
    pick = cursor.get("pick")
    if not pick or pick == st.session_state.get("g_pick"):
        return
    st.session_state["g_pick"] = pick
    chosen = picked(pick, done)
    if chosen is not None:
        keep_writing(wish.whole([*wish.prompt, *chosen])[len(wish.prompt) :])
        st.rerun()


def picked(pick: object, done: Written) -> list[int] | None:
    """What must be kept after the reader chose "number:time:token": all that was written up to
    this step, then the token. None for a choice that cannot be made."""
    parts = str(pick).split(":")
    if len(parts) != 3 or not all(part.isdecimal() and part.isascii() for part in parts[1:]):
        return None
    time, token = int(parts[1]), int(parts[2])
    if not done.start - 1 <= time < len(done.ids) - 1 or token >= done.before.shape[1]:
        return None
    return [*done.ids[done.start : time + 1].tolist(), token]


def _group(wish: Wish) -> str:
    """Pictures of one network and prompt share a cursor, whatever is then written."""
    words = f"generate\x1f{wish.card.id}\x1f{wish.text}"
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _payload(
    wish: Wish,
    done: Written,
    trace: Trace,
    texts: Texts,
    cursor: Mapping[str, Any],
    group: str,
) -> bytes:
    caption = writing_caption(done, wish, texts)
    alt = spoken(caption)
    signals = [name for name in SIGNALS if name in trace]
    options = {"start": done.start, "kept": done.kept, "temperature": wish.temperature}
    panels = [
        caption_panel("a", caption),
        Panel("writing", "b", alt=alt, options=options),
        Panel("heatmap", "c", alt=alt, options={"signals": signals}),
        Panel("candidates", "d", alt=alt, options=options),
    ]
    areas = "'a a' 'b d' 'c d'"
    rows = "auto minmax(0, 1fr) minmax(0, 1.1fr)"
    layout = Layout(areas, "minmax(0, 1.45fr) minmax(370px, 1fr)", rows, HEIGHT)
    vocabulary = [str(token) for token in wish.writer.vocabulary.tokens]
    extra = {"group": group, "vocabulary": vocabulary, "speed": 8, "loop": False}
    spec = stage_spec(trace, panels, layout, texts, cursor=cursor, play=True, extra=extra)
    arrays = signal_arrays(trace, [*signals, *STARTS]) | similarity_orders(trace, signals)
    return pack(arrays | candidate_arrays(done, wish), spec)


def candidate_arrays(done: Written, wish: Wish) -> Arrays:
    """What assets/players/candidates_model.js and writing.js read."""
    before, tempered, after = (part.numpy() for part in (done.before, done.tempered, done.after))
    classes = before.shape[1]
    order = np.argsort(-before, axis=1, kind="stable")[:, : min(SHOWN, classes)]
    followed = np.append(done.ids[1:].numpy(), -1)
    known = (followed >= 0) & (followed < classes)
    drawn = np.where(known, followed, 0)[:, None]
    chance = np.append(np.nan, np.exp(done.log_probability.numpy()))
    power = 0.0 if wish.filters.temperature == 0 else 1 / wish.filters.temperature
    arrays: Arrays = {
        "candidate_index": order.astype(np.int32),
        "drawn_index": np.where(known, followed, -1).astype(np.int32),
        "allowed_k": np.full(len(before), wish.top_k or classes, np.int32),
        "die": done.die.numpy(),
        "power_sum": (before**power).sum(axis=1),
        "left": np.where(after > 0, tempered, 0).sum(axis=1),
        "chance": chance,
    }
    for name, values in (("before", before), ("tempered", tempered), ("after", after)):
        arrays[f"candidate_{name}"] = np.take_along_axis(values, order, 1)
        arrays[f"drawn_{name}"] = np.take_along_axis(values, drawn, 1)[:, 0]
    whole = {"candidate_index", "drawn_index", "allowed_k"}
    return {
        name: values if name in whole else values.astype(np.float32)
        for name, values in arrays.items()
    }


def writing_caption(done: Written, wish: Wish, texts: Texts) -> Caption:
    """How probable the whole is, what was expected least, and how much choice was left."""
    first = done.start - 1
    bits = -done.log_probability.numpy()[first:] / math.log(2)
    if not len(bits):
        return sentence(texts("generate.nothing"))
    least = first + int(bits.argmax())
    token = visible(wish.whole(done.ids.tolist())[least + 1])
    left = (done.after.numpy()[first:-1] > 0).sum(axis=1)
    forced = int((left == 1).sum())
    unit = texts("generate.word_unit" if wish.writer.words else "generate.letter_unit")
    return sentence(
        texts("generate.caption"),
        count=len(bits),
        unit=unit,
        each=f"{bits.mean():.2f}",
        bits=f"{bits.sum():.1f}",
        token=Lead(texts("caption.quoted", token=token), {"time": least}),
        probability=percent(2.0 ** -bits.max()),
        forced=forced,
        left=f"{left.mean():.1f}",
        classes=done.before.shape[1],
    )
