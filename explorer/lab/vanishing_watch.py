"""A trained network, and its training watched: the last part of *Vanishing and exploding*."""

from __future__ import annotations

import math

import streamlit as st

from explorer.jobs import jobs
from explorer.lab.vanishing_network import Trained
from explorer.lab.vanishing_progress import training_stage
from explorer.lab.vanishing_settings import choose_source
from explorer.lab.vanishing_show import show_part
from explorer.lab.vanishing_training import find_training, job_key, look_at, watch_training
from explorer.language import Texts
from explorer.models import load, shipped
from explorer.queue_line import queue_line

POLL_SECONDS = 0.7


def show_training(texts: Texts) -> None:
    """A trained network, and how its training moved its eigenvalues."""
    source = choose_source(texts, only_trained=True)
    assert isinstance(source, Trained)
    job = find_training(source.card_id, source.text)
    short = shipped()[source.card_id].corpus == "namaskar"
    if job is None and short:
        job = watch_training(source.card_id, source.text)
    if job is not None and job.running:
        _watch(source, texts)
        return
    looks = None if job is None else job.result
    if looks is None:
        if job is not None and job.error:
            st.error(job.error)
        text_model = load(source.card_id)
        updates, bits = (float(str(text_model.info[key])) for key in ("steps", "loss_bits"))
        looks = [look_at(text_model, source.text, int(updates), bits * math.log(2))]
        label = texts("vanishing.train")
        if st.button(label, type="primary", icon=":material/play_arrow:"):
            watch_training(source.card_id, source.text)
            st.rerun()
    found, group = looks, f"vanishing-training-{source.card_id}-{len(looks)}"
    show_part(
        "training",
        group,
        lambda _, group, start: training_stage(found, texts, group, dict(start)),
        texts,
    )


@st.fragment(run_every=POLL_SECONDS)
def _watch(source: Trained, texts: Texts) -> None:
    """Progress of a running training; the page goes on by itself when it is done."""
    job = jobs().find(job_key(source.card_id, source.text))
    if job is None or not job.running:
        st.rerun()
        return
    look = job.progress.note
    running = (
        texts("vanishing.starting")
        if look is None
        else texts(
            "vanishing.running",
            updates=f"{look.updates:,}",
            loss=f"{look.loss:.3f}",
            radius=f"{look.radius:.2f}",
        )
    )
    st.progress(job.progress.share, queue_line(job, running, texts))
    if st.button(texts("training.cancel"), key="cancel-vanishing"):
        job.cancel()
        st.rerun()
