"""What a person chooses of a network; the application decides what goes in and out."""

from __future__ import annotations

from dataclasses import dataclass

from core.cells import LSTM_VARIANTS

RECURRENT = (
    "elman",
    "jordan",
    "lstm",
    "gru",
    "gru-original",
    "mgu",
    "higher-order",
    *(variant.kind for variant in LSTM_VARIANTS),
)
FEED_FORWARD = ("convolution", "perceptron")
NONLINEARITIES = ("tanh", "relu")
LARGEST, MOST_LAYERS = 4096, 16  # before anything of the size that somebody asks for is built


@dataclass(frozen=True)
class Architecture:
    """The network of an application, apart from the sizes that its data fix.

    cell: one of ``RECURRENT``, or of ``FEED_FORWARD`` where the application compares with it.
    embedding_size: width of the learned vectors of tokens, 0 for one-hot; unused where numbers
        are read.
    dropout: on embeddings and on what is read out of the last layer, and between layers.
    window: neighbours on either side that are read together with each input; for a convolution
        its width is 2 window + 1.
    attention: whether a decoder looks back at every state of its encoder.
    nonlinearity: of an Elman cell, by torch's name for it: "tanh" or "relu".

    Raises ValueError for a value out of its range.
    """

    cell: str = "lstm"
    hidden_size: int = 64
    num_layers: int = 1
    bidirectional: bool = False
    embedding_size: int = 32
    dropout: float = 0.0
    window: int = 0
    attention: bool = False
    nonlinearity: str = "tanh"

    def __post_init__(self) -> None:
        if self.cell not in (*RECURRENT, *FEED_FORWARD):
            known = ", ".join((*RECURRENT, *FEED_FORWARD))
            raise ValueError(f"cell is {self.cell!r}; choose one of {known}.")
        _check("hidden_size", self.hidden_size, 1, LARGEST)
        _check("num_layers", self.num_layers, 1, MOST_LAYERS)
        _check("embedding_size", self.embedding_size, 0, LARGEST)
        _check("window", self.window, 0, 16)
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout is {self.dropout}; expected a probability in [0, 1).")
        if self.nonlinearity not in NONLINEARITIES:
            known = ", ".join(NONLINEARITIES)
            raise ValueError(f"nonlinearity is {self.nonlinearity!r}; choose one of {known}.")
        if self.nonlinearity != "tanh" and self.cell != "elman":
            raise ValueError(
                f"nonlinearity is {self.nonlinearity!r} and cell {self.cell!r}; only an Elman cell "
                'has that choice. Leave nonlinearity at "tanh", or choose cell="elman".'
            )
        if self.cell == "jordan" and (self.num_layers > 1 or self.bidirectional):
            raise ValueError(
                "A Jordan network has one layer and one direction: it feeds back its prediction, "
                "and only the last layer predicts. Choose num_layers=1, bidirectional=False."
            )

    @property
    def recurrent(self) -> bool:
        """Whether it carries a state from step to step."""
        return self.cell in RECURRENT


def _check(name: str, value: int, lowest: int, highest: int) -> None:
    if not lowest <= value <= highest:
        raise ValueError(f"{name} is {value}; expected {lowest} to {highest}.")
