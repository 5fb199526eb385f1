"""The corpora of the training page: the generated ones, and a reader's text cut into words."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from explorer.jobs import Progress
from explorer.shared import shared

GRAMMARS = ("en", "zh")
GRAMMAR_WORDS = 1_000_000
MOST_CHARACTERS = 20_000_000
FEWEST_WORDS = 200
LOOKED_AT = 5_000  # characters that say whether a text is Chinese
AT_A_TIME = 2_000  # sentences between two reports
Sentences = Sequence[Sequence[str]]


@dataclass(frozen=True, eq=False)
class Corpus:
    """Sentences of words under an id that is the same for the same content.

    chinese: whether the words were found by a segmenter. text: a reader's own, else empty.
    """

    id: str
    sentences: Sentences
    chinese: bool = False
    text: str = ""

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each word occurs."""
        return Counter(word for sentence in self.sentences for word in sentence)

    @cached_property
    def words(self) -> int:
        """How many words there are in all."""
        return sum(self.counts.values())

    @property
    def generated(self) -> bool:
        """Whether it comes from a grammar, so that the right answers are known."""
        return self.id in GRAMMARS


@shared
def grammar_corpus(language: str) -> Corpus:
    """The shipped corpus: generated here, from a seed, whenever it is needed."""
    from core.embeddings.grammar import generate_corpus

    return Corpus(language, list(generate_corpus(language, GRAMMAR_WORDS)), language == "zh")


def own_id(text: str) -> str:
    """The id of a reader's text."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def own_corpus(text: str, progress: Progress | None = None) -> Corpus:
    """A reader's text as sentences of words; Chinese is segmented.

    Raises ValueError where it is too long or has too few words to learn from.
    """
    from core.embeddings import split_sentences, tokenize_chinese, tokenize_english

    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"The text has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read here. "
            "Train on a part of it, or from Python with train_word2vec(path)."
        )
    chinese = is_chinese(text)
    tokenize = tokenize_chinese if chinese else tokenize_english
    pieces = split_sentences(text)
    sentences = []
    for place, piece in enumerate(pieces):
        sentences.append(tokenize(piece))
        if progress is not None and place % AT_A_TIME == 0:
            progress.report(place / len(pieces))
    words = sum(map(len, sentences))
    if words < FEWEST_WORDS:
        raise ValueError(
            f"The text has {words} words; give at least {FEWEST_WORDS}, better some 100,000."
        )
    return Corpus(own_id(text), sentences, chinese, text)


def is_chinese(text: str) -> bool:
    """Whether at least a fifth of a text's beginning are Han characters."""
    beginning = text[:LOOKED_AT]
    return sum("\u4e00" <= sign <= "\u9fff" for sign in beginning) > 0.2 * len(beginning)
