"""Gradients through time: how far back the loss reaches, for every cell on the same text."""

import streamlit as st

from core import Trace
from explorer.exports import offer_exports
from explorer.language import Texts
from explorer.models import siblings
from explorer.pictures import gradients_stage
from explorer.players.spec import group_of
from explorer.players.stage import opened_by_link, opening_cursor, show_stage
from explorer.scaffold import (
    heading,
    lesson,
    recording_of,
    unknown_steps,
    warn_of_unknown,
)
from explorer.sidebar import Choice, cell_label, choose
from explorer.workshop.travel import stage_of


def show(texts: Texts) -> None:
    """Draw the page."""
    choice = choose(texts, loss=True)
    trace = recording_of(choice)
    if "grad_hidden" not in trace:
        heading("gradients", texts)
        st.info(texts("gradients.none"))
        return
    unknown = unknown_steps(trace)
    warn_of_unknown(trace, unknown, texts)
    label = cell_label(choice.card, texts)
    heading("gradients", texts)
    group = group_of(trace)
    start = {"mode": "backward", **opening_cursor("gradients", group)}
    if not opened_by_link():  # everything drawn: the gradient has arrived at step 1
        start |= {"mode": "backward", "time": 0}

    def draw(trace: Trace) -> bytes:
        traces = side_by_side(choice, trace, texts)
        return gradients_stage(traces, label, texts, start, unknown=unknown)

    payload = stage_of("gradients", choice, trace, texts, start, draw)
    show_stage(payload, group=group, key="stage-gradients")
    offer_exports(trace, payload, choice, texts, "gradients")
    lesson("gradients", texts)


def side_by_side(choice: Choice, trace: Trace, texts: Texts) -> dict[str, Trace]:
    """The chosen recording, then those of the other cells on the same text, by label."""
    own = cell_label(choice.card, texts)
    others = {cell_label(card, texts): card for card in siblings(choice.card)}
    return {own: trace} | {
        label: recording_of(Choice(card, choice.text, choice.loss_at, choice.part))
        for label, card in others.items()
        if label != own
    }
