"""Attention against the formula written out, one number at a time."""

import torch

from core.networks.attention import LuongAttention


def test_states_and_weights_are_those_of_the_formula():
    torch.manual_seed(1)
    attention = LuongAttention(3, 4).double()
    states, source = torch.randn(2, 2, 3).double(), torch.randn(5, 2, 4).double()
    after, weights = attention(states, source)
    for t in range(2):
        for b in range(2):
            scores = [states[t, b] @ attention.score.weight @ source[j, b] for j in range(5)]
            total = sum(score.exp() for score in scores)
            alphas = [score.exp() / total for score in scores]
            context = sum(alpha * source[j, b] for j, alpha in enumerate(alphas))
            inside = attention.combine.weight @ torch.cat((context, states[t, b]))
            torch.testing.assert_close(weights[t, b], torch.stack(alphas))
            torch.testing.assert_close(after[t, b], (inside + attention.combine.bias).tanh())


def test_padding_gets_no_weight_and_the_rest_sums_to_one():
    torch.manual_seed(2)
    attention = LuongAttention(3, 3).double()
    states, source = torch.randn(4, 2, 3).double(), torch.randn(6, 2, 3).double()
    inside = (torch.arange(6)[:, None] < torch.tensor([6, 2])).double().unsqueeze(-1)
    after, weights = attention(states, source, inside)
    assert (weights[:, 1, 2:] == 0).all()
    torch.testing.assert_close(weights.sum(-1), torch.ones(4, 2).double())
    alone, _ = attention(states[:, 1:], source[:2, 1:])
    torch.testing.assert_close(after[:, 1:], alone)


def test_gradients_are_right():
    torch.manual_seed(3)
    attention = LuongAttention(2, 3).double()
    states = torch.randn(2, 1, 2, dtype=torch.double, requires_grad=True)
    source = torch.randn(3, 1, 3, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(lambda s, h: attention(s, h)[0], (states, source))
