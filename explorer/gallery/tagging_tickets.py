"""The ticket sentence: time, origin and destination, and what happens when the words move."""

from __future__ import annotations

import html

import streamlit as st

from core.training.gallery.shelf import GalleryModel
from explorer.address import chosen
from explorer.captions import percent
from explorer.gallery.common import (
    choose_input,
    choose_model,
    models_of,
    open_links,
    score_line,
    score_text,
    short_label,
)
from explorer.gallery.tagging_answers import CITIES, answer, read_or_example, slots_of
from explorer.gallery.tagging_what_if import variants, verdict
from explorer.gallery.tagging_words import (
    TaggedWord,
    draw,
    legend,
    sentence_html,
    slots_html,
)
from explorer.language import Texts

SLOTS = ("time", *CITIES)
EXAMPLE = {"en": 0, "zh": 1}


def show(texts: Texts) -> None:
    """Draw the part of the page."""
    models = models_of("tickets")
    model = choose_model(models, texts, "tag_tickets", default="tickets-lstm")
    if model is None:
        return
    example = model.examples[EXAMPLE.get(texts.language, 0)]
    chosen("tag_sentence", example)
    text = choose_input(model, texts, "tag_sentence")
    text, words = read_or_example(model.id, text, example, texts)
    draw(legend(SLOTS, texts) + sentence_html(words, texts))
    draw(slots_html(slots_of(words), texts))
    st.markdown(f"#### {texts('tagging.what_if')}")
    draw("".join(_variant_html(model.id, words, texts)))
    score_line(model, texts)
    open_links(model.id, text, texts)
    with st.expander(texts("tagging.all_networks"), icon=":material/compare:"):
        draw(table_html(models, text, texts))
        st.caption(texts("tagging.all_networks_note"))


def _variant_html(model_id: str, words: list[TaggedWord], texts: Texts) -> list[str]:
    rows = []
    for what, text in variants(words).items():
        changed = answer(model_id, text)
        found = verdict(words, changed, what)
        rows.append(
            f"<div style='font-size:14px;margin-top:5px'><b>{texts(f'tagging.if_{what}')}</b> "
            f"{texts(f'tagging.{what}_{found}')}</div>"
            f"{sentence_html(changed, texts, slim=True)}"
        )
    return rows


def table_html(models: list[GalleryModel], text: str, texts: Texts) -> str:
    """Every shipped network on this sentence, with its score on held-out ones."""
    heads = [texts("gallery.model"), *(texts(f"tagging.kind_{slot}") for slot in SLOTS),
             texts("tagging.held_out")]  # fmt: skip
    rows = []
    for model in models:
        found = slots_of(answer(model.id, text))
        cells = [short_label(model, texts)]
        for slot in SLOTS:
            phrase, share = found.get(slot, ("—", 0.0))
            cells.append(f"{phrase} ({percent(share)})" if slot in found else phrase)
        cells.append(score_text(model.score, model.metric))
        rows.append(cells)
    if models:
        usual = score_text(models[0].baseline, models[0].metric)
        rows.append([texts("baseline.usual-tag"), "", "", "", usual])
    head = "".join(f"<th style='{CELL}'>{html.escape(name)}</th>" for name in heads)
    body = "".join(
        "<tr>" + "".join(f"<td style='{CELL}'>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table style='font-size:14px;border-collapse:collapse'><tr>{head}</tr>{body}</table>"


CELL = "padding:3px 14px 3px 0;text-align:left;border-bottom:1px solid rgba(128,128,128,.35)"
