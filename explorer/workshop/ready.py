"""The part *Ready-made*: good and bad runs, each with what it shows."""

from __future__ import annotations

import streamlit as st

from explorer.language import Texts
from explorer.sidebar import plain
from explorer.workshop.links import choose_run, title_of
from explorer.workshop.summary import Summary, ready_summaries


def show_ready(texts: Texts) -> None:
    """Every shipped run with its explanation, and the ways to look at it."""
    runs = ready_summaries()
    if not runs:
        st.info(texts("workshop.no_ready"))
        return
    for summary in runs:
        with st.container(border=True):
            words, buttons = st.columns([4, 1], vertical_alignment="center")
            with words:
                _explained(summary, texts)
            with buttons, st.container(horizontal=True, horizontal_alignment="right"):
                if st.button(texts("workshop.watch"), key=f"ready-curves-{summary.id}"):
                    choose_run(summary.id, "curves")
                if summary.recurrent and st.button(
                    texts("workshop.look"), key=f"ready-inside-{summary.id}"
                ):
                    choose_run(summary.id, "inside")


def _explained(summary: Summary, texts: Texts) -> None:
    st.markdown(f"**{plain(title_of(summary, texts))}**")
    st.markdown(texts.section("ready_run").get(summary.id, ""))
    if summary.last:
        held = summary.measured.get("validation_loss")
        st.caption(
            texts(
                "workshop.ready_numbers",
                steps=f"{summary.step:,}",
                loss=f"{summary.last['loss']:.3f}",
                held="–" if held is None else f"{held:.3f}",
            )
        )
    if summary.problem:
        st.caption(f":red[{plain(summary.problem)}]")
