"""One to many: the image of a digit is seen once, and its name is spelled letter by letter."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, Self

import numpy as np
import torch
from torch import Tensor, nn

from core.applications.application import Baseline, Draws, Part
from core.applications.order import examples_of_batch
from core.applications.writing import MARKS, Examples, Pair, Writing, ratio_of, tokens_of
from core.networks.architecture import RECURRENT, Architecture
from core.networks.encoder_decoder import VectorWriter
from core.tasks.digit_names import NAMES
from core.tasks.digits import CLASSES, LARGEST, SIDE, digits

PIXELS = SIDE * SIDE
MOST_IMAGES = 4096  # that are kept once they have been read
NOISE = 0.2  # of the pixels while learning, which are 0 to 1; there are few images to learn from


class DigitNames(Writing):
    """An 8 by 8 image in, its name in ``language`` out, through a ``VectorWriter``.

    An input is written as the number of a test image, counted from 0, or as its 64 pixels, whole
    numbers from 0 (paper) to 16 (ink), row by row.
    """

    shape = "one-to-many"
    cells = tuple(cell for cell in RECURRENT if cell != "jordan")
    language: ClassVar[str]

    def __init__(self, target: Sequence[str] = (), teacher_forcing: float = 1.0) -> None:
        letters = sorted(set("".join(NAMES[self.language])))
        super().__init__(target or (*MARKS, *letters), teacher_forcing)

    def network(self, architecture: Architecture) -> nn.Module:
        """A linear layer from the image to the decoder's first state.

        Raises ValueError for two directions or attention: nobody can look ahead in what is yet
        to be written, and a single vector leaves nothing to look back at.
        """
        if architecture.bidirectional or architecture.attention:
            raise ValueError(
                "bidirectional and attention are for networks that read a sequence; here an "
                "image is seen once. Choose bidirectional=False and attention=False."
            )
        return VectorWriter(architecture, PIXELS, len(self.target))

    def pairs(self, part: Part) -> Sequence[Pair]:
        """The images of that part, written out."""
        return _written(part, self.language)

    def drawn(self, step: int, draws: Draws) -> Sequence[Pair]:
        """Images to learn from, every one once in each pass."""
        learned = _written("train", self.language)
        return [learned[n] for n in examples_of_batch(len(learned), step, draws.batch, draws.seed)]

    def batch(self, step: int, draws: Draws) -> Examples:
        """Batch number ``step``, with normal noise of deviation ``NOISE`` on every pixel."""
        found = super().batch(step, draws)
        generator = torch.Generator().manual_seed(found.seed)
        noise = NOISE * torch.randn(found.inputs.shape, generator=generator)
        return found._replace(inputs=found.inputs + noise)

    def take(self, texts: Sequence[str]) -> tuple[Tensor, None]:
        """Pixels from 0 to 1, (batch, 64)."""
        return torch.tensor(np.stack([image_of(text) for text in texts])), None

    def source_tokens(self, text: str) -> list[str]:
        """None: what is seen is no sequence."""
        return []

    def expected(self, text: str) -> str | None:
        """What the digit is called, where it is one of the test images."""
        number = _number(text)
        if number is None or number >= len(digits("test")):
            return None
        return NAMES[self.language][digits("test").labels[number]]

    @property
    def baseline(self) -> Baseline:
        """The digit whose mean image is nearest, and its name from a table."""
        train, test = digits("train"), digits("test")
        means = np.stack([train.images[train.labels == digit].mean(0) for digit in range(CLASSES)])
        apart = ((test.images[:, None] - means) ** 2).sum((2, 3))
        return Baseline("nearest-centroid", float((apart.argmin(1) == test.labels).mean()))

    @property
    def examples(self) -> tuple[str, ...]:
        """Test images by their number."""
        return tuple(str(number) for number in (7, 0, 5, 13, 21, 34, 55, 89))

    @classmethod
    def restore(cls, description: Mapping[str, Any]) -> Self:
        """The inverse of ``describe``; ValueError for anything unexpected."""
        return cls(tokens_of(description, "target"), ratio_of(description))


class EnglishDigits(DigitNames):
    """seven, letter by letter."""

    name = "digit-names-en"
    language = "en"


class ChineseDigits(DigitNames):
    """数字七，读作qī: the sign in the middle and its sound at the end."""

    name = "digit-names-zh"
    language = "zh"


@lru_cache(maxsize=MOST_IMAGES)
def image_of(text: str) -> np.ndarray:
    """The pixels (64,) that a text means, 0 for paper to 1 for ink; see ``DigitNames``.

    Raises ValueError for anything else.
    """
    number = _number(text)
    if number is not None and number < len(digits("test")):
        return digits("test").images[number].ravel()
    parts = re.split(r"[\s,;]+", text.strip())
    whole = all(re.fullmatch(r"\d{1,2}", one, re.ASCII) for one in parts)
    if len(parts) != PIXELS or not whole or max(map(int, parts)) > LARGEST:
        raise ValueError(
            f"{text[:40]!r} is no image; expected the number of a test image, from 0 to "
            f"{len(digits('test')) - 1}, or {PIXELS} whole numbers from 0 (paper) to "
            f"{LARGEST:.0f} (ink), row by row."
        )
    image = np.array([int(one) for one in parts], dtype=np.float32) / np.float32(LARGEST)
    image.flags.writeable = False  # one copy serves everybody
    return image


def written_image(image: np.ndarray) -> str:
    """The inverse of ``image_of``: 64 whole numbers with spaces between."""
    return " ".join(f"{ink:.0f}" for ink in image.ravel() * LARGEST)


def _number(text: str) -> int | None:
    found = re.fullmatch(r"\d{1,4}", text.strip(), re.ASCII)
    return int(found[0]) if found else None


@lru_cache(maxsize=6)
def _written(part: Part, language: str) -> list[Pair]:
    found, names = digits(part), NAMES[language]
    return [
        (written_image(image), names[label])
        for image, label in zip(found.images, found.labels, strict=True)
    ]
