"""The code that a page shows is the network that it speaks of."""

from __future__ import annotations

from itertools import product

import pytest
import torch
from torch import nn

from core.networks.architecture import Architecture
from core.networks.reader import Ends, Reader
from core.networks.torch_code import torch_code

CELLS = ("elman", "lstm", "gru", "jordan", "lstm-peephole")
LENGTHS = torch.tensor([6, 3, 5])


def written(code: str) -> nn.Module:
    """The module that the code defines."""
    found: dict[str, object] = {}
    exec(compile(code, "shown", "exec"), found)
    (kind,) = [one for name, one in found.items() if name.startswith("Simple")]
    return kind()


def weights_of(reader: Reader) -> dict[str, torch.Tensor]:
    """The Reader's weights by the names in the code."""
    names = {"encoder.embedding": "embedding", "read_out": "fc"}
    found = {}
    for name, value in reader.state_dict().items():
        for own, shown in names.items():
            name = name.replace(own, shown)
        found[name] = value
    return found


@pytest.mark.parametrize("tokens", [True, False])
@pytest.mark.parametrize("each_step", [True, False])
@pytest.mark.parametrize("cell", CELLS)
def test_the_code_computes_what_the_network_computes(cell, each_step, tokens) -> None:
    """With and without lengths, directions, layers, embedding, and in either layout."""
    torch.manual_seed(1)
    ends = Ends(7, 4, tokens=tokens, each_step=each_step)
    options = product((0, 5) if tokens else (0,), (1, 2), (False, True), (False, True))
    for embedding, layers, both, lengths in options:
        if cell == "jordan" and (layers > 1 or both):
            continue
        architecture = Architecture(
            cell,
            hidden_size=6,
            num_layers=layers,
            bidirectional=both,
            embedding_size=embedding,
            dropout=0.2,
            nonlinearity="relu" if cell == "elman" and both else "tanh",
        )
        reader = Reader(architecture, ends).eval()
        x = torch.randint(0, 7, (6, 3)) if tokens else torch.randn(6, 3, 7)
        with torch.no_grad():
            expected = reader(x, LENGTHS if lengths else None)[0]
        for batch_first in (False, True):
            code = torch_code(architecture, ends, batch_first=batch_first, lengths=lengths)
            shown = written(code).eval()
            shown.load_state_dict(weights_of(reader))
            given = x.transpose(0, 1) if batch_first else x
            more = [LENGTHS] if "forward(self, x, lengths)" in code else []
            with torch.no_grad():
                found = shown(given, *more)
            if each_step and batch_first:
                found = found.transpose(0, 1)
            for place, length in enumerate(LENGTHS if lengths else [6] * 3):
                at = (slice(length), place) if each_step else place
                torch.testing.assert_close(found[at], expected[at], msg=code)


def test_the_documents_simple_rnn() -> None:
    """nn.RNN with batch_first=True, and a linear layer on the last time step alone."""
    architecture = Architecture("elman", hidden_size=16, embedding_size=0)
    code = torch_code(architecture, Ends(8, 10, tokens=False, each_step=False), batch_first=True)
    assert (
        code
        == """import torch
from torch import nn


class SimpleRNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(
            input_size=8,
            hidden_size=16,
            nonlinearity="tanh",
            batch_first=True,
        )
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        # x: numbers (batch, time, 8)
        out, state = self.rnn(x)  # out: (batch, time, 16)
        out = out[:, -1, :]  # only the last step answers
        return self.fc(out)
"""
    )


def test_what_is_no_recurrent_module_is_refused() -> None:
    with pytest.raises(ValueError, match="window=2"):
        torch_code(Architecture("lstm", window=2), Ends(3, 2))
    with pytest.raises(ValueError, match="perceptron"):
        torch_code(Architecture("perceptron"), Ends(3, 2))
