"""Files that a reader may upload, good and bad."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save
from torch import nn

from core import Trace, record
from core.networks import ModelSettings, SequenceModel
from core.networks.model_file import TextModel, save_model
from core.networks.vocabulary import Vocabulary
from core.recording.trace_file import trace_bytes


def recorded(
    kind: type[nn.RNNBase] = nn.LSTM, *, steps: int = 5, loss: bool = False, **options: object
) -> Trace:
    """A practitioner's recording: a bare module on random numbers, without tokens."""
    torch.manual_seed(3)
    module = kind(3, 4, **options)
    inputs = torch.randn(steps, 2, 3)
    objective = (lambda out: out[0][-1].square().sum()) if loss else None
    (trace,) = record(module, inputs, loss=objective).values()
    return trace


def recording_file(trace: Trace) -> bytes:
    """The bytes that ``trace.save`` writes."""
    return trace_bytes(trace.data)


def model_file(
    folder: Path, *, cell: str = "gru", tokens: str = "abc", info: dict[str, object] | None = None
) -> bytes:
    """A small untrained character model, as ``python -m core.training`` saves one."""
    torch.manual_seed(4)
    model = SequenceModel(ModelSettings(cell, len(tokens), 6))
    path = save_model(
        folder / "own.safetensors", TextModel("own", model, Vocabulary(tuple(tokens)), info or {})
    )
    return path.read_bytes()


def foreign_file() -> bytes:
    """A safetensors file of another project."""
    return save({"weight": np.zeros((2, 3), dtype=np.float32)}, {"format": "pt"})
