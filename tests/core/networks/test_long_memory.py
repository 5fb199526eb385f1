"""Gates that begin open keep what they hold for as many steps as was asked."""

from __future__ import annotations

import torch
from torch import nn

from core.networks.long_memory import begin_with_long_memories


def test_the_gates_of_an_lstm_begin_with_these_lengths() -> None:
    torch.manual_seed(0)
    rnn = nn.LSTM(3, 200)
    before = rnn.weight_hh_l0.clone()
    begin_with_long_memories(rnn, 5, 50)
    bias = rnn.bias_ih_l0.detach()
    lengths = 1 / (1 - torch.sigmoid(bias[200:400]))
    assert 5 <= lengths.min() < 8
    assert 40 < lengths.max() <= 50.01
    torch.testing.assert_close(bias[:200], -bias[200:400])
    assert torch.equal(rnn.weight_hh_l0, before)


def test_a_gru_holds_on_by_its_update_gate_in_both_directions() -> None:
    rnn = nn.GRU(3, 50, bidirectional=True)
    candidate = rnn.bias_ih_l0[100:].clone()
    begin_with_long_memories(rnn, 3, 30)
    for bias in (rnn.bias_ih_l0, rnn.bias_ih_l0_reverse):
        kept = torch.sigmoid(bias[50:100])
        assert (kept >= 1 - 1 / 3 - 1e-6).all()
    assert torch.equal(rnn.bias_ih_l0[100:], candidate)


def test_a_network_without_gates_is_left_alone() -> None:
    rnn = nn.RNN(3, 4)
    before = rnn.bias_ih_l0.clone()
    begin_with_long_memories(rnn, 3, 30)
    assert torch.equal(rnn.bias_ih_l0, before)
