"""The part *Live curves*: a run while it trains, or afterwards."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.players.stage import mount_stage
from explorer.sidebar import plain
from explorer.workshop.curves_stage import curves_stage
from explorer.workshop.links import select_run
from explorer.workshop.store import find_run
from explorer.workshop.summary import Summary, own_summaries, ready_summaries, summary_of

POLL_SECONDS = 1.5


def show_curves(texts: Texts) -> None:
    """The curves of one run, drawn anew every second or two while it trains."""
    runs = [one for one in (*own_summaries(), *ready_summaries()) if one.settings]
    if not runs:
        st.info(texts("workshop.no_runs"))
        return
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    with left:
        summary = select_run(runs, texts)
    st.session_state["ws_log"] = str(chosen("ws_log", "False")) == "True"
    with right:
        log = st.toggle(texts("workshop.log"), key="ws_log")
    publish(ws_log="True" if log else None)
    every = POLL_SECONDS if summary.active else None
    st.fragment(_curves, run_every=every)(summary.id, summary.active, log, texts)


def _curves(run_id: str, was_active: bool, log: bool, texts: Texts) -> None:
    run = find_run(run_id)
    if run is None:
        st.rerun()
        return
    summary = summary_of(run)
    if was_active and not summary.active:
        st.rerun()
    if summary.problem:
        st.warning(plain(summary.problem))
    metrics = run.metrics()
    if not metrics or summary.settings is None:
        st.info(texts("workshop.no_curve"))
        return
    payload = curves_stage(
        metrics,
        summary.settings.training.steps,
        texts,
        group=f"curves-{run_id}",
        metric=metric_name(summary, texts),
        log=log,
        live=summary.active,
    )
    mount_stage(payload, key="stage-curves")


def metric_name(summary: Summary, texts: Texts) -> str:
    """What the score of a run's application is called."""
    from core.applications import application_class

    assert summary.settings is not None
    metric = application_class(summary.settings.application).metric
    return texts.section("metric").get(metric, metric)
