"""The page on the memory race: the shipped grid, the adding problem, and a race of one's own."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.race import adding
from core.race.grid import Grid, Plan, load_grid
from core.race.horizon import horizon
from core.race.protocol import Protocol
from core.tasks.memory import MEMORY_TASKS, make_task
from explorer.jobs import Jobs, JobStoppedError, Progress
from explorer.lab import race_adding, race_own
from explorer.lab.race_example import SHOWN_WIDTH, example_html, example_of
from explorer.lab.race_grid import caption, lines_of, table
from explorer.lab.race_names import shipped_grid
from explorer.language import LANGUAGES, texts_of
from explorer.views.race import PARTS
from tests.explorer.pages import open_page, shown

QUICK = Plan(
    ("parity",),
    (3, 5),
    ("elman", "feed-forward"),
    (1,),
    Protocol(units=4, updates=25, batch=4, search_updates=25, search_delays=(3,), held_out=20),
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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", MEMORY_TASKS)
def test_every_task_is_shown_with_its_caption(task: str, language: str) -> None:
    app = open_page("race", lang=language, race_task=task, race_delay="10")
    texts = texts_of(language)
    assert problems(app) == []
    grid = shipped_grid("competitors")
    said = caption(grid, make_task(task, 10), lines_of(grid, task, 10, texts), texts)
    assert said in shown(app)
    assert len(app.get("plotly_chart")) == 2


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
    for line in lines_of(grid, "recall", 20, texts):
        reached = horizon(grid, "recall", line.kind)
        assert line.horizon == (reached.lowest, reached.median, reached.highest)
        for place, delay in enumerate(line.delays):
            scores = sorted(run.score for run in grid.of("recall", line.kind, delay))
            assert (line.low[place], line.high[place]) == (scores[0], scores[-1])
            assert line.median[place] == scores[1]
    rows = table(grid, "recall", texts)
    assert len(set(map(len, rows.values()))) == 1


def test_the_claim_is_judged_by_the_plain_networks_horizon() -> None:
    texts = texts_of("en")
    grid = shipped_grid("competitors")
    (line,) = [one for one in lines_of(grid, "recall", 10, texts) if one.kind == "elman"]
    task = make_task("recall", 10)
    for steps, key in ((5, "short"), (20, "middle"), (50, "long")):
        said = caption(grid, task, [replace(line, horizon=(steps, steps, steps))], texts)
        assert texts(f"memory.claim_{key}") in said
        assert f"remembers **{steps}** steps" in said


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
    look = own_jobs.find("adding-4-1").wait(60).result
    assert set(look.learned) == {"lstm", "gru"}
    app.run()
    assert problems(app) == []
    said = [text for text in shown(app) if text.startswith(("**LSTM**", "**GRU**"))]
    assert len(said) == 2


LEARN = adding.learn_adding
