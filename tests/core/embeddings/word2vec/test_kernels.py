"""The compiled loops in float64, against autograd and exact expectations."""

import numpy as np
import pytest
import torch
from scipy.stats import chisquare
from torch.nn.functional import logsigmoid

from core.embeddings.word2vec import kernels
from core.embeddings.word2vec.alias import alias_table
from core.embeddings.word2vec.huffman import huffman_tree
from core.embeddings.word2vec.walk import _chances

WORDS, SIZE = 9, 7
ALWAYS = np.full(WORDS, 1 << 32, dtype=np.uint64)
COUNTS = np.array([40, 30, 22, 14, 9, 6, 4, 3, 1])
NOISE = COUNTS**0.75 / (COUNTS**0.75).sum()
SMALL = 1e-7


def tables(seed=0, output_rows=WORDS):
    random = np.random.default_rng(seed)
    return random.normal(size=(WORDS, SIZE)), random.normal(size=(output_rows, SIZE))


def gradients(loss_of, inputs, outputs):
    """The loss, and minus its gradients by autograd."""
    v, u = (torch.tensor(table, requires_grad=True) for table in (inputs, outputs))
    loss = loss_of(v, u)
    return (loss.item(), *(-g.numpy() for g in torch.autograd.grad(loss, (v, u))))


def head(v, sources, mean):
    rows = v[torch.tensor(sources)]
    return rows.mean(0, keepdim=True) if mean else rows


@pytest.mark.parametrize("mean", [False, True])
@pytest.mark.parametrize("sources", [[3], [3, 5], [1, 4, 1], [0, 1, 2, 3, 4, 5, 6], [2] * 5])
@pytest.mark.parametrize("targets", [[2], [2, 7], [2, 7, 2], [8, 1, 1, 1, 5, 0, 3]])
def test_a_step_is_the_gradient_of_autograd(mean, sources, targets):
    random = np.random.default_rng(len(sources) + 10 * len(targets))
    sign = random.choice([-1.0, 1.0], len(targets))
    offset = random.normal(size=len(targets))
    before = tables()

    def loss_of(v, u):
        score = head(v, sources, mean) @ u[torch.tensor(targets)].T - torch.tensor(offset)
        return -logsigmoid(torch.tensor(sign) * score).sum()

    expected = gradients(loss_of, *before)
    after = [table.copy() for table in before]
    work = kernels.buffers(after[0], len(sources) + 2, len(targets) + 3)
    loss = kernels.step(
        *after, np.array(sources), len(sources), np.array(targets), len(targets), sign, offset,
        mean, 0.25, work,
    )  # fmt: skip
    assert loss == pytest.approx(expected[0], rel=1e-12)
    for old, new, gradient in zip(before, after, expected[1:]):
        assert np.abs(gradient).max() > 0.01
        np.testing.assert_allclose((new - old) / 0.25, gradient, atol=1e-12)


def walk(tokens, ends, inputs, outputs, seed, **changed):
    share, alias = alias_table(NOISE)
    settings = {
        "keep": ALWAYS, "log_odds": np.zeros(WORDS), "negatives": 3, "window": 1, "cbow": False,
        "shared": True, "rate": SMALL,
    } | changed  # fmt: skip
    rate = settings.pop("rate")
    keep, log_odds, *rest = settings.values()
    return kernels.walk_negatives(
        np.array(tokens, np.int32), np.array(ends), keep, inputs, outputs, _chances(share),
        alias.astype(np.int32), log_odds, *rest, rate, rate, np.uint64(seed),
    )  # fmt: skip


@pytest.mark.parametrize("with_offset", [False, True])
@pytest.mark.parametrize(("cbow", "shared"), [(False, True), (False, False), (True, True)])
def test_the_expected_update_is_that_of_independent_negatives(cbow, shared, with_offset):
    """The mean over many draws is the exact gradient of the expected loss, within its error."""
    sentence, negatives = [3, 0, 5, 3, 8], 3
    log_odds = np.linspace(-1, 1, WORDS) if with_offset else np.zeros(WORDS)
    before = tables(4)
    before[0][:] *= 0.5
    around = [[sentence[p] for p in (c - 1, c + 1) if 0 <= p < 5] for c in range(5)]

    def loss_of(v, u):
        loss = torch.zeros((), dtype=torch.float64)
        for word, sources in zip(sentence, around):
            score = head(v, sources, cbow) @ u.T - torch.tensor(log_odds)
            loss = loss - logsigmoid(score[:, word]).sum()
            loss = loss - negatives * (logsigmoid(-score) @ torch.tensor(NOISE)).sum()
        return loss

    expected = gradients(loss_of, *before)
    losses, steps = [], []
    for seed in range(1500):
        after = [table.copy() for table in before]
        loss, examples, positions = walk(
            sentence, [5], *after, seed * 7919, cbow=cbow, shared=shared, log_odds=log_odds
        )
        assert (examples, positions) == (5 if cbow else 8, 5)
        losses.append(loss)
        steps.append([(new - old) / SMALL for old, new in zip(before, after)])
    assert abs(np.mean(losses) - expected[0]) < 4 * np.std(losses) / np.sqrt(len(losses))
    for table, gradient in enumerate(expected[1:]):
        drawn = np.array([step[table] for step in steps])
        error = drawn.std(0) / np.sqrt(len(drawn))
        # A row that nothing touches has neither a gradient nor an error.
        away = np.abs(drawn.mean(0) - gradient) / np.maximum(error, 1e-6)
        assert away.max() < 5.5
        # The test can fail: with a negative more in the expectation it would.
        assert np.abs(drawn.mean(0) - 1.3 * gradient).max() > 6 * error.max()


