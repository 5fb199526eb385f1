"""The page on the memory race: the shipped grid, the adding problem, and a race of one's own."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.race import adding
from core.race.grid import Grid, Plan, Run
from core.race.grid_file import load_grid
from core.race.horizon import BEST, Choice, horizon, lane
from core.race.protocol import Protocol
from core.tasks.memory import MEMORY_TASKS, make_task
from explorer.jobs import Jobs, JobStoppedError, Progress
from explorer.lab import race_adding, race_own
from explorer.lab.race_example import SHOWN_WIDTH, example_html, example_of
from explorer.lab.race_grid import budget
from explorer.lab.race_lines import lanes_of, lines_of, table
from explorer.lab.race_names import competitor_name, shipped_grid, start_name
from explorer.lab.race_says import absent, caption, claims, solving, starts
from explorer.language import LANGUAGES, texts_of
from explorer.views.race import PARTS
from tests.explorer.pages import open_page, shown

QUICK = Plan(
    ("parity",),
    (3, 5),
    {"elman": ("torch", "orthogonal"), "feed-forward": ("torch",)},
    (1,),
    Protocol(units=4, updates=25, batch=4, rates=(1e-2,), sweep_delays=(3,), held_out=20),
)


@pytest.fixture(autouse=True)
def own_jobs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Jobs:
    own = Jobs()
    monkeypatch.setattr(race_adding, "jobs", lambda: own)
    monkeypatch.setattr(race_own, "jobs", lambda: own)
    monkeypatch.setenv(race_own.FOLDER_VARIABLE, str(tmp_path))
    return own


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens(part: str, language: str) -> None:
    app = open_page("race", lang=language, race_part=part)
    texts = texts_of(language)
    assert problems(app) == []
    assert app.markdown[0].value == f"# {texts('nav.race')}"
    assert texts.lesson("race").strip() in [one.value for one in app.markdown]
    assert app.query_params.get("race_part") == (None if part == "grid" else part) or (
        app.query_params["race_part"] == [part]
    )


def begun() -> list[str]:
    """The tasks of the shipped grid that have been begun."""
    grid = shipped_grid("competitors")
    return [task for task in grid.plan.tasks if any(run.task == task for run in grid.runs)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", begun())
def test_every_task_is_shown_with_its_caption(task: str, language: str) -> None:
    app = open_page("race", lang=language, race_task=task, race_delay="10")
    texts = texts_of(language)
    assert problems(app) == []
    grid = shipped_grid("competitors")
    said = caption(grid, task, lanes_of(grid, task, BEST), 10, texts)
    assert said in shown(app)
    lacks = absent(grid, task, BEST, texts)
    assert [one.value for one in app.info] == ([lacks] if lacks else [])
    assert budget(grid, texts) in [one.value for one in app.caption]
    assert len(app.get("plotly_chart")) == 2


@pytest.mark.parametrize("start", ["torch", "orthogonal", "chrono"])
def test_start_and_rate_are_the_readers_choice(start: str) -> None:
    app = open_page("race", lang="en", race_start=start, race_rate="0.001")
    texts, grid = texts_of("en"), shipped_grid("competitors")
    assert problems(app) == []
    lanes = lanes_of(grid, "recall", Choice(start, 1e-3))
    assert lanes
    assert {(one.start, one.rate) for one in lanes} == {(start, 1e-3)}
    assert caption(grid, "recall", lanes, 20, texts) in shown(app)
    (info,) = app.info
    without = [kind for kind, starts in grid.plan.starts.items() if start not in starts]
    assert all(competitor_name(kind, texts) in info.value for kind in without)
    assert "the runs by which the rate was chosen" in info.value


def test_the_slider_changes_caption_and_address() -> None:
    app = open_page("race", lang="en", race_delay="10")
    before = [text for text in shown(app) if text.startswith("Delay **")]
    assert before[0].startswith("Delay **10**")
    (slider,) = [one for one in app.select_slider if one.key == "race_delay"]
    slider.set_value("100").run()
    after = [text for text in shown(app) if text.startswith("Delay **")]
    assert after[0].startswith("Delay **100**")
    assert app.query_params["race_delay"] in ("100", ["100"])


def test_the_lines_are_the_grid() -> None:
    grid, texts = shipped_grid("competitors"), texts_of("en")
    lanes = lanes_of(grid, "recall", BEST)
    for one, line in zip(lanes, lines_of(grid, lanes, 20, texts), strict=True):
        reached = horizon(grid, one)
        assert line.horizon == (reached.lowest, reached.median, reached.highest)
        for delay, middle in line.median.items():
            runs = grid.of("recall", line.kind, delay, start=one.start)
            updates = sorted(run.updates if run.solved else 10**9 for run in runs)
            assert middle == (updates[len(runs) // 2] if updates[len(runs) // 2] < 10**9 else None)
            seeds = [seed for seed in line.seeds if seed.delay == delay]
            assert [seed.updates is None for seed in seeds] == [not run.solved for run in runs]
    rows = table(grid, "recall", texts)
    assert {len(column) for column in rows.values()} == {len(grid.plan.lanes)}


def made(lanes: dict[tuple[str, str], dict[int, int]], seeds: int = 5) -> Grid:
    """A grid in which so many of the seeds solve each delay; the sweep is there as well."""
    plan = Plan(
        ("recall", "adding"),
        (5, 10, 20, 30, 50),
        {"elman": ("torch", "orthogonal"), "lstm": ("torch", "chrono")},
        tuple(range(1, seeds + 1)),
        Protocol(rates=(0.01,), sweep_delays=(5,)),
    )

    def run(kind: str, start: str, delay: int, seed: int, solved: bool) -> Run:
        score, updates = (0.97, 100 * seed) if solved else (0.3, 2000)
        ended = "solved" if solved else "standstill"
        return Run(
            "recall", delay, kind, start, 0.01, seed, score, solved, updates, ended, 1, 8, 9
        )  # fmt: skip

    runs = [run(kind, start, 5, 0, True) for kind, start in lanes]
    for (kind, start), solved in lanes.items():
        for delay, count in solved.items():
            runs += [run(kind, start, delay, seed, seed <= count) for seed in plan.seeds]
    return Grid(plan, runs)


MADE = made(
    {
        ("elman", "torch"): {5: 5, 10: 3, 20: 0, 30: 0},
        ("elman", "orthogonal"): {5: 5, 10: 5, 20: 4, 30: 5, 50: 2},
        ("lstm", "torch"): {5: 5, 10: 1, 20: 0, 30: 0},
    }
)


def test_the_claims_are_judged_for_the_best_start_and_for_torchs() -> None:
    texts = texts_of("en")
    poor, gone = claims(MADE, "recall", texts)
    assert "judged at 20 steps" in poor
    assert "with “orthogonal” it does not hold, 4 of 5 seeds" in poor
    assert "with the start “torch's own” it holds, none of 5 seeds" in poor
    assert "judged at 50 steps" in gone
    assert "with “orthogonal” it holds in part, 2 of 5 seeds" in gone
    assert "with “torch's own” it was not tried" in gone


def test_the_starts_are_compared_by_horizon() -> None:
    texts = texts_of("en")
    said = starts(MADE, "recall", texts)
    assert "Horizon of Elman by start: torch's own **10**, orthogonal **30**." in said
    assert "Horizon of LSTM by start: torch's own **5**." in said  # chrono is not computed
    assert "So Elman started well (orthogonal) gets further than LSTM" in said
    other = made(
        {
            ("elman", "torch"): {5: 0, 10: 0},
            ("lstm", "torch"): dict.fromkeys((5, 10, 20, 30, 50), 5),
        }
    )
    assert "no further than the least one of LSTM" in starts(other, "recall", texts)


def test_who_solves_is_said_soonest_first_and_nobody_fails() -> None:
    texts = texts_of("en")
    said = solving(lanes_of(MADE, "recall", Choice("torch")), 10, texts)
    assert "Elman, torch's own: 300" in said
    assert (
        "Not within the budget with more than half of the seeds: LSTM, torch's own (1 of 5)."
        in said
    )
    for language in LANGUAGES:
        words = [str(value) for value in texts_of(language).section("memory").values()]
        words += [texts_of(language).lesson("race")]
        assert not [word for word in words if re.search(r"\bfails?\b|\bfailed\b|失败", word)]


def test_what_is_not_computed_is_said() -> None:
    texts = texts_of("en")
    said = absent(MADE, "recall", BEST, texts)
    assert "LSTM, chrono (delays 5, 10, 20, 30, 50)" in said
    assert "Elman" not in said
    assert "Not computed at all yet**: Adding." in said
    rows = table(MADE, "recall", texts)
    assert rows["20"] == ["0/5", "4/5 · 250", "0/5", "missing"]
    assert rows["50"] == ["skipped", "2/5 · 150", "skipped", "missing"]


@pytest.mark.parametrize("task", begun())
def test_the_shipped_captions_follow_from_the_runs(task: str) -> None:
    """Every number of the sentence on starts, by counting the runs again."""
    grid, texts = shipped_grid("competitors"), texts_of("en")
    said = starts(grid, task, texts)
    for kind in ("elman", "lstm"):
        for start in grid.plan.starts[kind]:
            if grid.missing(task, kind, start):
                continue
            reach = []
            for seed in grid.plan.seeds:
                done = {
                    r.delay
                    for r in grid.runs
                    if (r.task, r.competitor, r.start, r.seed) == (task, kind, start, seed)
                    and r.solved
                }
                upto = [
                    d
                    for n, d in enumerate(grid.plan.delays)
                    if set(grid.plan.delays[: n + 1]) <= done
                ]
                reach.append(max(upto, default=0))
            assert f"{start_name(start, texts)} **{sorted(reach)[len(reach) // 2]}**" in said


def test_a_plain_network_that_starts_well_gets_beyond_10_in_the_shipped_race() -> None:
    grid = shipped_grid("competitors")
    orthogonal, torchs = (lane(grid, "recall", "elman", Choice(s)) for s in ("orthogonal", "torch"))
    lstm = lane(grid, "recall", "lstm", Choice("torch"))
    assert orthogonal.solved(10) == torchs.solved(5) == 5
    assert orthogonal.solved(20) >= 3
    assert torchs.solved(20) == lstm.solved(20) == 0


@pytest.mark.parametrize("task", MEMORY_TASKS)
@pytest.mark.parametrize("delay", [5, 100])
def test_an_example_says_what_is_read_and_asked(task: str, delay: int) -> None:
    made = make_task(task, delay)
    example = example_of(made, 1)
    assert len(example.tokens) == made.steps
    assert len(example.marked) == {"copying": 3, "adding": 2, "parity": 3}.get(task, 1)
    bold = [example.tokens[step] for step in sorted(example.marked)]
    if task == "adding":
        assert float(example.answer) == pytest.approx(sum(map(float, bold)), abs=0.011)
    elif task == "parity":
        assert int(example.answer) == bold.count("1") % 2
    elif task == "brackets":
        assert bold[0] + example.answer in ("()", "[]", "{}")
    else:
        assert example.answer.split() == bold
    html = example_html(example, "<reads>", "asked")
    assert "&lt;reads&gt;" in html
    assert html.count("<b>") == len(example.marked)
    assert html.count("<span>") * (len(example.tokens[0]) + 1) <= SHOWN_WIDTH + 30
    hidden = sum(int(number) for number in re.findall(r"<i>… (\d+) …</i>", html))
    assert hidden + html.count("<b>") + html.count("<span>") == made.steps


def test_a_race_of_ones_own_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    path = race_own.place_of(QUICK)
    assert path.parent == tmp_path

    class Impatient(Progress):
        def report(self, share: float, note: object = None) -> None:
            super().report(share, note)
            if share >= 0.5:
                raise JobStoppedError

    with pytest.raises(JobStoppedError):
        race_own.run_plan(QUICK, path, Impatient())
    kept = load_grid(path)
    assert 0.5 <= kept.share < 1
    grid = race_own.run_plan(QUICK, path, Progress())
    assert grid.finished
    assert grid.runs[: len(kept.runs)] == kept.runs
    assert load_grid(path) == grid


def test_other_settings_have_another_file() -> None:
    assert race_own.place_of(QUICK) == race_own.place_of(replace(QUICK))
    assert race_own.place_of(QUICK) != race_own.place_of(replace(QUICK, seeds=(1, 2)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_ones_own_race_can_be_started_and_seen(
    language: str, own_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(race_own, "_choose", lambda texts: QUICK)
    app = open_page("race", lang=language, race_part="own")
    texts = texts_of(language)
    (button,) = [one for one in app.button if one.label == texts("memory.own")]
    button.click().run()
    key = f"own-race-{race_own.place_of(QUICK).stem}"
    grid = own_jobs.find(key).wait(60).result
    assert isinstance(grid, Grid)
    app.run()
    assert problems(app) == []
    assert len(app.get("plotly_chart")) == 2


def test_no_network_or_no_delay_is_said() -> None:
    app = open_page("race", lang="en", race_part="own")
    app.multiselect[0].set_value([]).run()
    assert problems(app) == []
    assert [one.value for one in app.warning] == [texts_of("en")("memory.own_empty")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_adding_is_trained_while_one_watches(
    language: str, own_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "DELAY", 4)
    quick = replace(adding.PROTOCOL, units=4, updates=50)
    monkeypatch.setattr(adding, "PROTOCOL", quick)
    monkeypatch.setattr(
        adding, "learn_adding", lambda cell, **more: LEARN(cell, delay=4, updates=50, **more)
    )
    app = open_page("race", lang=language, race_part="adding")
    texts = texts_of(language)
    (button,) = [one for one in app.button if one.label == texts("memory.adding_start")]
    button.click().run()
    look = own_jobs.find("adding-4-chrono-1").wait(60).result
    assert set(look.learned) == {"lstm", "gru"}
    app.run()
    assert problems(app) == []
    said = [text for text in shown(app) if text.startswith(("**LSTM**", "**GRU**"))]
    assert len(said) == 2


LEARN = adding.learn_adding


def test_a_start_that_does_not_fit_leaves_torchs() -> None:
    plan = race_own.plan_of("recall", ["lstm", "elman"], ["chrono"], [5, 10], 2, 400)
    assert plan.starts == {"elman": ("torch",), "lstm": ("chrono",)}
    assert plan.protocol.sweep_delays == (5,)
