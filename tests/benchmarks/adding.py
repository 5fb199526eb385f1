"""The adding problem at delay 100: how well it is solved, and in how many seconds.

The reference of the error is that of always giving the mean answer, of the seconds the promise of
3 minutes on two cores. Measured on one thread.
"""

from __future__ import annotations

from functools import partial

import torch

from core.race.adding import DELAY, WANTED, learn_adding
from core.tasks.memory import Adding
from tests.benchmarks.result import Result

PROMISED_SECONDS = 180.0


def _of(cell: str) -> list[Result]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        learned = learn_adding(cell)
    finally:
        torch.set_num_threads(threads)
    error, guess = learned.error, Adding(DELAY).guess
    in_time = learned.solved and learned.seconds <= PROMISED_SECONDS
    share = learned.seconds / PROMISED_SECONDS
    return [
        Result(f"adding-100-{cell}-mse", error, guess, error / guess, WANTED, error < WANTED),
        Result(
            f"adding-100-{cell}-s",
            learned.seconds,
            PROMISED_SECONDS,
            share,
            PROMISED_SECONDS,
            in_time,
        ),
    ]


BENCHMARKS = {
    (f"adding-100-{cell}-mse", f"adding-100-{cell}-s"): partial(_of, cell)
    for cell in ("lstm", "gru")
}
