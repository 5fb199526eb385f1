"""The stages of the page *Vanishing and exploding*: what stands where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from explorer.captions import Caption, spoken
from explorer.lab.vanishing_frames import (
    DECADES,
    Frames,
    frames_of,
    shown_powers,
    spectrum_arrays,
    squash_arrays,
)
from explorer.lab.vanishing_network import Drawn, Trained
from explorer.lab.vanishing_words import (
    activation_formulas,
    activation_sentences,
    initial_scales,
    radius_formulas,
    radius_sentences,
)
from explorer.language import Texts, texts_of
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, plain_spec
from explorer.shared import shared

HEIGHT = 625
FIRST_RADIUS = 0.9


@shared
def radius_stage(
    source: Drawn | Trained, language: str, group: str, start: tuple[tuple[str, Any], ...]
) -> bytes:
    """Eigenvalues, what they predict, what the network does, and the powers of its matrix."""
    texts, frames = texts_of(language), frames_of(source)
    sentences = radius_sentences(frames, texts)
    cursor = {"time": first_frame(frames), "unit": 0, **dict(start)}
    alt = said_at(sentences, cursor)
    steps = len(frames.norms)
    powers = shown_powers(frames)
    entry = 3 / np.sqrt(len(frames.eigenvalues))
    panels = [
        verdict_panel(
            "a", sentences, initial_scales(source, frames, texts), radius_formulas(frames)
        ),
        Panel("plane", "b", texts("vanishing.plane"), alt, {"drag": True}),
        Panel("decay", "c", texts("vanishing.directions"), alt, log_options("eigen", steps)),
        Panel("powers", "d", texts("vanishing.powers"), alt, {"powers": powers, "limit": entry}),
        Panel("decay", "e", texts("vanishing.fan"), alt, log_options("fan", steps)),
    ]
    layout = Layout(
        "'a a' 'b c' 'b e' 'd e'",
        "minmax(0, 1fr) minmax(0, 1.1fr)",
        "auto minmax(0, 1fr) minmax(0, 0.42fr) minmax(0, 0.58fr)",
        HEIGHT,
    )
    spec = radius_spec(frames, panels, layout, texts, group, cursor)
    return pack(spectrum_arrays(frames), spec)


@shared
def activation_stage(
    source: Drawn | Trained, language: str, group: str, start: tuple[tuple[str, Any], ...]
) -> bytes:
    """The activation with the units on it, and what its slopes do over the spectral radius."""
    texts, frames = texts_of(language), frames_of(source)
    sentences = activation_sentences(frames, texts)
    cursor = {"time": first_frame(frames), "unit": 0, **dict(start)}
    alt = said_at(sentences, cursor)
    name = texts(f"vanishing.activation_{frames.network.activation}")
    curves = [
        {"name": curve, "label": texts(f"vanishing.curve_{curve}"), "axis": axis}
        for curve, axis in (
            ("predicted", "left"),
            ("bound", "left"),
            ("measured", "left"),
            ("flat", "right"),
        )
    ]
    ranks = [f"exponent{rank + 1}" for rank in range(frames.sweep.lyapunov.shape[1])]
    growth = [
        {"name": curve, "label": texts(f"vanishing.curve_{curve}")} for curve in ("log", *ranks)
    ]
    panels = [
        verdict_panel("a", sentences, (), activation_formulas(frames, texts)),
        Panel("squash", "b", "", alt, {"name": name}),
        Panel("curves", "c", texts("vanishing.over_radius"), alt, {"curves": curves}),
        Panel("curves", "d", texts("vanishing.exponents"), alt, {"curves": growth}),
    ]
    layout = Layout(
        "'a a' 'b c' 'b d'",
        "minmax(0, 1fr) minmax(0, 1.1fr)",
        "auto minmax(0, 1.3fr) minmax(0, 1fr)",
        HEIGHT,
    )
    spec = radius_spec(frames, panels, layout, texts, group, cursor)
    return pack(squash_arrays(frames), spec)


def radius_spec(
    frames: Frames,
    panels: Sequence[Panel],
    layout: Layout,
    texts: Texts,
    group: str,
    cursor: Mapping[str, Any],
) -> dict[str, Any]:
    """The spec of a stage whose play bar moves the spectral radius."""
    return plain_spec(
        panels,
        layout,
        texts,
        group=group,
        tokens=[f"{radius:.2f}" for radius in frames.radii],
        units=len(frames.eigenvalues),
        cursor=cursor,
        speed=8,
        extra={"text": frame_text(texts, "radius")},
    )


def frame_text(texts: Texts, what: str) -> dict[str, str]:
    """The player's labels, with the frames called what they are here instead of time."""
    return {
        **texts.section("player"),
        "position": texts(f"vanishing.{what}_position"),
        "scrubber": texts(f"vanishing.{what}_scrubber"),
    }


def verdict_panel(
    area: str,
    sentences: Sequence[Caption],
    always: Caption | tuple,
    formulas: Sequence[str] = (),
) -> Panel:
    """The caption and the formula that follow the cursor."""
    options = {
        "frames": [parts(caption) for caption in sentences],
        "formulas": list(formulas),
        "always": parts(always),
    }
    return Panel("verdict", area, alt=spoken(sentences[-1]), options=options)


def parts(caption: Caption | tuple) -> list[str | dict[str, Any]]:
    """A caption as the players take it."""
    return [part if isinstance(part, str) else dict(vars(part)) for part in caption]


def said_at(sentences: Sequence[Caption], cursor: Mapping[str, Any]) -> str:
    """The caption of the frame at which the stage begins."""
    return spoken(sentences[min(int(cursor["time"]), len(sentences) - 1)])


def log_options(kind: str, steps: int) -> dict[str, Any]:
    """The options of the picture decay."""
    return {"kind": kind, "decades": DECADES, "steps": steps}


def first_frame(frames: Frames) -> int:
    """A trained network's own radius, or just inside the unit circle."""
    if frames.own is not None:
        return frames.own
    return int(np.abs(frames.radii - FIRST_RADIUS).argmin())
