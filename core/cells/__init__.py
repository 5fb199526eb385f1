"""One step of each recurrent cell, written like its equation; one file a cell."""

from core.cells.elman import ElmanCell
from core.cells.gru import GRUCell
from core.cells.jordan import JordanCell
from core.cells.lstm import LSTMCell
from core.cells.step import Cell, State, Step

__all__ = ["Cell", "ElmanCell", "GRUCell", "JordanCell", "LSTMCell", "State", "Step", "make_cell"]


def make_cell(kind: str, input_size: int, hidden_size: int, **options) -> Cell:
    """The cell called ``kind``: elman, jordan, lstm, gru (torch's) or gru-original.

    Raises ValueError for an unknown kind.
    """
    makers = {
        "elman": ElmanCell,
        "jordan": JordanCell,
        "lstm": LSTMCell,
        "gru": GRUCell,
        "gru-original": GRUCell,
    }
    if kind not in makers:
        raise ValueError(f"Cell {kind!r} is not known; choose one of {', '.join(makers)}.")
    if kind == "gru-original":
        options["reset_after"] = False
    return makers[kind](input_size, hidden_size, **options)
