"""One step of each recurrent cell, written like its equation; one file a cell."""

from core.cells.elman import ElmanCell
from core.cells.gru import GRUCell
from core.cells.higher_order import HigherOrderCell
from core.cells.jordan import JordanCell
from core.cells.lstm import LSTMCell
from core.cells.lstm_variants import LSTM_VARIANTS
from core.cells.mgu import MinimalGatedUnit
from core.cells.step import Cell, State, Step

__all__ = [
    "LSTM_VARIANTS",
    "Cell",
    "ElmanCell",
    "GRUCell",
    "HigherOrderCell",
    "JordanCell",
    "LSTMCell",
    "MinimalGatedUnit",
    "State",
    "Step",
    "make_cell",
]


def make_cell(kind: str, input_size: int, hidden_size: int, **options) -> Cell:
    """The cell called ``kind``: elman, jordan, lstm, gru (torch's), gru-original, or a variant.

    The variants are mgu, higher-order and every ``kind`` in ``LSTM_VARIANTS``.
    Raises ValueError for an unknown kind.
    """
    makers = {
        "elman": ElmanCell,
        "jordan": JordanCell,
        "lstm": LSTMCell,
        "gru": GRUCell,
        "gru-original": GRUCell,
        "mgu": MinimalGatedUnit,
        "higher-order": HigherOrderCell,
    } | {variant.kind: variant for variant in LSTM_VARIANTS}
    if kind not in makers:
        raise ValueError(f"Cell {kind!r} is not known; choose one of {', '.join(makers)}.")
    if kind == "gru-original":
        options["reset_after"] = False
    return makers[kind](input_size, hidden_size, **options)
