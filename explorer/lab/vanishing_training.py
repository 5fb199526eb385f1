"""A small Elman network trained again in the background, its Jacobians looked at on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from explorer.jobs import Job, Progress, jobs
from explorer.lab.vanishing_frames import EXPONENTS, fan_gaps, measured_decay, power_norms

if TYPE_CHECKING:
    from core.gradients import Decay
    from core.networks.model_file import TextModel

FRAMES = 32


@dataclass(frozen=True, eq=False)
class Look:
    """A network after ``updates`` of its training, reading one text.

    eigenvalues (n,), largest first; gaps (G,) and fan (G, n), the singular values of
    dh_T/dh_{T-k}; gradient (T,), the norm of the loss's gradient, nearest to the loss last;
    norms (K,) of the powers of U; lyapunov, nats a step; slope, the mean slope of the units.
    """

    updates: int
    loss: float
    eigenvalues: np.ndarray
    norms: np.ndarray
    gaps: tuple[int, ...]
    fan: np.ndarray
    gradient: np.ndarray
    lyapunov: np.ndarray
    decay: Decay | None
    slope: float

    @property
    def radius(self) -> float:
        """The spectral radius of the recurrent matrix."""
        return float(np.abs(self.eigenvalues[0]))


def look_at(text_model: TextModel, text: str, updates: int, loss: float) -> Look:
    """Everything about an Elman network as it is now."""
    import torch

    from core.gradients import gradient_norms, jacobian_spectrum, lyapunov_exponents
    from core.gradients.runs import as_recurrent
    from core.recording import read_text

    torch.set_num_threads(1)
    trace = read_text(text_model, text)
    network = as_recurrent(text_model.model)
    recurrent = network.cells[0][0].weight_hh.detach().double().numpy()
    eigenvalues = np.linalg.eigvals(recurrent)
    order = np.argsort(-np.abs(eigenvalues), kind="stable")
    steps, units = len(text), len(recurrent)
    gaps = fan_gaps(steps)
    count = min(EXPONENTS, units)
    gradient = gradient_norms(trace).values[0, -1, 0, :, 0]
    return Look(
        updates=updates,
        loss=loss,
        eigenvalues=eigenvalues[order],
        norms=power_norms(recurrent, gaps[-1] + 1),
        gaps=tuple(gaps),
        fan=jacobian_spectrum(trace, network).values[gaps],
        gradient=gradient,
        lyapunov=lyapunov_exponents(trace, network, count=count, skip=min(10, steps // 3)).values,
        decay=measured_decay(gradient),
        slope=float((1 - trace["hidden"].values ** 2).mean()),
    )


def job_key(card_id: str, text: str) -> str:
    """The name of the training of a network that is watched on ``text``."""
    return f"vanishing-{card_id}-{text}"


def watch_training(card_id: str, text: str) -> Job:
    """Train the shipped network again from its seed; the result is a list of ``Look``s."""
    return jobs().start(job_key(card_id, text), lambda progress: _train(card_id, text, progress))


def find_training(card_id: str, text: str) -> Job | None:
    """The training that was started, if any."""
    return jobs().find(job_key(card_id, text))


def _train(card_id: str, text: str, progress: Progress) -> list[Look]:
    import torch

    from core.networks.model_file import TextModel
    from core.training.loop import new_model, train
    from core.training.recipes import find_recipe

    torch.set_num_threads(1)
    recipe = find_recipe(card_id)
    task = recipe.corpus.task()
    model = new_model(recipe.settings(len(task.vocabulary)), recipe.corpus.training.seed)
    text_model = TextModel(card_id, model, task.vocabulary)
    steps = recipe.corpus.training.steps
    every = max(1, steps // 300)
    settings = replace(recipe.corpus.training, every=every, validate=steps)
    wanted = frame_updates(steps, every)
    looks = [look_at(text_model, text, 0, float(np.log(len(task.vocabulary))))]
    for snapshot in train(model, task, settings):
        if snapshot.step in wanted:
            looks.append(look_at(text_model, text, snapshot.step, snapshot.loss))
        progress.report(snapshot.step / steps, looks[-1])
    return looks


def frame_updates(steps: int, every: int) -> set[int]:
    """Which updates are looked at: close together at first, when most happens."""
    ends = np.geomspace(every, steps, FRAMES - 1)
    return {min(steps, int(np.ceil(end / every)) * every) for end in ends} | {steps}
