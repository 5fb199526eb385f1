"""Forecasts without a network: what every network has to be held against."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from core.tasks.series import Series

MOST_LAGS = 12
NAIVE = ("last", "mean", "seasonal")


class Forecast(ABC):
    """A rule that was fixed on the training part and forecasts from any place."""

    @abstractmethod
    def next_value(self, past: np.ndarray) -> float:
        """The value that follows ``past``, whose last entry is the latest."""

    def one_step(self, values: np.ndarray, start: int) -> np.ndarray:
        """For each place from ``start`` on the forecast out of everything before it."""
        return np.array([self.next_value(values[:place]) for place in range(start, len(values))])

    def free(self, values: np.ndarray, start: int, steps: int) -> np.ndarray:
        """``steps`` forecasts from ``start`` on, each made out of the ones before it."""
        past = list(values[:start])
        for _ in range(steps):
            past.append(self.next_value(np.array(past)))
        return np.array(past[start:])


@dataclass(frozen=True)
class Last(Forecast):
    """Tomorrow is as today."""

    def next_value(self, past: np.ndarray) -> float:
        return float(past[-1])


@dataclass(frozen=True)
class Mean(Forecast):
    """Always the mean of the training part."""

    mean: float

    def next_value(self, past: np.ndarray) -> float:
        return self.mean


@dataclass(frozen=True)
class Seasonal(Forecast):
    """As one period ago."""

    period: int

    def next_value(self, past: np.ndarray) -> float:
        return float(past[-self.period] if len(past) >= self.period else past[-1])


@dataclass(frozen=True)
class Linear(Forecast):
    r"""A linear autoregression, :math:`\hat x_t = c + \sum_{k=1}^{p} a_k x_{t-k}`.

    weights: :math:`a_1 \dots a_p`, the latest value first.
    """

    constant: float
    weights: tuple[float, ...]

    def next_value(self, past: np.ndarray) -> float:
        lags = past[: -len(self.weights) - 1 : -1]
        if len(lags) < len(self.weights):
            return float(past[-1])
        # a free run of weights that do not die away must not overflow
        return float(np.clip(self.constant + np.dot(self.weights, lags), -1e15, 1e15))


def fit_linear(series: Series, most_lags: int = MOST_LAGS) -> Linear:
    """Least squares on the training part, with as many lags as err least on the validation part."""
    values = series.values[: series.test_start]
    truth = values[series.train_end :]
    most = max(1, min(most_lags, series.train_end // 4))
    fitted = [_least_squares(values[: series.train_end], lags) for lags in range(1, most + 1)]
    return min(fitted, key=lambda rule: rmse(rule.one_step(values, series.train_end), truth))


def _least_squares(values: np.ndarray, lags: int) -> Linear:
    past = [values[lags - lag : len(values) - lag] for lag in range(1, lags + 1)]
    columns = np.column_stack([np.ones(len(values) - lags), *past])
    found, *_ = np.linalg.lstsq(columns, values[lags:], rcond=None)
    return Linear(float(found[0]), tuple(float(weight) for weight in found[1:]))


def forecasts_of(series: Series) -> dict[str, Forecast]:
    """The rules for a series, all fixed on its training part; without a period no seasonal one."""
    training = series.values[: series.train_end]
    rules: dict[str, Forecast] = {"last": Last(), "mean": Mean(float(training.mean()))}
    if series.period:
        rules["seasonal"] = Seasonal(series.period)
    return rules | {"linear": fit_linear(series)}


def rmse(forecast: np.ndarray, truth: np.ndarray) -> float:
    r"""The root mean square error :math:`\sqrt{\overline{(\hat x - x)^2}}`, in the unit of both."""
    return float(np.sqrt(np.mean((np.asarray(forecast) - np.asarray(truth)) ** 2)))


def scaled_error(forecast: np.ndarray, truth: np.ndarray, training: np.ndarray) -> float:
    r"""The mean absolute scaled error.

    .. math:: \overline{|\hat x_t - x_t|} \big/ \overline{|x_t - x_{t-1}|}_\mathrm{training}

    Below 1 the forecast errs less than "as the step before" did on the training part.
    Source: R. J. Hyndman and A. B. Koehler, International Journal of Forecasting 22 (2006).
    """
    usual = float(np.mean(np.abs(np.diff(training))))
    return float(np.mean(np.abs(np.asarray(forecast) - np.asarray(truth)))) / max(usual, 1e-300)
