"""Where tagged sentences come from: two grammars of our own, and any file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

from core.applications.tagging.tagging import Sentences, Tagging
from core.tasks.addresses import addresses
from core.tasks.conll import Tagged, parse_conll, read_conll
from core.tasks.parts import PARTS, PartName, part_of
from core.tasks.tickets import LANGUAGES, tickets

COUNTS: dict[PartName, int] = {"train": 5000, "validation": 400, "test": 1000}
SHOWN = 6  # sentences of a file that are offered as examples


class Tickets(Tagging):
    """The ticket sentence: when, from where, where to; half in English, half in Chinese."""

    name: ClassVar[str] = "tickets"
    hidden: ClassVar[float] = 0.06

    def make_sentences(self) -> Sentences:
        """Both languages, one after the other in each part."""
        return Sentences(
            *(
                [
                    sentence
                    for language in LANGUAGES
                    for sentence in tickets(COUNTS[part], language, part, seed=1)
                ]
                for part in PARTS
            )
        )

    @property
    def examples(self) -> tuple[str, ...]:
        """The sentence of the course first, in both languages; then trickier ones."""
        return (
            "I wish to go to Changsha from Beijing on December 12th",
            "我想十二月十二日从北京去长沙",
            "I wish to go to Beijing from Changsha on December 12th",
            "My sister lives in Wuhan, but I want to go to Paris from Rome tomorrow",
            "Paris to Rome tomorrow at 9:30",
            "我姐姐住在上海，可是我想去长沙，明天从北京走",
            "我在广州打电话，想12月12日去长沙，从北京出发",
            "北京到长沙，明天上午八点半",
        )


class Addresses(Tagging):
    """Which words of a Chinese sentence are an address."""

    name: ClassVar[str] = "addresses"
    hidden: ClassVar[float] = 0.06
    joiner: ClassVar[str] = ""

    def make_sentences(self) -> Sentences:
        """The project's own sentences."""
        return Sentences(*(addresses(COUNTS[part], part, seed=1) for part in PARTS))

    @property
    def examples(self) -> tuple[str, ...]:
        """The sentence of the course first; then the same words where they are no address."""
        return (
            "据报道,在2016年,有一只可爱的小狗狗在北京市海淀区番茄猫咪小区失踪。",
            "他画了番茄猫咪月亮，还画了小狗狗。",
            "在北京市海淀区番茄猫咪都很便宜。",
            "有两只兔子在北京市海淀区番茄里睡着了。",
            "我住在海淀区番茄猫咪西瓜小区，家里有两只兔子。",
            "我想吃北京糖葫芦。",
            "一只可爱的猫咪在小区里睡觉。",
        )


class Slots(Tagging):
    """The reader's own file of tagged sentences, or one that is known from research.

    Without sentences it can only be used, with the words and tags of a trained network.
    """

    name: ClassVar[str] = "slots"

    def __init__(
        self,
        words: Sequence[str] = (),
        tags: Sequence[str] = (),
        *,
        text: str = "",
        sentences: Sequence[Tagged] = (),
        test: Sequence[Tagged] = (),
        validation: float = 0.1,
    ) -> None:
        """text: of a CoNLL file, instead of ``sentences``. validation: share of the sentences
        that training never sees; a test (a share of 0.15) is taken from them too where none is
        given.

        Raises ValueError where the text is none, or a part would be left without a sentence.
        """
        super().__init__(words, tags)
        self._given = parse_conll(text) if text else list(sentences)
        self._test, self._validation = list(test), validation
        if self._given:
            _check_parts(self.sentences)

    @classmethod
    def from_files(cls, path: str | Path, test: str | Path | None = None) -> Self:
        """From a file, and one with test sentences; see ``read_conll``."""
        return cls(sentences=read_conll(path), test=() if test is None else read_conll(test))

    def make_sentences(self) -> Sentences:
        """The same sentence is always in the same part, however often it occurs; a given test
        is left as it is."""
        if not self._given:
            raise ValueError(
                "This tagger came without its sentences, so it can be used but not trained; give "
                "the file again."
            )
        share = 0.0 if self._test else 0.15
        parts: dict[str, list[Tagged]] = {part: [] for part in PARTS}
        for sentence in self._given:
            key = " ".join(sentence.tokens)
            parts[part_of(key, validation=self._validation, test=share)].append(sentence)
        return Sentences(parts["train"], parts["validation"], self._test or parts["test"])

    @property
    def examples(self) -> tuple[str, ...]:
        """The first few different test sentences; of a restored one, a few of its words."""
        if not self._given:
            return (" ".join(self.lexicon.vocabulary.tokens[:8]),)
        texts = (" ".join(sentence.tokens) for sentence in self.sentences.test)
        return tuple(dict.fromkeys(texts))[:SHOWN]


def _check_parts(found: Sentences) -> None:
    if not all(found):
        sizes = ", ".join(f"{len(one)} for {part}" for one, part in zip(found, PARTS))
        raise ValueError(
            f"Of {sum(map(len, found))} sentences there would be {sizes}; expected some for each. "
            "Give more different sentences."
        )
