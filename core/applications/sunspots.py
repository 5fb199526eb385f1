"""Forecasting the sunspots, a real series that comes with a package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np

from core.applications.series import SeriesForecast
from core.tasks.series import Series, sunspots


class Sunspots(SeriesForecast):
    """The yearly numbers of sunspots, 1700 to 2008, which come and go in some eleven years.

    A trained model carries the scale only; the series itself comes with statsmodels.
    """

    name: ClassVar[str] = "sunspots"

    def __init__(self, scale: tuple[float, float] | None = None) -> None:
        self._scale = scale

    @property
    def series(self) -> Series:
        """The data, read from statsmodels when first needed."""
        return sunspots()

    @property
    def scale(self) -> tuple[float, float]:
        """Mean and standard deviation of the training part."""
        return self._scale or (self.series.middle, self.series.spread)

    def describe(self) -> dict[str, Any]:
        """The scale."""
        return {"middle": self.scale[0], "spread": self.scale[1]}

    @classmethod
    def restore(cls, description: Mapping[str, Any]) -> Self:
        """The application again; ValueError for a scale that is none."""
        if set(description) != {"middle", "spread"}:
            raise ValueError(f"The description holds {sorted(description)[:5]}, not a scale.")
        middle, spread = description["middle"], description["spread"]
        numbers = all(isinstance(value, (int, float)) for value in (middle, spread))
        if not numbers or not np.isfinite([middle, spread]).all() or spread <= 0:
            raise ValueError(
                f"The scale is {middle!r} and {spread!r}; expected a mean and a deviation above 0."
            )
        return cls((float(middle), float(spread)))

    @property
    def examples(self) -> tuple[str, ...]:
        """Years of the test part."""
        return ("1980", "1963", "1996", "1950")
