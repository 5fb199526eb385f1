"""What each window of a convolution adds to its verdict: an exact account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.applications import Applied

NEGATIVE, POSITIVE = 0, 2


@dataclass(frozen=True)
class Window:
    """The words first .. last around ``middle``, and what they add to positive - negative."""

    first: int
    middle: int
    last: int
    value: float


def windows_of(network: Applied, tokens: tuple[str, ...]) -> list[Window]:
    r"""The windows that win a channel, by their places, with what they add to the logits.

    A channel c counts with its largest value over time, at one place only, so the difference
    of two logits is :math:`\sum_c (V_{+,c} - V_{-,c}) \max_t a_{t,c} + b_+ - b_-`, and every
    term belongs to one window. Where several places are equally large the first has it; the
    terms of channels that are zero everywhere are nobody's.
    """
    import torch

    from core.applications.sentiment import Sentiment
    from core.networks.reader import Convolution

    model, application = network.model, network.application
    if not isinstance(model, Convolution) or not isinstance(application, Sentiment):
        raise TypeError(
            f"got {type(model).__name__} for {application.name}; expected a convolution for "
            "sentiment, whose channels count with their largest value."
        )
    ids = application.encode(" ".join(tokens))[1]
    with torch.no_grad():
        x = model.encoder(ids)
        for layer in model.layers:
            x = torch.relu(layer(x.permute(1, 2, 0))).permute(2, 0, 1)
        values, places = x[:, 0].max(0)
        weights = model.read_out.weight[POSITIVE] - model.read_out.weight[NEGATIVE]
        terms = (weights * values).double()
    reach = model.architecture.window * model.architecture.num_layers
    found: dict[int, float] = {}
    for place, value, term in zip(places.tolist(), values.tolist(), terms.tolist(), strict=True):
        if value > 0:
            found[place] = found.get(place, 0.0) + term
    return [
        Window(max(0, at - reach), at, min(len(tokens) - 1, at + reach), found[at])
        for at in sorted(found)
    ]


def strongest(windows: list[Window], count: int) -> list[Window]:
    """The windows that add or take most."""
    return sorted(windows, key=lambda window: -abs(window.value))[:count]
