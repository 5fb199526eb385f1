"""What a run will take, before it is started."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace

import torch
from torch import nn

from core.applications import Application, Draws
from core.networks.architecture import FEED_FORWARD
from core.training.optimisers import MOMENTS
from core.training.runs.settings import RunSettings
from core.training.runs.trial import BATCH, NARROW, WIDE, Trial, optimiser_pace, pace, trial

VARIABLE = "UNROLLED_RUN_MB"
"""Environment variable: megabytes that a run which a visitor starts may take, as estimated."""
STANDARD_MB = 4096
LONGEST = 64
"""Steps of time in a trial, where they can be chosen."""


@dataclass(frozen=True)
class Cost:
    """parameters: how many numbers are learned. bytes_of_memory: of weights, gradients, what
    the optimiser keeps, and one batch with its states. seconds: of training; held-out
    measurements come on top. Both are estimates."""

    parameters: int
    bytes_of_memory: int
    seconds: float


def estimate(settings: RunSettings) -> Cost:
    r"""Reckon what the run takes, from trials of a few units and sequences of the same task.

    Nothing of the size that is asked for is built or run, however large it is. With H units, L
    layers, B sequences, N steps read by them all, P weights outside embeddings and W in all:

    .. math:: \mathrm{bytes} = 4 W (2 + m) + \frac{N}{n} \bigl(k_1(H) + (L - 1) k_2(H)\bigr)

    .. math:: \mathrm{seconds} = t_1 + (L - 1) t_2 + 3 P N p + H L N e + W (1 + m) o

    m is how many numbers the optimiser keeps for each weight. k (linear in H, from trials of
    two widths) and t are of the first and of each further layer, in trials that read n steps;
    p, e and o are this machine's pace (see ``trial.pace``). It is an estimate: the time is
    often out by a factor of two.

    Raises ValueError for settings that do not fit together.
    """
    torch.set_num_threads(1)  # as every run has
    application, training = settings.make_application(), settings.training
    seconds_of_batch = _batch_seconds(application, settings)
    with torch.device("meta"):  # shapes without memory
        model = application.network(settings.architecture)
    weights = sum(parameter.numel() for parameter in model.parameters())
    first, further, scale = _trials(application, settings)
    moments = len(MOMENTS[training.optimizer])
    held = 4 * weights * (2 + moments) + scale * _kept(settings, first, further)
    each = seconds_of_batch + _seconds(settings, model, first, further, scale)
    each += weights * (1 + moments) * optimiser_pace()
    return Cost(weights, round(held), each * training.steps)


def check_memory(cost: Cost) -> None:
    """Raise ValueError for a run that takes more than ``UNROLLED_RUN_MB`` allows."""
    most = memory_allowed()
    if cost.bytes_of_memory > most:
        raise ValueError(
            f"This run would take about {cost.bytes_of_memory / 1e6:,.0f} MB; {VARIABLE} allows "
            f"{most / 1e6:,.0f} MB. Choose fewer units, layers or sequences, or shorter ones."
        )


def memory_allowed() -> int:
    """Bytes that ``UNROLLED_RUN_MB`` allows a run. Raises ValueError for nonsense."""
    said = os.environ.get(VARIABLE, str(STANDARD_MB))
    if not (said.isascii() and said.isdigit() and int(said) > 0):
        raise ValueError(f"{VARIABLE} is {said!r}; expected a whole number of megabytes.")
    return int(said) * 10**6


Trials = tuple[Trial, Trial]  # a narrow and a wide one


def _batch_seconds(application: Application, settings: RunSettings) -> float:
    """Of drawing a batch as it is asked for, once the data are there."""
    training = settings.training
    application.batch(0, Draws(training.seed, min(BATCH, training.batch), training.unroll))
    started = time.perf_counter()
    application.batch(0, Draws(training.seed, training.batch, training.unroll))
    return time.perf_counter() - started


def _trials(application: Application, settings: RunSettings) -> tuple[Trials, Trials | None, float]:
    """Trials of one layer and, where there are several, of two; and how many times the steps of
    a trial one update reads."""
    short = _shortened(settings)
    task = application if short is settings else short.make_application()
    architecture = settings.architecture

    def both(layers: int) -> Trials:
        narrow, wide = (
            trial(task, architecture, short.training, units, layers) for units in (NARROW, WIDE)
        )
        return narrow, wide

    first = both(1)
    further = both(2) if architecture.num_layers > 1 else None
    scale = settings.training.batch / min(settings.training.batch, BATCH)
    if short is not settings:  # how long it really is, by a cell that torch runs at once
        quick = replace(architecture, cell="elman") if architecture.recurrent else architecture
        whole = trial(application, quick, settings.training, 1, 1)
        scale *= whole.steps / first[0].steps
    return first, further, scale


def _shortened(settings: RunSettings) -> RunSettings:
    """The same task with shorter sequences, where their length is a setting; else itself."""
    delay, unroll = settings.options.get("delay", 0), settings.training.unroll
    if max(delay, unroll) <= LONGEST:
        return settings
    options = dict(settings.options) | ({"delay": min(delay, LONGEST)} if delay else {})
    training = replace(settings.training, unroll=min(unroll, LONGEST))
    return replace(settings, options=options, training=training)


def _kept(settings: RunSettings, first: Trials, further: Trials | None) -> float:
    """Bytes that a trial of this width and depth would keep for the backward pass."""
    units, layers = settings.architecture.hidden_size, settings.architecture.num_layers
    kept = _line(units, *(one.kept for one in first))
    if further is not None:
        added = (two.kept - one.kept for one, two in zip(first, further, strict=True))
        kept += (layers - 1) * _line(units, *added)
    return kept


def _line(units: int, narrow: float, wide: float) -> float:
    """The straight line through both widths, at ``units``."""
    return max(0.0, narrow + (wide - narrow) * (units - NARROW) / (WIDE - NARROW))


def _seconds(
    settings: RunSettings, model: nn.Module, first: Trials, further: Trials | None, scale: float
) -> float:
    """Of the passes of one update."""
    architecture = settings.architecture
    layers = architecture.num_layers
    # The time that steps take by themselves is the same for any number of sequences.
    longer = scale * min(settings.training.batch, BATCH) / settings.training.batch
    seconds = min(one.seconds for one in first)
    if further is not None:
        seconds += (layers - 1) * max(0.0, min(two.seconds for two in further) - seconds)
    steps = first[0].steps * scale
    weights = sum(parameter.numel() for parameter in model.parameters())
    embedded = sum(
        part.weight.numel() for part in model.modules() if isinstance(part, nn.Embedding)
    )
    found = pace("elman" if architecture.cell in FEED_FORWARD else architecture.cell)
    directions = 2 if architecture.bidirectional else 1
    elements = steps * architecture.hidden_size * layers * directions
    work = 3.0 * steps * (weights - embedded) * found.product + elements * found.element
    return longer * seconds + work
