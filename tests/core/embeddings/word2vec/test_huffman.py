import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.embeddings.word2vec.huffman import huffman_tree

COUNTS = st.lists(st.integers(1, 1000), min_size=2, max_size=40).map(
    lambda counts: np.array(sorted(counts, reverse=True))
)


@given(COUNTS)
def test_codes_are_prefix_free_and_complete(counts):
    tree = huffman_tree(counts)
    codes = [tree.code(row) for row in range(len(counts))]
    for one in codes:
        assert one
        assert not any(other.startswith(one) for other in codes if other is not one)
    # Kraft's sum is 1 exactly when no code could be added.
    assert sum(2.0 ** -len(code) for code in codes) == 1.0


@given(COUNTS)
def test_words_share_the_nodes_of_their_common_prefix(counts):
    tree = huffman_tree(counts)
    node_of = {}
    for row in range(len(counts)):
        for step in range(tree.lengths[row]):
            prefix = tree.code(row)[:step]
            assert node_of.setdefault(prefix, tree.nodes[row, step]) == tree.nodes[row, step]
    assert sorted(node_of.values()) == list(range(len(counts) - 1))


@given(COUNTS)
def test_mean_length_is_within_one_bit_of_the_entropy(counts):
    tree, share = huffman_tree(counts), counts / counts.sum()
    entropy = -(share * np.log2(share)).sum()
    assert entropy - 1e-9 <= share @ tree.lengths < entropy + 1
    assert (np.diff(tree.lengths)[np.diff(counts) < 0] >= 0).all()


def test_a_worked_example():
    tree = huffman_tree(np.array([5, 2, 1, 1]))
    assert tree.lengths.tolist() == [1, 2, 3, 3]


def test_one_word_has_no_tree():
    with pytest.raises(ValueError, match="at least 2 words; 1 came"):
        huffman_tree(np.array([3]))
