"""Huffman codes of a vocabulary: the binary tree that hierarchical softmax walks."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class HuffmanTree:
    """Paths from the root to every word, padded to the longest.

    Parameters
    ----------
    nodes
        Inner nodes on the way to each word, root first, int64 of shape (V, depth); 0 where the
        path has ended. Inner nodes are numbered 0 to V - 2.
    codes
        The branch taken at each of them, 0 or 1, int8 of shape (V, depth).
    lengths
        How many nodes each path has, int64 of shape (V,).
    """

    nodes: np.ndarray
    codes: np.ndarray
    lengths: np.ndarray

    def code(self, row: int) -> str:
        """Code of a word as a string of 0 and 1."""
        return "".join(map(str, self.codes[row, : self.lengths[row]]))


def huffman_tree(counts: np.ndarray) -> HuffmanTree:
    """The binary tree in which frequent words have the shortest paths.

    The two lightest trees are joined until one is left; equal weights join in the order they
    were made. No other code that is prefix-free has a smaller mean length.

    Raises
    ------
    ValueError
        There are fewer than two words, so there is nothing to decide.
    """
    size = len(counts)
    if size < 2:
        raise ValueError(f"a tree needs at least 2 words; {size} came")
    heap = [(int(count), row) for row, count in enumerate(counts)]
    heapq.heapify(heap)
    parent = np.zeros(2 * size - 1, dtype=np.int64)
    branch = np.zeros(2 * size - 1, dtype=np.int8)
    for node in range(size, 2 * size - 1):
        weight, light = heapq.heappop(heap)
        other_weight, heavy = heapq.heappop(heap)
        parent[[light, heavy]] = node
        branch[heavy] = 1
        heapq.heappush(heap, (weight + other_weight, node))
    return _paths(parent, branch, size)


def _paths(parent: np.ndarray, branch: np.ndarray, size: int) -> HuffmanTree:
    """Walk from all words to the root at once, then turn the paths round."""
    root = 2 * size - 2
    at = np.arange(size)
    upward_nodes, upward_codes = [], []
    lengths = np.zeros(size, dtype=np.int64)
    while np.any(at != root):
        moving = at != root
        lengths += moving
        upward_codes.append(np.where(moving, branch[at], 0))
        at = np.where(moving, parent[at], root)
        upward_nodes.append(at - size)
    depth = len(upward_nodes)
    step = np.arange(depth)
    # Step s from the root is step length - 1 - s from the word.
    place = np.maximum(lengths[:, None] - 1 - step, 0)
    inside = step < lengths[:, None]
    nodes = np.take_along_axis(np.stack(upward_nodes, 1), place, 1) * inside
    codes = np.take_along_axis(np.stack(upward_codes, 1), place, 1) * inside
    return HuffmanTree(nodes, codes.astype(np.int8), lengths)
