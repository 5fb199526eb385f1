"""Many to many, out of step: dates in many spellings to one, English numbers to Chinese."""

from __future__ import annotations

import random
import string
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

import torch
from torch import Tensor, nn

from core.applications.application import Baseline, Draws, Part
from core.applications.writing import MARKS, Pair, Writing, ratio_of, tokens_of
from core.networks.architecture import RECURRENT, Architecture
from core.networks.encoder_decoder import EncoderDecoder
from core.networks.reader import PADDING
from core.networks.vocabulary import Vocabulary
from core.tasks import dates, number_words
from core.tasks.date_reading import read_date
from core.tasks.number_reading import read_english

HELD_OUT = {"validation": 300, "test": 1000}
LONGEST_SOURCE = 200
HELD_OUT_SEED = 7
# What a careful person would try by hand, in that order.
FORMATS = (
    "%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%Y/%m/%d", "%Y年%m月%d日", "%d %B %Y", "%d %b %Y",
    "%B %d, %Y", "%b %d, %Y", "%A, %d %B %Y", "%a %d %b %Y", "%A, %B %d, %Y",
)  # fmt: skip


class Translation(Writing):
    """A sequence of tokens in, another one out, through an ``EncoderDecoder``."""

    shape = "out-of-step"
    cells = tuple(cell for cell in RECURRENT if cell != "jordan")
    TARGET: ClassVar[tuple[str, ...]]
    SOURCE: ClassVar[tuple[str, ...]]

    def __init__(
        self,
        source: Sequence[str] = (),
        target: Sequence[str] = (),
        teacher_forcing: float = 1.0,
    ) -> None:
        super().__init__(target or (*MARKS, *self.TARGET), teacher_forcing)
        self.source = Vocabulary(tuple(source or self.SOURCE))

    def network(self, architecture: Architecture) -> nn.Module:
        """An encoder and a decoder with the same cell."""
        return EncoderDecoder(architecture, len(self.source), len(self.target))

    def take(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Ids (time, batch), ``PADDING`` after the end of each, and their lengths (batch,)."""
        rows = [self.source.encode(self.source_tokens(text)) for text in texts]
        lengths = torch.tensor([len(row) for row in rows])
        if not 0 < int(lengths.min()) <= int(lengths.max()) <= LONGEST_SOURCE:
            raise ValueError(
                f"The text has {int(lengths.max())} steps; expected 1 to {LONGEST_SOURCE}, "
                f"for example {self.examples[0]!r}."
            )
        ids = torch.full((int(lengths.max()), len(rows)), PADDING)
        for column, row in enumerate(rows):
            ids[: len(row), column] = torch.tensor(row)
        return ids, lengths

    def unknown(self, text: str) -> list[str]:
        """Tokens that the encoder reads as zeros."""
        return list(dict.fromkeys(t for t in self.source_tokens(text) if t not in self.source))

    def describe(self) -> dict[str, Any]:
        """Both vocabularies and the ratio of teacher forcing."""
        return {"source": list(self.source.tokens)} | super().describe()

    @classmethod
    def restore(cls, description: Mapping[str, Any]) -> Self:
        """The inverse of ``describe``; ValueError for anything unexpected."""
        source, target = tokens_of(description, "source"), tokens_of(description, "target")
        return cls(source, target, ratio_of(description))


class Dates(Translation):
    """Dates in many spellings, letter by letter, to YYYY-MM-DD. Tested on dates and on
    combinations of spelling that are both never learned from."""

    name = "dates"
    SOURCE = tuple(
        f" ',-./{string.digits}{string.ascii_lowercase}〇一二三四五六七八九十年月日号星期"
    )
    TARGET = (*string.digits, "-")

    def pairs(self, part: Part) -> Sequence[Pair]:
        """Held-out dates; for the test in spellings that are held out as well."""
        held_out = part == "test"
        return dates.date_pairs(HELD_OUT[part], seed=HELD_OUT_SEED, part=part, held_out=held_out)

    def drawn(self, step: int, draws: Draws) -> Sequence[Pair]:
        """New dates and spellings for every batch."""
        draw = random.Random(f"{self.name} {draws.seed} {step}")
        return [dates.draw_pair(draw, "train", held_out=False) for _ in range(draws.batch)]

    def source_tokens(self, text: str) -> list[str]:
        """Its characters, in lower case."""
        return list(" ".join(text.lower().split()))

    def expected(self, text: str) -> str | None:
        """The date by rules."""
        day = read_date(text)
        return day.isoformat() if day else None

    @property
    def baseline(self) -> Baseline:
        """A list of a dozen formats, as a program without a network would try them."""
        pairs = self.pairs("test")
        right = sum(_by_formats(text) == answer for text, answer in pairs)
        return Baseline("date-formats", right / len(pairs))

    @property
    def examples(self) -> tuple[str, ...]:
        """Inputs worth giving."""
        return (
            "3 March 1998",
            "Mar 3rd, '98",
            "03.03.1998",
            "the third of March 1998",
            "1998年3月3日",
            "Friday, 31 December 1999",
            "二〇二四年二月二十九日",
            "3/4/1998",
        )


class Numbers(Translation):
    """English phrases for numbers, word by word, to Chinese numerals, sign by sign."""

    name = "numbers"
    SOURCE = number_words.WORDS
    TARGET = tuple(f"{number_words.HAN}十百千万亿")

    def pairs(self, part: Part) -> Sequence[Pair]:
        """Held-out numbers."""
        return number_words.number_pairs(HELD_OUT[part], seed=HELD_OUT_SEED, part=part)

    def drawn(self, step: int, draws: Draws) -> Sequence[Pair]:
        """New numbers for every batch."""
        draw = random.Random(f"{self.name} {draws.seed} {step}")
        return [number_words.draw_pair(draw, "train") for _ in range(draws.batch)]

    def source_tokens(self, text: str) -> list[str]:
        """Its words."""
        return number_words.words_of(text)

    def expected(self, text: str) -> str | None:
        """The number by rules, below the largest that the rules can write."""
        number = read_english(text)
        if number is None or number >= 10_000 ** len(number_words.HAN_SCALES):
            return None
        return number_words.chinese(number)

    @property
    def baseline(self) -> Baseline:
        """Every word for itself."""
        pairs = self.pairs("test")
        right = sum(_word_for_word(text) == answer for text, answer in pairs)
        return Baseline("word-for-word", right / len(pairs))

    @property
    def examples(self) -> tuple[str, ...]:
        """Inputs worth giving."""
        return (
            "three hundred and five",
            "twelve thousand",
            "one million",
            "a hundred thousand and twenty",
            "two hundred and fifty million seven hundred",
            "nine hundred and ninety-nine thousand nine hundred and ninety-nine",
        )


def _by_formats(text: str) -> str:
    for form in FORMATS:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    return ""


def _word_for_word(text: str) -> str:
    """three -> 三, twenty -> 二十, million -> 百万: right until it regroups."""
    signs = {word: number_words.chinese(n) for n, word in enumerate(number_words.SMALL)}
    signs |= {
        word: number_words.chinese(10 * n) for n, word in enumerate(number_words.TENS) if n > 1
    }
    signs |= {"hundred": "百", "thousand": "千", "million": "百万", "billion": "十亿", "a": "一"}
    return "".join(signs.get(word, "") for word in number_words.words_of(text))
