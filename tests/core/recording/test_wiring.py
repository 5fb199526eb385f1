"""What a recording keeps of what its cell declared, and what is made of a file that lies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch import nn

from core import Trace, record
from core.cells import CELLS, Cell, Step, make_cell
from core.networks import Recurrent
from core.recording.wiring import declared_by, wiring_of

EMPTY = ({}, [])


@pytest.mark.parametrize("kind", CELLS)
def test_every_recording_keeps_what_its_cell_declares(kind: str, tmp_path: Path) -> None:
    (trace,) = record(Recurrent(kind, 3, 3), torch.randn(4, 1, 3)).values()
    assert wiring_of(trace) == declared_by(make_cell(kind, 3, 3))
    trace.save(tmp_path / "one.safetensors")
    assert wiring_of(Trace.load(tmp_path / "one.safetensors")) == wiring_of(trace)


@pytest.mark.parametrize(
    ("module", "kind"), [(nn.RNN, "elman"), (nn.LSTM, "lstm"), (nn.GRU, "gru")]
)
def test_torch_modules_are_wired_like_ours(module: type[nn.Module], kind: str) -> None:
    (trace,) = record(module(3, 4), torch.randn(4, 1, 3)).values()
    assert wiring_of(trace) == declared_by(make_cell(kind, 3, 4))


class Echo(Cell):
    """A cell of somebody else, which declares nothing."""

    kind = "echo"

    def __init__(self) -> None:
        super().__init__(3, 3)
        self._add_weights(1, 3, True)

    def forward(self, x, state) -> Step:
        h = torch.tanh(x + state[0])
        return Step(h, (h,), {"hidden": h, "output": h})


def test_a_cell_that_declares_nothing_is_recorded_all_the_same() -> None:
    cell = Echo()
    inputs = (torch.randn(1, 3), cell.initial_state(1))
    (trace,) = record(cell, inputs).values()
    assert wiring_of(trace) == EMPTY


@pytest.mark.parametrize(
    ("reads", "arrows"),
    [
        ("{}", "no json"),
        ("{}", "{}"),
        ("[]", "[]"),
        ("{}", json.dumps([["hidden", "hidden", 1]])),
        ("{}", json.dumps([["hidden", "hidden", -1, "U"]])),
        ("{}", json.dumps([["hidden", "hidden", 10**9, "U"]])),
        ("{}", json.dumps([["hidden", "hidden", "1", "U"]])),
        (json.dumps({"hidden": [["input", "W"]]}), "[]"),
        (3, 4),
    ],
)
def test_a_declaration_that_makes_no_sense_is_none(reads: object, arrows: object) -> None:
    (trace,) = record(nn.RNN(3, 4), torch.randn(4, 1, 3)).values()
    data = trace.data.assign_attrs({"reads": reads, "arrows": arrows})
    assert wiring_of(Trace.of(data)) == EMPTY


def test_an_unknown_kind_from_before_declarations_is_none() -> None:
    (trace,) = record(nn.RNN(3, 4), torch.randn(4, 1, 3)).values()
    data = trace.data.copy()
    data.attrs = {"kind": "echo", "proof": 0.0}
    assert wiring_of(Trace.of(data)) == EMPTY
