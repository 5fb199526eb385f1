"""Models that cannot be recorded: what they are, and what to give instead."""

from __future__ import annotations

import warnings

import pytest
import torch
from torch import nn

from core.recording import RecordingError, record


class Reader(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.out = nn.LSTM(3, 4), nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.rnn(x)[0])


class Loop(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.GRUCell(3, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        state = torch.zeros(x.shape[1], 4)
        for step in x:
            state = self.cell(step, state)
        return state


def scripted() -> nn.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return torch.jit.script(Reader())


def traced() -> nn.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.jit.trace(Reader(), torch.randn(5, 1, 3))


def quantized() -> nn.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.ao.quantization.quantize_dynamic(Reader().eval(), {nn.LSTM, nn.Linear})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (scripted, r"is TorchScript.*Record the nn\.Module that it was made of"),
        (traced, r"is TorchScript.*Record the nn\.Module that it was made of"),
        (quantized, "'rnn' is a quantized LSTM.*before it was quantized"),
        (lambda: nn.Linear(3, 4), "contains nothing to record"),
    ],
)
def test_what_is_closed_says_what_to_give_instead(make, message: str) -> None:
    with pytest.raises(RecordingError, match=message):
        record(make(), torch.randn(5, 1, 3))


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        (Reader(), (5, 0, 3)),
        (Reader(), (0, 1, 3)),
        (nn.GRU(3, 4, batch_first=True), (0, 5, 3)),
        (nn.RNN(3, 4), (5, 0, 3)),
        (nn.RNN(3, 4), (0, 3)),
        (Loop(), (5, 0, 3)),
    ],
)
def test_an_empty_batch_is_refused_with_its_shape(model: nn.Module, shape: tuple) -> None:
    with pytest.raises(RecordingError, match="Give at least one of each"):
        record(model, torch.randn(shape))