def test_own_negatives_differ_from_pair_to_pair_and_shared_ones_do_not():
    def drawn(shared):
        inputs, outputs = tables()
        outputs[:] = 0
        walk([0, 1, 2], [3], inputs, outputs, 5, shared=shared, negatives=1, rate=1.0)
        return np.abs(outputs).sum(1) > 0

    assert not np.array_equal(drawn(True), drawn(False))


def test_a_tree_walk_moves_along_the_path():
    tree = huffman_tree(COUNTS)
    before = tables(2, WORDS - 1)
    sentence = [0, 8]

    def loss_of(v, u):
        loss = torch.zeros((), dtype=torch.float64)
        for word, source in ((0, 8), (8, 0)):
            for node, code in zip(tree.nodes[word][: tree.lengths[word]], tree.code(word)):
                loss = loss - logsigmoid((1 if code == "0" else -1) * (v[source] @ u[int(node)]))
        return loss

    expected = gradients(loss_of, *before)
    for cbow in (False, True):
        after = [table.copy() for table in before]
        turns = (1 - 2 * tree.codes).astype(float)
        loss, examples, positions = kernels.walk_tree(
            np.array(sentence, np.int32), np.array([2]), ALWAYS, *after, tree.nodes, turns,
            tree.lengths, 4, cbow, SMALL, SMALL, np.uint64(1),
        )  # fmt: skip
        assert (examples, positions) == (2, 2)
        assert loss == pytest.approx(expected[0], rel=1e-6)
        for old, new, gradient in zip(before, after, expected[1:]):
            np.testing.assert_allclose((new - old) / SMALL, gradient, atol=1e-5)


def test_nothing_is_seen_across_sentences():
    inputs, outputs = tables()
    assert walk([1, 2, 3], [1, 2, 3], inputs, outputs, 0) == (0.0, 0, 0)
    assert walk([1, 2, 3, 4], [2, 2, 4], inputs, outputs, 0)[1:] == (4, 4)
    np.testing.assert_array_equal(inputs[5:], tables()[0][5:])


def test_windows_are_those_of_the_definition():
    words = np.arange(20, dtype=np.int32)
    sources = np.empty(12, np.int64)
    for place in range(20):
        for reach in range(1, 7):
            count = kernels.window_of(words, 20, place, reach, sources)
            near = [w for w in range(20) if 0 < abs(w - place) <= reach]
            assert sources[:count].tolist() == near


def test_subsampling_and_reaches_follow_their_distributions():
    tokens = np.tile(np.arange(WORDS, dtype=np.int32), 20_000)
    chance = np.linspace(0, 1, WORDS)
    words, reach = np.empty(len(tokens), np.int32), np.empty(len(tokens), np.int32)
    count, _ = kernels.subsample(tokens, _chances(chance), 5, np.uint64(3), words, reach)
    stayed = np.bincount(words[:count], minlength=WORDS)
    assert (stayed[0], stayed[-1]) == (0, 20_000)
    error = np.sqrt(20_000 * chance * (1 - chance)) + 1e-9
    assert (np.abs(stayed - 20_000 * chance) / error).max() < 4
    assert chisquare(np.bincount(reach[:count], minlength=6)[1:]).pvalue > 0.01


def test_random_numbers_are_those_of_splitmix64():
    """The first outputs for seed 0, as the generator's authors publish them."""
    golden = 0x9E3779B97F4A7C15
    found = [int(kernels.mix(np.uint64(golden * n % 2**64))) for n in (1, 2)]
    assert found == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4]


def test_negatives_follow_their_distribution():
    share, alias = alias_table(NOISE)
    threshold, alias = _chances(share), alias.astype(np.int32)
    golden, drawn = 0x9E3779B97F4A7C15, np.zeros(WORDS)
    for n in range(60_000):
        bits = kernels.mix(np.uint64(golden * n % 2**64))
        drawn[kernels.draw_negative(np.uint64(bits), threshold, alias)] += 1
    assert chisquare(drawn, NOISE * 60_000).pvalue > 0.01
    assert chisquare(drawn, COUNTS / COUNTS.sum() * 60_000).pvalue < 1e-6


def test_scores_that_saturate_give_a_finite_loss_and_broken_ones_are_seen():
    inputs, outputs = tables()
    loss, *_ = walk([0, 1, 2, 3], [4], inputs * 1e3, outputs * 1e3, 0)
    assert np.isfinite(loss)
    assert loss > 1000
    inputs[1, 2] = np.nan
    assert np.isnan(walk([0, 1, 2, 3], [4], inputs, outputs, 0)[0])
