"""Step 8: what embedding means: points that fill space to the eye and lie on a circle."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from core.embeddings.circle import angle_error, circle_angles, circle_in_space, principal_axes
from explorer.captions import Caption, Lead, sentence, spoken
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.payload import Arrays, pack
from explorer.players.spec import Layout, Panel, plain_spec
from explorer.players.stage import opening_cursor, show_stage
from explorer.words.settings import option

POINTS = 300
ANGLES = tuple(np.arange(0, 92.5, 2.5).tolist())
OPENING, EQUAL = ANGLES.index(35), ANGLES.index(55)
NOISES = ("0", "0.02", "0.05", "0.1", "0.2", "0.3", "0.5")
GROUP = "circle"
HEIGHT = 590


def show(texts: Texts) -> None:
    """Draw the step."""
    noise = float(option("noise", NOISES, "0.05", texts("words.noise")))
    payload = ring_stage(noise, texts, opening_cursor("words", GROUP))
    show_stage(payload, group=GROUP, key="stage-circle")


def ring_stage(noise: float, texts: Texts, cursor: Mapping[str, Any]) -> bytes:
    """The circle at every angle: the play bar turns it, the pointer goes around it."""
    arrays = ring_arrays(noise)
    error = angle_error(arrays["circle.flat"].astype(float), circle_angles(POINTS))
    caption = ring_caption(arrays["circle.shares"], error, texts)
    said = spoken(caption)
    kept = f"{100 * arrays['circle.shares'][0, 3:5].sum():.1f}%"
    panels = [
        caption_panel("a", caption),
        Panel("circle", "b", texts("words.ring_space", points=POINTS), said, {"view": "space"}),
        Panel("circle", "c", texts("words.ring_shares"), said, {"view": "shares"}),
        Panel("circle", "d", texts("words.ring_flat", share=kept), said, {"view": "flat"}),
    ]
    layout = Layout(
        "'a a' 'b c' 'b d'",
        "minmax(0, 1.5fr) minmax(0, 1fr)",
        "auto minmax(0, 1fr) minmax(0, 1.5fr)",
        HEIGHT,
    )
    spec = plain_spec(
        panels,
        layout,
        texts,
        group=GROUP,
        tokens=[f"{angle:g}°" for angle in ANGLES],
        units=1,
        cursor={"time": OPENING, **cursor},
        speed=8,
    )
    return pack(arrays, spec)


@lru_cache(maxsize=len(NOISES))
def ring_arrays(noise: float) -> Arrays:
    """Points, principal axes and shares of the variance at every angle.

    The coordinates along the axes are those of the first: turning all points changes none.
    """
    turned = [circle_in_space(POINTS, noise=noise, rotation=angle) for angle in ANGLES]
    found = [principal_axes(points) for points in turned]
    shares = [
        np.concatenate([points.var(axis=0) / points.var(axis=0).sum(), axes.shares])
        for points, axes in zip(turned, found)
    ]
    arrays = {
        "points": np.stack(turned),
        "axes": np.stack([axes.axes for axes in found]),
        "shares": np.stack(shares),
        "flat": found[0].coordinates[:, :2],
    }
    return {f"circle.{name}": array.astype(np.float32) for name, array in arrays.items()}


def ring_caption(shares: np.ndarray, error: float, texts: Texts) -> Caption:
    """What x says at the first angle and at the one that hides the circle best, what PCA, and
    how well the angle that made the points is read back, ``error`` in degrees."""

    def at(step: int) -> Lead:
        return Lead(f"{ANGLES[step]:g}°", {"time": step})

    before, equal = f"{100 * shares[0, 0]:.1f}%", [f"{100 * s:.0f}%" for s in shares[EQUAL, :3]]
    return [
        *sentence(texts("words.ring_first"), angle=at(0), share=before),
        texts("caption.gap"),
        *sentence(texts("words.ring_equal"), angle=at(EQUAL), x=equal[0], y=equal[1], z=equal[2]),
        texts("caption.gap"),
        *sentence(texts("words.ring_found"), share=f"{100 * shares[0, 5]:.2g}%"),
        texts("caption.gap"),
        *sentence(texts("words.ring_latent"), error=f"{error:.2g}"),
    ]
