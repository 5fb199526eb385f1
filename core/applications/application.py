"""What recurrent networks are used for: one application is its data, network, loss and score."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple, Self

from torch import Tensor, nn

from core.networks.architecture import RECURRENT, Architecture
from core.networks.random_numbers import RandomNumbers
from core.recording import Trace

Shape = Literal["one-to-one", "one-to-many", "many-to-one", "in-step", "out-of-step"]
SHAPES: tuple[Shape, ...] = (
    "one-to-one",
    "one-to-many",
    "many-to-one",
    "in-step",
    "out-of-step",
)
Part = Literal["validation", "test"]
LossAt = Literal["last", "every"]


class Loss(NamedTuple):
    """One batch: the mean loss, the state that the next batch goes on from (or None), and how
    many steps of time were read, padding not counted."""

    mean: Tensor
    carried: Any = None
    steps: int = 0


class Measured(NamedTuple):
    """On data that training never sees: the mean loss, and the score in the application's
    own metric."""

    loss: float
    score: float


class Baseline(NamedTuple):
    """What can be reached without a network: how (a key of the texts), and its test score."""

    name: str
    score: float


@dataclass(frozen=True)
class Draws:
    """What decides the batches of a run: its seed, sequences side by side, and for streams the
    length between two updates."""

    seed: int = 0
    batch: int = 32
    unroll: int = 64


class Application(ABC):
    """One use of sequences. Objects are cheap: data are made or read when first needed.

    name: as in the registry and in addresses. shape: which of the five it is.
    metric: accuracy, f1, exact, error-rate, rmse, bits, ...; ``higher_is_better`` says which
        way is up. cells: what ``network`` accepts, in the order to offer. padded: whether the
        sequences of a batch differ in length.
    """

    name: ClassVar[str]
    shape: ClassVar[Shape]
    metric: ClassVar[str] = "accuracy"
    higher_is_better: ClassVar[bool] = True
    cells: ClassVar[tuple[str, ...]] = RECURRENT
    padded: ClassVar[bool] = False

    # What learning needs

    @property
    @abstractmethod
    def fingerprint(self) -> str:
        """A digest of the data: a run is resumed on the same data only."""

    @abstractmethod
    def batch(self, step: int, draws: Draws) -> Any:
        """Batch number ``step`` (from 0); the same for the same arguments, in any order."""

    @abstractmethod
    def loss(self, model: nn.Module, batch: Any, carried: Any = None) -> Loss:
        """The loss of ``model`` on one batch, in whatever mode the model is in.

        ``carried`` is what the batch before returned, detached.
        """

    @abstractmethod
    def measure(self, model: nn.Module, part: Part = "validation") -> Measured:
        """Loss and score on held-out data, in eval mode and without gradients; the model is
        left in the mode it was in. The validation part is small enough for a second or two."""

    @property
    @abstractmethod
    def baseline(self) -> Baseline:
        """The simple rule that a network has to beat, scored on the test part."""

    # The network

    @abstractmethod
    def network(self, architecture: Architecture) -> nn.Module:
        """A network with fresh weights, drawn from torch's generator.

        Raises ValueError for an architecture that makes no sense here.
        """

    # In use; nothing here needs the data

    @abstractmethod
    def describe(self) -> dict[str, Any]:
        """Plain JSON from which ``restore`` makes an application that can use a trained model
        (vocabularies, tags, scales), and learn too where the data are the project's own."""

    @classmethod
    @abstractmethod
    def restore(cls, description: Mapping[str, Any]) -> Self:
        """The inverse of ``describe``.

        The description may come from a stranger's file: ValueError for anything unexpected.
        """

    @property
    @abstractmethod
    def examples(self) -> tuple[str, ...]:
        """Inputs worth giving, each as a person would write it in one field of text."""

    @abstractmethod
    def answer(self, model: nn.Module, text: str) -> Any:
        """What ``model`` says to ``text``, in plain Python values.

        Raises ValueError for a text that cannot be an input, saying what was expected.
        """

    @abstractmethod
    def read(
        self, model: nn.Module, text: str, *, loss_at: LossAt | None = "last", parts: bool = True
    ) -> dict[str, Trace]:
        """Recordings of every recurrent module of ``model`` while it works on ``text``.

        The steps of each trace are labelled with tokens. Where there is a class to predict at
        each step the trace also holds ``prediction`` (time, batch, class), as ``read_text``
        gives, and its settings say ``predicts``: "next" where step t predicts token t + 1,
        "here" where it labels step t itself. An empty dict where nothing is recurrent.
        """


def new_network(application: Application, architecture: Architecture, seed: int) -> nn.Module:
    """A network with fresh weights drawn from ``seed``; torch's own generator is left alone."""
    with RandomNumbers(seed):
        return application.network(architecture)
