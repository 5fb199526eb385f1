"""The variants against the plain LSTM by the race's protocol, with a rank test over seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.training.shelf import shipped_models
from explorer.address import chosen, publish
from explorer.charts.lab_variants import updates_figure
from explorer.lab.race_lines import cell, lane_name
from explorer.lab.race_names import competitor_name, shipped_grid, start_name, task_name
from explorer.lab.race_says import absent
from explorer.language import Texts
from explorer.words.pictures import is_dark

if TYPE_CHECKING:
    from core.race.grid import Grid
    from core.race.horizon import Choice, Comparison, Lane

PLAINS = ("lstm", "gru")
BEST = "best"
# pages of the menu's section "inside", on which a variant can be opened from here
OPENED = ("cell", "unrolled", "states", "gradients")


def show(texts: Texts) -> None:
    """The picture, what it says, and beside it what the literature found."""
    from core.race.horizon import Choice
    from core.race.plans import GATED_STARTS

    grid = shipped_grid("variants")
    begun = [task for task in grid.plan.tasks if any(run.task == task for run in grid.runs)]
    chosen("variants_task", begun[0], begun)
    chosen("variants_plain", PLAINS[0], PLAINS)
    chosen("variants_start", BEST, (BEST, *GATED_STARTS))
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
        st.selectbox(
            texts("memory.start"),
            (BEST, *GATED_STARTS),
            format_func=lambda one: texts("memory.best") if one == BEST else start_name(one, texts),
            key="variants_start",
        )
        st.caption(texts("variants.shipped", seeds=len(grid.plan.seeds)))
        _offer_to_open(texts)
    task, plain, start = (st.session_state[f"variants_{k}"] for k in ("task", "plain", "start"))
    publish(
        variants_task=None if task == begun[0] else task,
        variants_plain=None if plain == PLAINS[0] else plain,
        variants_start=None if start == BEST else start,
    )
    _part(grid, task, plain, Choice(None if start == BEST else start), texts)


def _part(grid: Grid, task: str, plain: str, choice: Choice, texts: Texts) -> None:
    """Picture, caption, table and protocol for what was chosen."""
    found = comparisons(grid, task, plain, choice)
    st.plotly_chart(
        _figure(grid, task, plain, choice, found, texts),
        key="variants-learning",
        config={"displayModeBar": False},
    )
    st.markdown(caption(found, plain, texts))
    st.markdown(starts_say(grid, task, texts))
    if lacks := absent(grid, task, choice, texts):
        st.info(lacks, icon=":material/pending:")
    st.markdown(f"#### {texts('variants.table')}")
    st.dataframe(
        table(grid, task, found, choice, texts),
        hide_index=True,
        width="stretch",
        height=35 * (len(grid.plan.competitors) + 1) + 3,
    )
    protocol = grid.plan.protocol
    st.caption(
        texts(
            "variants.budget",
            updates=f"{protocol.updates:,}",
            units=protocol.units,
            delay=grid.plan.delays[0],
            seeds=len(grid.plan.seeds),
            rates=" / ".join(f"{rate:g}" for rate in protocol.rates),
            minutes=f"{sum(run.seconds for run in grid.runs) / 60:.0f}",
        )
    )


def comparisons(grid: Grid, task: str, plain: str, choice: Choice) -> dict[str, Comparison]:
    """Every variant that has runs there against ``plain``, by kind."""
    from core.race.horizon import compare

    others = [kind for kind in grid.plan.competitors if kind != plain]
    delay = grid.plan.delays[0]
    return {one.competitor: one for one in compare(grid, task, delay, plain, others, choice)}


def _figure(
    grid: Grid,
    task: str,
    plain: str,
    choice: Choice,
    found: dict[str, Comparison],
    texts: Texts,
) -> object:
    from core.race.horizon import lane

    delay, rows, verdicts, middle = grid.plan.delays[0], {}, {}, None
    for kind in grid.plan.competitors:
        one = lane(grid, task, kind, choice)
        if one is None or delay not in one.runs:
            continue
        name = lane_name(one, texts)
        rows[name] = [run.updates if run.solved else None for run in one.runs[delay]]
        if kind in found:
            verdicts[name] = verdict(found[kind])
        if kind == plain:
            middle = one.updates(delay)
    return updates_figure(
        rows, verdicts, middle, budget=grid.plan.protocol.updates, texts=texts, dark=is_dark()
    )


def verdict(one: Comparison) -> str:
    """better (sooner) or worse where the rank test says so, else same."""
    if not one.significant:
        return "same"
    return "better" if one.difference < 0 else "worse"


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


def starts_say(grid: Grid, task: str, texts: Texts) -> str:
    """What the start alone does: who solves by which starts, and who needs a certain one."""
    from core.race.horizon import Choice, lane
    from core.race.plans import GATED_STARTS

    delay, comma, parts = grid.plan.delays[0], texts("memory.comma"), []
    for start in GATED_STARTS:
        lanes = [lane(grid, task, kind, Choice(start)) for kind in grid.plan.competitors]
        tried = [one for one in lanes if one is not None and delay in one.runs]
        if not tried:
            continue
        solvers = [one for one in tried if one.updates(delay) is not None]
        lost = [competitor_name(one.competitor, texts) for one in tried if one not in solvers]
        parts.append(
            texts(
                "variants.start_solves" if lost else "variants.start_solves_all",
                start=start_name(start, texts),
                solved=len(solvers),
                all=len(tried),
                lost=comma.join(lost),
            )
        )
    return texts("caption.gap").join([texts("variants.starts_lead", delay=delay), *parts])


def table(
    grid: Grid, task: str, found: dict[str, Comparison], choice: Choice, texts: Texts
) -> dict[str, list[object]]:
    """One row a variant: how it fared by each start, the test, and what others found."""
    from core.race.horizon import Choice, lane
    from core.race.plans import GATED_STARTS
    from core.race.protocol import BROKE_OFF

    literature, delay = texts.section("literature"), grid.plan.delays[0]
    rows = []
    for kind in grid.plan.competitors:
        lanes = [lane(grid, task, kind, Choice(start)) for start in GATED_STARTS]
        shown, one = lane(grid, task, kind, choice), found.get(kind)
        broke = sum(
            run.ended == BROKE_OFF for each in lanes if each for run in each.runs.get(delay, [])
        )
        rows.append(
            (
                competitor_name(kind, texts),
                *(
                    _by_start(kind, start, each, grid, texts)
                    for start, each in zip(GATED_STARTS, lanes)
                ),
                "–" if shown is None else start_name(shown.start, texts),
                "–" if one is None else f"{one.p:.3f}",
                str(broke) if broke else "–",
                literature.get(kind, "–"),
            )
        )
    starts = [start_name(start, texts) for start in GATED_STARTS]
    names = [texts(f"variants.col_{name}") for name in ("compared", "p", "broke", "literature")]
    titles = [texts("variants.col_who"), *starts, *names]
    return {title: [row[place] for row in rows] for place, title in enumerate(titles)}


def _by_start(kind: str, start: str, one: Lane | None, grid: Grid, texts: Texts) -> str:
    if start not in grid.plan.starts[kind]:
        return "–"
    return texts("memory.not_computed") if one is None else cell(one, grid.plan.delays[0], texts)


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
