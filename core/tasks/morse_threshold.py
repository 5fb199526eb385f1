"""Morse without learning: a threshold, and a length of the dot that adapts to the speed."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from core.tasks.morse import CODE, FASTEST, HIGHEST, LOWEST, RATE, SLOWEST

SIGNS = {marks: letter for letter, marks in CODE.items()}
UNKNOWN = "?"
STEP, SMOOTH = 20, 100  # samples: the envelope every 5 ms, low-passed over 25 ms
SHORTEST_MARK = 0.4  # of a dot: what is shorter is a click of the noise, or a hole in a mark


def threshold_decode(samples: np.ndarray) -> str:
    """The message in ``samples`` (at ``RATE``), as a careful programmer would decode it.

    The pitch is the strongest one of the whole recording; around it the envelope is taken by
    mixing down and low-passing. Otsu's threshold on the envelope parts marks from gaps. The
    length of the dot is the one in the permitted range that explains the lengths of all marks
    and gaps best as 1, 3 or 7 units. Marks that are not in the code come out as ``?``.

    Source of the threshold: N. Otsu, IEEE Transactions on Systems, Man, and Cybernetics 9
    (1979).
    """
    sound = np.asarray(samples, dtype=np.float64)
    if len(sound) < 4 * SMOOTH:
        return ""
    envelope = envelope_of(sound, pitch_of(sound))
    down = envelope > otsu(envelope)
    runs = cleaned(runs_of(down), SHORTEST_MARK * 1.2 / FASTEST * RATE / STEP)
    runs = _inner(runs)
    if not runs:
        return ""
    unit = unit_of(runs)
    runs = _inner(cleaned(runs, SHORTEST_MARK * unit))
    return letters_of(runs, unit_of(runs)) if runs else ""


def pitch_of(sound: np.ndarray) -> float:
    """The strongest frequency of the range that can be keyed, in hertz."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    # a keyed tone is spread over some 20 Hz, so what counts is the power of a neighbourhood
    width = max(1, round(20 * len(sound) / RATE))
    power = np.convolve(power, np.hanning(width + 2)[1:-1], mode="same")
    inside = (hertz >= LOWEST - 20) & (hertz <= HIGHEST + 20)
    return float(hertz[inside][power[inside].argmax()])


def envelope_of(sound: np.ndarray, pitch: float) -> np.ndarray:
    """The size of the tone at ``pitch``, every 5 ms."""
    mixed = sound * np.exp(-2j * np.pi * pitch * np.arange(len(sound)) / RATE)
    window = np.hanning(SMOOTH + 2)[1:-1]
    return np.abs(np.convolve(mixed, window / window.sum(), mode="same"))[::STEP]


def otsu(values: np.ndarray) -> float:
    """The threshold that parts ``values`` into the two groups farthest apart."""
    ordered = np.sort(values)
    count = np.arange(1, len(ordered))
    sums = np.cumsum(ordered)
    low, high = sums[:-1] / count, (sums[-1] - sums[:-1]) / (len(ordered) - count)
    between = count * (len(ordered) - count) * (high - low) ** 2
    place = int(between.argmax())
    return float(low[place] + high[place]) / 2


def runs_of(down: np.ndarray) -> list[tuple[bool, float]]:
    """Marks (True) and gaps (False) in turn, with their lengths in steps of 5 ms."""
    return [(bool(state), float(len(list(group)))) for state, group in groupby(down)]


def cleaned(runs: list[tuple[bool, float]], shortest: float) -> list[tuple[bool, float]]:
    """The same runs with those shorter than ``shortest`` given to their neighbours."""
    runs = list(runs)
    while len(runs) > 1:
        place = min(range(len(runs)), key=lambda at: runs[at][1])
        if runs[place][1] >= shortest:
            break
        first, last = max(0, place - 1), min(len(runs), place + 2)
        state = not runs[place][0]
        runs[first:last] = [(state, sum(length for _, length in runs[first:last]))]
    return runs


def unit_of(runs: list[tuple[bool, float]]) -> float:
    """The length of the dot, in steps of 5 ms, that fits the lengths of marks and gaps best."""
    lengths = np.array([length for _, length in runs])
    marks = np.array([state for state, _ in runs])
    units = 1.2 / np.linspace(SLOWEST * 0.85, FASTEST * 1.15, 80) * RATE / STEP
    logs = np.log(lengths)[:, None] - np.log(units)
    misfit = np.minimum(np.abs(logs), np.abs(logs - np.log(3)))
    misfit = np.where(marks[:, None], misfit, np.minimum(misfit, np.abs(logs - np.log(7))))
    return float(units[misfit.sum(0).argmin()])


def letters_of(runs: list[tuple[bool, float]], unit: float) -> str:
    """The message of clean runs: gaps over 2 units part letters, over 5 words."""
    text, marks = "", ""
    for state, length in [*runs, (False, 7 * unit)]:
        if state:
            marks += "." if length < 2 * unit else "-"
        elif length >= 2 * unit:
            text += SIGNS.get(marks, UNKNOWN)
            text += " " if length >= 5 * unit else ""
            marks = ""
    return text.strip()


def _inner(runs: list[tuple[bool, float]]) -> list[tuple[bool, float]]:
    """Without the silence before the first mark and after the last."""
    marks = [at for at, (state, _) in enumerate(runs) if state]
    return runs[marks[0] : marks[-1] + 1] if marks else []
