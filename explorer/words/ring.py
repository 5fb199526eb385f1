"""Step 8: what embedding means: points that fill space to the eye and lie on a circle."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.embeddings.circle import PrincipalAxes, circle_in_space, principal_axes
from explorer.charts.circle import flat_figure, space_figure
from explorer.charts.look import GROUPS
from explorer.charts.representations import bars_figure
from explorer.language import Texts
from explorer.words.pictures import HEIGHT, draw, is_dark, say
from explorer.words.settings import option

POINTS = 300
NAMES = ("PC1", "PC2", "PC3")
ANGLES = (*map(str, range(0, 50, 5)), "54.7", *map(str, range(60, 95, 5)))
NOISES = ("0", "0.02", "0.05", "0.1", "0.2", "0.3", "0.5")


def show(texts: Texts) -> None:
    """Draw the step."""
    angle = float(option("angle", ANGLES, "35", texts("words.angle"), form="{}°".format))
    noise = float(option("noise", NOISES, "0.05", texts("words.noise")))
    points = circle_in_space(POINTS, noise=noise, rotation=angle)
    found = principal_axes(points)
    share = points.var(axis=0) / points.var(axis=0).sum()
    say(texts, *_measured(share, found, texts))
    left, right = st.columns([3, 2])
    with left:
        title = texts("words.ring_space", points=POINTS)
        figure = space_figure(
            points, found, names=NAMES, title=title, dark=is_dark(), height=HEIGHT
        )
        draw(figure, "ring-space", title)
    with right:
        _draw_shares(share, found, texts)
        title = texts("words.ring_flat", share=f"{100 * found.shares[:2].sum():.1f}%")
        figure = flat_figure(
            found,
            axis=texts("words.axis"),
            title=title,
            dark=is_dark(),
            height=HEIGHT * 3 // 5 - 16,
        )
        draw(figure, "ring-flat", title)


def _draw_shares(share: np.ndarray, found: PrincipalAxes, texts: Texts) -> None:
    colours = GROUPS[is_dark()]
    title = texts("words.ring_shares")
    values = [*(100 * share), *(100 * found.shares)]
    figure = bars_figure(
        ["x", "y", "z", *NAMES],
        values,
        title=title,
        colours=[colours[5]] * 3 + list(colours[:3]),
        dark=is_dark(),
        height=HEIGHT * 2 // 5,
        digits=".1f",
        sideways=False,
    )
    draw(figure, "ring-shares", f"{title}: {np.round(values, 1).tolist()}")


def _measured(share: np.ndarray, found: PrincipalAxes, texts: Texts) -> list[str]:
    """What the least axis says before and after, and which direction is redundant."""
    least = int(share.argmin())
    direction = ", ".join(f"{number:.2f}" for number in found.axes[2])
    return [
        texts("words.ring_axes", axis="xyz"[least], share=f"{100 * share[least]:.1f}%"),
        texts(
            "words.ring_found", direction=f"({direction})", share=f"{100 * found.shares[2]:.2g}%"
        ),
    ]
