"""How a corpus is cut into pieces of work for the threads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.embeddings.corpus import RUN, EncodedCorpus


@dataclass(frozen=True)
class Piece:
    """Words ``start`` to ``stop`` of the corpus, ``before`` words into the training.

    ``number`` counts from the beginning of the training; ``ends`` are where the sentences end,
    counted from ``start``, the last at the end of the piece.
    """

    number: int
    before: int
    tokens: np.ndarray
    ends: np.ndarray

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.tokens)


class Pieces:
    """The pieces of a training in order, read from the corpus when they are asked for.

    They are cut between sentences where there is an end within ``size`` words, else inside one,
    which loses the pairs across the cut.
    """

    def __init__(self, corpus: EncodedCorpus, epochs: int, size: int) -> None:
        self._corpus = corpus
        self._cuts, self._sentences = _cuts(corpus, size)
        self.in_epoch = len(self._cuts) - 1
        self.words = epochs * len(corpus.tokens)
        self._count = epochs * self.in_epoch

    def __len__(self) -> int:
        return self._count

    def words_before(self, number: int) -> int:
        """Words of the training before a piece; at the end, all."""
        epoch, place = divmod(number, self.in_epoch)
        return epoch * len(self._corpus.tokens) + int(self._cuts[place])

    def __getitem__(self, number: int) -> Piece:
        if not 0 <= number < self._count:
            raise IndexError(f"piece {number} of {self._count}")
        place = number % self.in_epoch
        start, stop = self._cuts[place], self._cuts[place + 1]
        ends = self._corpus.offsets[self._sentences[place] : self._sentences[place + 1]] - start
        if not len(ends) or ends[-1] != stop - start:
            ends = np.append(ends, stop - start)
        return Piece(number, self.words_before(number), self._corpus.tokens[start:stop], ends)


def _cuts(corpus: EncodedCorpus, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Where the pieces begin, the end of the last included, and their first sentence end.

    The second is the place in ``offsets`` of the first end beyond each cut.
    """
    total, place = len(corpus.tokens), 0
    cuts, sentences = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    goals = np.append(np.arange(0, total, size), total)
    while len(part := corpus.offsets[place : place + RUN]):
        # The goals whose last end at or before them is in this part.
        following = corpus.offsets[place + len(part) : place + len(part) + 1]
        bound = following[0] if len(following) else total + 1
        inside = goals[(goals >= part[0]) & (goals < bound)]
        last = np.searchsorted(part, inside, side="right") - 1
        between = part[last] > inside - size
        chosen = np.where(between, part[last], inside)
        cuts.append(chosen)
        sentences.append(place + last + 1)
        place += len(part)
    places, first = np.unique(np.concatenate(cuts), return_index=True)
    return places, np.concatenate(sentences)[first]
