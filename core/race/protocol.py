"""Training by one protocol: the same data in the same order, budget and end for everybody."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from core.race.competitors import build, count_parameters, matched_size
from core.race.stacked import predict, stack
from core.race.stacked_adam import StackedAdam
from core.tasks.memory import MemoryTask, Sample

# Numbers of samples that training never draws: its own are seed * RUNS + block.
RUNS, CHECKED, HELD_OUT = 1_000_000, 990_001, 990_002
BLOCK = 25  # batches that are drawn at once, which costs little more than drawing one
# How a run ends.
SOLVED, BUDGET, STANDSTILL, BROKE_OFF = "solved", "budget", "standstill", "broke-off"


@dataclass(frozen=True)
class Protocol:
    """What everybody gets alike.

    units: hidden size of the LSTM whose number of parameters all others are given.
    updates, batch: at most so many updates of so many fresh sequences each.
    rates, sweep_delays, sweep_seeds: learning rates that are tried at these delays with these
        seeds; the best one is taken for all delays and for the seeds that count.
    check: updates between two looks at 256 sequences set aside. Two looks in a row clearly above
        what counts as solved (by 0.3 of what is left to 1) end a run.
    patience, progress: so does a standstill, which is so many updates in which no look was
        better by ``progress`` than the best one before them.
    clip: largest norm of the gradient. span: chrono begins with memories of 2 to so many steps.
    held_out: sequences that the final score is measured on.
    """

    units: int = 32
    updates: int = 3000
    batch: int = 32
    rates: tuple[float, ...] = (3e-4, 1e-3, 3e-3, 1e-2)
    sweep_delays: tuple[int, ...] = (5, 20)
    sweep_seeds: tuple[int, ...] = (0,)
    check: int = 25
    patience: int = 1500
    progress: float = 0.05
    clip: float = 1.0
    span: int = 100
    held_out: int = 1000


@dataclass(frozen=True)
class Member:
    """One network of a team: how it begins, its learning rate, and the seed of everything."""

    start: str
    rate: float
    seed: int


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    score: on the held-out sequences; ``curve``: updates and scores on those set aside.
    solved: whether the held-out score reaches what the task calls solved.
    ended: ``solved`` clearly, the ``budget`` spent, at a ``standstill``, or ``broke-off`` because
        loss or gradient were not finite any more.
    seconds: of processor time, its share of the team's.
    """

    score: float
    solved: bool
    updates: int
    ended: str
    seconds: float
    hidden: int
    parameters: int
    curve: tuple[tuple[int, float], ...]


Report = Callable[[int, float], None]


def size_for(name: str, task: MemoryTask, protocol: Protocol) -> int:
    """The hidden size that gives ``name`` about as many parameters as the LSTM has."""
    return matched_size(name, task, count_parameters("lstm", task, protocol.units))


def run(
    name: str,
    task: MemoryTask,
    member: Member,
    protocol: Protocol,
    *,
    report: Report | None = None,
) -> Outcome:
    """Train one network alone; everything else as in ``train``."""
    ((_, outcome),) = train(name, task, (member,), protocol, report=report)
    return outcome


def train(
    name: str,
    task: MemoryTask,
    members: Sequence[Member],
    protocol: Protocol,
    *,
    report: Report | None = None,
) -> Iterator[tuple[Member, Outcome]]:
    """Train the members of a team of competitors called ``name`` with Adam; each as it ends.

    They are computed together and have nothing to do with each other: a member comes to what it
    would come to alone. Batch number n of seed s is the same for everybody. ``report`` is called
    at every check with the updates done and the best score there; an error that it raises ends
    the training. Raises ValueError for a rate that is not above 0 or a start that does not fit.
    """
    for member in members:
        if not member.rate > 0:
            raise ValueError(f"rate is {member.rate}; a learning rate is above 0.")
    team = _Team(name, task, members, protocol)
    # gradients that fade become numbers so small that the processor takes a detour for each
    torch.set_flush_denormal(True)
    try:
        for done in range(1, protocol.updates + 1):
            yield from team.end(team.update(done), BROKE_OFF, done)
            if done % protocol.check == 0 and team.lanes:
                scores = team.look(done)
                if report is not None:
                    report(done, max(scores))
                yield from team.end(team.clearly_solved(), SOLVED, done)
                yield from team.end(team.standing_still(done), STANDSTILL, done)
            if not team.lanes:
                return
        yield from team.end(list(range(len(team.lanes))), BUDGET, protocol.updates)
    finally:
        torch.set_flush_denormal(False)


@dataclass
class _Lane:
    """One member on its way."""

    member: Member
    curve: list[tuple[int, float]]
    seconds: float
    best: float
    best_at: int = 0


