"""May a gate be a ReLU, and why is the candidate a tanh? Two cells of the same weights answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from explorer.address import chosen, publish
from explorer.charts.lab_variants import candidate_figure, kept_figure
from explorer.lab.race_names import competitor_name, shipped_grid, start_name, task_name
from explorer.language import Texts
from explorer.shared import shared
from explorer.words.pictures import is_dark

if TYPE_CHECKING:
    from core.race.questions import Life

OTHERS = {"relu": "lstm-relu-gates", "tanh": "lstm-sigmoid-candidate"}
SCALES = ("0.5", "1", "1.5", "2", "3", "4")
BIASES = ("-1", "0", "1", "2", "3")


def show_relu(texts: Texts) -> None:
    """Gates of sigmoids beside gates of ReLUs."""
    _show("relu", texts)


def show_tanh(texts: Texts) -> None:
    """A candidate in (-1, 1) beside one in (0, 1)."""
    _show("tanh", texts)


@st.fragment
def _show(question: str, texts: Texts) -> None:
    from core.race.questions import STEPS, UNITS

    chosen("variants_scale", "1", SCALES)
    chosen("variants_bias", "1", BIASES)
    left, right = st.columns(2)
    left.select_slider(texts("variants.scale"), SCALES, key="variants_scale")
    right.select_slider(texts("variants.bias"), BIASES, key="variants_bias")
    scale, bias = st.session_state["variants_scale"], st.session_state["variants_bias"]
    publish(
        variants_scale=None if scale == "1" else scale, variants_bias=None if bias == "1" else bias
    )
    kinds = ("lstm", OTHERS[question])
    lives = [lived(kind, float(scale), float(bias)) for kind in kinds]
    labels = {kind: competitor_name(kind, texts) for kind in kinds}
    draw = kept_figure if question == "relu" else candidate_figure
    figure = draw(lives, labels, texts, dark=is_dark())
    st.plotly_chart(figure, key=f"variants-{question}", config={"displayModeBar": False})
    st.markdown(_said(question, lives, texts))
    st.markdown(trained(OTHERS[question], texts))
    st.caption(texts("variants.about_lives", units=UNITS, steps=STEPS))


@shared
def lived(kind: str, scale: float, bias: float) -> Life:
    """One cell's hundred steps with these settings."""
    import torch

    from core.race.questions import life

    torch.set_num_threads(1)
    return life(kind, scale=scale, forget_bias=bias)


def _said(question: str, lives: list[Life], texts: Texts) -> str:
    """What the two lives show, in numbers."""
    plain, other = lives
    if question == "relu":
        return texts(
            "variants.said_relu",
            highest=f"{other.forget.max():.2f}",
            above=f"{(other.forget > 1).mean():.0%}",
            shut=f"{other.shut:.0%}",
            size=f"{max(abs(other.lowest).max(), abs(other.highest).max()):.3g}",
            plain_size=f"{max(abs(plain.lowest).max(), abs(plain.highest).max()):.2g}",
            plain_highest=f"{plain.forget.max():.2f}",
        )
    return texts(
        "variants.said_tanh",
        low=f"{plain.lowest.min():.2f}",
        high=f"{plain.highest.max():.2f}",
        other_low=f"{other.lowest.min():.2f}",
        other_high=f"{other.highest.max():.2f}",
    )


def trained(kind: str, texts: Texts) -> str:
    """How the variant did in the race of variants, task by task, each cell at its best start."""
    from core.race.horizon import lane
    from core.race.protocol import BROKE_OFF

    grid = shipped_grid("variants")
    parts = []
    for task in grid.plan.tasks:
        delay = grid.plan.delays[0]
        mine, theirs = (lane(grid, task, one) for one in (kind, "lstm"))
        if mine is None or theirs is None:
            continue
        runs = mine.runs.get(delay, [])
        parts.append(
            texts(
                "variants.trained",
                task=task_name(task, texts),
                start=start_name(mine.start, texts),
                solved=mine.solved(delay),
                seeds=len(runs),
                plain=theirs.solved(delay),
                plain_start=start_name(theirs.start, texts),
                broke=sum(run.ended == BROKE_OFF for run in runs),
            )
        )
    return texts("caption.gap").join([texts("variants.trained_lead"), *parts]) if parts else ""
