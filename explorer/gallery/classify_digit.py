"""A handwritten digit read row by row, and what it is taken for after each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import streamlit as st

from core.training.gallery.shelf import GalleryModel
from explorer.captions import Caption, Lead, percent, sentence, spoken
from explorer.charts.gallery_classify import confusion
from explorer.gallery.common import choose_model, models_of, open_links, score_line, short_label
from explorer.gallery.digit_stage import answered, choose_image, digit_arrays, digit_panel
from explorer.gallery.memoryless_nets import group_of_pair
from explorer.language import Texts
from explorer.models import load_applied
from explorer.pictures import caption_panel
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, plain_spec
from explorer.players.stage import opening_cursor, show_stage
from explorer.shared import shared

if TYPE_CHECKING:
    from core.applications.digit_images import DigitRows, OnImage

HEIGHT = 540


def show(texts: Texts) -> None:
    """Draw the part of the page."""
    models = models_of("digit-rows")
    model = choose_model(models, texts, "rows_model")
    if model is None:
        return
    text = choose_image(texts)
    answers = {one.id: answered(one.id, text, texts) for one in models}
    number = str(answers[model.id].number)
    group = group_of_pair("rows", model.id, number)
    start = opening_cursor("classify", group)
    payload = rows_stage(model, models, answers, texts, group, start)
    show_stage(payload, group=group, key="stage-rows")
    open_links(model.id, number, texts)
    score_line(model, texts)
    st.markdown(texts("classify.confusion", cell=short_label(model, texts)))
    dark = st.context.theme.type == "dark"
    figure = confusion(confused(model.id), dark=dark, texts=texts.section("classify"))
    st.plotly_chart(figure, key="confusion", config={"displayModeBar": False})


def rows_stage(
    model: GalleryModel,
    models: list[GalleryModel],
    answers: Mapping[str, OnImage],
    texts: Texts,
    group: str,
    cursor: Mapping[str, Any],
) -> bytes:
    """The digit as far as it has been read, beside every network's answers after each row."""
    answer = answers[model.id]
    caption = rows_caption(model, answer, texts)
    truth = answer.labels.index(answer.truth)
    options = {
        "nets": [{"name": one.id, "label": short_label(one, texts)} for one in models],
        "classes": list(answer.labels),
        "keys": [],
        "joined": False,
        "right": [truth] * len(answer.after),
    }
    panels = [
        caption_panel("a", caption),
        digit_panel("b", answer, spoken(caption), whole=False),
        Panel("same", "c", alt=spoken(caption), options=options),
    ]
    spec = plain_spec(
        panels,
        Layout("'a a' 'b c'", "minmax(0, 1.15fr) minmax(0, 1fr)", "auto minmax(0, 1fr)", HEIGHT),
        texts,
        group=group,
        tokens=[str(step + 1) for step in range(len(answer.after))],
        units=1,
        cursor=cursor,
        play=False,
    )
    arrays = digit_arrays(answer)
    for one in models:
        arrays[f"same.{one.id}"] = answers[one.id].after.astype(np.float32)
    return pack(arrays, spec)


def rows_caption(model: GalleryModel, answer: OnImage, texts: Texts) -> Caption:
    """The answer, and from which row on it stood."""
    guesses = answer.after.argmax(-1)
    last = int(guesses[-1])
    settled = len(guesses) - 1
    while settled and guesses[settled - 1] == last:
        settled -= 1
    return sentence(
        texts("classify.rows_caption"),
        number=answer.number,
        cell=short_label(model, texts),
        label=answer.label,
        probability=percent(float(answer.after[-1, last])),
        truth=answer.truth,
        verdict=texts("digit.right" if answer.label == answer.truth else "digit.wrong"),
        row=Lead(str(settled + 1), {"time": settled}),
        first=answer.labels[int(guesses[0])],
    )


@shared
def confused(model_id: str) -> np.ndarray:
    """Which digits a network takes for which, on the test images."""
    import torch

    torch.set_num_threads(1)
    network = load_applied(model_id)
    return cast("DigitRows", network.application).confusion(network.model)
