import numpy as np
import pytest
import torch
from torch.nn.functional import logsigmoid

from core.embeddings.word2vec.hierarchical import hierarchical_gradients, paths_of
from core.embeddings.word2vec.huffman import huffman_tree
from tests.core.embeddings.word2vec.small import (
    WORDS,
    assert_same_gradients,
    examples_of,
    hidden_of,
    small_positions,
    small_tables,
    terms_of,
    without_autograd,
)

TREE = huffman_tree(np.array([50, 20, 20, 9, 8, 7, 4, 2, 1, 1, 1]))
PATHS = paths_of(TREE, "cpu", torch.float64)


def path_of(row):
    return [(int(TREE.nodes[row, i]), 1 - 2 * int(c)) for i, c in enumerate(TREE.code(row))]


@pytest.mark.parametrize("model", ["skip-gram", "cbow"])
def test_gradients_are_those_of_autograd(model):
    positions, tables = small_positions(), small_tables(output_rows=WORDS - 1)
    loss, count = torch.zeros((), dtype=torch.float64), 0
    for places, place in examples_of(model, positions):
        h = hidden_of(tables, positions, places)
        for node, sign in path_of(positions.words[place]):
            loss = loss - logsigmoid(sign * (h @ tables.output[node]))
        count += 1
    found = hierarchical_gradients(model, positions, without_autograd(tables), PATHS)
    assert_same_gradients(found, loss, count, tables)


def test_the_probabilities_of_all_words_add_up_to_one():
    tables = without_autograd(small_tables(output_rows=WORDS - 1))
    for h in tables.input:
        score = PATHS.sign * (tables.output[PATHS.nodes] @ h)
        log_probability = torch.where(PATHS.sign == 0, 0.0, logsigmoid(score)).sum(1)
        assert float(log_probability.exp().sum()) == pytest.approx(1)


def test_terms_count_what_a_row_takes_part_in():
    positions = small_positions()
    tables = without_autograd(small_tables(output_rows=WORDS - 1))
    found = hierarchical_gradients("skip-gram", positions, tables, PATHS)
    into, out = torch.zeros(WORDS, dtype=torch.float64), torch.zeros(WORDS - 1, dtype=torch.float64)
    for (predictor,), place in examples_of("skip-gram", positions):
        path = path_of(positions.words[place])
        into[positions.words[predictor]] += len(path)
        for node, _ in path:
            out[node] += 1
    torch.testing.assert_close(terms_of(found, "input", WORDS), into)
    torch.testing.assert_close(terms_of(found, "output", WORDS - 1), out)
