"""Error against noise: the network beside the threshold rule, on the same held-out messages."""

from __future__ import annotations

import streamlit as st

from core.training.gallery.shelf import GalleryModel
from explorer.charts.gallery_signals import noise_figure
from explorer.gallery.common import short_label
from explorer.jobs import Progress, jobs
from explorer.language import Texts
from explorer.models import load_applied
from explorer.queue_line import queue_line
from explorer.words.pictures import is_dark

LEVELS = (-12.0, -9.0, -6.0, -3.0, 0.0, 5.0, 10.0, 20.0)
MESSAGES = 40
POLL_SECONDS = 1.0
Curve = dict[float, tuple[float, float]]


def show_noise(model: GalleryModel, texts: Texts) -> None:
    """A button that measures, the progress, and the chart."""
    with st.expander(texts("signals.noise_title"), icon=":material/graphic_eq:"):
        st.markdown(texts("signals.noise_lead", messages=MESSAGES))
        job = jobs().find(key_of(model.id))
        if job is None or job.cancelled:
            if st.button(texts("signals.noise_measure"), icon=":material/speed:"):
                jobs().start(key_of(model.id), lambda progress: measure(model.id, progress))
                st.rerun()
        elif job.running:
            _watch(model, texts)
        else:
            _draw(job.result, model, texts)


def key_of(model_id: str) -> str:
    """The job that measures this model."""
    return f"morse-noise-{model_id}"


def measure(model_id: str, progress: Progress) -> Curve:
    """The error rates of network and rule at every level of noise; on a worker."""
    import torch

    from core.applications.morse import measure_on, messages_at, threshold_error

    torch.set_num_threads(1)
    model = load_applied(model_id).model
    found: Curve = {}
    for number, level in enumerate(LEVELS):
        progress.report(number / len(LEVELS), dict(found))
        messages = messages_at(level, MESSAGES)
        found[level] = (measure_on(model, messages).score, threshold_error(messages))
    return found


@st.fragment(run_every=POLL_SECONDS)
def _watch(model: GalleryModel, texts: Texts) -> None:
    job = jobs().find(key_of(model.id))
    if job is None or not job.running:
        st.rerun()
        return
    line = queue_line(job, texts("signals.noise_running"), texts)
    st.progress(job.progress.share, line)
    if job.progress.note:
        _draw(job.progress.note, model, texts)


def _draw(found: Curve, model: GalleryModel, texts: Texts) -> None:
    labels = (short_label(model, texts), texts("baseline.threshold"))
    figure = noise_figure(found, labels, texts, dark=is_dark())
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="noise-chart")
