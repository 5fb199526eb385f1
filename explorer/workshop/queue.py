"""The part *Runs*: what waits, trains, has ended or is damaged, and what can be done with it."""

from __future__ import annotations

import streamlit as st

from explorer.language import Texts
from explorer.sidebar import plain
from explorer.workshop.cost_box import duration
from explorer.workshop.links import choose_run
from explorer.workshop.store import own_runs, runs_folder, workshop
from explorer.workshop.summary import Summary, own_summaries

POLL_SECONDS = 1.0
SHOWN = 12
COLOURS = {
    "queued": "gray",
    "running": "blue",
    "finished": "green",
    "stopped": "orange",
    "failed": "red",
    "damaged": "red",
    "new": "gray",
}


def show_runs(texts: Texts) -> None:
    """Every run of one's own; looked at again and again only while one of them is active."""
    active = any(summary.active for summary in own_summaries())
    st.fragment(_list, run_every=POLL_SECONDS if active else None)(texts, active)


def _list(texts: Texts, was_active: bool) -> None:
    summaries = own_summaries()
    if was_active and not any(summary.active for summary in summaries):
        st.rerun()  # nothing moves any more
    if not summaries:
        st.info(texts("workshop.no_runs"))
    for summary in summaries[:SHOWN]:
        _row(summary, texts)
    if older := summaries[SHOWN:]:
        with st.expander(texts("workshop.older", number=len(older))):
            for summary in older:
                _row(summary, texts)
    st.caption(texts("workshop.folder", folder=plain(str(runs_folder()))))


def _row(summary: Summary, texts: Texts) -> None:
    with st.container(border=True):
        name, numbers, buttons = st.columns([4, 5, 3], vertical_alignment="center")
        with name:
            st.markdown(f"**{plain(summary.title)}**  \n{_state(summary, texts)}")
        with numbers:
            _numbers(summary, texts)
        with buttons, st.container(horizontal=True, horizontal_alignment="right"):
            _buttons(summary, texts)
        if summary.problem:
            st.caption(f":red[{plain(summary.problem)}]")


def _state(summary: Summary, texts: Texts) -> str:
    label = texts(f"workshop.state_{summary.status}")
    if summary.status == "queued":
        place = workshop().position(own_runs().open(summary.id))
        label = texts("workshop.place", place=place) if place else label
    return f":{COLOURS[summary.status]}-badge[{plain(label)}]"


def _numbers(summary: Summary, texts: Texts) -> None:
    if summary.settings is None:
        return
    steps = summary.settings.training.steps
    if summary.status in ("running", "stopped", "queued") or summary.share:
        st.progress(summary.share, texts("workshop.done", step=summary.step, steps=steps))
    st.caption(plain(" · ".join(_said(summary, texts))))


def _said(summary: Summary, texts: Texts) -> list[str]:
    last, measured = summary.last, summary.measured
    said = []
    if last:
        said.append(texts("workshop.said_loss", loss=f"{last['loss']:.3f}"))
    if measured:
        said.append(texts("workshop.said_held_out", loss=f"{measured['validation_loss']:.3f}"))
    if summary.status == "running" and last:
        said.append(texts("workshop.said_rate", rate=f"{last['rate']:,.0f}"))
        said.append(texts("workshop.said_left", time=duration(last["seconds_left"], texts)))
    elif last:
        said.append(texts("workshop.said_took", time=duration(last["seconds"], texts)))
    return said


def _buttons(summary: Summary, texts: Texts) -> None:
    if summary.active and st.button(
        texts("workshop.stop"), key=f"stop-{summary.id}", icon=":material/stop:"
    ):
        workshop().cancel(own_runs().open(summary.id))
        st.rerun()
    if summary.status in ("stopped", "failed", "new") and st.button(
        texts("workshop.resume"), key=f"resume-{summary.id}", icon=":material/play_arrow:"
    ):
        _resume(summary)
    if summary.last and st.button(
        "", key=f"curves-{summary.id}", icon=":material/show_chart:", help=texts("workshop.watch")
    ):
        choose_run(summary.id, "curves")
    if summary.recurrent and st.button(
        "", key=f"inside-{summary.id}", icon=":material/visibility:", help=texts("workshop.look")
    ):
        choose_run(summary.id, "inside")
    if not summary.active:
        with st.popover("", icon=":material/delete:", help=texts("workshop.delete")):
            st.write(texts("workshop.delete_sure"))
            if st.button(texts("workshop.delete"), key=f"delete-{summary.id}", type="primary"):
                _delete(summary)


def _resume(summary: Summary) -> None:
    try:
        workshop().resume(own_runs().open(summary.id))
    except (ValueError, OSError) as error:
        st.error(plain(str(error)))
    else:
        st.rerun()


def _delete(summary: Summary) -> None:
    try:
        own_runs().delete(summary.id)
    except (ValueError, OSError) as error:
        st.error(plain(str(error)))
    else:
        st.rerun()
