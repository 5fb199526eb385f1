"""A race of one's own: a small grid in the background, kept on disk, so that it goes on."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from explorer.address import chosen, publish
from explorer.jobs import Progress, jobs
from explorer.lab.race_grid import show_grid
from explorer.lab.race_names import competitor_name, start_name, task_name
from explorer.language import Texts
from explorer.queue_line import queue_line
from explorer.sidebar import plain

if TYPE_CHECKING:
    from core.race.grid import Grid, Plan

POLL_SECONDS = 2.0
DELAYS = ("5", "10", "20", "30", "50", "100")
UPDATES = ("400", "1000", "3000")
SEEDS = ("1", "2", "3")
FOLDER_VARIABLE = "UNROLLED_RACES"
FIRST = ("elman", "lstm", "gru")
FIRST_STARTS = ("torch", "orthogonal", "chrono")
RATES = (1e-3, 3e-3, 1e-2)


def show(texts: Texts) -> None:
    """Choose a grid, run it in the background, and look at what is finished."""
    plan = _choose(texts)
    if plan is None:
        return
    path = place_of(plan)
    key = f"own-race-{path.stem}"
    job = jobs().find(key)
    if job is not None and job.running:
        _watch(key, path, texts)
        return
    if job is not None and job.error:
        st.error(plain(job.error))
    grid = _found(path, plan)
    if grid is None or not grid.finished:
        st.markdown(texts("memory.own_lead"))
        share = 0.0 if grid is None else grid.share
        label = texts("memory.own_resume", share=f"{share:.0%}") if share else texts("memory.own")
        if st.button(label, type="primary", icon=":material/flag:"):
            jobs().start(key, lambda progress: run_plan(plan, path, progress))
            st.rerun()
    if grid is not None and grid.runs:
        show_grid(grid, grid.runs[0].task, texts)


def place_of(plan: Plan) -> Path:
    """The file of this plan: in the folder ``UNROLLED_RACES``, else among temporary files."""
    folder = os.environ.get(FOLDER_VARIABLE) or Path(tempfile.gettempdir()) / "unrolled-races"
    digest = hashlib.sha256(repr(asdict(plan)).encode()).hexdigest()[:16]
    return Path(folder) / f"{digest}.json"


def run_plan(plan: Plan, path: Path, progress: Progress) -> Grid:
    """Run what is missing of the plan, and write it down after every run; on a worker.

    A stopped job leaves its finished runs in the file, and the next one goes on from there.
    """
    import torch

    from core.race.grid import race
    from core.race.grid_file import resumed, save_grid

    torch.set_num_threads(1)
    grid = resumed(path, plan)

    def report(what: str, score: float) -> None:
        progress.report(grid.share, (what, score))

    for _ in race(grid, report):
        save_grid(path, grid)
        progress.report(grid.share)
    save_grid(path, grid)
    return grid


def _found(path: Path, plan: Plan) -> Grid | None:
    from core.race.grid_file import resumed

    return resumed(path, plan) if path.is_file() else None


@st.fragment(run_every=POLL_SECONDS)
def _watch(key: str, path: Path, texts: Texts) -> None:
    job = jobs().find(key)
    if job is None or not job.running:
        st.rerun()
        return
    what, score = job.progress.note or ("…", 0.0)
    bar, stop = st.columns([5, 1], vertical_alignment="center")
    label = queue_line(job, f"{what} · {score:.2f}", texts)
    bar.progress(job.progress.share, label)
    if stop.button(texts("memory.stop"), key="own-stop", width="stretch"):
        job.cancel()
        st.rerun(scope="app")
    st.caption(texts("memory.own_kept"))
    if path.is_file():
        from core.race.grid_file import load_grid

        grid = load_grid(path)
        st.dataframe(
            {
                texts("memory.col_who"): [competitor_name(r.competitor, texts) for r in grid.runs],
                texts("memory.start"): [start_name(run.start, texts) for run in grid.runs],
                texts("memory.rate"): [f"{run.rate:g}" for run in grid.runs],
                texts("memory.delay"): [run.delay for run in grid.runs],
                texts("memory.seed"): [run.seed for run in grid.runs],
                texts("memory.col_score"): [f"{run.score:.3f}" for run in grid.runs],
                texts("memory.col_updates"): [run.updates for run in grid.runs],
            },
            hide_index=True,
            width="stretch",
        )


def _choose(texts: Texts) -> Plan | None:
    """The settings in the sidebar; None, said there, where one of the lists is empty."""
    from core.networks.starts import STARTS
    from core.race.competitors import COMPETITORS
    from core.race.plans import TASKS

    chosen("own_task", TASKS[0], TASKS)
    chosen("own_updates", "400", UPDATES)
    chosen("own_seeds", "1", SEEDS)
    with st.sidebar:
        task = st.selectbox(
            texts("memory.task"), TASKS, format_func=lambda t: task_name(t, texts), key="own_task"
        )
        runners = st.multiselect(
            texts("memory.competitors"),
            COMPETITORS,
            default=FIRST,
            format_func=lambda kind: competitor_name(kind, texts),
        )
        starts = st.multiselect(
            texts("memory.starts"),
            STARTS,
            default=FIRST_STARTS,
            format_func=lambda start: start_name(start, texts),
        )
        delays = st.multiselect(texts("memory.delays"), DELAYS, default=DELAYS[:3])
        seeds = st.radio(texts("memory.seeds"), SEEDS, key="own_seeds", horizontal=True)
        updates = st.radio(texts("memory.updates"), UPDATES, key="own_updates", horizontal=True)
    publish(own_task=None if task == TASKS[0] else task)
    if not runners or not delays or not starts:
        st.warning(texts("memory.own_empty"))
        return None
    return plan_of(task, runners, starts, sorted(map(int, delays)), int(seeds), int(updates))


def plan_of(
    task: str, runners: list[str], starts: list[str], delays: list[int], seeds: int, updates: int
) -> Plan:
    """Every network by those of the starts that fit it, by torch's where none does."""
    from core.race.competitors import COMPETITORS, starts_for
    from core.race.grid import Plan
    from core.race.protocol import Protocol

    return Plan(
        tasks=(task,),
        delays=tuple(delays),
        starts={
            kind: tuple(start for start in starts_for(kind) if start in starts) or ("torch",)
            for kind in COMPETITORS
            if kind in runners
        },
        seeds=tuple(range(1, seeds + 1)),
        protocol=Protocol(updates=updates, rates=RATES, sweep_delays=(delays[0],)),
    )
