"""The embedding space: anyone's vectors as a cloud of words, with tools to question it."""

from __future__ import annotations

import streamlit as st

from explorer.jobs import Job
from explorer.language import Texts
from explorer.players.stage import mount_stage
from explorer.queue_line import queue_line
from explorer.scaffold import heading, lesson
from explorer.space.analogies import analogy_lines
from explorer.space.chosen import STAGE, asked_words, remember, take_report, word_of
from explorer.space.explain import explain
from explorer.space.exports import Holder, offer_exports
from explorer.space.layouts import Placed, is_pending, place
from explorer.space.picture import space_stage
from explorer.space.scene import Scene
from explorer.space.settings import Colours, View, choose_colours, choose_source, choose_view
from explorer.space.sources import Source
from explorer.space.tools import chosen_tool, show_tools
from explorer.space.uploads import take_upload

POLL_SECONDS = 0.8


def show(texts: Texts) -> None:
    """Draw the page."""
    heading("space", texts)
    source = choose_source(texts)
    take_upload(texts)
    view = choose_view(source, texts)
    colours = choose_colours(source, texts)
    holder = Holder()
    offer_exports(holder, texts)
    polled = is_pending(view, source)
    draw = st.fragment(show_space, run_every=POLL_SECONDS if polled else None)
    draw(view, source, colours, holder, polled, texts)
    lesson("space", texts)


def show_space(
    view: View, source: Source, colours: Colours, holder: Holder, polled: bool, texts: Texts
) -> None:
    """The cloud and the tools; this part alone runs again when a word is picked."""
    if st.session_state["projection"] != view.method:  # stopped: there is another view now
        st.rerun()
    word = word_of(source)
    lines = analogy_lines(source, texts) if chosen_tool() == "analogy" else []
    try:
        placed = place(view, source, asked_words())
        scene = Scene(view, source, colours, placed, word, lines)
        payload = space_stage(scene, texts)
    except ValueError as error:
        if polled:
            st.rerun()
        st.error(explain(error, texts))
        return
    remember(scene.group, scene.words)
    holder.payload, holder.scene = payload, scene
    mount_stage(payload, key=STAGE, on_report=take_report)
    show_progress(placed, view, texts)
    if polled and placed.job is None:
        st.rerun()
    show_tools(scene, texts)


def show_progress(placed: Placed, view: View, texts: Texts) -> None:
    """How far the job is, and a way to stop it."""
    job = placed.job
    if job is None:
        return
    bar, button = st.columns([5, 1], vertical_alignment="center")
    share = job.progress.share
    running = texts("space.job_running", share=f"{share:.0%}")
    bar.progress(share, queue_line(job, running, texts))
    if view.method in ("tsne", "umap") and button.button(
        texts("space.job_stop"), key="stop-job", on_click=stop, args=(job,), width="stretch"
    ):
        st.rerun()


def stop(job: Job) -> None:
    """Give the layout up; the page goes back to the one that needs no waiting."""
    job.cancel()
    st.session_state["projection"] = "pca"
