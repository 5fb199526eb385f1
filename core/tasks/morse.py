"""Morse code: a message is keyed, at a speed and with a hand, and heard through noise."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

RATE = 4000  # samples per second: tones up to 2 kHz
CODE = {
    "A": ".-", "B": "-...", "C": "-.-.", "D": "-..", "E": ".", "F": "..-.", "G": "--.",
    "H": "....", "I": "..", "J": ".---", "K": "-.-", "L": ".-..", "M": "--", "N": "-.",
    "O": "---", "P": ".--.", "Q": "--.-", "R": ".-.", "S": "...", "T": "-", "U": "..-",
    "V": "...-", "W": ".--", "X": "-..-", "Y": "-.--", "Z": "--..",
    "0": "-----", "1": ".----", "2": "..---", "3": "...--", "4": "....-",
    "5": ".....", "6": "-....", "7": "--...", "8": "---..", "9": "----.",
}  # fmt: skip
SLOWEST, FASTEST = 12.0, 25.0  # words per minute
QUIETEST, LOUDEST = -20.0, 40.0  # decibels of signal over noise
LOWEST, HIGHEST = 400.0, 900.0  # hertz
MOST_JITTER = 0.25
LONGEST = 30  # signs of a message
LEAD_IN, LEAD_OUT = 0.3, 0.6  # seconds of noise before and after
EDGE = 0.005  # seconds in which the tone rises and falls, so that the key does not click
LETTERS = "".join(CODE)
PARTS = ("test", "validation")


@dataclass(frozen=True)
class Keying:
    r"""One message as it is keyed.

    text: letters, digits and single blanks. wpm: speed in words per minute; the word is PARIS,
        50 units of time, so a unit (the dot) lasts :math:`1.2/\mathrm{wpm}` seconds, a dash 3,
        the gap inside a letter 1, between letters 3, between words 7.
    snr: :math:`10\log_{10}(P_\mathrm{tone}/P_\mathrm{noise})` in decibels, the tone while the
        key is down against white noise over the whole band of 2 kHz.
    pitch: hertz. jitter: standard deviation of the logarithm of every duration, the hand.
    seed: of hand and noise.

    Raises ValueError for a message that cannot be keyed or a setting out of its range.
    Source of the code: ITU-R M.1677-1 (2009).
    """

    text: str
    wpm: float = 18.0
    snr: float = 10.0
    pitch: float = 600.0
    jitter: float = 0.1
    seed: int = 0

    def __post_init__(self) -> None:
        strange = sorted(set(self.text) - set(CODE) - {" "})
        if strange or not self.text or self.text != " ".join(self.text.split()):
            found = f"holds {' '.join(strange)}" if strange else f"is {self.text!r}"
            raise ValueError(
                f"The message {found}; expected the letters A-Z and digits, with single blanks "
                "between words."
            )
        if len(self.text) > LONGEST:
            raise ValueError(f"The message has {len(self.text)} signs; send at most {LONGEST}.")
        _check("speed", self.wpm, SLOWEST, FASTEST, "wpm")
        _check("signal-to-noise ratio", self.snr, QUIETEST, LOUDEST, "dB")
        _check("pitch", self.pitch, LOWEST, HIGHEST, "Hz")
        _check("jitter", self.jitter, 0, MOST_JITTER, "as a share")
        if not 0 <= self.seed < 2**32:
            raise ValueError(f"The seed is {self.seed}; expected 0 to {2**32 - 1}.")

    @cached_property
    def presses(self) -> list[tuple[float, float, int]]:
        """When the key goes down and up, in seconds, and which sign of the text that is for."""
        hand = self._random(0)
        unit, now = 1.2 / self.wpm, LEAD_IN
        found: list[tuple[float, float, int]] = []
        gap = 0  # units of silence owed before the next mark
        for place, letter in enumerate(self.text):
            if letter == " ":
                gap = 7
                continue
            for mark in CODE[letter]:
                now += gap * unit * _hand(hand, self.jitter) if gap else 0.0
                length = (1 if mark == "." else 3) * unit * _hand(hand, self.jitter)
                found.append((now, now + length, place))
                now, gap = now + length, 1
            gap = 3
        return found

    @property
    def seconds(self) -> float:
        """How long the recording is."""
        return self.presses[-1][1] + LEAD_OUT

    @property
    def ends(self) -> list[tuple[float, float, int]]:
        """When each letter is over, when the next mark begins, and which sign it is.

        After the last letter nothing more comes; its second time is infinite.
        """
        marks = self.presses
        return [
            (end, marks[at + 1][0] if at + 1 < len(marks) else np.inf, place)
            for at, (_, end, place) in enumerate(marks)
            if at + 1 == len(marks) or marks[at + 1][2] != place
        ]

    def key(self, seconds: float = 0.0) -> np.ndarray:
        """How far the key is down at each sample, 0 to 1, with soft edges."""
        down = np.zeros(round(max(seconds, self.seconds) * RATE), dtype=np.float32)
        size = round(EDGE * RATE)
        rise = (0.5 - 0.5 * np.cos(np.pi * (np.arange(size) + 0.5) / size)).astype(np.float32)
        for start, end, _ in self.presses:
            first, last = round(start * RATE), round(end * RATE)
            down[first:last] = 1.0
            down[first : first + size] = rise
            down[last - size : last] = rise[::-1]
        return down

    def samples(self, seconds: float = 0.0) -> np.ndarray:
        """The sound, float32 at ``RATE``: a tone of amplitude 1, plus noise.

        It lasts at least ``seconds``, with noise alone at the end.
        """
        noise = self._random(1)
        key = self.key(seconds)
        turns = np.arange(len(key)) * (self.pitch / RATE) % 1 + noise.random()
        tone = key * np.sin(2 * np.pi * turns.astype(np.float32))
        deviation = np.float32(np.sqrt(0.5 / 10 ** (self.snr / 10)))
        return tone + deviation * noise.standard_normal(len(tone), dtype=np.float32)

    def _random(self, stream: int) -> np.random.Generator:
        """Hand (0) and noise (1) are drawn apart: another noise does not change the hand."""
        return np.random.default_rng((self.seed, stream))


def part_of(text: str) -> str:
    """The part that a message belongs to, whatever the speed: test, validation or training.

    One message in ten each is held out, by a digest of its letters, so that no message of
    training can ever be among those of the other parts.
    """
    turn = zlib.crc32(text.encode()) % 10
    return PARTS[turn] if turn < len(PARTS) else "training"


def draw_text(random: np.random.Generator, part: str, shortest: int = 2, longest: int = 7) -> str:
    """A message of random letters and digits in words of 1 to 6, from ``part``."""
    while True:
        size = int(random.integers(shortest, longest + 1))
        signs = [LETTERS[at] for at in random.integers(len(LETTERS), size=size)]
        for place in range(1, size - 1):
            if random.random() < 0.2 and signs[place - 1] != " ":
                signs[place] = " "
        text = "".join(signs)
        if part_of(text) == part:
            return text


def draw_keying(
    random: np.random.Generator,
    part: str,
    *,
    shortest: int = 2,
    longest: int = 7,
    snr: float | tuple[float, float] = (-10.0, 20.0),
) -> Keying:
    """A message of ``part`` at a random speed, pitch and hand; ``snr`` in dB or its range."""
    return Keying(
        draw_text(random, part, shortest, longest),
        wpm=random.uniform(SLOWEST, FASTEST),
        snr=random.uniform(*snr) if isinstance(snr, tuple) else snr,
        pitch=random.uniform(LOWEST, HIGHEST),
        jitter=random.uniform(0, 0.2),
        seed=int(random.integers(2**32)),
    )


def _hand(random: np.random.Generator, jitter: float) -> float:
    return float(np.exp(jitter * np.clip(random.standard_normal(), -2, 2)))


def _check(name: str, value: float, lowest: float, highest: float, unit: str) -> None:
    if not lowest <= value <= highest:
        raise ValueError(
            f"The {name} is {value:g} {unit}; expected {lowest:g} to {highest:g} {unit}."
        )
