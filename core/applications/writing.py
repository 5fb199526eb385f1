"""What every application that writes a sequence has in common: its loss, score and recording."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.applications.application import Application, Draws, Loss, LossAt, Measured, Part
from core.networks.decoding import write_freely, write_with_teacher
from core.networks.encoder_decoder import END, START, Writer, Written
from core.networks.vocabulary import Vocabulary
from core.recording import Trace, record
from core.tasks.task import IGNORED

START_SIGN, END_SIGN = "▶", "■"
MARKS = (START_SIGN, END_SIGN)  # in the places of START and END
LARGEST_VOCABULARY, LONGEST_TOKEN = 10_000, 40

Pair = tuple[str, str]  # an input as it is written, and what is to be answered


class Examples(NamedTuple):
    """A batch: inputs, the length of each (or None), and answers (time, batch) with ``END``,
    ``IGNORED`` after it. seed: for what is drawn while learning from it."""

    inputs: Tensor
    lengths: Tensor | None
    targets: Tensor
    seed: int = 0


class Writing(Application):
    """A network that writes its answer token by token.

    target: the tokens that can be written, ``MARKS`` first.
    teacher_forcing: while learning, the probability that a step is fed the true token before
        it and not the network's own; see ``core.networks.decoding``.

    Raises ValueError for a probability outside [0, 1] or a vocabulary without the marks.
    """

    metric = "exact"

    def __init__(self, target: Sequence[str], teacher_forcing: float = 1.0) -> None:
        if tuple(target[:2]) != MARKS:
            raise ValueError(f"The written tokens begin with {target[:2]}; expected {MARKS}.")
        if not 0 <= teacher_forcing <= 1:
            raise ValueError(f"teacher_forcing is {teacher_forcing}; expected 0 to 1.")
        self.target = Vocabulary(tuple(target))
        self.teacher_forcing = float(teacher_forcing)

    # What a subclass says of itself

    @abstractmethod
    def pairs(self, part: Part) -> Sequence[Pair]:
        """The held-out examples of that part."""

    @abstractmethod
    def drawn(self, step: int, draws: Draws) -> Sequence[Pair]:
        """The examples of batch ``step``."""

    @abstractmethod
    def take(self, texts: Sequence[str]) -> tuple[Tensor, Tensor | None]:
        """Written inputs as the network reads them, and the length of each where they have one.

        Raises ValueError for a text that cannot be an input.
        """

    @abstractmethod
    def source_tokens(self, text: str) -> list[str]:
        """The steps of the encoder; empty where there is none."""

    @abstractmethod
    def expected(self, text: str) -> str | None:
        """The right answer by rules alone; None where the rules know none."""

    # What learning needs

    @property
    def fingerprint(self) -> str:
        """A digest of the first batches, which the generator fixes."""
        some = [self.drawn(step, Draws(0, 64)) for step in range(2)]
        return hashlib.sha256(repr((self.name, self.target.tokens, some)).encode()).hexdigest()

    def batch(self, step: int, draws: Draws) -> Examples:
        """Batch number ``step``."""
        seed = (draws.seed * 1_000_003 + step) % 2**63
        return self.examples_of(self.drawn(step, draws))._replace(seed=seed)

    def examples_of(self, pairs: Sequence[Pair]) -> Examples:
        """Pairs as a batch."""
        inputs, lengths = self.take([text for text, _ in pairs])
        answers = [[*self.target.encode(answer), END] for _, answer in pairs]
        targets = torch.full((max(map(len, answers)), len(pairs)), IGNORED)
        for column, answer in enumerate(answers):
            targets[: len(answer), column] = torch.tensor(answer)
        return Examples(inputs, lengths, targets)

    def loss(self, model: nn.Module, batch: Examples, carried: Any = None) -> Loss:
        """Mean cross-entropy of the true token at every step, padding left out."""
        device = next(model.parameters()).device
        targets, writer = batch.targets.to(device), as_writer(model)
        start = writer.start(batch.inputs.to(device), batch.lengths)
        generator = torch.Generator().manual_seed(batch.seed)
        fed = write_with_teacher(writer, start, targets, self.teacher_forcing, generator)
        read = 0 if batch.lengths is None else int(batch.lengths.sum())
        written = int((batch.targets != IGNORED).sum())
        return Loss(cross_entropy(fed.written, targets), steps=read + written)

    def measure(self, model: nn.Module, part: Part = "validation") -> Measured:
        """The loss with the true tokens fed, and the share of answers that the network, running
        free, writes without a mistake."""
        examples, device = self._held_out[part], next(model.parameters()).device
        training = model.training
        model.eval()
        targets, writer = examples.targets.to(device), as_writer(model)
        with torch.no_grad():
            start = writer.start(examples.inputs.to(device), examples.lengths)
            written = write_with_teacher(writer, start, targets).written
            said = write_freely(writer, start, len(targets) + 2)
        model.train(training)
        return Measured(float(cross_entropy(written, targets)), float(exact(said, targets).mean()))

    @cached_property
    def _held_out(self) -> Mapping[Part, Examples]:
        return {part: self.examples_of(self.pairs(part)) for part in ("validation", "test")}

    # In use

    def describe(self) -> dict[str, Any]:
        """What is written, and how it was learned."""
        return {"target": list(self.target.tokens), "teacher_forcing": self.teacher_forcing}

    def answer(self, model: nn.Module, text: str) -> dict[str, Any]:
        """What is written: ``answer``, the ``probability`` of the whole, every token and its
        probability (``steps``, the end mark last), what rules ``expected``, and which tokens of
        the input are ``unknown``."""
        said, _, written = self.write(as_writer(model), text)
        chances = torch.softmax(written.logits[:, 0].double(), dim=-1)
        picked = chances.gather(1, said)[:, 0]
        tokens = self.target.decode(said[:, 0].tolist())
        return {
            "answer": "".join(token for token in tokens if token not in MARKS),
            "probability": float(picked.prod()),
            "steps": list(zip(tokens, picked.tolist(), strict=True)),
            "expected": self.expected(text),
            "unknown": self.unknown(text),
        }

    def unknown(self, text: str) -> list[str]:
        """Tokens of the input that the network does not know."""
        return []

    def write(self, model: Writer, text: str) -> tuple[Tensor, Tensor, Written]:
        """What the network writes by itself, in eval mode: ids (time, 1), what it was fed, and
        every step. The mode is kept."""
        inputs, lengths = self.take([text])
        training = model.training
        model.eval()
        with torch.no_grad():
            start = model.start(inputs, lengths)
            said = write_freely(model, start)
            fed = torch.cat((torch.full_like(said[:1], START), said[:-1]))
            written = model.write(fed, start)
        model.train(training)
        return said, fed, written

    def read(
        self, model: nn.Module, text: str, *, loss_at: LossAt | None = "last", parts: bool = True
    ) -> dict[str, Trace]:
        """Recordings of the encoder, where there is one, and of the decoder running free.

        The decoder's trace holds ``prediction`` and, with attention, ``attention`` (time, batch,
        source) with the tokens of the source as a coordinate. The loss is the surprise at the
        network's own answer, of its last token or averaged over all.
        """
        said, fed, written = self.write(as_writer(model), text)
        inputs, lengths = self.take([text])
        source = self.source_tokens(text)

        def loss(output: Written) -> Tensor:
            chosen = slice(-1, None) if loss_at == "last" else slice(None)
            return functional.cross_entropy(output.logits[chosen, 0], said[chosen, 0])

        tokens = {"decoder": self.target.decode(fed[:, 0].tolist())}
        traces = record(
            model,
            (inputs, fed, lengths),
            loss=loss if loss_at else None,
            parts=parts,
            tokens=tokens | ({"encoder": source} if source else {}),
            settings={"model": self.name, "loss_at": loss_at or "none"},
        )
        decoder = self._with_answers(traces["decoder"], written, source)
        return {**({"encoder": traces["encoder"]} if source else {}), "decoder": decoder}

    def _with_answers(self, trace: Trace, written: Written, source: list[str]) -> Trace:
        chances = torch.softmax(written.logits, dim=-1).numpy()
        data = trace.data.assign(prediction=(("time", "batch", "class"), chances))
        data = data.assign_coords({"class": list(self.target.tokens)})
        if written.attention is not None:
            weights = (("time", "batch", "source"), written.attention.numpy())
            data = data.assign(attention=weights).assign_coords(source=source)
        return Trace.of(data.assign_attrs(predicts="next"))


def as_writer(model: nn.Module) -> Writer:
    """``model``, which has to be one that writes; TypeError otherwise."""
    if not isinstance(model, Writer):
        raise TypeError(f"The network is a {type(model).__name__}; expected one that writes.")
    return model


def cross_entropy(written: Written, targets: Tensor) -> Tensor:
    """Mean over every step that is not padding."""
    logits = written.logits.flatten(0, 1)
    return functional.cross_entropy(logits, targets.flatten(), ignore_index=IGNORED)


def exact(said: Tensor, targets: Tensor) -> Tensor:
    """1 for each sequence (batch,) that is written without a mistake, else 0.

    said: ids (time, batch), ``END`` from its end on. targets: ``IGNORED`` after theirs.
    """
    steps = max(len(said), len(targets))
    full = [
        functional.pad(ids.masked_fill(ids == IGNORED, END), (0, 0, 0, steps - len(ids)), value=END)
        for ids in (said, targets)
    ]
    return (full[0] == full[1]).all(dim=0).float()


def tokens_of(description: Mapping[str, Any], name: str) -> list[str]:
    """A list of distinct short tokens of a stranger's description; ValueError otherwise."""
    found = description.get(name)
    if not isinstance(found, list) or not 1 <= len(found) <= LARGEST_VOCABULARY:
        raise ValueError(f"{name} is {type(found).__name__}; expected a list of tokens.")
    for token in found:
        if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN:
            raise ValueError(f"{name} holds {token!r:.60}; expected short strings.")
    return found


def ratio_of(description: Mapping[str, Any]) -> float:
    """The probability of teacher forcing in a stranger's description."""
    found = description.get("teacher_forcing")
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise ValueError(f"teacher_forcing is {found!r:.60}; expected a number from 0 to 1.")
    return float(found)
