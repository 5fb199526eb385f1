"""The parts of the translation page: two unrolled networks, attention, mistakes, a beam."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.training.gallery.shelf import GalleryModel
from explorer.address import chosen, publish
from explorer.captions import percent
from explorer.charts.gallery_translate import attention_figure, lengths_figure, mistakes_figure
from explorer.gallery.common import models_of, short_label
from explorer.gallery.translate_runs import (
    HELD_OUT,
    RATIOS,
    Translated,
    alternatives,
    by_length,
    held_out,
    translated,
)
from explorer.gallery.translate_stage import group_of, translate_stage
from explorer.language import Texts
from explorer.players.stage import opening_cursor, show_stage
from explorer.shared import shared
from explorer.sidebar import plain
from explorer.words.pictures import is_dark

APPLICATIONS = ("dates", "numbers")
ERRING = "dates-gru"
ASTRAY = "1983, jun 19th"  # a held-out spelling of a held-out date that leads it astray
DEFAULT_RATIO = "1.00"
SEEDS = 20  # drawings of who is fed what
BARE = {"displayModeBar": False}


@st.fragment
def show_unrolled(model: GalleryModel, text: str, texts: Texts) -> None:
    """Both networks over time, with the help that the decoder gets as a control."""
    ratio, seed = _choose_help(texts)
    found = _translated(model, text, texts, ratio, seed)
    if found is None:
        return
    group = group_of(model.id, text)
    start = dict(opening_cursor("translate", group))
    draw = partial(translate_stage, found, ratio, texts, start, group=group)
    key = (model.id, text, ratio, seed, texts.language, tuple(sorted(start.items())))
    show_stage(_payload(key, draw), group=group, key="stage-translate")
    _offer_erring(model, texts)


def show_attention(model: GalleryModel, text: str, texts: Texts) -> None:
    """Where the decoder looked, beside a network that cannot look back."""
    pair = _pair(model)
    places = st.columns([1.7, 1] if len(pair) > 1 else [1])
    for place, one in zip(places, pair, strict=True):
        found = _translated(one, text, texts, 1.0, 0)
        if found is None:
            return
        with place:
            st.markdown(f"**{short_label(one, texts)}**: {_verdict(found, texts)}")
            if found.free.attention is None:
                st.info(texts("translate.no_attention", units=one.units))
                _letters(found, texts)
                continue
            figure = attention_figure(
                found.free.attention,
                found.source,
                found.free.said,
                labels=(texts("translate.read"), texts("translate.written")),
                dark=is_dark(),
            )
            st.plotly_chart(figure, key=f"attention-{one.id}", config=BARE)
    st.caption(texts("translate.attention_note"))


def show_mistakes(model: GalleryModel, text: str, texts: Texts) -> None:
    """How the share of wrong tokens grows along the answer, with more or less help."""
    found = held_out(model.id)
    names = [texts("translate.ratio_is", ratio=ratio) for ratio in RATIOS]
    figure = mistakes_figure(
        found.wrong,
        names,
        labels=(texts("translate.step_of_answer"), texts("translate.wrong_tokens")),
        dark=is_dark(),
    )
    taught, free = found.wrong[0].mean(), found.wrong[-1].mean()
    st.markdown(
        texts(
            "translate.mistakes_found", taught=percent(taught), free=percent(free), count=HELD_OUT
        )
    )
    st.plotly_chart(figure, key="mistakes", config=BARE)
    st.caption(texts("translate.mistakes_note"))
    _offer_erring(model, texts)


def show_lengths(model: GalleryModel, text: str, texts: Texts) -> None:
    """Which inputs are hard, for every network of the same task."""
    rows = []
    for one in models_of(model.application):
        name = f"{short_label(one, texts)}, {texts('translate.updates', number=f'{one.steps:,}')}"
        rows.append((name, by_length(held_out(one.id))))
    figure = lengths_figure(
        rows,
        labels=(texts(f"translate.length_{model.application}"), texts("metric.exact")),
        dark=is_dark(),
    )
    st.plotly_chart(figure, key="lengths", config=BARE)
    st.caption(texts("translate.lengths_note", count=HELD_OUT))


def show_beam(model: GalleryModel, text: str, texts: Texts) -> None:
    """The likeliest whole answers, as a table."""
    found = _translated(model, text, texts, 1.0, 0)
    if found is None:
        return
    rows = [
        {
            texts("translate.answer"): answer or "∅",
            texts("translate.probability"): 100 * chance,
            texts("translate.is_truth"): "✓" if answer == found.truth else "",
        }
        for answer, chance in alternatives(model.id, text)
    ]
    column = st.column_config.ProgressColumn(format="%.3f%%", min_value=0, max_value=100)
    st.dataframe(rows, column_config={texts("translate.probability"): column}, hide_index=True)
    st.caption(texts("translate.beam_note"))


def _choose_help(texts: Texts) -> tuple[float, int]:
    """The ratio of teacher forcing, and which drawing; both are in the address."""
    chosen("teacher", DEFAULT_RATIO, RATIOS)
    seeds = [str(number) for number in range(1, SEEDS + 1)]
    chosen("drawing", "1", seeds)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        st.select_slider(
            texts("translate.ratio"),
            RATIOS[::-1],
            key="teacher",
            help=texts("translate.ratio_help"),
        )
    with right:
        st.button(
            texts("translate.again"),
            on_click=_draw_again,
            disabled=st.session_state["teacher"] in ("1.00", "0.00"),
            icon=":material/casino:",
            width="stretch",
        )
    ratio, seed = st.session_state["teacher"], st.session_state["drawing"]
    publish(
        teacher=None if ratio == DEFAULT_RATIO else ratio, drawing=None if seed == "1" else seed
    )
    return float(ratio), int(seed)


def _offer_erring(model: GalleryModel, texts: Texts) -> None:
    """The way to the network in which mistakes can be seen."""
    if (
        model.application == "dates"
        and model.id != ERRING
        and any(one.id == ERRING for one in models_of("dates"))
    ):
        st.button(texts("translate.erring"), on_click=_take_erring, icon=":material/call_split:")


def _take_erring() -> None:
    st.session_state["translate_dates"], st.session_state["say_dates"] = ERRING, ASTRAY


def _draw_again() -> None:
    st.session_state["drawing"] = str(int(st.session_state["drawing"]) % SEEDS + 1)


def _translated(
    model: GalleryModel, text: str, texts: Texts, ratio: float, seed: int
) -> Translated | None:
    """The input at work; where it cannot be read the reason is shown."""
    try:
        return translated(model.id, text, ratio, seed)
    except ValueError as error:
        st.warning(f"{texts('gallery.refused')} {plain(str(error))}")
        return None


@shared
def _payload(key: tuple, _draw: partial[bytes]) -> bytes:
    return _draw()


def _pair(model: GalleryModel) -> list[GalleryModel]:
    """The best network with attention and the best without, the chosen one among them."""
    ranked = sorted(models_of(model.application), key=lambda one: -one.score)
    pair = []
    for looks_back in (True, False):
        of_kind = [one for one in ranked if one.attention == looks_back]
        pair += [model] if model.attention == looks_back else of_kind[:1]
    return pair


def _verdict(found: Translated, texts: Texts) -> str:
    answer = plain(found.free.answer)
    if found.truth is None:
        return answer
    return f"{answer} {'✓' if not found.free.mistakes else '✗'}"


def _letters(found: Translated, texts: Texts) -> None:
    """How sure the network was of every token."""
    rows = [
        {texts("translate.written"): said, texts("translate.probability"): 100 * chance}
        for said, chance in zip(found.free.said, found.free.chance, strict=True)
    ]
    column = st.column_config.ProgressColumn(format="%.1f%%", min_value=0, max_value=100)
    st.dataframe(
        rows, column_config={texts("translate.probability"): column}, hide_index=True, height=290
    )
