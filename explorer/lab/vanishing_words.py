"""Sentences of the page *Vanishing and exploding*, computed for every spectral radius."""

from __future__ import annotations

import math

import numpy as np

from explorer.captions import Caption, Lead, percent, sentence, signed
from explorer.lab.vanishing_frames import Frames
from explorer.lab.vanishing_network import Drawn, Trained
from explorer.language import Texts

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
AGREES = 0.05  # measured and predicted factor differ by less than this share
HUMP = 5.0  # a power of U this much larger than its eigenvalues explain


def radius_sentences(frames: Frames, texts: Texts) -> list[Caption]:
    """One caption a frame: what the eigenvalues predict, what is measured, and why they differ."""
    return [
        [*_measured(frames, at, texts), *(text for text in _reasons(frames, at, texts))]
        for at in range(len(frames.radii))
    ]


def activation_sentences(frames: Frames, texts: Texts) -> list[Caption]:
    """One caption a frame: how many units are in the flat part, and what that does."""
    units = len(frames.eigenvalues)
    name = frames.network.activation
    captions = []
    for at, radius in enumerate(frames.radii):
        values: dict[str, str | int | Lead] = {
            "radius": f"{radius:.2f}",
            "flat": percent(frames.flat[at]),
            "count": f"{frames.flat[at] * units:.1f}",
            "units": units,
            "slope": f"{frames.slope[at]:.2f}",
            "product": f"{frames.slope[at] * radius:.2f}",
            "measured": _factor(frames, at, texts),
        }
        caption = sentence(texts("vanishing.activation_caption"), **values)
        captions.append([*caption, texts(f"vanishing.about_{name}")])
    return captions


def _measured(frames: Frames, at: int, texts: Texts) -> Caption:
    radius, units = frames.radii[at], len(frames.eigenvalues)
    exponents = frames.sweep.lyapunov[at].tolist()
    decay = frames.decays[at]
    return sentence(
        texts("vanishing.verdict"),
        radius=f"{radius:.2f}",
        outside=int((np.abs(radius * frames.eigenvalues) > 1).sum()),
        units=units,
        predicted=f"{radius:.2f}",
        measured=_factor(frames, at, texts),
        fit="–" if decay is None else f"{decay.r_squared:.2f}",
        exponents=", ".join(signed(exponent) for exponent in exponents),
        growth=f"{math.exp(exponents[0]):.2f}",
    )


def _reasons(frames: Frames, at: int, texts: Texts) -> list[str]:
    """Why the measured factor is not the predicted one, or that it is."""
    radius, decay = frames.radii[at], frames.decays[at]
    slope = float(frames.slope[at])
    hump = int(frames.norms.argmax())  # where it is furthest above its eigenvalues
    reasons = []
    if decay is not None and abs(decay.rate / radius - 1) < AGREES:
        reasons.append(texts("vanishing.decides"))
    elif decay is not None and decay.rate > radius:
        reasons.append(texts("vanishing.exceeds", norm=f"{radius * frames.norms[1]:.2f}"))
    elif slope < 1 - AGREES:
        name = frames.network.activation
        values = {"slope": f"{slope:.2f}", "flat": percent(frames.flat[at]), "name": name}
        reasons.append(texts("vanishing.saturates", **values))
    if frames.norms[hump] > HUMP:
        grown = frames.norms * radius ** np.arange(len(frames.norms))
        best = int(grown.argmax()) if radius < 1 else hump
        alone = amount(radius**best)
        text = texts("vanishing.non_normal", peak=amount(grown[best]), step=best, alone=alone)
        reasons.append(text)
    return reasons


def _factor(frames: Frames, at: int, texts: Texts) -> str:
    decay = frames.decays[at]
    return texts("vanishing.nothing") if decay is None else f"{decay.rate:.2f}"


def initial_scales(source: Drawn | Trained, frames: Frames, texts: Texts) -> Caption:
    """Where usual first weights lie, as numbers that lead there."""
    if isinstance(source, Trained):
        lead = _lead(frames, frames.network.radius)
        return sentence(texts("vanishing.own_radius"), radius=lead)
    leads = {name: _lead(frames, radius) for name, radius in first_radii(source.units).items()}
    return sentence(texts("vanishing.first_scales"), units=source.units, **leads)


def first_radii(units: int) -> dict[str, float]:
    """The spectral radius to expect of usual first weights: the entries' deviation times √n."""
    deviations = {"torch": 1 / math.sqrt(3 * units), "glorot": 1 / math.sqrt(units)}
    deviations["he"] = math.sqrt(2 / units)
    return {name: deviation * math.sqrt(units) for name, deviation in deviations.items()}


def _lead(frames: Frames, radius: float) -> Lead:
    nearest = int(np.abs(frames.radii - radius).argmin())
    return Lead(f"{radius:.2f}", {"time": nearest})


def radius_formulas(frames: Frames) -> list[str]:
    """One line a frame: what the largest gap leaves, as predicted and as measured."""
    k = len(frames.norms) - 1
    gradient = frames.sweep.gradient.numpy()[:, -1 - k]
    return [
        f"ρ(U){raised(k)} = {radius:.2f}{raised(k)} = {amount(radius**k)}   ·   "
        f"‖U{raised(k)}‖ = {amount(frames.norms[k] * radius**k)}   ·   "
        f"‖vᵀ ∂h_T/∂h_(T−{k})‖ = {amount(left)}"
        for radius, left in zip(frames.radii, gradient, strict=True)
    ]


def activation_formulas(frames: Frames, texts: Texts) -> list[str]:
    """One line a frame: spectral radius times mean slope, beside what is measured."""
    return [
        f"ρ(U) · ⟨φ′⟩ = {radius:.2f} · {slope:.2f} = {radius * slope:.2f}   ·   "
        f"e^λ₁ = e^({signed(float(growth))}) = {math.exp(growth):.2f}   ·   "
        f"{texts('vanishing.curve_measured')} {_factor(frames, at, texts)}"
        for at, (radius, slope, growth) in enumerate(
            zip(frames.radii, frames.slope, frames.sweep.lyapunov[:, 0].tolist(), strict=True)
        )
    ]


def raised(power: int) -> str:
    """A whole number as an exponent: ⁵⁰."""
    return str(power).translate(SUPERSCRIPTS)


def amount(value: float) -> str:
    """A size with two digits, as it is printed in a book: 270, 0.21, 4.8 × 10⁻¹⁰."""
    if value == 0:
        return "0"
    if 100 <= value < 1e4:
        return f"{value:.0f}"
    if 1e-3 <= value < 100:
        return f"{value:#.2g}".rstrip(".")
    digits, power = f"{value:.1e}".split("e")
    return f"{digits}\u00a0×\u00a010{raised(int(power))}"
