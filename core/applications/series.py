"""Forecasting a series: the next value out of all before it, and on from its own forecasts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.applications.application import (
    Application,
    Baseline,
    Draws,
    Loss,
    LossAt,
    Measured,
    Part,
    Shape,
)
from core.applications.naive_forecasts import NAIVE, Forecast, forecasts_of, rmse
from core.networks.architecture import RECURRENT, Architecture
from core.networks.reader import Ends, Reader
from core.recording import Trace, record
from core.tasks.series import LONGEST, Series
from core.tasks.series_csv import series_of_text

HISTORY = 150  # values that are read before a forecast
HORIZON = 50
LARGEST = 1e6  # standardised; a free run that leaves this range has left the world


class SeriesForecast(Application):
    r"""The next value of somebody's series.

    The network reads :math:`(x_t - \bar x)/s`, with mean and deviation of the training part
    only, and answers the next. An input is written as the moment at which the forecast begins,
    as the data call it; the network has read what lies before. The score is the root mean
    square error of forecasts one step ahead over the last fifth, in the unit of the series.
    """

    name: ClassVar[str] = "series"
    shape: ClassVar[Shape] = "in-step"
    metric: ClassVar[str] = "rmse"
    higher_is_better: ClassVar[bool] = False
    cells: ClassVar[tuple[str, ...]] = RECURRENT

    def __init__(self, series: Series | None = None, *, text: str = "") -> None:
        """``text``: of a CSV file, instead of a series; see ``series_of_text``."""
        self._series = series_of_text(text) if series is None else series

    @property
    def series(self) -> Series:
        """The data."""
        return self._series

    @property
    def scale(self) -> tuple[float, float]:
        """Mean and standard deviation of the training part."""
        return self.series.middle, self.series.spread

    @property
    def fingerprint(self) -> str:
        """A digest of the values."""
        return hashlib.sha256(self.series.values.tobytes()).hexdigest()[:16]

    # What learning needs

    def batch(self, step: int, draws: Draws) -> tuple[Tensor, Tensor]:
        """Stretches of the training part (time, batch, 1) and the values that follow each."""
        training = self._scaled(self.series.values[: self.series.train_end])
        length = min(draws.unroll, len(training) - 1)
        random = np.random.default_rng((draws.seed, step))
        starts = random.integers(len(training) - length, size=draws.batch)
        pieces = np.stack([training[start : start + length + 1] for start in starts], axis=1)
        values = torch.from_numpy(pieces.astype(np.float32)).unsqueeze(-1)
        return values[:-1], values[1:]

    def loss(self, model: nn.Module, batch: Any, carried: Any = None) -> Loss:
        """Mean squared error of the standardised values."""
        inputs, targets = (part.to(next(model.parameters()).device) for part in batch)
        return Loss(functional.mse_loss(model(inputs)[0], targets), None, targets.numel())

    def measure(self, model: nn.Module, part: Part = "validation") -> Measured:
        """Squared error and root mean square error of forecasts one step ahead."""
        series = self.series
        validation = part == "validation"
        start = series.train_end if validation else series.test_start
        end = series.test_start if validation else len(series)
        found = self.one_step(model, start, end)
        error = rmse(found, series.values[start:end])
        return Measured((error / self.scale[1]) ** 2, error)

    @cached_property
    def rules(self) -> dict[str, Forecast]:
        """The rules without a network, by name, fixed on the training part."""
        return forecasts_of(self.series)

    @cached_property
    def baseline(self) -> Baseline:
        """The best of the naive rules: last value, mean, one period ago."""
        series, rules = self.series, self.rules
        truth = series.values[series.test_start :]
        errors = {
            name: rmse(rules[name].one_step(series.values, series.test_start), truth)
            for name in NAIVE
            if name in rules
        }
        best = min(errors, key=errors.__getitem__)
        return Baseline(best, errors[best])

    # The network and its forecasts

    def network(self, architecture: Architecture) -> nn.Module:
        """A ``Reader`` of one number a step; ValueError for one that sees what comes."""
        if architecture.cell not in self.cells:
            raise ValueError(
                f"A series is forecast by one of {', '.join(self.cells)}; "
                f"{architecture.cell!r} came."
            )
        if architecture.bidirectional or architecture.window:
            raise ValueError(
                "A network with two directions or a window sees the values that it should "
                "forecast. Choose bidirectional=False and window=0."
            )
        return Reader(architecture, Ends(1, 1, tokens=False), softmax=False)

    @torch.no_grad()
    def one_step(self, model: nn.Module, start: int, end: int | None = None) -> np.ndarray:
        """Forecasts of the values from ``start`` to ``end``, each out of the true ones before."""
        end = len(self.series) if end is None else end
        first = max(0, start - HISTORY)
        outputs = self._run(model, self.series.values[first : end - 1])[0]
        return self._unscaled(outputs[start - first - 1 :])

    @torch.no_grad()
    def free(self, model: nn.Module, start: int, steps: int) -> np.ndarray:
        """``steps`` forecasts from ``start`` on, each read as if it had come true."""
        values = self.series.values[max(0, start - HISTORY) : start]
        outputs, state = self._run(model, values)
        found = [float(outputs[-1])]
        device = next(model.parameters()).device
        training = model.training
        model.eval()
        while len(found) < steps:
            value = torch.tensor([[[found[-1]]]], dtype=torch.float32, device=device)
            output, state = model(value, None, state)
            found.append(float(np.clip(output.item(), -LARGEST, LARGEST)))
        model.train(training)
        return self._unscaled(np.array(found))

    def _run(self, model: nn.Module, values: np.ndarray) -> tuple[np.ndarray, Any]:
        device = next(model.parameters()).device
        training = model.training
        model.eval()
        outputs, state = model(self._inputs(values).to(device))
        model.train(training)
        return outputs[:, 0, 0].double().cpu().numpy(), state

    def _inputs(self, values: np.ndarray) -> Tensor:
        return torch.from_numpy(self._scaled(values).astype(np.float32)).view(-1, 1, 1)

    def _scaled(self, values: np.ndarray) -> np.ndarray:
        middle, spread = self.scale
        return (values - middle) / spread

    def _unscaled(self, values: np.ndarray) -> np.ndarray:
        middle, spread = self.scale
        return values * spread + middle

    # In use

    def describe(self) -> dict[str, Any]:
        """The whole series, which is its owner's."""
        series = self.series
        return {
            "title": series.title,
            "times": list(series.times),
            "values": [float(value) for value in series.values],
        }

    @classmethod
    def restore(cls, description: Mapping[str, Any]) -> Self:
        """The application again; ValueError for anything that is not a series."""
        if set(description) != {"title", "times", "values"}:
            raise ValueError(f"The description holds {sorted(description)[:5]}, not a series.")
        title, times, values = (description[key] for key in ("title", "times", "values"))
        if (
            not isinstance(title, str)
            or not isinstance(times, list)
            or not isinstance(values, list)
        ):
            raise ValueError("The description needs a title, a list of times and one of values.")
        if len(values) > LONGEST or not all(isinstance(time, str) for time in times):
            raise ValueError(f"The times must be text, and the values at most {LONGEST}.")
        if not all(isinstance(value, (int, float)) and abs(value) < 1e300 for value in values):
            raise ValueError("The values must all be finite numbers.")
        return cls(Series(title[:200], tuple(times), np.array(values, dtype=np.float64)))

    @property
    def examples(self) -> tuple[str, ...]:
        """Moments of the test part."""
        series = self.series
        rest = len(series) - series.test_start
        return tuple(series.times[series.test_start + rest * at // 4] for at in range(1, 4))

    def start_of(self, text: str) -> int:
        """The place of a written moment, with enough before it to read.

        Raises ValueError for a moment that is not in the series or too early.
        """
        place = self.series.place_of(text)
        if place < 2:
            raise ValueError(
                f"Nothing lies before {text.strip()[:40]!r} that could be read; choose a moment "
                f"from {self.series.times[2]} on."
            )
        return place

    def answer(self, model: nn.Module, text: str) -> dict[str, Any]:
        """``times`` from the start on, and the ``free`` forecasts for them, at most 50."""
        start = self.start_of(text)
        steps = min(HORIZON, len(self.series) - start)
        found = self.free(model, start, steps)
        return {
            "times": list(self.series.times[start : start + steps]),
            "free": [float(value) for value in found],
        }

    def read(
        self, model: nn.Module, text: str, *, loss_at: LossAt | None = "last", parts: bool = True
    ) -> dict[str, Trace]:
        """The recording of the values before the moment; the loss is that of the next value."""
        start = self.start_of(text)
        first = max(0, start - HISTORY)
        values = self.series.values[first : start + 1]
        targets = self._inputs(values[1:])

        def loss(output: tuple[Tensor, Any]) -> Tensor:
            at = len(targets) - 1 if loss_at == "last" else 0
            return functional.mse_loss(output[0][at:], targets[at:])

        return record(
            model,
            self._inputs(values[:-1]),
            loss=loss if loss_at else None,
            parts=parts,
            tokens=list(self.series.times[first:start]),
            settings={"model": self.name, "loss_at": loss_at or "none", "predicts": "next"},
        )
