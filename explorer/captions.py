"""Captions computed from a recording: sentences whose numbers were measured, never typed.

A caption is a list of parts: text, and ``Lead``s, numbers that take the cursor to what they
speak of. ``spoken`` gives the plain sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

import numpy as np

from core import Trace
from core.recording.signals import GATES
from explorer.language import Texts
from explorer.players.payload import is_wide, reads_on, target_probability

CLOSED, OPEN = 0.1, 0.9


@dataclass(frozen=True)
class Lead:
    """A number in a caption, and where the cursor goes when it is clicked."""

    text: str
    move: Mapping[str, Any]


Caption = list[str | Lead]


def sentence(template: str, **values: str | int | Lead) -> Caption:
    """``template`` with its {placeholders} filled in, leads kept as parts of their own."""
    parts: Caption = []
    for literal, name, _, _ in Formatter().parse(template):
        for piece in (literal, values[name] if name else ""):
            if isinstance(piece, Lead):
                parts.append(piece)
            elif str(piece) and parts and isinstance(parts[-1], str):
                parts[-1] += str(piece)
            elif str(piece):
                parts.append(str(piece))
    return parts


def spoken(caption: Sequence[str | Lead]) -> str:
    """The caption as plain text."""
    return "".join(part if isinstance(part, str) else part.text for part in caption)


def reading_caption(trace: Trace, texts: Texts) -> Caption:
    """How well the next token was foreseen, where least, and what is expected after the last."""
    if "prediction" not in trace:
        steps = trace["hidden"].sizes["time"]
        return sentence(texts("caption.no_prediction"), steps=steps)
    prediction = trace["prediction"].values[:, 0]
    last = int(prediction[-1].argmax())
    guess = visible(str(trace.data["class"].values[last]))
    expected = Lead(texts("caption.quoted", token=guess), {"time": len(prediction) - 1})
    if not reads_on(trace):
        share = percent(prediction[-1, last])
        return sentence(texts("caption.answers"), guess=expected, probability=share)
    after = sentence(
        texts("caption.expects"), guess=expected, probability=percent(prediction[-1, last])
    )
    truth = target_probability(trace)
    known = np.flatnonzero(~np.isnan(truth))
    if not len(known):
        return after
    right = int((truth[known] >= prediction[known].max(axis=-1)).sum())
    foreseen = sentence(texts("caption.foreseen"), right=right, known=len(known))
    gap = texts("caption.gap")
    if right == len(known):
        return [*foreseen, gap, *after]
    least = int(known[truth[known].argmin()])
    surprise = sentence(
        texts("caption.surprise"),
        token=Lead(
            texts("caption.quoted", token=visible(trace.tokens[least + 1])), {"time": least}
        ),
        probability=percent(truth[least]),
    )
    return [*foreseen, gap, *surprise, gap, *after]


def proof_caption(trace: Trace, texts: Texts) -> Caption:
    """How far the recording is from what the network itself returned."""
    if trace.proof == 0:  # the open cells gave these numbers themselves, nothing was recomputed
        return sentence(texts("caption.proof_own"))
    return sentence(texts("caption.proof"), value=f"{trace.proof:.1e}")


def broken_caption(trace: Trace, texts: Texts) -> Caption:
    """Where the numbers stop being finite, with a gap behind it; nothing for a sound recording."""
    if trace.not_finite is None:
        return []
    step, signal = trace.not_finite
    gradient = signal.startswith("grad_")
    name = texts(f"player.signal_{signal.removeprefix('grad_')}")
    where = Lead(texts("caption.at_step", number=step), {"time": step})
    said = "caption.not_finite_gradient" if gradient else "caption.not_finite"
    return [*sentence(texts(said), where=where, signal=name), texts("caption.gap")]


def order_caption(trace: Trace, texts: Texts) -> Caption:
    """How so many units are ordered, where they are too many for a tree."""
    if not is_wide(trace):
        return []
    units = f"{trace['hidden'].shape[-1]:,}"
    return [texts("caption.gap"), *sentence(texts("caption.wide_order"), units=units)]


def saturation_caption(trace: Trace, texts: Texts) -> Caption:
    """The share of gate values near closed and near open, over the whole recording."""
    parts: Caption = []
    for gate in GATES:
        if gate not in trace:
            continue
        values = trace[gate].values
        count = max(1, int(np.isfinite(values).sum()))
        name = Lead(texts(f"player.signal_{gate}"), {"signal": gate})
        parts += [texts("caption.joint")] if parts else []
        parts += sentence(
            texts("caption.saturation"),
            gate=name,
            closed=percent((values < CLOSED).sum() / count),
            open=percent((values > OPEN).sum() / count),
        )
    return [*parts, texts("caption.stop")] if parts else sentence(texts("caption.no_gates"))


def activity_caption(trace: Trace, texts: Texts) -> Caption:
    """The unit whose hidden state moves most from step to step in the top layer."""
    hidden = np.nan_to_num(trace["hidden"].values[-1, 0, :, 0])
    if len(hidden) < 2:
        return []
    unit = int(np.abs(np.diff(hidden, axis=0)).mean(axis=0).argmax())
    move = {"unit": unit, "layer": trace["hidden"].sizes["layer"] - 1, "signal": "hidden"}
    return sentence(texts("caption.busiest"), unit=Lead(str(unit), move))


def first_below(norms: np.ndarray, fraction: float) -> int | None:
    """How many steps back from the end a gradient norm first falls below ``fraction`` of its last.

    ``norms`` (time,). None where it never does. Further back it may rise again, see
    ``above_again``; ``core.gradients.horizon`` is the step from which it stays below.
    """
    below = np.flatnonzero(norms[::-1] < fraction * norms[-1])
    return int(below[0]) if len(below) else None


def above_again(norms: np.ndarray, fraction: float) -> int | None:
    """How many steps back a norm that fell below ``fraction`` of its last is first above again."""
    first = first_below(norms, fraction)
    if first is None:
        return None
    above = np.flatnonzero(norms[::-1][first:] >= fraction * norms[-1])
    return first + int(above[0]) if len(above) else None


def gradient_caption(trace: Trace, texts: Texts) -> Caption:
    """What the gradient for the top layer's hidden state does on its way back, in words."""
    norms = np.linalg.norm(trace["grad_hidden"].values[-1, 0, :, 0], axis=-1)
    end = len(norms) - 1
    if not np.isfinite(norms).all() or norms[-1] == 0:
        return sentence(texts("caption.no_gradient"))

    def steps_back(gap: int) -> Lead:
        label = texts("caption.step" if gap == 1 else "caption.steps", number=gap)
        return Lead(label, {"time": end - gap})

    largest = int(norms.argmax())
    if norms[largest] > 100 * norms[-1]:
        factor = f"{norms[largest] / norms[-1]:.0f}"
        return sentence(texts("caption.grows"), factor=factor, back=steps_back(end - largest))
    one, hundredth = first_below(norms, 1e-2), first_below(norms, 1e-4)
    if one is None:
        kept = percent(norms[0] / norms[-1])
        return sentence(texts("caption.lives"), kept=kept, back=steps_back(end))
    if hundredth is None:
        said = sentence(texts("caption.fades"), one=steps_back(one))
    else:
        backs = {"one": steps_back(one), "hundredth": steps_back(hundredth)}
        said = sentence(texts("caption.vanishes"), **backs)
    share = 1e-2 if hundredth is None else 1e-4
    again = above_again(norms, share)
    if again is not None:
        said += sentence(texts("caption.rises"), share=percent(share), back=steps_back(again))
    return said


def percent(share: float) -> str:
    """0.3812 as 38%; nearly all is >99%, and shares below 1% keep two digits."""
    value = 100 * float(share)
    if 99.5 <= value < 100:
        return ">99%"
    return f"{value:.0f}%" if value >= 1 or value == 0 else f"{value:.2g}%"


def signed(value: float) -> str:
    """A number with its sign and two digits: +0.82, −0.10, −∞; a dash where there is none."""
    if np.isnan(value):
        return "–"
    size = "∞" if np.isinf(value) else f"{abs(value):.2f}"
    return f"{'−' if value < 0 else '+'}{size}"


def visible(token: str) -> str:
    """A token as it can be seen: spaces and line ends have a sign of their own."""
    return {" ": "␣", "\n": "⏎", "\t": "⇥"}.get(token, token)
