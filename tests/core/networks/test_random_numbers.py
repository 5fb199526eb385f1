"""A run's own random numbers: right dropout, repeatable beside anything else that draws."""

import threading

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from core.networks.random_numbers import RandomNumbers

CPU = torch.device("cpu")


def test_dropout_keeps_each_number_with_its_probability_and_the_mean():
    with RandomNumbers(0, CPU):
        dropped = functional.dropout(torch.ones(100_000), 0.3)
    assert dropped.unique().tolist() == pytest.approx([0.0, 1 / 0.7])
    assert (dropped == 0).double().mean().item() == pytest.approx(0.3, abs=0.01)


def test_without_training_nothing_is_dropped():
    with RandomNumbers(0, CPU):
        assert (functional.dropout(torch.ones(50), 0.5, training=False) == 1).all()
        assert (nn.Dropout(0.5).eval()(torch.ones(50)) == 1).all()


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("options", [{}, {"bias": False}, {"nonlinearity": "relu"}])
def test_dropout_of_zeros_and_ones_between_layers_is_what_torch_would_compute(
    kind, bidirectional, packed, options, monkeypatch
):
    """With a dropout that only doubles, layer after layer, against single modules in a row."""
    if "nonlinearity" in options and kind is not nn.RNN:
        pytest.skip("only nn.RNN has a nonlinearity to choose")
    torch.manual_seed(1)
    module = kind(3, 4, 3, dropout=0.5, bidirectional=bidirectional, **options)
    x = torch.randn(6, 2, 3)
    directions = 2 if bidirectional else 1
    state = torch.randn(3 * directions, 2, 4)
    state = (state, state.flip(0)) if kind is nn.LSTM else state
    inputs = pack_padded_sequence(x, torch.tensor([6, 4])) if packed else x
    random = RandomNumbers(0, CPU)
    monkeypatch.setattr(random, "dropout", lambda x, p: 2 * x)
    with random:
        found, final = module(inputs, state)
    expected, finals = inputs, []
    for layer in range(3):
        single = kind(3 if not layer else 4 * directions, 4, bidirectional=bidirectional, **options)
        for name, _ in list(single.named_parameters()):
            setattr(single, name, getattr(module, name.replace("_l0", f"_l{layer}")))
        part = slice(layer * directions, (layer + 1) * directions)
        start = tuple(s[part] for s in state) if kind is nn.LSTM else state[part]
        if layer:
            expected = expected._replace(data=2 * expected.data) if packed else 2 * expected
        expected, end = single(expected, start)
        finals.append(end)
    if packed:
        found, expected = (pad_packed_sequence(side)[0] for side in (found, expected))
    torch.testing.assert_close(found, expected)
    if kind is nn.LSTM:
        for place in range(2):
            torch.testing.assert_close(final[place], torch.cat([end[place] for end in finals]))
    else:
        torch.testing.assert_close(final, torch.cat(finals))


def drawn(random):
    model = nn.Sequential(nn.Dropout(0.5))
    lstm = nn.LSTM(2, 3, 2, dropout=0.5)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.fill_(0.1)
    with random:
        return [
            model(torch.ones(20)),
            lstm(torch.ones(4, 5, 2))[0],
            torch.rand(3),
            torch.randn(2, 2),
            torch.randint(9, (4,)),
            torch.randperm(7),
            torch.empty(5).bernoulli_(0.5),
            torch.bernoulli(torch.full((5,), 0.5)),
            torch.multinomial(torch.ones(4), 2),
        ]


def test_the_same_seed_draws_the_same_whatever_else_draws():
    torch.manual_seed(3)
    first = drawn(RandomNumbers(5, CPU))
    torch.rand(9)
    second, other = drawn(RandomNumbers(5, CPU)), drawn(RandomNumbers(6, CPU))
    assert all(torch.equal(a, b) for a, b in zip(first, second))
    assert not all(torch.equal(a, b) for a, b in zip(first, other))


def test_nobody_else_notices():
    before = torch.get_rng_state()
    with RandomNumbers(5, CPU):
        nn.LSTM(2, 3, 2, dropout=0.5)(torch.ones(4, 5, 2))
        nn.Dropout(0.5)(torch.rand(8))
        nn.Embedding(4, 3)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("make", [lambda: nn.GRU(3, 5, 2), lambda: nn.Embedding(4, 3)])
def test_fresh_weights_are_those_that_torch_draws_after_the_same_seed(make):
    torch.manual_seed(8)
    expected = make().state_dict()
    with RandomNumbers(8, CPU):
        found = make().state_dict()
    assert all(torch.equal(found[name], expected[name]) for name in expected)


def test_a_given_generator_is_used():
    with RandomNumbers(5, CPU):
        found = torch.rand(4, generator=torch.Generator().manual_seed(1))
    assert torch.equal(found, torch.rand(4, generator=torch.Generator().manual_seed(1)))


def test_restoring_goes_on_where_it_was():
    random = RandomNumbers(5, CPU)
    with random:
        torch.rand(3)
        state = random.state
        expected = functional.dropout(torch.ones(30))
    other = RandomNumbers(9, CPU)
    other.restore(state)
    with other:
        assert torch.equal(functional.dropout(torch.ones(30)), expected)


def test_four_threads_at_once_draw_as_each_would_alone():
    alone = [functional_dropout(seed) for seed in range(4)]
    together: list[list[torch.Tensor]] = [[] for _ in range(4)]
    start = threading.Barrier(4)

    def work(seed: int) -> None:
        start.wait()
        together[seed] = functional_dropout(seed)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one, other in zip(alone, together):
        assert all(torch.equal(a, b) for a, b in zip(one, other))


def functional_dropout(seed: int) -> list[torch.Tensor]:
    random = RandomNumbers(seed, CPU)
    found = []
    for _ in range(50):
        with random:
            found.append(functional.dropout(torch.ones(200), 0.4))
    return found
