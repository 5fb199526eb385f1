"""A character model: our loop beside a bare torch loop of the same model, on one thread.

On the Tiny Shakespeare text where it is at hand, else on the project's own English. Both loops
begin with the same weights and read the same batches, in turns, so that whatever else the
machine does disturbs both. ``char-throughput`` is in characters per second, and its ratio is
ours over the bare loop's; ``char-validation`` is the held-out loss in nats after the same
number of updates.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.networks import ModelSettings
from core.tasks import TextTask
from core.tasks.corpora import grammar_task
from core.tasks.likelihood import mean_loss
from core.training.loop import new_model, train
from core.training.settings import TrainingSettings
from tests.benchmarks.result import Result

TEXT = Path(__file__).resolve().parents[3] / "shared" / "data" / "tinyshakespeare.txt"
UNITS, ROUNDS = 128, 12
SETTINGS = TrainingSettings(
    steps=25 * ROUNDS, batch=32, unroll=64, learning_rate=3e-3, every=25, validate=10**6
)
LEAST, MOST = 0.95, 1.005  # of the bare loop's throughput; of its loss, which rounding may move


class Bare(nn.Module):
    """The same network in its shortest form."""

    def __init__(self, vocabulary_size: int) -> None:
        super().__init__()
        self.rnn = nn.LSTM(vocabulary_size, UNITS)
        self.read_out = nn.Linear(UNITS, vocabulary_size)
        self.size = vocabulary_size

    def forward(self, ids: Tensor, state: object = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        outputs, state = self.rnn(functional.one_hot(ids, self.size).float(), state)
        return self.read_out(outputs), state


def bare_loop(model: Bare, ids: Tensor) -> Iterator[None]:
    """Truncated backpropagation through time as one would write it down, a round at a time."""
    batch, unroll = SETTINGS.batch, SETTINGS.unroll
    length = (len(ids) - 1) // batch
    inputs = ids[: batch * length].view(batch, length).T.contiguous()
    targets = ids[1 : batch * length + 1].view(batch, length).T.contiguous()
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=SETTINGS.learning_rate, weight_decay=SETTINGS.weight_decay
    )
    state = None
    for step in range(SETTINGS.steps):
        start = step * unroll % (length // unroll * unroll)
        logits, state = model(inputs[start : start + unroll], state if start else None)
        loss = functional.cross_entropy(
            logits.flatten(0, 1), targets[start : start + unroll].flatten()
        )
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), SETTINGS.clip)
        optimiser.param_groups[0]["lr"] = SETTINGS.rate_at(step)
        optimiser.step()
        state = tuple(part.detach() for part in state)
        if (step + 1) % SETTINGS.every == 0:
            yield


def measure() -> list[Result]:
    """Both loops in turns, changing who goes first."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _measure()
    finally:
        torch.set_num_threads(threads)


def _measure() -> list[Result]:
    task = TextTask.read(TEXT) if TEXT.is_file() else grammar_task()
    size = len(task.vocabulary)
    ours = new_model(ModelSettings("lstm", size, UNITS), SETTINGS.seed)
    bare = Bare(size)
    bare.load_state_dict(ours.state_dict())
    loops = {"ours": train(ours, task, SETTINGS), "bare": bare_loop(bare, task.train)}
    seconds: dict[str, list[float]] = {"ours": [], "bare": []}
    for turn in range(ROUNDS - 1):  # the last round of ours also measures the held-out loss
        for name in sorted(loops, reverse=bool(turn % 2)):
            started = time.perf_counter()
            next(loops[name])
            seconds[name].append(time.perf_counter() - started)
    for loop in loops.values():
        list(loop)
    read = SETTINGS.every * SETTINGS.batch * SETTINGS.unroll
    rates = {name: read / statistics.median(times) for name, times in seconds.items()}
    share = rates["ours"] / rates["bare"]
    first, second = (mean_loss(model, task.validation, size) for model in (ours, bare))
    return [
        Result("char-throughput", rates["ours"], rates["bare"], share, LEAST, share >= LEAST),
        Result("char-validation", first, second, first / second, MOST, first / second <= MOST),
    ]


BENCHMARKS = {("char-throughput", "char-validation"): measure}
