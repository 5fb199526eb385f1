"""Turning padded sequences round, each by its own length."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.recording import RecordingError, layer_run, record
from core.recording.layer_run import reverse_time
from tests.core.recording.models import BATCH, FEATURES, build, draw


@given(lengths=st.lists(st.integers(1, 6), min_size=1, max_size=5), features=st.integers(1, 3))
def test_each_sequence_is_turned_round_and_the_padding_stays(lengths, features) -> None:
    x = torch.arange(6 * len(lengths) * features).reshape(6, len(lengths), features)
    turned = reverse_time(x, torch.tensor(lengths))
    for column, length in enumerate(lengths):
        assert torch.equal(turned[:length, column], x[:length, column].flip(0))
        assert torch.equal(turned[length:, column], x[length:, column])
    assert torch.equal(reverse_time(turned, torch.tensor(lengths)), x)


def test_without_lengths_everything_is_turned_round() -> None:
    x = draw(4, 2, 3)
    assert torch.equal(reverse_time(x, None), x.flip(0))


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_the_proof_sees_every_block_of_steps(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lie in the last, incomplete block is found too."""
    monkeypatch.setattr(layer_run, "BLOCK", BATCH * 5 * 3)  # three steps of four sequences
    module, x = build(kind), draw(11, BATCH, FEATURES)
    assert record(module, x)[""].proof < 1e-12
    for step in range(10):

        def hook(module, args, output, step=step):
            values = output[0].clone()
            values[step, -1, -1] += 1e-3
            return values, output[1]

        handle = module.register_forward_hook(hook)
        with pytest.raises(RecordingError, match="differs"):
            record(module, x)
        handle.remove()


def test_one_share_of_the_weight_gradient_for_each_step() -> None:
    """The shares of one sequence, put back together, are the gradient itself."""
    module = build("gru")
    x = draw(5, 1, FEATURES)
    trace = record(module, x, loss=lambda out: out[0].sin().sum())[""]
    module(x)[0].sin().sum().backward()
    norms = trace["grad_weight_norm"].values
    assert norms.shape == (1, 1, 5)
    assert norms[0, 0, 0] == 0  # h_0 is zero, so the first step adds nothing
    assert norms.sum() >= module.weight_hh_l0.grad.norm().item()
    assert np.all(norms[0, 0, 1:] > 0)
