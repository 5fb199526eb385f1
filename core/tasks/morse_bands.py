"""What is heard of a sound fifty times a second: narrow bands, and the tone once tuned in."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.tasks.morse import RATE

HOP, WINDOW = 80, 160  # samples: a frame every 20 ms that looks at 40 ms
FRAME_SECONDS = HOP / RATE
FIRST_BIN, BINS_PER_BAND, BANDS = 15, 2, 12  # bins of 25 Hz: bands of 50 Hz from 362 to 962 Hz
LAST_BIN = FIRST_BIN + BINS_PER_BAND * BANDS
EDGES = tuple((FIRST_BIN + BINS_PER_BAND * band - 0.5) * RATE / WINDOW for band in range(BANDS + 1))
FEATURES = 2
FLOOR, CONTRAST_FLOOR = 1e-3, 0.1
HANN = np.hanning(WINDOW).astype(np.float32)


def band_energies(samples: np.ndarray) -> np.ndarray:
    r"""Logarithmic energies (frame, band), float32: the picture of the sound.

    Each is :math:`\log_{10} \sum_{k \in \mathrm{band}} |X_k|^2` of a Hann window of 40 ms, of
    the sound divided by its root mean square, so that the volume does not matter. The bands
    are 50 Hz wide and cover all pitches.
    """
    power = _power(_frames(samples))[:, FIRST_BIN:LAST_BIN]
    energies = power.reshape(len(power), BANDS, BINS_PER_BAND).sum(-1) / WINDOW
    return np.log10(energies + 1e-4).astype(np.float32)


def features_of(samples: np.ndarray) -> np.ndarray:
    r"""What the network reads of each frame (frame, ``FEATURES``), float32.

    First the radio is tuned, as an operator would: to the strongest pitch :math:`f` of the
    whole recording. Then each frame has its energy at that pitch,
    :math:`E_t = |\sum_n w_n x_n e^{-2 \pi i f n}|^2`, and gives :math:`\log_{10} E_t` and
    :math:`\log_{10} E_t / N`, where N is the median energy of all bins: how loud, and how far
    above the noise. Both are shifted and stretched to about the size of 1.
    """
    frames = _frames(samples)
    mean = _power(frames).mean(axis=0)
    turns = 2 * np.pi * _strongest(mean) / WINDOW * np.arange(WINDOW)
    waves = np.stack((np.cos(turns), np.sin(turns)), axis=1).astype(np.float32)
    energy = ((frames @ waves) ** 2).sum(axis=-1) / WINDOW
    noise = np.median(mean[FIRST_BIN:LAST_BIN]) / WINDOW
    loud = 1.5 * (np.log10(energy + FLOOR) + 0.5)
    above = 2 * np.log10(energy / max(noise, 1e-9) + CONTRAST_FLOOR)
    return np.stack((loud, above), axis=-1).astype(np.float32)


def tuned_pitch(samples: np.ndarray) -> float:
    """The strongest pitch of the whole recording, in hertz."""
    return _strongest(_power(_frames(samples)).mean(axis=0)) * RATE / WINDOW


def _frames(samples: np.ndarray) -> np.ndarray:
    sound = np.asarray(samples, dtype=np.float32)
    sound = sound / max(float(np.sqrt(np.mean(sound**2))), 1e-9)
    padded = np.pad(sound, (WINDOW // 2, WINDOW // 2))
    return sliding_window_view(padded, WINDOW)[::HOP] * HANN


def _power(frames: np.ndarray) -> np.ndarray:
    return np.abs(np.fft.rfft(frames, axis=-1)) ** 2


def _strongest(mean: np.ndarray) -> float:
    """The strongest bin, with the fraction at which a parabola through the logarithms peaks."""
    place = FIRST_BIN + int(mean[FIRST_BIN:LAST_BIN].argmax())
    low, top, high = np.log(mean[place - 1 : place + 2] + 1e-12)
    bend = low - 2 * top + high
    return place + float(np.clip((low - high) / (2 * bend), -0.5, 0.5)) if bend < 0 else place
