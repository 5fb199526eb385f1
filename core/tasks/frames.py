"""Small videos of a moving ball, and for every frame the word for what happens in it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

SIZE = 16  # pixels on a side
RADIUS = 1.5
SPEED = 1.5  # pixels a frame
LOW, HIGH = 1.5, SIZE - 2.5  # where the middle of the ball turns back
NOISE = 0.15
MOVES = {
    "l": (-1, 0),
    "r": (1, 0),
    "u": (0, -1),
    "d": (0, 1),
    "s": (0, 0),
}
AWAY = "v"  # the ball cannot be seen
TAGS = ("empty", "appears", "vanishes", "rests", "left", "right", "up", "down", "turns")
MOST_FRAMES = 60
PARTS = ("test", "validation")

Place = tuple[float, float] | None


@dataclass(frozen=True)
class Video:
    """A ball that follows ``script``: one letter a frame, l r u d moves, s stays, v is away.

    At a wall the ball turns back, and goes on in that direction for as long as the script
    repeats the same letter. seed: of the place where it appears and of the noise.
    noise: standard deviation, where the ball is 1 and the background 0.

    Raises ValueError for a script with other letters, empty or too long.
    """

    script: str
    seed: int = 0
    noise: float = NOISE

    def __post_init__(self) -> None:
        strange = sorted(set(self.script) - set(MOVES) - {AWAY})
        if strange or not 2 <= len(self.script) <= MOST_FRAMES:
            raise ValueError(
                f"The script is {self.script[:80]!r}; expected 2 to {MOST_FRAMES} of the letters "
                "l (left), r (right), u (up), d (down), s (stay) and v (away), one for each frame."
            )
        if not 0 <= self.seed < 2**32:
            raise ValueError(f"The seed is {self.seed}; expected 0 to {2**32 - 1}.")
        if not 0 <= self.noise <= 2:
            raise ValueError(f"The noise is {self.noise}; expected 0 to 2.")

    @cached_property
    def places(self) -> list[Place]:
        """The middle of the ball (x, y) in each frame; None where it is away."""
        random = np.random.default_rng((self.seed, 0))
        found: list[Place] = []
        turned = False
        for frame, letter in enumerate(self.script):
            if frame and letter != self.script[frame - 1]:
                turned = False
            if letter == AWAY:
                found.append(None)
                continue
            before = found[-1] if found else None
            if before is None:
                x, y = random.uniform(LOW, HIGH, size=2)
                found.append((float(x), float(y)))
                turned = False
                continue
            place, hit = _moved(before, MOVES[letter], turned)
            turned ^= hit
            found.append(place)
        return found

    @property
    def tags(self) -> list[str]:
        """What happens in each frame, by the places of this frame and the two before it."""
        return tags_of(self.places)

    def frames(self) -> np.ndarray:
        """The pixels (frame, row, column), float32."""
        random = np.random.default_rng((self.seed, 1))
        rows, columns = np.mgrid[:SIZE, :SIZE]
        pixels = np.zeros((len(self.script), SIZE, SIZE))
        for frame, place in zip(pixels, self.places):
            if place is not None:
                distance = (columns - place[0]) ** 2 + (rows - place[1]) ** 2
                frame += np.exp(-distance / (2 * (RADIUS / 1.5) ** 2))
        return (pixels + self.noise * random.standard_normal(pixels.shape)).astype(np.float32)


def tags_of(places: Sequence[Place]) -> list[str]:
    """One of ``TAGS`` for each frame.

    A ball that was not there appears, one that has gone vanishes; one that moved against its
    direction of the frame before, turns back; else the side it moved to says the word.
    """
    found: list[str] = []
    for frame, here in enumerate(places):
        before = places[frame - 1] if frame else None
        if here is None:
            found.append("empty" if before is None else "vanishes")
        elif before is None:
            found.append("appears")
        else:
            step = _step(before, here)
            earlier = places[frame - 2] if frame > 1 else None
            last = (0.0, 0.0) if earlier is None else _step(earlier, before)
            found.append(_tag_of(step, last))
    return found


def draw_script(random: np.random.Generator, frames: int, part: str) -> str:
    """A random script of ``frames`` letters from ``part``."""
    letters = [*MOVES, AWAY]
    while True:
        script = ""
        while len(script) < frames:
            letter = letters[int(random.integers(len(letters)))]
            longest = 4 if letter in ("s", AWAY) else 10
            script += letter * int(random.integers(2, longest + 1))
        script = script[:frames]
        if part_of(script) == part:
            return script


def draw_video(random: np.random.Generator, part: str, *, frames: int = 32) -> Video:
    """A video with a random script of ``part``."""
    return Video(draw_script(random, frames, part), int(random.integers(2**32)))


def part_of(script: str) -> str:
    """The part that a script belongs to: one in ten is for the test, one for validation."""
    turn = zlib.crc32(script.encode()) % 10
    return PARTS[turn] if turn < len(PARTS) else "training"


def _moved(
    place: tuple[float, float], direction: tuple[int, int], turned: bool
) -> tuple[tuple[float, float], bool]:
    """The next place, and whether the ball turned back at a wall on the way."""
    sign = -1 if turned else 1
    goal = [at + sign * SPEED * way for at, way in zip(place, direction)]
    inside = [LOW <= at <= HIGH for at in goal]
    if all(inside):
        return (goal[0], goal[1]), False
    back = [at - sign * SPEED * way for at, way in zip(place, direction)]
    return (back[0], back[1]), True


def _step(before: tuple[float, float], here: tuple[float, float]) -> tuple[float, float]:
    return here[0] - before[0], here[1] - before[1]


def _tag_of(step: tuple[float, float], last: tuple[float, float]) -> str:
    across, down = step
    if max(abs(across), abs(down)) < SPEED / 2:
        return "rests"
    if across * last[0] + down * last[1] < 0:
        return "turns"
    if abs(across) > abs(down):
        return "right" if across > 0 else "left"
    return "down" if down > 0 else "up"
