"""Addresses: recurrent networks beside convolutions, and the words that each of them sees."""

from __future__ import annotations

import html

import streamlit as st

from core.training.gallery.shelf import GalleryModel
from explorer.address import chosen, publish
from explorer.captions import percent
from explorer.charts.look import INK
from explorer.gallery.common import (
    choose_input,
    models_of,
    open_links,
    score_text,
    short_label,
)
from explorer.gallery.tagging_answers import answer, read_or_example, relied_on
from explorer.gallery.tagging_words import (
    TaggedWord,
    colour_of,
    draw,
    legend,
    spoken_words,
    tag_label,
)
from explorer.language import Texts
from explorer.sidebar import plain
from explorer.words.pictures import is_dark

SHOWN = ("addresses-convolution", "addresses-convolution-wide", "addresses-lstm",
         "addresses-bilstm")  # fmt: skip
FIRST = "番茄"  # the word that the course speaks of

STYLE = """<style>
.sight { overflow-x: auto; }
.sight table { border-collapse: separate; border-spacing: 3px 2px; }
.sight td, .sight th { text-align: center; padding: 2px 3px; font-weight: 400;
  border-radius: 4px; white-space: nowrap; }
.sight td.net { text-align: right; font-size: 14px; line-height: 1.25; padding-right: 8px;
  white-space: normal; min-width: 104px; }
.sight td.net small { display: block; font-size: 12.5px; opacity: 0.85; }
.sight th { font-size: 17px; border-bottom: 3px solid transparent; }
.sight td.unseen { opacity: 0.6; background: repeating-linear-gradient(45deg,
  rgba(128,128,128,.28) 0 2px, transparent 2px 7px); }
.sight td:not(.net) { height: 25px; font-size: 13px; border-bottom: 3px solid transparent; }
</style>"""


def show(texts: Texts) -> None:
    """Draw the part of the page."""
    known = {model.id: model for model in models_of("addresses")}
    models = [known[name] for name in SHOWN if name in known]
    if not models:
        st.info(texts("gallery.none"))
        return
    example = models[0].examples[0]
    text = choose_input(models[0], texts, "tag_address")
    text, words = read_or_example(models[0].id, text, example, texts)
    answers = {model.id: answer(model.id, text) for model in models}
    tokens = [word for word, _, _ in words]
    place = choose_word(tokens, texts)
    draw(legend(("address",), texts) + STYLE + table_html(models, answers, text, place, texts))
    st.markdown(said(models, answers, place, texts))
    st.markdown(ahead_found(list(known.values()), texts))
    st.caption(texts("tagging.sight_note"))
    open_links("addresses-lstm", text, texts)


def choose_word(tokens: list[str], texts: Texts) -> int:
    """The word whose tag is asked about, by its number from 1 in the address."""
    numbers = [str(number) for number in range(1, len(tokens) + 1)]
    first = str(tokens.index(FIRST) + 1) if FIRST in tokens else numbers[0]
    chosen("tag_word", first, numbers)
    st.pills(
        texts("tagging.word"),
        numbers,
        format_func=lambda number: tokens[int(number) - 1],
        key="tag_word",
        required=True,
    )
    number = st.session_state["tag_word"]
    publish(tag_word=None if number == first else number)
    return int(number) - 1


def table_html(
    models: list[GalleryModel],
    answers: dict[str, list[TaggedWord]],
    text: str,
    place: int,
    texts: Texts,
) -> str:
    """One row a network, one column a word: its tag below, what the chosen tag hangs on inside."""
    words = [word for word, _, _ in answers[models[0].id]]
    ink = INK[is_dark()]
    head = "".join(
        f'<th style="{f"outline:2px solid {ink};" if step == place else ""}">'
        f"{html.escape(word)}</th>"
        for step, word in enumerate(words)
    )
    rows = [f"<tr><th></th>{head}</tr>"]
    for model in models:
        cells = _cells(model, answers[model.id], text, place)
        score = score_text(model.score, model.metric)
        name = html.escape(network_name(model, texts))
        spoken = html.escape(", ".join(spoken_words(answers[model.id], texts)), quote=True)
        rows.append(
            f'<tr aria-label="{spoken}"><td class="net">{name}'
            f"<small>{texts('metric.f1')} {score}<br>{ahead_text(model, texts)}</small></td>"
            f"{cells}</tr>"
        )
    return f'<div class="sight"><table>{"".join(rows)}</table></div>'


