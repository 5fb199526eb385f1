"""Work that is mostly done at once and sometimes takes long: waited for a moment, then watched."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import streamlit as st

from explorer.jobs import Work, jobs
from explorer.language import Texts
from explorer.queue_line import queue_line

AT_ONCE = 1.0
"""Seconds that a page waits before it shows progress instead."""
POLL_SECONDS = 0.5


def result_of(key: Hashable, work: Work, texts: Texts) -> Any:
    """What ``work`` gives; None while it is at work, which is shown with a way to stop it.

    Raises ValueError where the work did, with its reason.
    """
    job = jobs().find(key)
    if job is not None and job.cancelled:
        st.info(texts("reading.stopped"))
        if not st.button(texts("reading.again"), key=f"again-{hash(key)}"):
            return None
    job = jobs().start(key, work)
    try:
        job.wait(AT_ONCE)
    except TimeoutError:
        _watch(key, texts)
        return None
    if job.error is not None:
        raise ValueError(job.error)
    return job.result


@st.fragment(run_every=POLL_SECONDS)
def _watch(key: Hashable, texts: Texts) -> None:
    """Progress; the page goes on by itself when it is done."""
    job = jobs().find(key)
    if job is None or not job.running:
        st.rerun()
        return
    bar, stop = st.columns([5, 1], vertical_alignment="center")
    bar.progress(job.progress.share, queue_line(job, texts("reading.running"), texts))
    if stop.button(texts("reading.stop"), key=f"stop-{hash(key)}", width="stretch"):
        job.cancel()
        st.rerun()
