"""Part 2: a linear recurrence needs no waiting: its steps may be joined in any grouping."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.charts.representations import matrix_figure
from explorer.charts.today import HEIGHT, lengths_figure
from explorer.language import Texts
from explorer.shared import shared
from explorer.words.pictures import draw, is_dark, say
from explorer.words.settings import option

STEPS = ("8", "16", "32", "64")
LENGTHS = (16, 64, 256, 1024, 4096)
UNITS = 64


@dataclass(frozen=True)
class Timed:
    """Seconds of the loop and of the scan by length, and their largest difference anywhere."""

    loop: tuple[float, ...]
    scan: tuple[float, ...]
    difference: float


def show(texts: Texts) -> None:
    """Draw the part."""
    steps = int(option("today_steps", STEPS, "16", texts("today.steps")))
    reaches = joined(steps)
    with st.spinner(texts("today.measuring")):
        times = timed()
    say(
        texts,
        texts("today.scan_rounds", steps=steps, rounds=len(reaches) - 1),
        texts("today.scan_same", difference=f"{times.difference:.0e}".replace("-", "\u2011")),
        texts(
            "today.scan_times",
            length=f"{LENGTHS[-1]:,}",
            units=UNITS,
            loop=f"{1000 * times.loop[-1]:.1f}",
            scan=f"{1000 * times.scan[-1]:.1f}",
        ),
    )
    left, right = st.columns(2)
    with left:
        title = texts("today.joined")
        rows = [texts("today.round", number=number) for number in range(len(reaches))]
        columns = [str(step + 1) for step in range(steps)]
        figure = matrix_figure(
            reaches, rows, columns, title=title, dark=is_dark(), height=HEIGHT, digits=0
        )
        draw(figure, "joined", f"{title}: {rows[-1]}, {steps}")
    with right:
        title = texts("today.waiting")
        figure = lengths_figure(
            LENGTHS,
            {
                texts("today.loop"): [1000 * s for s in times.loop],
                texts("today.scan"): [1000 * s for s in times.scan],
            },
            labels=(texts("today.length"), texts("today.milliseconds")),
            title=title,
            dark=is_dark(),
        )
        draw(figure, "waiting", title)


def joined(steps: int) -> np.ndarray:
    """How many steps are joined at each place after each round: shape (rounds + 1, steps).

    Counted by the scan itself: with every a and b equal to 1 the joined b is the number of steps
    that it holds.
    """
    import torch

    from core.networks.linear_recurrence import joined_rounds

    ones = torch.ones(steps)
    rounds = [total for _, _, total in joined_rounds(ones, ones)]
    return np.stack([one.numpy() for one in (ones, *rounds)])


@shared
def timed() -> Timed:
    """Both ways measured on this computer, in turn, the fastest of a few rounds."""
    import torch

    from core.networks.linear_recurrence import all_at_once, step_by_step
    from core.race.cost import fastest

    torch.set_num_threads(1)
    ways = {"loop": step_by_step, "scan": all_at_once}
    draw_from = torch.Generator().manual_seed(0)
    calls, difference = {}, 0.0
    for length in LENGTHS:
        keep = torch.rand(length, UNITS, generator=draw_from, dtype=torch.float64)
        written = torch.randn(length, UNITS, generator=draw_from, dtype=torch.float64)
        start = torch.zeros(UNITS, dtype=torch.float64)
        for name, way in ways.items():
            calls[name, length] = lambda w=way, k=keep, b=written, s=start: w(k, b, s)
        apart = all_at_once(keep, written, start) - step_by_step(keep, written, start)
        difference = max(difference, float(apart.abs().max()))
    seconds = fastest(calls, 3)
    loop, scan = (tuple(seconds[name, length] for length in LENGTHS) for name in ways)
    return Timed(loop, scan, difference)
