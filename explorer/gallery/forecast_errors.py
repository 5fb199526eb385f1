"""How far forecasts are from the truth, the network's beside those of rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.captions import Caption, sentence
from explorer.language import Texts

if TYPE_CHECKING:
    from core.applications.series import SeriesForecast

NETWORK = "network"
HORIZON = 50


@dataclass(frozen=True)
class OneStep:
    """Errors of forecasts one step ahead over the test part, by rule; the network's among them.

    rmse: in the unit of the series. scaled: over the error of "as the step before" on the
    training part.
    """

    rmse: dict[str, float]
    scaled: dict[str, float]


@dataclass(frozen=True)
class Free:
    """Forecasts running freely from one start, and their errors, by rule."""

    start: int
    forecasts: dict[str, np.ndarray]
    rmse: dict[str, float]


def one_step_errors(application: SeriesForecast, model: Any) -> OneStep:
    """The errors of every rule and of ``model`` over the last fifth."""
    from core.applications.naive_forecasts import rmse, scaled_error

    series = application.series
    truth = series.values[series.test_start :]
    found = {NETWORK: application.one_step(model, series.test_start)}
    for name, rule in application.rules.items():
        found[name] = rule.one_step(series.values, series.test_start)
    training = series.values[: series.train_end]
    return OneStep(
        {name: rmse(values, truth) for name, values in found.items()},
        {name: scaled_error(values, truth, training) for name, values in found.items()},
    )


def free_errors(application: SeriesForecast, model: Any, start: int) -> Free:
    """Every rule and ``model`` from ``start`` on, up to 50 steps or the end of the series."""
    from core.applications.naive_forecasts import rmse

    series = application.series
    steps = min(HORIZON, len(series) - start)
    found = {NETWORK: application.free(model, start, steps)}
    for name, rule in application.rules.items():
        found[name] = rule.free(series.values, start, steps)
    truth = series.values[start : start + steps]
    return Free(start, found, {name: rmse(values, truth) for name, values in found.items()})


def verdict(ahead: OneStep, free: Free, texts: Texts) -> Caption:
    """Who errs least one step ahead and running freely, and by how much the network is beaten."""
    parts: Caption = []
    for key, errors in (("ahead", ahead.rmse), ("free", free.rmse)):
        best = min(errors, key=errors.__getitem__)
        others = {name: error for name, error in errors.items() if name != NETWORK}
        rival = min(others, key=others.__getitem__)
        values = {
            "network": error_text(errors[NETWORK]),
            "rival": rule_name(rival, texts),
            "error": error_text(others[rival]),
        }
        parts += [texts("caption.gap")] if parts else []
        won = "won" if best == NETWORK else "lost"
        parts += sentence(texts(f"forecast.{key}_{won}"), **values)
    return parts


def error_text(error: float) -> str:
    """An error with three digits; what is left of rounding is 0."""
    return "0" if error < 1e-9 else f"{error:.3g}"


def rule_name(name: str, texts: Texts) -> str:
    """What a rule is called in tables."""
    return texts("forecast.network" if name == NETWORK else f"baseline.{name}")