def _cells(model: GalleryModel, words: list[TaggedWord], text: str, place: int) -> str:
    """What each word does for the tag at ``place``, with its own tag as a line below it."""
    reach = seen_by(model, len(words), place)
    held = relied_on(model.id, text, place)
    cells = []
    for step, (_, tag, share) in enumerate(words):
        line = "" if tag == "O" else f"border-bottom-color:{colour_of(tag)};"
        title = f"{tag} {percent(share)}"
        if step not in reach:
            cells.append(f'<td class="unseen" style="{line}" title="{title}"></td>')
            continue
        weight = min(1.0, abs(held[step]))
        number = f"{100 * held[step]:+.0f}" if weight >= 0.02 else ""
        colour = "#d9661f" if held[step] > 0 else "#2f7cc4"
        tint = f"background:color-mix(in srgb,{colour} {round(85 * weight)}%,transparent);"
        cells.append(f'<td style="{line}{tint}" title="{title}">{number}</td>')
    return "".join(cells)


def seen_by(model: GalleryModel, length: int, place: int) -> range:
    """The words whose change could change the tag at ``place``."""
    from core.applications.tagging import seen
    from explorer.models import load_applied

    return seen(load_applied(model.id).architecture, length, place)


LONG = 1000  # words; more than any sentence here has


def looks_ahead(model: GalleryModel) -> int | None:
    """How many words behind a word can change its tag; None for all that there are."""
    count = len(seen_by(model, 2 * LONG, LONG)) - len(seen_by(model, LONG + 1, LONG))
    return None if count == LONG - 1 else count


def ahead_text(model: GalleryModel, texts: Texts) -> str:
    """The same in words."""
    count = looks_ahead(model)
    if count is None:
        return texts("tagging.ahead_all")
    return texts("tagging.ahead_one" if count == 1 else "tagging.ahead", count=count)


def ahead_found(models: list[GalleryModel], texts: Texts) -> str:
    """Every network's score beside how far it looks ahead, the shortest sight first."""
    order = sorted(models, key=lambda model: (looks_ahead(model) or 0, model.score))
    order.sort(key=lambda model: looks_ahead(model) is None)
    parts = [
        texts(
            "tagging.ahead_part",
            network=network_name(model, texts),
            ahead=ahead_text(model, texts),
            score=score_text(model.score, model.metric),
        )
        for model in order
    ]
    return texts("tagging.ahead_found", parts=texts("tagging.joined").join(parts))


def network_name(model: GalleryModel, texts: Texts) -> str:
    """The kind of network; a convolution with the number of words that it spans."""
    if model.cell == "convolution":
        return texts("tagging.convolution", words=2 * model.window + 1)
    return short_label(model, texts)


def said(
    models: list[GalleryModel],
    answers: dict[str, list[TaggedWord]],
    place: int,
    texts: Texts,
) -> str:
    """What each network calls the chosen word, in one sentence."""
    parts = []
    for model in models:
        _, tag, share = answers[model.id][place]
        kind = texts("tagging.kind_none") if tag == "O" else tag_label(tag, texts)
        count = len(seen_by(model, len(answers[model.id]), place))
        parts.append(
            texts(
                "tagging.says",
                network=network_name(model, texts),
                count=count,
                kind=kind,
                share=percent(share),
            )
        )
    word = answers[models[0].id][place][0]
    return texts("tagging.asked", word=plain(word), answers=texts("tagging.joined").join(parts))
