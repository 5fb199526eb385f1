"""Windows as bands of a matrix, so that whole blocks of positions meet in one product.

A block is B neighbouring positions; together with the halo their windows touch B + 2 window
positions. Which of those pairs really are within a window is a band of ones.
"""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from core.embeddings.word2vec.positions import Positions

BLOCK = 16
"""Positions in a block: larger blocks compute more pairs outside the band, smaller ones make
matrix products too small to be fast. 16 was the fastest of 8, 16, 32 for windows of 5."""


def blocks_of(rows: Tensor, window: int) -> Tensor:
    """View n + 2 window rows as overlapping blocks: (n / B, B + 2 window, size), no copy."""
    count, size = len(rows) - 2 * window, rows.shape[1]
    shape = (count // BLOCK, BLOCK + 2 * window, size)
    return rows.as_strided(shape, (BLOCK * size, size, 1), rows.storage_offset())


def add_blocks(blocks: Tensor, window: int) -> Tensor:
    """Transpose of ``blocks_of``: rows (n + 2 window, size), overlapping parts added up."""
    count, size = len(blocks) * BLOCK, blocks.shape[2]
    rows = blocks.new_empty(count + 2 * window, size)
    rows[:window] = 0
    rows[window + count :] = 0
    rows[window : window + count].view(-1, BLOCK, size).copy_(blocks[:, window : window + BLOCK])
    # The halo before a block and the one after it, each added for all blocks at once. Halos of
    # neighbouring blocks overlap each other where a window is wider than a block, so they are
    # added in runs of at most one block.
    for start in [*range(0, window, BLOCK), *range(window + BLOCK, 2 * window + BLOCK, BLOCK)]:
        end = window if start < window else 2 * window + BLOCK
        width = min(BLOCK, end - start)
        part = rows.as_strided((len(blocks), width, size), (BLOCK * size, size, 1), start * size)
        part.add_(blocks[:, start : start + width])
    return rows


def mean_of_windows(positions: Positions, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """The matrix that averages each window, (n / B, B, B + 2w), and 1 for every window not empty.

    The second has shape (n,).
    """
    table, stride = _mean_rows(positions.window, dtype, positions.words.device)
    code = torch.add(positions.right, positions.left, alpha=positions.window + 1)
    rows = positions.inner(code).view(-1, BLOCK) + stride
    mean = table.index_select(0, rows.view(-1)).view(-1, BLOCK, BLOCK + 2 * positions.window)
    return mean, positions.inner(positions.reached).clamp(max=1).to(dtype)


@lru_cache(maxsize=16)
def _mean_rows(window: int, dtype: torch.dtype, device: torch.device) -> tuple[Tensor, Tensor]:
    """Every row that ``mean_of_windows`` can have, adding up to 1, and where each place's begin.

    Looking rows up is several times faster than comparing offsets with reaches. For the window
    of place b of the block it is row ``stride[b] + (window + 1) * left + right``.
    """
    rows, stride = _all_rows(window, dtype, device)
    return rows / rows.sum(1, keepdim=True).clamp(min=1), stride


def _all_rows(window: int, dtype: torch.dtype, device: torch.device) -> tuple[Tensor, Tensor]:
    """Ones where column j lies in a window around column ``place + window``, but not at it."""
    reach = torch.arange(window + 1, device=device)
    place = torch.arange(BLOCK, device=device)
    columns = torch.arange(BLOCK + 2 * window, device=device)
    offset = (columns - place[:, None] - window)[:, None, None, :]
    inside = (offset >= -reach[:, None, None]) & (offset <= reach[:, None]) & (offset != 0)
    return inside.to(dtype).view(-1, len(columns)), place * (window + 1) ** 2
