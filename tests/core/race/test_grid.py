"""A grid on disk: whole after every run, and finished as if it had never been stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from core.race import __main__ as command
from core.race.competitors import COMPETITORS, VARIANTS
from core.race.forecast import forecast
from core.race.grid import Grid, Plan, Run, effort, race
from core.race.grid_file import load_grid, resumed, save_grid
from core.race.plans import FOLDER, PLANS, TASKS
from core.race.protocol import Protocol

TINY = Protocol(
    units=4, updates=25, batch=8, rates=(1e-3, 1e-2), sweep_delays=(3,), held_out=50
)  # fmt: skip
PLAN = Plan(
    ("recall", "parity"),
    (3, 5, 8),
    {"elman": ("torch", "orthogonal"), "feed-forward": ("torch",)},
    (1, 2),
    TINY,
)


@pytest.fixture(autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def timeless(grid: Grid) -> list[Run]:
    return sorted((replace(run, seconds=0) for run in grid.runs), key=str)


def test_a_stopped_grid_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "grid.json"
    whole = Grid(PLAN)
    assert len(list(race(whole))) == len(whole.runs)
    assert whole.finished

    first = resumed(path, PLAN)
    for _ in zip(range(5), race(first)):
        save_grid(path, first)
    assert 0 < load_grid(path).share < 1
    second = resumed(path, PLAN)
    assert len(second.runs) == 5
    for _ in race(second):
        save_grid(path, second)
    assert timeless(second) == timeless(whole)
    save_grid(path, second)
    assert load_grid(path) == second


def test_the_rate_is_chosen_by_seeds_that_do_not_count() -> None:
    plan = replace(PLAN, tasks=("parity",), starts={"feed-forward": ("torch",)}, delays=(3,))
    grid = Grid(plan)
    list(race(grid))
    sweep = grid.sweep("parity", "feed-forward", "torch")
    assert {(run.rate, run.seed) for run in sweep} == {(1e-3, 0), (1e-2, 0)}
    counted = grid.of("parity", "feed-forward", 3)
    assert {run.seed for run in counted} == {1, 2}
    least = min(sweep, key=lambda run: effort(run, TINY))
    assert {run.rate for run in counted} == {least.rate}
    assert grid.rate("parity", "feed-forward", "torch") == least.rate
    with pytest.raises(ValueError, match="Seed 0 chooses the rates and would count too"):
        replace(plan, seeds=(0, 1))


def test_who_solves_needs_less_effort_than_who_does_not() -> None:
    solved = Run("recall", 5, "elman", "torch", 0.1, 1, 0.96, True, 25, "budget", 1.0, 4, 99)
    late = replace(solved, updates=20)
    failed = replace(solved, solved=False, score=0.9, updates=10, ended="standstill")
    efforts = [effort(run, TINY) for run in (late, solved, failed, replace(failed, score=0.2))]
    assert efforts == sorted(efforts)
    assert len(set(efforts)) == 4


def test_after_two_failures_in_a_row_longer_delays_are_not_tried() -> None:
    plan = replace(
        PLAN, tasks=("recall",), starts={"elman": ("torch",)}, delays=(10, 20, 30, 50)
    )  # fmt: skip
    grid = Grid(plan)
    runs = [run for run in race(grid) if run.seed in plan.seeds]
    assert {run.delay for run in runs} == {10, 20}
    assert not any(run.solved for run in runs)
    assert grid.skipped("recall", "elman", "torch") == [30, 50]
    assert grid.finished
    assert grid.share == 1
    assert list(race(grid)) == []


def test_a_part_of_a_plan_can_be_run_first() -> None:
    grid = Grid(PLAN)
    list(race(grid, tasks=["parity"], competitors=["feed-forward"]))
    assert {(run.task, run.competitor) for run in grid.runs} == {("parity", "feed-forward")}
    assert not grid.missing("parity", "feed-forward", "torch")
    assert grid.missing("recall", "feed-forward", "torch") == list(PLAN.delays)


def test_another_protocol_is_not_mixed_in(tmp_path: Path) -> None:
    path = tmp_path / "grid.json"
    save_grid(path, Grid(PLAN))
    other = replace(PLAN, protocol=replace(TINY, updates=26))
    with pytest.raises(ValueError, match="another protocol"):
        resumed(path, other)
    assert resumed(path, replace(PLAN, seeds=(1, 2, 3))).plan.seeds == (1, 2, 3)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 9}', '{"version": 2, "plan": {}, "columns": []}']
)
def test_a_file_that_is_no_grid_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "grid.json"
    path.write_text(text)
    with pytest.raises(ValueError, match="holds no grid"):
        load_grid(path)


def test_plans_are_checked() -> None:
    with pytest.raises(ValueError, match="no seeds"):
        replace(PLAN, seeds=())
    with pytest.raises(ValueError, match="growing"):
        replace(PLAN, delays=(5, 3))
    with pytest.raises(
        ValueError, match=r"'elman' is to start by \('chrono',\); choose from torch"
    ):
        replace(PLAN, starts={"elman": ("chrono",)})


def test_the_time_left_is_said_beforehand_and_shrinks() -> None:
    grid = Grid(PLAN)
    whole = forecast(grid)
    assert 0 < whole.likely < whole.longest
    list(race(grid, tasks=["recall"]))
    half = forecast(grid)
    assert 0 < half.longest < whole.longest
    list(race(grid))
    assert forecast(grid).longest == 0


def test_the_command_runs_a_plan_and_does_nothing_twice(tmp_path, monkeypatch, capsys) -> None:
    path = tmp_path / "small.json"
    small = replace(PLAN, tasks=("parity",), delays=(3,), seeds=(1,))
    monkeypatch.setitem(PLANS, "competitors", small)
    assert command.main(["--out", str(path), "--competitors", "feed-forward"]) == 0
    assert "0% is done. The rest takes about" in capsys.readouterr().out
    assert command.main(["--out", str(path)]) == 0
    before = json.loads(path.read_text())
    assert len(before["runs"]) == 9
    assert command.main(["--out", str(path)]) == 0
    assert json.loads(path.read_text()) == before
    path.write_text("{}")
    assert command.main(["--out", str(path)]) == 1
    assert "error: small.json holds no grid" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        command.main(["--tasks", "chess"])
    assert "'chess' is not raced; choose from parity" in capsys.readouterr().err


@pytest.mark.parametrize("name", PLANS)
def test_the_shipped_grids_are_fair(name: str) -> None:
    grid = load_grid(FOLDER / f"{name}.json")
    assert grid.plan == PLANS[name]
    assert grid.runs
    keys = [(r.task, r.delay, r.competitor, r.start, r.rate, r.seed) for r in grid.runs]
    assert len(set(keys)) == len(keys)
    for task in grid.plan.tasks:
        counts: dict[int, list[int]] = {}
        for run in grid.runs:
            if run.task == task:
                counts.setdefault(run.delay, []).append(run.parameters)
        assert all(max(sizes) / min(sizes) < 1.12 for sizes in counts.values())
    for run in grid.runs:
        assert run.solved == (run.score >= (0.94 if run.task == "adding" else 0.95))
        if run.seed in grid.plan.seeds:
            assert run.rate == grid.rate(run.task, run.competitor, run.start)


def test_what_is_raced_is_what_the_pages_promise() -> None:
    plan = PLANS["competitors"]
    assert set(plan.competitors) == set(COMPETITORS)
    assert plan.tasks == TASKS
    assert len(plan.seeds) == 5
    for plain in ("elman", "jordan", "higher-order"):
        assert plan.starts[plain] == ("torch", "orthogonal", "identity")
    assert plan.starts["lstm"] == ("torch", "forget-bias-1", "chrono")
    assert plan.starts["gru"] == ("torch", "chrono")
    assert (plan.protocol.rates[0], plan.protocol.rates[-1]) == (3e-4, 1e-2)
    assert plan.protocol.updates == 3000
    assert set(PLANS["variants"].competitors) == set(VARIANTS)
    assert len(PLANS["variants"].seeds) >= 6
