"""The trainings behind the page about clipping: what is chosen, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import streamlit as st

from explorer.address import chosen, publish
from explorer.jobs import Job, Progress, jobs
from explorer.language import Texts

if TYPE_CHECKING:
    from core.training.clipping import Clipping, ExplodingTask, Update

REPORT_EVERY = 6  # updates between two looks of the page
SLOWER = 10  # the control without clipping: the rate divided, the updates multiplied by this
KINDS = ("none", "norm", "value", "slow")
OFFERED = {
    "clip_radius": ("0.9", "1", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6"),
    "clip_steps": ("10", "15", "20", "25", "30"),
    "clip_norm": ("0.1", "0.3", "1", "3", "10", "30"),
    "clip_value": ("0.01", "0.03", "0.1", "0.3", "1"),
    "clip_seed": ("0", "1", "2", "3", "4"),
    "clip_small": ("0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1", "1.1", "1.2", "1.3", "1.5"),
}
SIDEBAR = {
    "vanish": ("clip_norm", "clip_steps", "clip_seed"),
    "others": ("clip_norm", "clip_value", "clip_radius", "clip_steps", "clip_seed"),
}
STANDARD = {
    "clip_radius": "1.3",
    "clip_steps": "20",
    "clip_norm": "1",
    "clip_value": "0.1",
    "clip_seed": "0",
    "clip_small": "0.6",
}


@dataclass(frozen=True)
class Settings:
    """The task, and both thresholds M."""

    task: ExplodingTask
    norm: float
    value: float

    def threshold(self, clipping: Clipping) -> float:
        """M of a kind of clipping; 0 where nothing is clipped."""
        return {"none": 0.0, "norm": self.norm, "value": self.value}[clipping]

    def task_of(self, kind: str) -> ExplodingTask:
        """What a kind of training trains on: "slow" takes shorter steps, and more of them."""
        if kind != "slow":
            return self.task
        rate, updates = self.task.learning_rate / SLOWER, self.task.updates * SLOWER
        return replace(self.task, learning_rate=rate, updates=updates)


def choose_settings(texts: Texts, part: str) -> Settings:
    """The sidebar: the task and the thresholds, as far as a part of the page uses them."""
    from core.training.clipping import ExplodingTask

    for name in STANDARD:
        if name == "clip_small":  # stands beside its picture
            continue
        chosen(name, STANDARD[name], OFFERED[name])
    with st.sidebar:
        for name in SIDEBAR["vanish" if part == "vanish" else "others"]:
            key = name.removeprefix("clip_")
            st.select_slider(
                texts(f"clipping.set_{key}"),
                OFFERED[name],
                key=name,
                help=texts(f"clipping.set_{key}_help"),
            )
        st.caption(texts("clipping.task"))
    state = st.session_state
    publish(
        **{
            name: state[name] if state[name] != standard else None
            for name, standard in STANDARD.items()
            if name != "clip_small"
        }
    )
    task = ExplodingTask(
        steps=int(state["clip_steps"]),
        radius=float(state["clip_radius"]),
        seed=int(state["clip_seed"]),
    )
    return Settings(task, float(state["clip_norm"]), float(state["clip_value"]))


def start(settings: Settings, kind: str) -> Job:
    """One of ``KINDS`` in the background; note and result are its updates so far."""
    clipping: Clipping = "none" if kind == "slow" else cast("Clipping", kind)
    task, threshold = settings.task_of(kind), settings.threshold(clipping)
    key = ("clipping", task, clipping, threshold)
    return jobs().start(key, lambda progress: _train(task, clipping, threshold, progress))


def _train(
    task: ExplodingTask, clipping: Clipping, threshold: float, progress: Progress
) -> list[Update]:
    import torch

    from core.training.clipping import train

    torch.set_num_threads(1)  # the number belongs to this worker's thread
    done: list[Update] = []
    for update in train(task, clipping, threshold):
        done.append(update)
        if len(done) % REPORT_EVERY == 0:
            progress.report(len(done) / task.updates, list(done))
    return done


def updates_of(job: Job) -> list[Update]:
    """All that a training has done so far."""
    return job.result if job.done else job.progress.note or []


def last_loss(run: Sequence[Update]) -> float:
    """Mean loss of the last tenth of a training; inf where it failed."""
    if has_failed(run):
        return math.inf
    tail = run[-max(1, len(run) // 10) :]
    return sum(update.loss for update in tail) / len(tail)


def has_ended(run: Sequence[Update], task: ExplodingTask) -> bool:
    """Whether there is nothing more to come."""
    return len(run) >= task.updates or has_failed(run)


def has_failed(run: Sequence[Update]) -> bool:
    """Whether the numbers grew without end."""
    return bool(run) and not math.isfinite(run[-1].loss)


def clipped_share(run: Sequence[Update]) -> float:
    """The share of updates that clipping made shorter."""
    return sum(update.after < update.before * (1 - 1e-9) for update in run) / len(run)
