"""The tokens that a model knows, and the numbers that stand for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Vocabulary:
    """Tokens in a fixed order; the token at place i has id i.

    The id ``len(vocabulary)`` stands for everything unknown. A model reads it as the zero
    vector, so an unknown token says nothing rather than something false.

    Raises ValueError when a token occurs twice or there is none.
    """

    tokens: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.tokens:
            raise ValueError("A vocabulary needs at least one token; got none.")
        if len(set(self.tokens)) != len(self.tokens):
            twice = sorted({token for token in self.tokens if self.tokens.count(token) > 1})
            raise ValueError(f"A vocabulary holds each token once; {twice[:5]} occur twice.")

    @classmethod
    def of(cls, text: Iterable[str]) -> Vocabulary:
        """The distinct tokens of ``text``, sorted."""
        return cls(tuple(sorted(set(text))))

    @cached_property
    def ids(self) -> dict[str, int]:
        """The id of each token."""
        return {token: place for place, token in enumerate(self.tokens)}

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: object) -> bool:
        return token in self.ids

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """The id of each token, ``len(self)`` for an unknown one."""
        ids, unknown = self.ids, len(self)
        return [ids.get(token, unknown) for token in tokens]

    def decode(self, ids: Iterable[int]) -> list[str]:
        """The token of each id; the replacement character for the unknown one."""
        known = (*self.tokens, "\N{REPLACEMENT CHARACTER}")
        return [known[index] for index in ids]

    def unknown(self, tokens: Sequence[str]) -> list[int]:
        """Places in ``tokens`` that this vocabulary does not know."""
        return [place for place, token in enumerate(tokens) if token not in self.ids]
