"""The variants against the plain LSTM by the race's protocol, with a rank test over seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.training.shelf import shipped_models
from explorer.address import chosen, publish
from explorer.charts.lab_variants import learning_figure
from explorer.lab.race_names import competitor_name, shipped_grid, task_name
from explorer.language import Texts
from explorer.words.pictures import is_dark

if TYPE_CHECKING:
    from core.race.grid import Grid
    from core.race.horizon import Comparison

PLAINS = ("lstm", "gru")
# pages of the menu's section "inside", on which a variant can be opened from here
OPENED = ("cell", "unrolled", "states", "gradients")


def show(texts: Texts) -> None:
    """The picture, what it says, and beside it what the literature found."""
    grid = shipped_grid("variants")
    begun = [task for task in grid.plan.tasks if any(run.task == task for run in grid.runs)]
    chosen("variants_task", begun[0], begun)
    chosen("variants_plain", PLAINS[0], PLAINS)
    with st.sidebar:
        st.radio(
            texts("memory.task"),
            begun,
            format_func=lambda task: task_name(task, texts),
            key="variants_task",
        )
        st.radio(
            texts("variants.against"),
            PLAINS,
            format_func=lambda kind: competitor_name(kind, texts),
            key="variants_plain",
        )
        st.caption(texts("variants.shipped", seeds=len(grid.plan.seeds)))
        _offer_to_open(texts)
    task, plain = st.session_state["variants_task"], st.session_state["variants_plain"]
    publish(
        variants_task=None if task == begun[0] else task,
        variants_plain=None if plain == PLAINS[0] else plain,
    )
    delay = grid.plan.delays[0]
    found = comparisons(grid, task, delay, plain)
    st.plotly_chart(
        _figure(grid, task, delay, plain, found, texts),
        key="variants-learning",
        config={"displayModeBar": False},
    )
    st.markdown(caption(found, plain, texts))
    st.markdown(f"#### {texts('variants.table')}")
    st.dataframe(
        table(grid, task, delay, found, texts),
        hide_index=True,
        width="stretch",
        height=35 * (len(grid.plan.competitors) + 1) + 3,
    )
    protocol = grid.plan.protocol
    st.caption(
        texts(
            "variants.budget",
            updates=protocol.updates,
            units=protocol.units,
            delay=delay,
            seeds=len(grid.plan.seeds),
            minutes=f"{sum(run.seconds for run in grid.runs) / 60:.0f}",
        )
    )


def comparisons(grid: Grid, task: str, delay: int, plain: str) -> dict[str, Comparison]:
    """Every variant that has runs there against ``plain``, by kind."""
    from core.race.horizon import compare

    others = [kind for kind in grid.plan.competitors if kind != plain]
    return {one.competitor: one for one in compare(grid, task, delay, plain, others)}


def _figure(
    grid: Grid, task: str, delay: int, plain: str, found: dict[str, Comparison], texts: Texts
) -> object:
    from core.race.horizon import learning

    protocol = grid.plan.protocol
    scores = {
        competitor_name(kind, texts): [learning(run, protocol) for run in runs]
        for kind in grid.plan.competitors
        if (runs := grid.of(task, kind, delay))
    }
    verdicts = {competitor_name(kind, texts): verdict(one) for kind, one in found.items()}
    return learning_figure(
        scores, verdicts, plain=competitor_name(plain, texts), texts=texts, dark=is_dark()
    )


def verdict(one: Comparison) -> str:
    """better or worse where the rank test says so, else same."""
    if not one.significant:
        return "same"
    return "better" if one.difference > 0 else "worse"


def caption(found: dict[str, Comparison], plain: str, texts: Texts) -> str:
    """How many differ from the plain cell, and which."""
    comma = texts("memory.comma")
    names: dict[str, list[str]] = {"better": [], "worse": [], "same": []}
    for kind, one in found.items():
        names[verdict(one)].append(competitor_name(kind, texts))
    parts = [
        texts(
            "variants.same_count",
            same=len(names["same"]),
            all=len(found),
            plain=competitor_name(plain, texts),
        )
    ]
    parts += [
        texts(f"variants.are_{key}", names=comma.join(names[key]))
        for key in ("worse", "better")
        if names[key]
    ]
    return texts("caption.gap").join(parts)


def table(
    grid: Grid, task: str, delay: int, found: dict[str, Comparison], texts: Texts
) -> dict[str, list[object]]:
    """One row a variant: what came of it here, and what others found."""
    from core.race.horizon import learning, spread

    literature = texts.section("literature")
    rows = []
    for kind in grid.plan.competitors:
        runs = grid.of(task, kind, delay)
        seeds, one = spread(runs), found.get(kind)
        if seeds is None:
            continue
        learned = sorted(learning(run, grid.plan.protocol) for run in runs)
        rows.append(
            (
                competitor_name(kind, texts),
                f"{seeds.solved} / {seeds.seeds}",
                f"{(learned[len(learned) // 2] + learned[(len(learned) - 1) // 2]) / 2:.3f}",
                "–" if one is None else f"{one.difference:+.3f}",
                "–" if one is None else f"{one.p:.3f}",
                sum(run.broke_off for run in runs) or "–",
                literature.get(kind, "–"),
            )
        )
    names = ("who", "solved", "learning", "difference", "p", "broke", "literature")
    return {
        texts(f"variants.col_{name}"): [row[place] for row in rows]
        for place, name in enumerate(names)
    }


def _offer_to_open(texts: Texts) -> None:
    """A variant that has learned the word *namaskar*, to be opened on a page of recordings."""
    from core.race.competitors import VARIANTS

    models = {model.cell: model.id for model in shipped_models() if model.corpus == "namaskar"}
    kinds = [kind for kind in VARIANTS if kind in models]
    with st.popover(texts("variants.open"), width="stretch"):
        kind = st.selectbox(
            texts("variants.col_who"),
            kinds,
            format_func=lambda one: competitor_name(one, texts),
            key="variants_open",
        )
        st.caption(texts("variants.about_open"))
        for page in OPENED:
            if st.button(texts(f"nav.{page}"), key=f"open-{page}", width="stretch"):
                st.session_state["next_model"] = models[kind]
                st.switch_page(st.session_state["menu"]["inside"][page])
