"""A series of numbers in time: a real one, how it is divided, and how long its period is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

SHORTEST, LONGEST = 40, 20_000
TRAIN_SHARE, VALIDATION_SHARE = 0.7, 0.1  # the rest, the last part, is the test


@dataclass(frozen=True, eq=False)
class Series:
    """Values at equal distances in time.

    title: what they are. times: how each moment is called. filled: places where a value was
    missing and has been drawn in on a straight line.

    Raises ValueError for too few or too many values, for values that are not finite, and for a
    training part that never changes.
    """

    title: str
    times: tuple[str, ...]
    values: np.ndarray
    filled: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        count = len(self.values)
        if not SHORTEST <= count <= LONGEST or len(self.times) != count:
            raise ValueError(
                f"There are {count} values and {len(self.times)} times; expected as many of both, "
                f"{SHORTEST} to {LONGEST}."
            )
        if not np.isfinite(self.values).all():
            raise ValueError("The series holds values that are not finite; leave them out.")
        if not np.abs(self.values).max() < 1e15:
            raise ValueError("The series holds values of 1e15 or more; give it in larger units.")
        if self.spread <= 1e-9 * max(1.0, abs(self.middle)):
            raise ValueError(
                f"The first {self.train_end} values are all {self.values[0]:g}; there is nothing "
                "to learn from a series that does not change."
            )

    def __len__(self) -> int:
        return len(self.values)

    @property
    def train_end(self) -> int:
        """Where the training part ends and the validation part begins."""
        return int(len(self) * TRAIN_SHARE)

    @property
    def test_start(self) -> int:
        """Where the test part begins; it lasts to the end."""
        return int(len(self) * (TRAIN_SHARE + VALIDATION_SHARE))

    @cached_property
    def middle(self) -> float:
        """The mean of the training part: nothing later is known when learning begins."""
        return float(self.values[: self.train_end].mean())

    @cached_property
    def spread(self) -> float:
        """The standard deviation of the training part."""
        return float(self.values[: self.train_end].std())

    @cached_property
    def period(self) -> int:
        """The period of the training part in steps; 0 where it has none."""
        return measured_period(self.values[: self.train_end])

    def place_of(self, text: str) -> int:
        """The place of the moment called ``text``; a ValueError that gives examples otherwise."""
        wanted = text.strip()
        if wanted in self.times:
            return self.times.index(wanted)
        raise ValueError(
            f"The series has no moment called {wanted[:40]!r}; write one as it is in the data, "
            f"from {self.times[0]} to {self.times[-1]}."
        )


@lru_cache
def sunspots() -> Series:
    """Yearly mean sunspot numbers, 1700 to 2008, as they come with statsmodels.

    Source: World Data Center SILSO, Royal Observatory of Belgium.
    """
    from statsmodels.datasets.sunspots import load_pandas  # only here: it takes a second to import

    table = load_pandas().data
    years = tuple(str(int(year)) for year in table["YEAR"])
    return Series("sunspots", years, table["SUNACTIVITY"].to_numpy(dtype=np.float64))


def measured_period(values: Sequence[float] | np.ndarray) -> int:
    r"""The lag of the first high peak of the autocorrelation behind its first negative value.

    .. math:: r_k = \sum_t (x_t - \bar x)(x_{t+k} - \bar x) / \sum_t (x_t - \bar x)^2

    High is at least 0.85 of the highest: in a wave all multiples of the period are peaks, and
    noise decides which is the highest. 0 where no lag up to a third of the length has a peak of
    at least 0.2 and four standard deviations of white noise, :math:`4 / \sqrt{n}`.
    """
    x = np.asarray(values, dtype=np.float64)
    x = x - x.mean()
    size = 2 ** int(np.ceil(np.log2(2 * len(x))))
    spectrum = np.fft.rfft(x, size)
    correlation = np.fft.irfft(spectrum * spectrum.conj(), size)[: len(x) // 3]
    if len(correlation) < 3 or correlation[0] <= 0:
        return 0
    correlation = correlation / correlation[0]
    below = np.flatnonzero(correlation < 0)
    inner = correlation[1:-1]
    peaks = 1 + np.flatnonzero((inner >= correlation[:-2]) & (inner > correlation[2:]))
    least = max(0.2, 4 / np.sqrt(len(x)))
    peaks = peaks[(peaks > below[0]) & (correlation[peaks] >= least)] if len(below) else peaks[:0]
    if not len(peaks):
        return 0
    return int(peaks[correlation[peaks] >= 0.85 * correlation[peaks].max()][0])
