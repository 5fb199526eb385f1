"""The adding problem at delay 100: seconds until the mean squared error is below 0.01.

The reference is the promise, 3 minutes on two cores. Measured on one thread.
"""

from __future__ import annotations

import torch

from core.race.adding import learn_adding
from tests.benchmarks.result import Result

PROMISED_SECONDS = 180.0


def _of(cell: str) -> list[Result]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        learned = learn_adding(cell)
    finally:
        torch.set_num_threads(threads)
    ratio = PROMISED_SECONDS / learned.seconds
    ok = learned.solved and ratio >= 1
    return [
        Result(f"adding-100-{cell}", learned.seconds, PROMISED_SECONDS, ratio, 1, ok),
        Result(f"adding-100-{cell}-mse", learned.error, 0.01, 0.01 / learned.error, 1, ok),
    ]


BENCHMARKS = {"adding-100-lstm": lambda: _of("lstm"), "adding-100-gru": lambda: _of("gru")}
