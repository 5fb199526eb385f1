"""Tagging the frames of a small video, with a memory and without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from core import Trace
from core.training.gallery.shelf import GalleryModel
from explorer.captions import Caption, Lead, sentence, spoken
from explorer.gallery.common import (
    choose_input,
    choose_model,
    models_of,
    open_links,
    score_line,
    score_text,
    short_label,
)
from explorer.gallery.signals_settings import refuse
from explorer.language import Texts
from explorer.models import load_applied, read_applied
from explorer.pictures import caption_panel
from explorer.players.payload import pack, predictions, signal_arrays
from explorer.players.spec import Layout, Panel, group_of, stage_spec
from explorer.players.stage import opening_cursor, show_stage
from explorer.shared import shared

HEIGHT = 600


def show(texts: Texts) -> None:
    """Draw the part of the page."""
    models = models_of("frames")
    model = choose_model([model for model in models if model.recurrent], texts, "sig_tagger")
    if model is None:
        return
    text = choose_input(model, texts, "sig_video")
    try:
        answer(model.id, text)
    except ValueError as error:
        refuse(error, texts)
        text = model.examples[0]
    (trace,) = read_applied(model.id, text, "last").values()
    flat = [other for other in models if not other.recurrent]
    taggers = [model, *flat]
    group = group_of(trace) + text
    cursor = {"time": 0, **opening_cursor("signals", group)}
    start = tuple(sorted(cursor.items()))
    ids = tuple(tagger.id for tagger in taggers)
    show_stage(
        _payload(ids, text, texts.language, start, taggers, trace, texts),
        group=group,
        key="stage-signals",
    )
    score_line(model, texts)
    for tagger in flat:
        share = score_text(tagger.score, tagger.metric)
        st.caption(texts("signals.other", network=label_of(tagger, texts), score=share))
    open_links(model.id, text, texts)


def label_of(model: GalleryModel, texts: Texts) -> str:
    """The kind of network, with the number of frames that it sees at once."""
    name = short_label(model, texts)
    if model.recurrent:
        return name
    return texts("signals.frames_seen", network=name, frames=2 * model.window + 1)


@shared
def answer(model_id: str, text: str) -> dict[str, Any]:
    """The tags of a written video. Raises ValueError for a text that is none."""
    import torch

    torch.set_num_threads(1)
    return load_applied(model_id).answer(text)


@shared
def _payload(
    ids: tuple[str, ...],
    text: str,
    language: str,
    cursor: tuple,
    _taggers: list[GalleryModel],
    _trace: Trace,
    _texts: Texts,
) -> bytes:
    return video_stage(_taggers, text, _trace, _texts, dict(cursor))


def video_stage(
    taggers: list[GalleryModel], text: str, trace: Trace, texts: Texts, cursor: Mapping[str, Any]
) -> bytes:
    """The video with its tags above the hidden states."""
    from core.applications.frames import SIGNS, video_of
    from core.tasks.frames import TAGS

    video = video_of(text)
    answers = {label_of(tagger, texts): answer(tagger.id, text) for tagger in taggers}
    caption = video_caption(answers, video.tags, texts)
    alt = spoken(caption)
    tags = {
        tag: {"sign": SIGNS[tag], "name": texts(f"signals.tag_{tag}"), "at": at}
        for at, tag in enumerate(TAGS)
    }
    rows = [{"label": texts("signals.row_truth"), "tags": video.tags, "score": ""}]
    for label, said in answers.items():
        share = f"{100 * said['share']:.0f}%"
        rows.append({"label": label, "tags": said["tags"], "score": share})
    names = {SIGNS[tag]: f"{SIGNS[tag]} {tags[tag]['name']}" for tag in TAGS}
    panels = [
        caption_panel("a", caption),
        Panel("video", "b", alt=alt, options={"tags": tags, "rows": rows}),
        Panel("top-classes", "c", alt=alt, options={"names": names}),
        Panel("heatmap", "d", texts("player.signal_hidden"), alt, {"signals": ["hidden"]}),
    ]
    layout = Layout(
        "'a a' 'b c' 'd d'",
        "minmax(0, 1fr) 210px",
        "auto minmax(0, 2fr) minmax(0, 1fr)",
        HEIGHT,
    )
    extra = {"group": group_of(trace) + text}
    spec = stage_spec(trace, panels, layout, texts, cursor=cursor, extra=extra)
    spec["speed"] = 4.0
    arrays = signal_arrays(trace, ["hidden"]) | predictions(trace)
    return pack(arrays | {"frames": video.frames().astype(np.float32)}, spec)


def video_caption(answers: Mapping[str, Mapping], truth: list[str], texts: Texts) -> Caption:
    """How many frames each network tags rightly, and where the first goes wrong first."""
    parts: Caption = []
    for label, said in answers.items():
        wrong = [at for at, (one, other) in enumerate(zip(said["tags"], truth)) if one != other]
        parts += [texts("caption.gap")] if parts else []
        values: dict[str, Any] = {
            "network": label,
            "right": len(truth) - len(wrong),
            "frames": len(truth),
        }
        if not wrong:
            parts += sentence(texts("signals.video_right"), **values)
            continue
        first = Lead(str(wrong[0] + 1), {"time": wrong[0]})
        tags = {
            "said": texts(f"signals.tag_{said['tags'][wrong[0]]}"),
            "was": texts(f"signals.tag_{truth[wrong[0]]}"),
        }
        parts += sentence(texts("signals.video_wrong"), first=first, **values, **tags)
    return parts
