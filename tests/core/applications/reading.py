"""A short training for the tests of applications that are read in pieces."""

from __future__ import annotations

import math

import torch
from torch import nn

from core.applications import Application, Draws, new_network
from core.networks.architecture import Architecture


def learned(
    application: Application,
    architecture: Architecture,
    *,
    steps: int,
    rate: float = 1e-2,
    batch: int = 32,
) -> nn.Module:
    """A network after ``steps`` updates, without the project's own loop."""
    model = new_network(application, architecture, seed=1)
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate)
    draws = Draws(batch=batch, unroll=40)
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = rate * (1.05 + math.cos(math.pi * step / steps)) / 2
        optimiser.zero_grad()
        application.loss(model, application.batch(step, draws)).mean.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    return model.eval()
