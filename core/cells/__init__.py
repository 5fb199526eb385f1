"""One step of each recurrent cell, written like its equation; one file a cell."""

from collections.abc import Callable
from functools import partial

from core.cells.elman import ElmanCell
from core.cells.gru import GRUCell
from core.cells.higher_order import HigherOrderCell
from core.cells.jordan import JordanCell
from core.cells.lstm import LSTMCell
from core.cells.lstm_variants import LSTM_VARIANTS
from core.cells.mgu import MinimalGatedUnit
from core.cells.output_feedback import OutputFeedbackCell
from core.cells.step import Cell, State, Step

__all__ = [
    "CELLS",
    "LSTM_VARIANTS",
    "OWN_ANSWER",
    "Cell",
    "ElmanCell",
    "GRUCell",
    "HigherOrderCell",
    "JordanCell",
    "LSTMCell",
    "MinimalGatedUnit",
    "OutputFeedbackCell",
    "State",
    "Step",
    "make_cell",
]

# Every kind of cell there is, and what makes one: (input_size, hidden_size, **options) -> Cell.
CELLS: dict[str, Callable[..., Cell]] = {
    "elman": ElmanCell,
    "jordan": JordanCell,
    "output-feedback": OutputFeedbackCell,
    "lstm": LSTMCell,
    "gru": GRUCell,  # torch's
    "gru-original": partial(GRUCell, reset_after=False),
    "mgu": MinimalGatedUnit,
    "higher-order": HigherOrderCell,
} | {variant.kind: variant for variant in LSTM_VARIANTS}
# What these give is itself the answer of the network: no read-out is put on top of them.
OWN_ANSWER = ("jordan", "output-feedback")


def make_cell(kind: str, input_size: int, hidden_size: int, **options) -> Cell:
    """The cell called ``kind``, one of ``CELLS``.

    Raises ValueError for an unknown kind.
    """
    if kind not in CELLS:
        raise ValueError(f"Cell {kind!r} is not known; choose one of {', '.join(CELLS)}.")
    return CELLS[kind](input_size, hidden_size, **options)
