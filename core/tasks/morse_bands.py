"""What a network hears of a sound: the energy in narrow bands, fifty times a second."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.tasks.morse import RATE

HOP, WINDOW = 80, 160  # samples: a frame every 20 ms that looks at 40 ms
FRAME_SECONDS = HOP / RATE
FIRST_BIN, LAST_BIN, BINS_PER_BAND = 15, 37, 2  # bins of 25 Hz each
BANDS = (LAST_BIN - FIRST_BIN + 1 + 1) // BINS_PER_BAND
EDGES = tuple(
    (FIRST_BIN + BINS_PER_BAND * band) * RATE / WINDOW - RATE / WINDOW / 2
    for band in range(BANDS + 1)
)
FEATURES = BANDS + 2
FLOOR = 1e-4
MIDDLE, SPREAD = -0.6, 0.8  # of the logarithmic energies over all noises


def band_energies(samples: np.ndarray) -> np.ndarray:
    r"""Logarithmic energies (frame, band), float32.

    Each frame is :math:`\log_{10} \sum_{k \in \mathrm{band}} |X_k|^2` of a Hann window of 40 ms,
    of the sound divided by its root mean square, so that the volume does not matter; less
    ``MIDDLE`` and over ``SPREAD``. The bands are 50 Hz wide and cover all pitches.
    """
    sound = np.asarray(samples, dtype=np.float32)
    sound = sound / max(float(np.sqrt(np.mean(sound**2))), 1e-9)
    padded = np.pad(sound, (WINDOW // 2, WINDOW // 2))
    frames = sliding_window_view(padded, WINDOW)[::HOP]
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(WINDOW).astype(np.float32), axis=-1)) ** 2
    bins = spectrum[:, FIRST_BIN : FIRST_BIN + BANDS * BINS_PER_BAND]
    energies = bins.reshape(len(frames), BANDS, BINS_PER_BAND).sum(-1) / WINDOW
    return ((np.log10(energies + FLOOR) - MIDDLE) / SPREAD).astype(np.float32)


def features_of(samples: np.ndarray) -> np.ndarray:
    """What the network reads (frame, ``FEATURES``), float32.

    The energies of the bands; then twice that of the loudest band, and twice how far it stands
    out from their mean. The last two follow from the others, but to find the loudest is much to
    learn for a recurrent layer, and with them it learns in half the time.
    """
    energies = band_energies(samples)
    loudest = energies.max(axis=-1, keepdims=True)
    contrast = loudest - energies.mean(axis=-1, keepdims=True)
    return np.concatenate((energies, 2 * loudest, 2 * contrast), axis=-1)
