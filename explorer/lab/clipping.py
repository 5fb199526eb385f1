"""The parts of the page about clipping."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.address import chosen, publish
from explorer.captions import percent
from explorer.charts.lab_clipping import loss_figure, numbers_figure, steps_figure, training_figure
from explorer.lab.bptt_captions import written
from explorer.lab.clipping_runs import (
    KINDS,
    OFFERED,
    SLOWER,
    STANDARD,
    Settings,
    clipped_share,
    has_ended,
    has_failed,
    last_loss,
    start,
    updates_of,
)
from explorer.language import Texts
from explorer.words.pictures import is_dark

if TYPE_CHECKING:
    from core.training.clipping import Update

    Runs = Mapping[str, Sequence[Update]]

POLL_SECONDS = 0.4


def show_trained(settings: Settings, texts: Texts) -> None:
    """Trained without clipping, by norm and by value, live; and without it at a lower rate."""
    _watched(settings, KINDS, _draw_trained, texts)


def _draw_trained(settings: Settings, runs: Runs, texts: Texts) -> None:
    task = settings.task
    figure = training_figure(
        runs,
        settings.norm,
        task.baseline,
        task.updates,
        texts,
        dark=is_dark(),
        rates={kind: settings.task_of(kind).learning_rate / task.learning_rate for kind in runs},
    )
    st.plotly_chart(figure, key="clipping-training", config={"displayModeBar": False})
    st.write(training_caption(settings, runs, texts))  # below: it grows when all have ended


def training_caption(settings: Settings, runs: Runs, texts: Texts) -> str:
    """What became of each training that has come to its end, and of the lower rate at last."""
    ended = {kind: run for kind, run in runs.items() if has_ended(run, settings.task_of(kind))}
    sentences = [
        texts(
            "clipping.fails" if has_failed(run) else "clipping.learns",
            kind=texts(f"clipping.kind_{kind}").capitalize(),
            loss=written(last_loss(run)),
            updates=len(run),
            largest=written(max(update.before for update in run if math.isfinite(update.before))),
            clipped=percent(clipped_share(run)),
        )
        for kind, run in ended.items()
    ]
    for kind in runs.keys() - ended.keys():
        name = texts(f"clipping.kind_{kind}")
        sentences.append(texts("clipping.at_work", kind=name, done=len(runs[kind])))
    if {"norm", "slow"} <= ended.keys():
        sentences.append(control(ended["slow"], ended["norm"], texts))
    return texts("caption.gap").join(sentences)


def control(slow: Sequence[Update], clipped: Sequence[Update], texts: Texts) -> str:
    """Whether a lower rate would have done as well as clipping."""
    if has_failed(slow):
        return texts("clipping.control_fails", times=SLOWER)
    ends = {"slow": written(last_loss(slow)), "clipped": written(last_loss(clipped))}
    key = "below" if last_loss(slow) < last_loss(clipped) else "above"
    return texts(f"clipping.control_{key}", times=SLOWER, **ends)


def show_numbers(settings: Settings, texts: Texts) -> None:
    """What both kinds of clipping make of every number of the first gradient."""
    from core.training.clipping import CLIPPINGS, clip, start_gradient

    numbers = start_gradient(settings.task).numbers
    after: dict[str, np.ndarray] = {}
    for kind in CLIPPINGS:
        after[kind] = clip([numbers], kind, settings.threshold(kind))[0].numpy()
    st.write(numbers_caption(settings, after, texts))
    figure = numbers_figure(numbers.numpy(), after, texts, dark=is_dark())
    st.plotly_chart(figure, key="clipping-numbers", config={"displayModeBar": False})


def numbers_caption(settings: Settings, after: Mapping[str, np.ndarray], texts: Texts) -> str:
    """Length and direction of one gradient: as it is, clipped by norm, clipped by value."""
    before = after["none"]
    norm, by_norm, by_value = (
        float(np.linalg.norm(after[kind])) for kind in ("none", "norm", "value")
    )
    cosine = float(before @ after["value"]) / (norm * by_value)
    return texts(
        "clipping.numbers_caption",
        count=f"{len(before):,}",
        norm=written(norm),
        factor=written(min(1.0, settings.norm / norm)),
        by_norm=written(by_norm),
        cut=int((abs(before) > settings.value).sum()),
        by_value=written(by_value),
        angle=f"{math.degrees(math.acos(min(cosine, 1.0))):.0f}",
    )


@st.fragment
def show_vanishing(settings: Settings, texts: Texts) -> None:
    """A network whose gradient vanishes, step by step, and trained with and without clipping."""
    chosen("clip_small", STANDARD["clip_small"], OFFERED["clip_small"])
    st.select_slider(texts("clipping.set_small"), OFFERED["clip_small"], key="clip_small")
    small = st.session_state["clip_small"]
    publish(clip_small=small if small != STANDARD["clip_small"] else None)
    task = replace(settings.task, radius=float(small))
    quiet = replace(settings, task=task)
    left, right = st.columns([1.25, 1])
    with left:
        _draw_steps(quiet, texts)
    with right:
        _watched(quiet, ("none", "norm"), _draw_losses, texts)


def _draw_steps(settings: Settings, texts: Texts) -> None:
    from core.training.clipping import start_gradient

    found = start_gradient(settings.task)
    factor = min(1.0, settings.norm / found.norm)
    before = found.by_step.norm(dim=(1, 2)).numpy()
    last, early = before[-1], before[1]
    figure = steps_figure(before, before * factor, texts, dark=is_dark())
    st.plotly_chart(figure, key="clipping-steps", config={"displayModeBar": False})
    st.write(
        texts(
            "clipping.steps_caption",
            norm=written(found.norm),
            factor=written(factor),
            before=written(float(early / last)),
            after=written(float(early * factor / (last * factor))),
        )
    )


def _draw_losses(settings: Settings, runs: Runs, texts: Texts) -> None:
    task = settings.task
    figure = loss_figure(runs, task.baseline, task.updates, texts, dark=is_dark())
    st.plotly_chart(figure, key="clipping-losses", config={"displayModeBar": False})
    st.write(_losses_caption(settings, runs, texts))


def _losses_caption(settings: Settings, runs: Runs, texts: Texts) -> str:
    if not all(has_ended(run, settings.task) for run in runs.values()):
        return texts("clipping.running", updates=settings.task.updates)
    without, clipped = (last_loss(runs[kind]) for kind in ("none", "norm"))
    return texts(
        "clipping.losses_caption",
        without=written(without) if math.isfinite(without) else "∞",
        clipped=written(clipped),
        baseline=written(settings.task.baseline),
    )


def _watched(
    settings: Settings,
    kinds: Sequence[str],
    draw: Callable[[Settings, Runs, Texts], None],
    texts: Texts,
) -> None:
    """Draw the trainings, again and again as long as one of them is at work."""
    found = {kind: start(settings, kind) for kind in kinds}
    poll = POLL_SECONDS if any(job.running for job in found.values()) else None

    @st.fragment(run_every=poll)
    def look() -> None:
        draw(settings, {kind: updates_of(job) for kind, job in found.items()}, texts)
        if poll and not any(job.running for job in found.values()):
            st.rerun()

    look()
