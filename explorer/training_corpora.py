"""The corpora of the training page: the generated ones, and a reader's text cut into words."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from core.limits import TOKEN_CHARACTERS, TRAINING_CHARACTERS, TRAINING_DISTINCT_WORDS
from explorer.jobs import Progress
from explorer.shared import shared

GRAMMARS = ("en", "zh")
GRAMMAR_WORDS = 1_000_000
FEWEST_WORDS = 200
LOOKED_AT = 5_000  # characters that say whether a text is Chinese
AT_A_TIME = 2_000  # sentences between two reports
PIECE = 10_000  # characters cut into words at once, so that a text may have no sentences
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

    Raises ValueError where it is too long, has a word of more than 1,000 characters, too many
    different words or too few words to learn from.
    """
    from core.embeddings import split_sentences, tokenize_chinese, tokenize_english

    if len(text) > TRAINING_CHARACTERS:
        raise ValueError(
            f"The text has {len(text):,} characters; at most {TRAINING_CHARACTERS:,} are read "
            "here. Train on a part of it, or from Python with train_word2vec(path)."
        )
    chinese = is_chinese(text)
    tokenize = tokenize_chinese if chinese else tokenize_english
    pieces = [piece for sentence in split_sentences(text) for piece in _pieces(sentence)]
    sentences = []
    same: dict[str, str] = {}  # a word that comes again takes no memory again
    for place, piece in enumerate(pieces):
        sentences.append([same.setdefault(word, word) for word in tokenize(piece)])
        if progress is not None and place % AT_A_TIME == 0:
            progress.report(place / len(pieces))
    _check_words(same)
    words = sum(map(len, sentences))
    if words < FEWEST_WORDS:
        raise ValueError(
            f"The text has {words} words; give at least {FEWEST_WORDS}, better some 100,000."
        )
    return Corpus(own_id(text), sentences, chinese, text)


def _pieces(sentence: str) -> Iterator[str]:
    """A sentence that is too long to be one, cut at spaces where there are any."""
    start = 0
    while len(sentence) - start > PIECE:
        stop = sentence.rfind(" ", start + 1, start + PIECE)
        stop = stop if stop > 0 else start + PIECE
        yield sentence[start:stop]
        start = stop
    yield sentence[start:]


def _check_words(words: Collection[str]) -> None:
    longest = max(words, key=len, default="")
    if len(longest) > TOKEN_CHARACTERS:
        raise ValueError(
            f"The text has a word of {len(longest):,} characters, {longest[:20]!r}...; at most "
            f"{TOKEN_CHARACTERS:,} were expected. Is it a text?"
        )
    if len(words) > TRAINING_DISTINCT_WORDS:
        raise ValueError(
            f"The text has {len(words):,} different words; at most {TRAINING_DISTINCT_WORDS:,} "
            "are read here. Train on a part of it, or from Python with train_word2vec(path)."
        )


def is_chinese(text: str) -> bool:
    """Whether at least a fifth of a text's beginning are Han characters."""
    beginning = text[:LOOKED_AT]
    return sum("\u4e00" <= sign <= "\u9fff" for sign in beginning) > 0.2 * len(beginning)
