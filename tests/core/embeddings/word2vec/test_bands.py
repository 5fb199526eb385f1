import numpy as np
import pytest
import torch

from core.embeddings.word2vec import bands
from tests.core.embeddings.word2vec.small import small_positions


def neighbours(positions):
    """matrix[c, b]: b lies in the window of c, over all places, from the definition."""
    count = len(positions.words)
    matrix = np.zeros((count, count))
    for c in range(count):
        for b in range(c - int(positions.left[c]), c + int(positions.right[c]) + 1):
            matrix[c, b] = b != c
    return matrix


@pytest.mark.parametrize("window", [1, 3, 20, 40])
def test_bands_are_cut_from_the_matrix_of_neighbours(window):
    positions = small_positions(window=window, lengths=(90, 30))
    matrix = neighbours(positions)
    mean, counted = bands.mean_of_windows(positions, torch.float64)
    for block in range(positions.count // bands.BLOCK):
        halo = slice(block * bands.BLOCK, (block + 1) * bands.BLOCK + 2 * window)
        own = slice(block * bands.BLOCK + window, (block + 1) * bands.BLOCK + window)
        seen = matrix[own, halo]
        np.testing.assert_allclose(mean[block], seen / np.maximum(seen.sum(1, keepdims=True), 1))
    inner = matrix.sum(1)[window : window + positions.count]
    np.testing.assert_array_equal(counted, inner > 0)


@pytest.mark.parametrize("window", [1, 5, 16, 37])
def test_adding_blocks_up_is_the_transpose_of_cutting_them(window):
    count = 4 * bands.BLOCK
    rows = torch.randn(count + 2 * window, 3, dtype=torch.float64, requires_grad=True)
    blocks = bands.blocks_of(rows, window)
    weight = torch.randn(blocks.shape, dtype=torch.float64)
    (expected,) = torch.autograd.grad((blocks * weight).sum(), rows)
    torch.testing.assert_close(bands.add_blocks(weight, window), expected)
