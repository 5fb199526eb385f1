"""How far forecasts are from the truth, the network's beside those of rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.captions import Caption, sentence
from explorer.language import Texts

if TYPE_CHECKING:
    from core.applications.series import SeriesForecast
    from core.tasks.series import Series

NETWORK = "network"
HORIZON = 50
LEAST = 20  # steps that a free run must have before it to be counted
MOST_RUNS = 80


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


@dataclass(frozen=True)
class Spread:
    """Errors of free runs of at least ``least`` steps, each as from one place of the slider:
    errors[rule] (start,)."""

    starts: tuple[int, ...]
    least: int
    errors: dict[str, np.ndarray]

    def won(self, rule: str) -> int:
        """From how many starts the network errs less than a rule."""
        return int((self.errors[NETWORK] < self.errors[rule]).sum())


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


def free_starts(series: Series) -> list[int]:
    """Every place of the test part with enough still to come; of long parts some, evenly spread."""
    last = len(series) - least_steps(series)
    every = max(1, -(-(last + 1 - series.test_start) // MOST_RUNS))
    return list(range(series.test_start, last + 1, every))


def least_steps(series: Series) -> int:
    """Steps that a free run has to have to be counted: fewer in a short series."""
    return max(2, min(LEAST, (len(series) - series.test_start) // 2))


def spread_of(application: SeriesForecast, model: Any) -> Spread:
    """The errors of every rule and of ``model``, running freely from each of ``free_starts``."""
    starts = free_starts(application.series)
    found = [free_errors(application, model, start).rmse for start in starts]
    least = least_steps(application.series)
    return Spread(
        tuple(starts), least, {rule: np.array([run[rule] for run in found]) for rule in found[0]}
    )


def spread_verdict(spread: Spread, texts: Texts) -> str:
    """From how many starts the network beats the rule that is hardest to beat, and the medians."""
    medians = {rule: float(np.median(errors)) for rule, errors in spread.errors.items()}
    rival = min((rule for rule in medians if rule != NETWORK), key=spread.won)
    return texts(
        "forecast.spread",
        count=len(spread.starts),
        least=spread.least,
        won=spread.won(rival),
        rival=rule_name(rival, texts),
        network=error_text(medians[NETWORK]),
        error=error_text(medians[rival]),
    )


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
