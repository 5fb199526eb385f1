"""Words as a tagger reads them: digits alike, rare words by their ending, texts cut into words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from core.limits import TOKEN_CHARACTERS
from core.networks import Vocabulary

ENDING = "…"  # "…区" stands for every unknown word that ends like this
# Latin words, numbers (also 9:30), and every other sign on its own
PIECES = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[:.]\d+)*|\S")
HAN = re.compile(r"[\u3400-\u9fff]")
MAX_WORDS = 200_000


class Lexicon:
    """The words that a tagger knows, and how it reads those that it does not.

    Small letters and capitals are one, so are the wide and narrow forms of a mark, and every
    digit is read as 0. A Chinese word that is not
    known is read as its last character ("…区"), if several known words end so; any other as
    unknown, with the id ``len(vocabulary)``.

    Raises ValueError for more than ``MAX_WORDS`` words.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        if len(tokens) > MAX_WORDS:
            raise ValueError(f"There are {len(tokens):,} words; expected at most {MAX_WORDS:,}.")
        self.vocabulary = Vocabulary(tuple(tokens))

    @classmethod
    def of(cls, sentences: Iterable[Sequence[str]]) -> Lexicon:
        """The words of ``sentences``, sorted, then the endings that two or more words share."""
        words = sorted({normal(token) for tokens in sentences for token in tokens})
        shared = Counter(word[-1] for word in words if _has_ending(word))
        return cls([*words, *sorted(ENDING + last for last, n in shared.items() if n > 1)])

    def __len__(self) -> int:
        return len(self.vocabulary)

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """The id that each token is read as."""
        return [self._id(normal(token)) for token in tokens]

    def hidden_id(self, word: str) -> int:
        """The id that ``word`` would have if it were not known."""
        word = normal(word)
        ending = ENDING + word[-1] if _has_ending(word) else ""
        return self.vocabulary.ids.get(ending, len(self))

    def knows(self, token: str) -> bool:
        """Whether the word itself is known."""
        return normal(token) in self.vocabulary

    def split(self, text: str) -> list[str]:
        """The words of ``text``: blanks and signs part them, and Chinese, which has no blanks, is
        cut from the left into the longest words known."""
        words: list[str] = []
        for piece in PIECES.findall(text):
            words += self._cut(piece) if HAN.search(piece) else [piece]
        return words

    def _id(self, word: str) -> int:
        known = self.vocabulary.ids.get(word)
        return self.hidden_id(word) if known is None else known

    def _cut(self, piece: str) -> list[str]:
        if self.knows(piece):
            return [piece]
        words: list[str] = []
        start = place = 0  # what stands between them is not known
        while place < len(piece):
            size = self._longest(piece, place)
            if size:
                words += [piece[start:place]] if start < place else []
                words.append(piece[place : place + size])
                start = place = place + size
                continue
            place += 1
            if place - start > 1 and ENDING + piece[place - 1] in self.vocabulary:
                words.append(piece[start:place])
                start = place
        return words + ([piece[start:]] if start < len(piece) else [])

    def _longest(self, piece: str, place: int) -> int:
        """Characters of the longest known word of ``piece`` at ``place``; 0 without one."""
        most = min(self._most, len(piece) - place)
        return next(
            (size for size in range(most, 0, -1) if self.knows(piece[place : place + size])), 0
        )

    @cached_property
    def _most(self) -> int:
        return max((len(word) for word in self.vocabulary.tokens if HAN.search(word)), default=1)


def normal(token: str) -> str:
    """The token in small letters and marks of common width, every digit as 0."""
    common = unicodedata.normalize("NFKC", token[:TOKEN_CHARACTERS]).lower()
    return "".join("0" if letter.isdigit() else letter for letter in common)


def counts(sentences: Iterable[Sequence[str]]) -> Mapping[str, int]:
    """How often each word, as it is read, occurs."""
    return Counter(normal(token) for tokens in sentences for token in tokens)


def _has_ending(word: str) -> bool:
    return len(word) > 1 and not word.startswith(ENDING) and bool(HAN.match(word[-1]))
