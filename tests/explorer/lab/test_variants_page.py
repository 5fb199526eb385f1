"""The page on variants, and the variants on the other pages."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.race.competitors import VARIANTS
from core.race.horizon import BEST, Choice, Comparison, lane
from core.race.plans import GATED_STARTS
from explorer.charts.lab_variants import kept_figure
from explorer.lab.race_names import shipped_grid
from explorer.lab.variant_cell import DRAWN, equations_of
from explorer.lab.variants_cost import measured
from explorer.lab.variants_questions import OTHERS, lived
from explorer.lab.variants_race import OPENED, caption, comparisons, starts_say, table, verdict
from explorer.language import LANGUAGES, texts_of
from explorer.models import shipped, siblings
from explorer.views.variants import PARTS
from tests.explorer.pages import open_page, shown

MINE = [
    card.id for card in shipped().values() if card.cell not in ("elman", "jordan", "lstm", "gru")
]


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens(part: str, language: str) -> None:
    app = open_page("variants", lang=language, variants_part=part)
    texts = texts_of(language)
    assert problems(app) == []
    assert app.markdown[0].value == f"# {texts('nav.variants')}"
    assert texts.lesson("variants").strip() in [one.value for one in app.markdown]
    assert len(app.get("plotly_chart")) == 1


def begun() -> list[str]:
    """The tasks of the shipped grid that have been begun."""
    grid = shipped_grid("variants")
    return [task for task in grid.plan.tasks if any(run.task == task for run in grid.runs)]


@pytest.mark.parametrize("plain", ["lstm", "gru"])
@pytest.mark.parametrize("task", begun())
@pytest.mark.parametrize("start", ["best", "torch"])
def test_the_caption_counts_what_the_test_found(task: str, plain: str, start: str) -> None:
    address = {"variants_task": task, "variants_plain": plain, "variants_start": start}
    app = open_page("variants", lang="en", **address)
    assert problems(app) == []
    grid, texts = shipped_grid("variants"), texts_of("en")
    choice = BEST if start == "best" else Choice(start)
    found = comparisons(grid, task, plain, choice)
    assert set(found) <= set(VARIANTS) - {plain}
    assert caption(found, plain, texts) in shown(app)
    assert starts_say(grid, task, texts) in shown(app)
    same = sum(not one.significant for one in found.values())
    assert f"**{same} of {len(found)}**" in caption(found, plain, texts)
    rows = table(grid, task, found, choice, texts)
    assert {len(column) for column in rows.values()} == {len(VARIANTS)}


@pytest.mark.parametrize("task", begun())
def test_what_the_start_does_is_counted_from_the_runs(task: str) -> None:
    grid, texts = shipped_grid("variants"), texts_of("en")
    said = starts_say(grid, task, texts)
    for start in GATED_STARTS:
        solved: dict[str, int] = {}
        for run in grid.runs:
            if (run.task, run.start) == (task, start) and run.seed in grid.plan.seeds:
                solved[run.competitor] = solved.get(run.competitor, 0) + run.solved
        if solved:
            many = sum(count > len(grid.plan.seeds) / 2 for count in solved.values())
            wanted = (
                f"**all {len(solved)}**" if many == len(solved) else f"**{many} of {len(solved)}**"
            )
            assert wanted in said


def test_a_verdict_needs_significance() -> None:
    assert verdict(Comparison("x", 0.5, 0.2)) == "same"
    assert verdict(Comparison("x", -0.5, 0.01)) == "better"
    assert verdict(Comparison("x", 0.5, 0.01)) == "worse"


def test_without_an_input_gate_it_was_the_start() -> None:
    """What looked like the loss of a gate is a start that suits cells with that gate."""
    grid = shipped_grid("variants")
    ours = {s: lane(grid, "recall", "lstm-no-input-gate", Choice(s)) for s in GATED_STARTS}
    assert (ours["torch"].solved(20), ours["chrono"].solved(20)) == (0, 6)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_has_a_name_and_variants_a_finding(language: str) -> None:
    texts = texts_of(language)
    grids = (shipped_grid("competitors"), shipped_grid("variants"))
    kinds = {kind for grid in grids for kind in grid.plan.competitors}
    assert kinds <= set(texts.section("variant"))
    assert set(VARIANTS) - {"lstm"} == set(texts.section("literature"))


def test_every_variant_is_shipped_and_offered() -> None:
    app = open_page("variants", lang="zh")
    (chooser,) = [one for one in app.selectbox if one.key == "variants_open"]
    names = texts_of("zh").section("variant")
    assert chooser.options == [names[kind] for kind in VARIANTS]
    assert {f"namaskar-{kind}" for kind in VARIANTS} <= set(shipped())


@pytest.mark.parametrize("card_id", MINE)
@pytest.mark.slow
def test_a_variant_opens_on_the_recording_pages(card_id: str) -> None:
    for page in OPENED:
        app = open_page(page, lang="zh", model=card_id)
        assert problems(app) == [], page
        assert app.selectbox(key="model").value == card_id


def test_a_variant_is_compared_with_the_plain_cells_only() -> None:
    cells = [card.cell for card in siblings(shipped()["namaskar-mgu"])]
    assert sorted(cells) == ["elman", "gru", "jordan", "lstm", "mgu"]
    assert len(siblings(shipped()["namaskar-lstm"])) == 4


@pytest.mark.parametrize("card_id", MINE)
def test_a_cell_without_a_drawing_shows_its_equations(card_id: str) -> None:
    kind = shipped()[card_id].cell
    app = open_page("cell", lang="en", model=card_id)
    formulas = [one.value for one in app.get("latex")] if app.get("latex") else []
    texts = [*formulas, *shown(app)]
    assert any(equations_of(kind) in text for text in texts) == (kind not in DRAWN)


def test_equations_come_from_the_cell() -> None:
    assert r"w_{co} \odot c_t" in equations_of("lstm-peephole")
    assert equations_of("lstm-cifg").startswith(r"\begin{aligned}f_t = 1 - i_t")
    with pytest.raises(ValueError, match="'bert'"):
        equations_of("bert")


def test_costs_are_measured_here() -> None:
    costs = {cost.kind: cost for cost in measured(32)}
    assert costs["gru"].parameters == costs["lstm"].parameters * 3 // 4
    assert costs["gru"].carried == costs["lstm"].carried // 2


@pytest.mark.parametrize("question", OTHERS)
def test_the_sliders_change_what_is_said(question: str) -> None:
    before = open_page("variants", lang="en", variants_part=question)
    after = open_page("variants", lang="en", variants_part=question, variants_scale="3")
    assert problems(after) == []
    assert shown(before)[1] != shown(after)[1]
    assert after.query_params["variants_scale"] in ("3", ["3"])


def test_a_memory_without_bounds_can_still_be_drawn() -> None:
    lives = [lived(kind, 4.0, 3.0) for kind in ("lstm", "lstm-relu-gates")]
    figure = kept_figure(lives, {"lstm": "a", "lstm-relu-gates": "b"}, texts_of("en"))
    assert all(0 < value < float("inf") for trace in figure.data for value in trace.y)
