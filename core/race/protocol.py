"""One run of a race: the same data, order and learning-rate search for everybody."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_

from core.race.competitors import build, count_parameters, matched_size
from core.tasks.memory import MemoryTask

# Numbers of samples that training never draws: its own are seed * RUNS + update.
RUNS, CHECKED, HELD_OUT = 1_000_000, 990_001, 990_002


@dataclass(frozen=True)
class Protocol:
    """What everybody gets alike.

    units: hidden size of the LSTM whose number of parameters all others are given.
    updates, batch: at most so many updates of so many fresh sequences each.
    rates, search_updates, search_delays: learning rates that are tried, each for so many
        updates at these delays; the best one is taken for all delays and seeds.
    check: updates between two looks at 256 sequences set aside, which end a solved run early.
    clip: largest norm of the gradient. span: gates begin with memories of 1 to so many steps.
    held_out: sequences that the final score is measured on.
    """

    units: int = 32
    updates: int = 700
    batch: int = 32
    rates: tuple[float, ...] = (3e-3, 1e-2)
    search_updates: int = 200
    search_delays: tuple[int, ...] = (5, 20)
    check: int = 25
    clip: float = 1.0
    span: int = 100
    held_out: int = 1000


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    score: on the held-out sequences; ``curve``: updates and scores on those set aside.
    solved: whether the held-out score reaches what the task calls solved.
    broke_off: whether loss or gradient were not finite any more, which ended the run.
    """

    score: float
    solved: bool
    updates: int
    seconds: float
    hidden: int
    parameters: int
    curve: tuple[tuple[int, float], ...]
    broke_off: bool = False


Report = Callable[[int, float], None]


def size_for(name: str, task: MemoryTask, protocol: Protocol) -> int:
    """The hidden size that gives ``name`` about as many parameters as the LSTM has."""
    return matched_size(name, task, count_parameters("lstm", task, protocol.units))


def run(
    name: str,
    task: MemoryTask,
    *,
    seed: int,
    rate: float,
    protocol: Protocol,
    updates: int | None = None,
    report: Report | None = None,
) -> Outcome:
    """Train the competitor ``name`` on ``task`` with Adam and score it.

    Batch number n of seed s is the same for everybody. ``report`` is called at every check
    with the updates done and the score there; an error that it raises ends the run.
    Raises ValueError for a rate that is not above 0.
    """
    if not rate > 0:
        raise ValueError(f"rate is {rate}; a learning rate is above 0.")
    started = time.perf_counter()
    hidden = size_for(name, task, protocol)
    network = build(name, task, hidden, seed=seed, span=protocol.span)
    optimiser = torch.optim.Adam(network.parameters(), lr=rate)
    checked = task.sample(256, seed * RUNS + CHECKED)
    curve: list[tuple[int, float]] = []
    most, done, broke_off = updates or protocol.updates, 0, False
    for done in range(1, most + 1):
        sample = task.sample(protocol.batch, seed * RUNS + done)
        if not _update(network, optimiser, task, sample, protocol.clip):
            broke_off = True
            break
        if done % protocol.check == 0:
            curve.append((done, score(network, task, checked)))
            if report is not None:
                report(*curve[-1])
            if _clearly_solved(task, curve):
                break
    final = score(network, task, task.sample(protocol.held_out, seed * RUNS + HELD_OUT))
    return Outcome(
        score=final,
        solved=final >= task.solved,
        updates=done,
        seconds=time.perf_counter() - started,
        hidden=hidden,
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        curve=tuple(curve),
        broke_off=broke_off,
    )


def best_rate(
    name: str,
    make: Callable[[int], MemoryTask],
    protocol: Protocol,
    *,
    seed: int = 0,
    report: Report | None = None,
) -> tuple[float, dict[float, float]]:
    """The learning rate that learns most in a short run, and how well each did.

    ``make`` gives the task with a delay. The measure is the mean score over the run and over
    the protocol's search delays, so among rates that solve the task the one that is there
    first wins.
    """
    found: dict[float, float] = {}
    for rate in protocol.rates:
        means = [
            _mean_score(
                run(
                    name,
                    make(delay),
                    seed=seed,
                    rate=rate,
                    protocol=protocol,
                    updates=protocol.search_updates,
                    report=report,
                ),
                protocol,
            )
            for delay in protocol.search_delays
        ]
        found[rate] = sum(means) / len(means)
    return max(found, key=lambda rate: found[rate]), found


def _mean_score(outcome: Outcome, protocol: Protocol) -> float:
    """The mean over a search run; one that ended early counts on with its last score."""
    scores = [value for _, value in outcome.curve]
    looks = max(1, protocol.search_updates // protocol.check)
    scores += [scores[-1] if scores else 0.0] * (looks - len(scores))
    return sum(scores) / looks


@torch.no_grad()
def score(network: nn.Module, task: MemoryTask, sample: tuple[Tensor, Tensor]) -> float:
    """The task's score of ``network`` on ``sample``; 0 where it answers nothing finite."""
    predictions = network(sample[0])
    return task.score(predictions, sample[1]) if predictions.isfinite().all() else 0.0


def _update(
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    task: MemoryTask,
    sample: tuple[Tensor, Tensor],
    clip: float,
) -> bool:
    """One update; False, and no update, where loss or gradient are not finite."""
    predictions = network(sample[0])
    if task.regression:
        loss = functional.mse_loss(predictions[..., 0], sample[1])
    else:
        loss = functional.cross_entropy(predictions.flatten(0, 1), sample[1].flatten())
    optimiser.zero_grad()
    loss.backward()
    norm = clip_grad_norm_(network.parameters(), clip)
    if not math.isfinite(loss.item()) or not math.isfinite(norm.item()):
        return False
    optimiser.step()
    return True


def _clearly_solved(task: MemoryTask, curve: list[tuple[int, float]]) -> bool:
    """Two looks in a row a little above what counts, so that the held-out score holds too."""
    enough = task.solved + 0.3 * (1 - task.solved)
    return len(curve) > 1 and min(curve[-1][1], curve[-2][1]) >= enough
