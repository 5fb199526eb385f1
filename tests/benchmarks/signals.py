"""Morse at 10 dB by the shipped network, beside the threshold rule on the same messages.

ours and reference are error rates of the signs; the target is that of the network.
"""

from __future__ import annotations

import torch

from core.applications import load_applied
from core.applications.morse import measure_on, messages_at, threshold_error
from core.training.gallery.shelf import FOLDER, find_gallery_model
from tests.benchmarks.result import Result

MODEL, TARGET, MESSAGES = "morse-lstm", 0.03, 500
NOISES = {"morse-cer-10db": 10.0, "morse-cer-minus-5db": -5.0}


def morse() -> list[Result]:
    """The error rate on held-out messages at 10 dB, and for comparison at -5 dB."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        model = load_applied(FOLDER / find_gallery_model(MODEL).file).model
        results = []
        for name, noise in NOISES.items():
            messages = messages_at(noise, MESSAGES)
            ours, rule = measure_on(model, messages).score, threshold_error(messages)
            target = TARGET if noise == 10 else None
            ok = target is None or ours < target
            results.append(Result(name, ours, rule, ours / max(rule, 1e-9), target, ok))
    finally:
        torch.set_num_threads(threads)
    return results


BENCHMARKS = {tuple(NOISES): morse}
