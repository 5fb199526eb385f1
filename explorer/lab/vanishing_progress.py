"""The stage of a training: the step of training is the axis of every picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from explorer.captions import Caption, Lead, sentence
from explorer.lab.vanishing_frames import fan_logs, logs
from explorer.lab.vanishing_stages import (
    HEIGHT,
    frame_text,
    log_options,
    said_at,
    verdict_panel,
)
from explorer.lab.vanishing_training import Look
from explorer.lab.vanishing_words import amount, raised, signed
from explorer.language import Texts
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, plain_spec

BUTTON = 56  # the button above a network whose training has not been watched


def training_stage(looks: Sequence[Look], texts: Texts, group: str, start: dict[str, Any]) -> bytes:
    """Eigenvalues and fan after every look, with the curves of the whole training."""
    sentences = [_sentence(look, texts) for look in looks]
    cursor = {"time": len(looks) - 1, "unit": 0, **start}
    alt = said_at(sentences, cursor)
    curves = [
        {"name": "loss", "label": texts("vanishing.curve_loss"), "axis": "left"},
        {"name": "radius", "label": texts("vanishing.curve_predicted"), "axis": "right"},
        {"name": "measured", "label": texts("vanishing.curve_measured"), "axis": "right"},
        {"name": "growth", "label": texts("vanishing.curve_growth"), "axis": "right"},
    ]
    steps = len(looks[0].norms)
    always = _always(looks, texts) if len(looks) > 1 else ()
    panels = [
        verdict_panel("a", sentences, always, [_formula(look) for look in looks]),
        Panel("plane", "b", texts("vanishing.plane_still"), alt),
        Panel("decay", "c", texts("vanishing.fan"), alt, log_options("fan", steps)),
    ]
    if len(looks) > 1:
        panels.append(Panel("curves", "d", "", alt, {"curves": curves}))
    layout = Layout(
        "'a a' 'b c' 'd d'" if len(looks) > 1 else "'a a' 'b c'",
        "minmax(0, 0.8fr) minmax(0, 1fr)",
        "auto minmax(0, 1.5fr) minmax(0, 1fr)" if len(looks) > 1 else "auto minmax(0, 1fr)",
        HEIGHT if len(looks) > 1 else HEIGHT - BUTTON,
    )
    spec = plain_spec(
        panels,
        layout,
        texts,
        group=group,
        tokens=[str(look.updates) for look in looks],
        units=len(looks[0].eigenvalues),
        cursor=cursor,
        speed=4,
        extra={"text": frame_text(texts, "training")},
    )
    return pack(training_arrays(looks), spec)


def training_arrays(looks: Sequence[Look]) -> dict[str, np.ndarray]:
    """The arrays of the pictures, one frame a look."""
    radii = np.array([look.radius for look in looks], dtype=np.float32)
    values = np.stack([look.eigenvalues for look in looks])
    count = len(looks[0].norms)
    return {
        "spectrum.radius": radii,
        "spectrum.eigenvalues": np.stack([values.real, values.imag], axis=-1).astype(np.float32),
        "spectrum.norms": logs(np.stack([look.norms for look in looks])),
        "spectrum.gaps": np.array(looks[0].gaps, dtype=np.int32),
        "spectrum.fan": fan_logs(np.stack([look.fan for look in looks])),
        "spectrum.gradient": logs(
            np.stack([_of_last(look.gradient)[::-1][:count] for look in looks])
        ),
        "curve.loss": np.array([look.loss for look in looks], dtype=np.float32),
        "curve.radius": radii,
        "curve.measured": np.array(
            [math.nan if look.decay is None else look.decay.rate for look in looks],
            dtype=np.float32,
        ),
        "curve.growth": np.array([math.exp(look.lyapunov[0]) for look in looks], dtype=np.float32),
    }


def _of_last(gradient: np.ndarray) -> np.ndarray:
    return gradient / gradient[-1] if gradient[-1] > 0 else gradient


def _sentence(look: Look, texts: Texts) -> Caption:
    caption = sentence(
        texts("vanishing.training_caption"),
        updates=f"{look.updates:,}",
        loss=f"{look.loss:.3f}",
        radius=f"{look.radius:.2f}",
        outside=int((np.abs(look.eigenvalues) > 1).sum()),
        units=len(look.eigenvalues),
        measured=texts("vanishing.nothing") if look.decay is None else f"{look.decay.rate:.2f}",
        exponent=signed(float(look.lyapunov[0])),
        slope=f"{look.slope:.2f}",
    )
    if look.radius > 1 and look.decay is not None and look.decay.rate < 1:
        caption.append(texts("vanishing.training_saturated"))
    return caption


def _formula(look: Look) -> str:
    """What the largest gap leaves, by the eigenvalues and as it is measured."""
    k = len(look.norms) - 1
    left = amount(float(_of_last(look.gradient)[-1 - k]))
    predicted = amount(look.radius**k)
    return (
        f"ρ(U){raised(k)} = {look.radius:.2f}{raised(k)} = {predicted}   ·   "
        f"‖∂L/∂h_(T−{k})‖ / ‖∂L/∂h_T‖ = {left}"
    )


def _always(looks: Sequence[Look], texts: Texts) -> Caption:
    crossing = next((at for at, look in enumerate(looks) if look.radius > 1), None)
    if crossing is None:
        return sentence(texts("vanishing.never_crossed"), first=f"{looks[0].radius:.2f}")
    lead = Lead(f"{looks[crossing].updates:,}", {"time": crossing})
    return sentence(texts("vanishing.crossed"), first=f"{looks[0].radius:.2f}", updates=lead)
