"""Which words of a stretch of corpus see which: subsampling and windows, drawn afresh each time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Positions:
    """n consecutive positions of the subsampled corpus and a halo of one window on each side.

    Parameters
    ----------
    words
        Rows of the words, int64 of shape (window + n + window,).
    left, right
        How far the window of each position reaches, int64 of the same shape: at most ``window``,
        never past the end of its sentence. Padding has windows that reach nowhere.
    reached
        left + right, the words in each window, float32.
    window
        The largest reach.
    """

    words: Tensor
    left: Tensor
    right: Tensor
    reached: Tensor
    window: int

    @property
    def count(self) -> int:
        """n, the positions without the halo."""
        return len(self.words) - 2 * self.window

    def inner(self, halo: Tensor) -> Tensor:
        """The part of an array over positions that lies between the halos."""
        return halo[self.window : self.window + self.count]

    def split(self, size: int) -> Iterator[Positions]:
        """Runs of at most ``size`` positions, each with its halo taken from its neighbours."""
        for start in range(0, self.count, size):
            stop = min(start + size, self.count) + 2 * self.window
            run = slice(start, stop)
            words, left, right = self.words[run], self.left[run], self.right[run]
            yield Positions(words, left, right, self.reached[run], self.window)


def draw_positions(
    tokens: Tensor,
    lengths: Tensor,
    keep: Tensor,
    *,
    window: int,
    multiple: int,
    generator: torch.Generator,
) -> Positions:
    """Subsample some sentences and draw the window of every word that is left.

    An occurrence of word w stays with probability ``keep[w]``; words that are left move
    together. Each window's reach is uniform on 1..window, which weighs near words more, and is
    cut at the ends of the sentence.

    Parameters
    ----------
    tokens
        Rows of the words of the sentences, one after the other, shape (N,).
    lengths
        How many words each sentence has, int64, adding up to N.
    keep
        Chance of each word to stay, shape (V,).
    multiple
        The count of positions is padded to a multiple of this.
    """
    device = tokens.device
    chance = torch.rand(len(tokens), generator=generator, device=device)
    stays = chance < keep.index_select(0, tokens)
    words = tokens[stays].long()
    kept_before = torch.cat([stays.new_zeros(1, dtype=torch.int64), stays.cumsum(0)])
    ends = kept_before.index_select(0, lengths.cumsum(0))
    starts = torch.cat([ends.new_zeros(1), ends[:-1]])
    place = torch.arange(len(words), device=device)
    before = place - starts.repeat_interleave(ends - starts)
    after = ends.repeat_interleave(ends - starts) - 1 - place
    reach = torch.randint(1, window + 1, (len(words),), generator=generator, device=device)
    padding = (window, window + -len(words) % multiple)
    words, left, right = (
        torch.nn.functional.pad(array, padding)
        for array in (words, torch.minimum(reach, before), torch.minimum(reach, after))
    )
    return Positions(words, left, right, (left + right).float(), window)
