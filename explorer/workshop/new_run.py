"""The part *New run*: what to train, how, and what it will take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from explorer.language import Texts
from explorer.shared import shared
from explorer.sidebar import plain
from explorer.workshop.code_box import show_code
from explorer.workshop.cost_box import check_cost, show_cost
from explorer.workshop.fields import (
    CHOICES,
    NUMBERS,
    PREFIX,
    begin_anew,
    chosen_offer,
    field,
    publish_fields,
    take_up,
)
from explorer.workshop.own_data import take_data
from explorer.workshop.store import own_runs, workshop
from explorer.workshop.tasks import OFFERS, Offer
from explorer.workshop.wanted import wanted

if TYPE_CHECKING:
    from core.training.runs.settings import RunSettings


def show_new(texts: Texts) -> None:
    """Choose a task, a network and a way of learning; see the cost; start."""
    offer = chosen_offer()
    cells, has_attention = _known_of(offer.application)
    take_up(offer, cells)
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        st.selectbox(
            texts("workshop.task"),
            list(OFFERS),
            format_func=lambda name: texts(f"workshop_task.{name}"),
            key=f"{PREFIX}task",
            on_change=begin_anew,
            help=texts("workshop.task_help"),
        )
    with right:
        st.text_input(
            texts("workshop.title"),
            key=f"{PREFIX}title",
            max_chars=100,
            placeholder=_own_title(offer, texts),
        )
    data = take_data(offer, texts) if offer.own else None
    network, learning, start = st.columns(3, gap="large")
    with network:
        _network(offer, cells, has_attention, texts)
    with learning:
        _learning(texts)
    with start:
        settings = _start(offer, data, texts)
    if settings is not None:
        show_code(settings, offer, texts)
    publish_fields(offer)


def _network(offer: Offer, cells: tuple[str, ...], has_attention: bool, texts: Texts) -> None:
    st.markdown(f"##### {texts('workshop.network')}")
    st.selectbox(
        texts("workshop.cell"),
        cells,
        format_func=lambda cell: texts(f"cell.{cell}"),
        key=f"{PREFIX}cell",
    )
    if field("cell") == "elman":
        _choice("nonlinearity", texts)
    one, two = st.columns(2)
    with one:
        _number("units", texts)
        _number("embedding", texts)
    with two:
        _number("layers", texts)
        _choice("dropout", texts)
    st.toggle(texts("workshop.both"), key=f"{PREFIX}both", help=texts("workshop.both_help"))
    if has_attention:
        st.toggle(
            texts("workshop.attention"),
            key=f"{PREFIX}attention",
            help=texts("workshop.attention_help"),
        )
    if offer.delay:
        _number("delay", texts)
    if offer.writes:
        _choice("forcing", texts)


def _learning(texts: Texts) -> None:
    st.markdown(f"##### {texts('workshop.learning')}")
    for pair in (("optimizer", "rate"), ("clip", "unroll"), ("steps", "batch"), ("seed", "scale")):
        for place, name in zip(st.columns(2), pair, strict=True):
            with place:
                (_number if name in NUMBERS else _choice)(name, texts)


def _start(offer: Offer, data: str | None, texts: Texts) -> RunSettings | None:
    """The cost and the button; the settings, where they make sense."""
    st.markdown(f"##### {texts('workshop.cost')}")
    if offer.own and data is None:
        st.info(texts("workshop.give_data"))
        return None
    try:
        settings = wanted(offer, data, field("title").strip() or _own_title(offer, texts))
    except ValueError as error:
        st.error(plain(str(error)))
        return None
    fits = show_cost(settings, texts)
    if st.button(
        texts("workshop.start"),
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        disabled=not fits,
    ):
        _begin(settings)
    return settings


def _begin(settings: RunSettings) -> None:
    """Make the run, put it in the queue, and go where it can be watched."""
    try:
        check_cost(settings)
        run = own_runs().create(settings)
        workshop().submit(run)
    except (ValueError, OSError) as error:
        st.error(plain(str(error)))
        return
    st.session_state["next_part"] = "runs"
    st.session_state["ws_run"] = st.session_state["choices"]["ws_run"] = run.id
    st.rerun()


def _number(name: str, texts: Texts) -> None:
    limits = NUMBERS[name]
    st.number_input(
        texts(f"workshop.{name}"),
        limits.low,
        limits.high,
        key=PREFIX + name,
        help=texts(f"workshop.{name}_help"),
    )


def _choice(name: str, texts: Texts) -> None:
    st.selectbox(
        texts(f"workshop.{name}"),
        CHOICES[name],
        format_func=lambda value: _shown(name, value, texts),
        key=PREFIX + name,
        help=texts(f"workshop.{name}_help"),
    )


def _shown(name: str, value: str, texts: Texts) -> str:
    if name == "clip" and value == "0":
        return texts("workshop.no_clip")
    if name == "optimizer":
        return {"adamw": "AdamW", "adam": "Adam", "sgd": "SGD", "rmsprop": "RMSprop"}[value]
    if name == "nonlinearity":
        return {"tanh": "tanh", "relu": "ReLU"}[value]
    return value


def _own_title(offer: Offer, texts: Texts) -> str:
    """What a run is called that the reader gives no title."""
    return texts(
        "workshop.own_title",
        task=texts(f"workshop_task.{offer.id}"),
        cell=texts(f"cell.{field('cell')}"),
        units=field("units"),
    )


@shared
def _known_of(application: str) -> tuple[tuple[str, ...], bool]:
    """The recurrent cells that an application takes, and whether it can use attention."""
    from core.applications import application_class
    from core.networks.architecture import RECURRENT

    known = application_class(application)
    return tuple(cell for cell in known.cells if cell in RECURRENT), known.shape == "out-of-step"
