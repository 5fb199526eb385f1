"""One run: the same for the same seed, ended early when solved, and honest when it breaks."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from core.race.adding import PROTOCOL, learn_adding
from core.race.protocol import (
    BROKE_OFF,
    BUDGET,
    SOLVED,
    STANDSTILL,
    Member,
    Protocol,
    run,
    size_for,
)
from core.tasks.memory import Adding, Parity, Recall

SMALL = Protocol(units=8, updates=60, batch=16, held_out=200)
FAST = 1e-2


@pytest.fixture(autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_a_run_is_the_same_for_the_same_seed() -> None:
    task = Recall(5)
    one, same, other = (run("gru", task, Member("torch", FAST, seed), SMALL) for seed in (1, 1, 2))
    assert replace(one, seconds=0) == replace(same, seconds=0)
    assert one.curve != other.curve
    assert [step for step, _ in one.curve] == [25, 50]
    assert (one.updates, one.ended) == (60, BUDGET)


def test_a_solved_run_ends_early_and_its_score_holds() -> None:
    outcome = run("feed-forward", Parity(3), Member("torch", FAST, 1), replace(SMALL, updates=900))
    assert outcome.solved
    assert outcome.ended == SOLVED
    assert outcome.score >= 0.95
    assert outcome.updates < 900
    assert outcome.updates == outcome.curve[-1][0]
    assert min(score for _, score in outcome.curve[-2:]) >= 0.95


def test_everybody_has_about_the_parameters_of_the_lstm() -> None:
    task = Recall(10)
    counts = [
        run(name, task, Member("torch", FAST, 0), replace(SMALL, updates=1)).parameters
        for name in ("lstm", "elman", "gru", "convolution")
    ]
    assert size_for("lstm", task, SMALL) == 8
    assert max(counts) / min(counts) < 1.25


def test_a_report_may_end_the_run() -> None:
    looks: list[int] = []

    def report(done: int, score: float) -> None:
        looks.append(done)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        run("elman", Recall(5), Member("torch", FAST, 0), SMALL, report=report)
    assert looks == [25]


def test_a_run_that_breaks_off_says_so() -> None:
    outcome = run("lstm-relu-gates", Adding(60), Member("chrono", 30.0, 1), SMALL)
    assert outcome.ended == BROKE_OFF
    assert outcome.updates < SMALL.updates
    assert 0 <= outcome.score < 0.5


def test_a_standstill_ends_a_run_after_the_patience() -> None:
    patient = replace(SMALL, updates=500, patience=100)
    stuck = run("elman", Recall(40), Member("torch", 1e-7, 1), patient)
    assert (stuck.ended, stuck.solved, stuck.updates) == (STANDSTILL, False, 100)
    # progress counts from the best look so far, not from the last one
    moving = run("feed-forward", Parity(3), Member("torch", FAST, 1), patient)
    assert moving.ended == SOLVED


def test_a_budget_that_ends_with_the_patience_is_a_budget() -> None:
    protocol = replace(SMALL, updates=50, patience=50)
    assert run("elman", Recall(40), Member("torch", 1e-7, 1), protocol).ended == BUDGET


def test_a_rate_must_be_above_zero() -> None:
    with pytest.raises(ValueError, match="rate is 0"):
        run("elman", Recall(5), Member("torch", 0, 0), SMALL)
    with pytest.raises(ValueError, match="'chrono' does not fit"):
        run("elman", Recall(5), Member("chrono", FAST, 0), SMALL)


def test_learning_to_add_reports_seconds_and_errors() -> None:
    looks: list[tuple[float, float, float]] = []
    learned = learn_adding("gru", delay=5, updates=50, report=lambda *look: looks.append(look))
    assert [share for share, _, _ in looks] == [0.5, 1.0]
    assert [look[1:] for look in looks] == list(learned.curve)
    assert all(0 <= error <= 1 / 6 + 1e-9 for _, error in learned.curve)
    assert learned.updates == 50
    assert PROTOCOL.units == 64


@pytest.mark.slow
def test_a_plain_network_that_starts_well_recalls_over_20_steps_where_an_lstm_of_torch_does_not():
    task, protocol = Recall(20), Protocol()
    elman = run("elman", task, Member("orthogonal", 1e-3, 1), protocol)
    lstm = run("lstm", task, Member("torch", 1e-2, 1), protocol)
    assert elman.parameters == pytest.approx(lstm.parameters, rel=0.03)
    assert elman.solved
    assert not lstm.solved


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_adding_at_delay_100_is_solved(cell: str) -> None:
    learned = learn_adding(cell)
    assert learned.error < 0.01
    assert learned.solved
