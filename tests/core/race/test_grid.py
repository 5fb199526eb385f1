"""A grid on disk: whole after every run, and finished as if it had never been stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from core.race import __main__ as command
from core.race.competitors import COMPETITORS, VARIANTS
from core.race.grid import Grid, Plan, Run, load_grid, race, resumed, save_grid
from core.race.plans import FOLDER, PLANS
from core.race.protocol import Protocol

TINY = Protocol(
    units=4, updates=25, batch=8, search_updates=25, search_delays=(3,), held_out=50
)  # fmt: skip
PLAN = Plan(("recall", "parity"), (3, 5, 8), ("elman", "feed-forward"), (1, 2), TINY)


@pytest.fixture(autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def timeless(grid: Grid) -> tuple:
    return ([replace(run, seconds=0) for run in grid.runs], grid.rates, grid.skipped)


def test_a_stopped_grid_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "grid.json"
    whole = Grid(PLAN)
    assert len(list(race(whole))) == len(whole.runs)
    assert whole.finished

    first = resumed(path, PLAN)
    for _ in zip(range(3), race(first)):
        save_grid(path, first)
    assert 0 < load_grid(path).share < 1
    second = resumed(path, PLAN)
    assert len(second.runs) == 3
    for _ in race(second):
        save_grid(path, second)
    assert timeless(second) == timeless(whole)
    save_grid(path, second)
    assert timeless(load_grid(path)) == timeless(whole)
    assert load_grid(path) == second


def test_after_two_failures_in_a_row_longer_delays_are_not_tried() -> None:
    plan = replace(PLAN, tasks=("recall",), competitors=("elman",), delays=(10, 20, 30, 50))
    grid = Grid(plan)
    runs = list(race(grid))
    assert {run.delay for run in runs} == {10, 20}
    assert not any(run.solved for run in runs)
    assert grid.skipped == [("recall", "elman", 30), ("recall", "elman", 50)]
    assert grid.finished
    assert list(race(grid)) == []
    assert len(grid.skipped) == 2


def test_another_protocol_is_not_mixed_in(tmp_path: Path) -> None:
    path = tmp_path / "grid.json"
    save_grid(path, Grid(PLAN))
    other = replace(PLAN, protocol=replace(TINY, updates=26))
    with pytest.raises(ValueError, match="another protocol"):
        resumed(path, other)
    assert resumed(path, replace(PLAN, seeds=(1, 2, 3))).plan.seeds == (1, 2, 3)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 9}', '{"version": 1, "plan": {}}'])
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


def test_the_command_runs_a_plan_and_does_nothing_twice(tmp_path, monkeypatch, capsys) -> None:
    path = tmp_path / "small.json"
    small = replace(PLAN, tasks=("parity",), delays=(3,), seeds=(1,))
    monkeypatch.setitem(PLANS, "competitors", small)
    assert command.main(["--out", str(path)]) == 0
    before = json.loads(path.read_text())
    assert len(before["runs"]) == 2
    assert command.main(["--out", str(path)]) == 0
    assert json.loads(path.read_text()) == before
    path.write_text("{}")
    assert command.main(["--out", str(path)]) == 1
    assert "error: small.json holds no grid" in capsys.readouterr().err


@pytest.mark.parametrize("name", PLANS)
def test_the_shipped_grids_are_finished_and_fair(name: str) -> None:
    grid = load_grid(FOLDER / f"{name}.json")
    assert grid.plan == PLANS[name]
    assert grid.finished
    for task in grid.plan.tasks:
        counts: dict[int, list[Run]] = {}
        for run in grid.runs:
            if run.task == task:
                counts.setdefault(run.delay, []).append(run)
        for runs in counts.values():
            sizes = [run.parameters for run in runs]
            assert max(sizes) / min(sizes) < 1.12
            assert all(run.rate == grid.rates[task][run.competitor] for run in runs)


def test_what_is_raced_is_what_the_pages_promise() -> None:
    assert {"elman", "jordan", "higher-order", "lstm", "gru", "convolution"} < set(COMPETITORS)
    assert len(PLANS["competitors"].seeds) >= 3
    assert len(PLANS["variants"].seeds) >= 5
    assert {"lstm-1997", "lstm-peephole", "lstm-cifg", "gru-original", "mgu"} < set(VARIANTS)
