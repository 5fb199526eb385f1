"""The sentences above the pictures of backpropagation through time, computed from its numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from explorer.captions import Caption, Lead, percent, sentence, visible
from explorer.lab.bptt_numbers import Itemised
from explorer.language import Texts

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
FAR = 5  # steps back that the map's caption speaks of


def sum_caption(numbers: Itemised, texts: Texts) -> Caption:
    """The last loss: its largest term, how few terms are nearly all, and what k < t leaves out."""
    t = _last_loss(numbers)
    terms = numbers.term[t, : t + 1]
    largest = int(terms.argmax())
    caption = sentence(
        texts("bptt.sum_caption"),
        t=_step(t, numbers, {"unit": t}),
        count=t + 1,
        largest=Lead(written(terms[largest]), {"time": largest, "unit": t}),
        back=back(t - largest, texts),
        few=enough(numbers.error[t, : t + 1], 0.1),
    )
    if numbers.total[t] == 0:
        return caption
    share = percent(terms[t] / numbers.total[t])
    return [*caption, *sentence(texts("bptt.sum_literal"), share=Lead(share, {"time": t}))]


def parameter_caption(numbers: Itemised, parameter: str, mean: bool, texts: Texts) -> Caption:
    """The sum of one parameter; for U and the last loss ``sum_caption``."""
    if mean:
        return _mean_caption(numbers, parameter, texts)
    if parameter == "U":
        return sum_caption(numbers, texts)
    t = _last_loss(numbers)
    sizes = numbers.parameters[parameter].sizes[t, : t + 1]
    total = np.linalg.norm(numbers.parameters[parameter].gradients[t])
    values: dict[str, str | int | Lead] = {
        "t": _step(t, numbers, {"unit": t}),
        "parameter": parameter,
        "total": written(total),
    }
    if parameter in ("V", "b_y"):
        return sentence(texts("bptt.once_caption"), **values)
    largest = int(sizes.argmax())
    return sentence(
        texts("bptt.parameter_caption"),
        count=t + 1,
        largest=Lead(written(sizes[largest]), {"time": largest, "unit": t}),
        back=back(t - largest, texts),
        lengths=written(sizes.sum()),
        **values,
    )


def _mean_caption(numbers: Itemised, parameter: str, texts: Texts) -> Caption:
    """One parameter's gradient of the mean loss, beside all five sizes."""
    found = {name: one.mean_of(numbers.counted) for name, one in numbers.parameters.items()}
    sizes = found[parameter].sizes[0]
    largest = int(sizes.argmax())
    totals = [f"{name} {written(np.linalg.norm(one.gradients[0]))}" for name, one in found.items()]
    return sentence(
        texts("bptt.mean_caption"),
        losses=int(numbers.counted.sum()),
        loss=written(float(np.nanmean(numbers.loss))),
        parameter=parameter,
        largest=Lead(_name(largest, numbers), {"time": largest}),
        size=written(sizes[largest]),
        lengths=written(sizes.sum()),
        totals=texts("bptt.comma").join(totals),
    )


def map_caption(numbers: Itemised, texts: Texts) -> Caption:
    """How fast the influence falls with the gap, and the loss that most depends on its past."""
    influence = numbers.influence
    own = np.where(np.diag(influence) > 0, np.diag(influence), np.nan)
    shares = influence / own[:, None]
    one = _median(np.diag(shares, -1))
    if numbers.steps <= FAR + 1 or np.isnan(_median(np.diag(shares, -FAR))):
        return sentence(texts("bptt.map_short"), one=_share(one))
    past = np.nan_to_num(np.tril(shares, -2))
    t, k = (int(place) for place in np.unravel_index(past.argmax(), past.shape))
    return sentence(
        texts("bptt.map_caption"),
        one=_share(one),
        five=_share(_median(np.diag(shares, -FAR))),
        most=_step(t, numbers, {"unit": t, "time": k}),
        share=_share(past[t, k]),
        back=back(t - k, texts),
    )


def copies_caption(numbers: Itemised, texts: Texts) -> Caption:
    """Of the last loss: all lengths, the sum's and the mean's."""
    t = _last_loss(numbers)
    return sentence(
        texts("bptt.copies_caption"),
        t=_step(t, numbers, {"unit": t}),
        count=t + 1,
        lengths=written(numbers.term[t].sum()),
        sum=written(numbers.total[t]),
        mean=written(numbers.total[t] / (t + 1)),
    )


def cut_caption(numbers: Itemised, texts: Texts) -> Caption:
    """Of the last loss: how many copies are enough, and what the nearest one alone misses."""
    t = _last_loss(numbers)
    errors = numbers.error[t, : t + 1]
    ten, one = enough(errors, 0.1), enough(errors, 0.01)
    return sentence(
        texts("bptt.cut_caption"),
        t=_step(t, numbers, {"unit": t}),
        ten=Lead(str(ten), {"unit": t, "pinned": [ten - 1]}),
        one=Lead(str(one), {"unit": t, "pinned": [one - 1]}),
        alone=Lead(percent(errors[0]), {"unit": t, "pinned": [0]}),
    )


def depth_caption(powers: np.ndarray, texts: Texts) -> Caption:
    """What is left of the gradient half way and at the first layer; ``powers`` are of ten."""
    layers = len(powers)
    middle = layers // 2

    def times(step: int) -> Lead:
        return Lead(power_of_ten(float(powers[step] - powers[-1])), {"time": step})

    return sentence(
        texts("bptt.depth_caption"),
        layers=layers,
        half=layers - 1 - middle,
        middle=times(middle),
        first=times(0),
    )


def power_of_ten(power: float) -> str:
    """10 to the ``power``: 0.31, 250, 10⁻³⁶⁵."""
    if not np.isfinite(power):
        return "0"
    if abs(power) < 2:
        return f"{10**power:.2g}"
    return "10" + str(round(power)).translate(RAISED)


CAPTIONS: dict[str, Callable[[Itemised, Texts], Caption]] = {
    "sum": sum_caption,
    "map": map_caption,
    "copies": copies_caption,
    "cut": cut_caption,
}


def written(size: float) -> str:
    """A size as the pictures write it: 0.31, 7.74e-3."""
    if 0 < size < 0.01 or size >= 1e4:
        return f"{size:.2e}".replace("e-0", "e-").replace("e+0", "e")
    return f"{size:.3g}"


def back(steps: int, texts: Texts) -> str:
    """ "the loss's own step", "1 step back", "3 steps back"."""
    if steps < 2:
        return texts("bptt.back_one" if steps else "bptt.back_none")
    return texts("bptt.back_many", number=steps)


def enough(errors: np.ndarray, bound: float) -> int:
    """How many of the nearest copies are kept when the error is below ``bound``, for good."""
    above = np.flatnonzero(errors >= bound)
    return int(above[-1]) + 2 if len(above) else 1


def _last_loss(numbers: Itemised) -> int:
    """The last step that has a loss."""
    return int(np.flatnonzero(~np.isnan(numbers.loss))[-1])


def _step(t: int, numbers: Itemised, move: dict[str, int]) -> Lead:
    return Lead(_name(t, numbers), move)


def _name(t: int, numbers: Itemised) -> str:
    return f"{t + 1} ({visible(numbers.tokens[t])})"


def _median(values: np.ndarray) -> float:
    present = values[np.isfinite(values)]
    return float(np.median(present)) if len(present) else float("nan")


def _share(value: float) -> str:
    return "–" if np.isnan(value) else percent(value)