class _Team:
    """The members that still run, their weights side by side."""

    def __init__(
        self, name: str, task: MemoryTask, members: Sequence[Member], protocol: Protocol
    ) -> None:
        self.task, self.protocol = task, protocol
        self.hidden = size_for(name, task, protocol)
        networks = [
            build(name, task, self.hidden, seed=m.seed, start=m.start, span=protocol.span)
            for m in members
        ]
        self.shape = networks[0]
        self.parameters = sum(p.numel() for p in self.shape.parameters())
        self.weights = stack(networks)
        self.adam = StackedAdam(self.weights, torch.tensor([m.rate for m in members]))
        self.lanes = [_Lane(member, [], 0.0, task.baseline) for member in members]
        self.blocks: dict[int, tuple[int, Sample]] = {}
        self.checked = {
            seed: task.sample(256, seed * RUNS + CHECKED) for seed in {m.seed for m in members}
        }

    def update(self, done: int) -> list[int]:
        """One update of every member; the places of those whose numbers are not finite."""
        began = time.thread_time()
        ours = [self._batch(lane.member.seed, done - 1) for lane in self.lanes]
        losses = self._losses(
            torch.stack([batch.inputs for batch in ours], dim=1),
            torch.stack([batch.targets for batch in ours], dim=1),
        )
        losses.sum().backward()
        finite = self.adam.update(self.protocol.clip).isfinite() & losses.isfinite()
        for lane in self.lanes:
            lane.seconds += (time.thread_time() - began) / len(self.lanes)
        return (~finite).nonzero().flatten().tolist()

    def _batch(self, seed: int, number: int) -> Sample:
        """Batch ``number`` of ``seed``, counted from 0; drawn with its neighbours."""
        block, size = number // BLOCK, self.protocol.batch
        if self.blocks.get(seed, (-1,))[0] != block:
            drawn = self.task.sample(BLOCK * size, seed * RUNS + block)
            self.blocks[seed] = block, drawn
        place = slice(number % BLOCK * size, (number % BLOCK + 1) * size)
        return Sample(*(part[:, place] for part in self.blocks[seed][1]))

    def _losses(self, inputs: Tensor, targets: Tensor) -> Tensor:
        """Every member's mean loss; inputs (time, members, ...), targets (answers, ...)."""
        predictions = predict(self.shape, self.weights, inputs)
        if self.task.regression:
            return (predictions[..., 0] - targets).square().mean((0, 2))
        each = functional.cross_entropy(
            predictions.flatten(0, 2), targets.flatten(), reduction="none"
        )
        return each.view(targets.shape).mean((0, 2))

    @torch.no_grad()
    def _score(self, place: int, sample: tuple[Tensor, Tensor]) -> float:
        """The task's score of one member; 0 where it answers nothing finite."""
        weights = {name: weight[place : place + 1] for name, weight in self.weights.items()}
        predictions = predict(self.shape, weights, sample[0][:, None])[:, 0]
        finite = predictions.isfinite().all()
        return self.task.score(predictions, sample[1]) if finite else 0.0

    def look(self, done: int) -> list[float]:
        """Score everybody on the sequences set aside."""
        for place, lane in enumerate(self.lanes):
            began = time.thread_time()
            score = self._score(place, self.checked[lane.member.seed])
            lane.curve.append((done, score))
            if score >= lane.best + self.protocol.progress:
                lane.best, lane.best_at = score, done
            lane.seconds += time.thread_time() - began
        return [lane.curve[-1][1] for lane in self.lanes]

    def clearly_solved(self) -> list[int]:
        """Who was twice in a row a little above what counts, so that the final score holds too."""
        enough = self.task.solved + 0.3 * (1 - self.task.solved)
        return [
            place
            for place, lane in enumerate(self.lanes)
            if len(lane.curve) > 1 and min(score for _, score in lane.curve[-2:]) >= enough
        ]

    def standing_still(self, done: int) -> list[int]:
        """Who has made no progress for longer than the protocol's patience."""
        return [
            place
            for place, lane in enumerate(self.lanes)
            if done - lane.best_at >= self.protocol.patience and done < self.protocol.updates
        ]

    def end(self, places: list[int], ended: str, done: int) -> Iterator[tuple[Member, Outcome]]:
        """Score those at ``places`` on the held-out sequences and go on without them."""
        for place in places:
            lane, seed = self.lanes[place], self.lanes[place].member.seed
            held_out = self.task.sample(self.protocol.held_out, seed * RUNS + HELD_OUT)
            score = self._score(place, held_out)
            yield (
                lane.member,
                Outcome(
                    score=score,
                    solved=score >= self.task.solved,
                    updates=done,
                    ended=ended,
                    seconds=lane.seconds,
                    hidden=self.hidden,
                    parameters=self.parameters,
                    curve=tuple(lane.curve),
                ),
            )
        if places:
            left = [place for place in range(len(self.lanes)) if place not in places]
            self.lanes = [self.lanes[place] for place in left]
            self.weights = self.adam.keep(left)
