"""Small models that tests of the recording share: built, drawn from a seed, compared."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from core.recording import Trace
from tests.core.recording.explicit import seeded

FEATURES, UNITS, STEPS, BATCH = 3, 5, 7, 4
KINDS = {
    "lstm": (nn.LSTM, {}),
    "lstm-projected": (nn.LSTM, {"proj_size": 2}),
    "gru": (nn.GRU, {}),
    "rnn-tanh": (nn.RNN, {}),
    "rnn-relu": (nn.RNN, {"nonlinearity": "relu"}),
}


def build(kind: str, seed: int = 0, dtype: torch.dtype = torch.float64, **options) -> nn.RNNBase:
    """A module of one of ``KINDS`` with random weights."""
    cls, own = KINDS[kind]
    module = seeded(cls(FEATURES, UNITS, **own, **options).to(dtype), seed)
    if kind == "rnn-relu":  # keep the unbounded activation from growing
        with torch.no_grad():
            for parameter in module.parameters():
                parameter.mul_(0.3)
    return module


def draw(*shape: int, seed: int = 1, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Normal numbers from a seed."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def draw_state(
    module: nn.RNNBase, batch: int, seed: int = 2, dtype: torch.dtype = torch.float64
) -> tuple[torch.Tensor, ...]:
    """An initial state, always as a tuple."""
    count = module.num_layers * (2 if module.bidirectional else 1)
    h = draw(count, batch, module.proj_size or UNITS, seed=seed, dtype=dtype)
    if not isinstance(module, nn.LSTM):
        return (h,)
    return h, draw(count, batch, UNITS, seed=seed + 1, dtype=dtype)


def as_torch_takes(state: tuple[torch.Tensor, ...]):
    """A pair for an LSTM, a tensor for the others."""
    return state if len(state) > 1 else state[0]


def assert_same(trace: Trace, wanted: dict[str, np.ndarray], tolerance: float = 1e-12) -> None:
    """Every wanted signal equal, relative to the largest value, and NaN in the same places."""
    for name, expected in wanted.items():
        got = trace[name].values
        assert got.shape == expected.shape, name
        scale = max(1.0, np.nanmax(np.abs(expected)))
        np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance * scale, err_msg=name)
