"""How a sequence of a task of memory is written in one field of text, and read back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor

from core.tasks.memory import MemoryTask, brackets, copying, parity, recall
from core.tasks.memory.task import one_hot

LONGEST = 1000  # steps that are read at most


class Written(NamedTuple):
    """inputs (time, 1, features), the right answers (answers, 1), and a name for each step."""

    inputs: Tensor
    targets: Tensor
    tokens: tuple[str, ...]


class Form(ABC):
    """classes: how each answer is written; none where it is a number."""

    classes: str = ""

    @abstractmethod
    def parse(self, text: str, task: MemoryTask) -> Written:
        """What ``text`` means; a ValueError that says what was expected otherwise."""

    @abstractmethod
    def write(self, inputs: Tensor) -> str:
        """The text for ``inputs`` (time, features)."""


class AddingForm(Form):
    """Numbers from 0 to 1, two of them with a star: ``0.31 0.70* 0.12 0.94*``."""

    def parse(self, text: str, task: MemoryTask) -> Written:
        words = text.replace(",", " ").split()
        if not 2 <= len(words) <= LONGEST or sum(word.endswith("*") for word in words) != 2:
            raise ValueError(
                f"Expected 2 to {LONGEST} numbers, two of them with a star behind, such as "
                f"'0.3* 0.5 0.9*'; got {text[:60]!r}."
            )
        try:
            numbers = torch.tensor([float(word.rstrip("*")) for word in words])
        except ValueError as error:
            raise ValueError(f"Expected numbers such as 0.3 and 0.9*; {error}.") from error
        if not ((numbers >= 0) & (numbers <= 1)).all():
            raise ValueError(f"Expected numbers from 0 to 1; got {text[:60]!r}.")
        marks = torch.tensor([float(word.endswith("*")) for word in words])
        inputs = torch.stack((numbers, marks), -1).unsqueeze(1)
        return Written(inputs, (numbers * marks).sum().view(1, 1), tuple(words))

    def write(self, inputs: Tensor) -> str:
        return " ".join(f"{number:.2f}{'*' * int(mark)}" for number, mark in inputs.tolist())


class CopyingForm(Form):
    """The symbols alone: ``bca``."""

    classes = "abcd"

    def parse(self, text: str, task: MemoryTask) -> Written:
        symbols = _numbers(text, self.classes, copying.LENGTH)
        ids = torch.full((task.steps,), copying.BLANK)
        ids[: copying.LENGTH] = torch.tensor(symbols)
        ids[task.delay] = copying.CUE
        return _written(ids, symbols, task, self.classes + "·?")

    def write(self, inputs: Tensor) -> str:
        return _text(inputs[: copying.LENGTH], self.classes)


class ParityForm(Form):
    """The bits alone: ``101``. The answer 1 means that the number of ones is odd."""

    classes = "01"

    def parse(self, text: str, task: MemoryTask) -> Written:
        bits = _numbers(text, self.classes, parity.BITS)
        ids = torch.full((task.steps,), parity.BLANK)
        ids[: parity.BITS] = torch.tensor(bits)
        ids[-1] = parity.CUE
        return _written(ids, [sum(bits) % 2], task, self.classes + "·?")

    def write(self, inputs: Tensor) -> str:
        return _text(inputs[: parity.BITS], self.classes)


class RecallForm(Form):
    """Symbols, one of the first five with a star behind: ``ab*cdbca``. The cue is added."""

    classes = "abcd"

    def parse(self, text: str, task: MemoryTask) -> Written:
        plain = "".join(text.split()).rstrip("?")
        place = plain.find("*") - 1
        if plain.count("*") != 1 or not 0 <= place < recall.LEAD:
            raise ValueError(
                f"Expected one star, behind one of the first {recall.LEAD} symbols, such as "
                f"'ab*cdbca'; got {text[:60]!r}."
            )
        symbols = _numbers(plain.replace("*", ""), self.classes, None)
        ids = torch.tensor([*symbols, recall.CUE])
        written = _written(ids, [symbols[place]], task, self.classes + "?")
        written.inputs[place, 0, recall.MARK] = 1.0
        tokens = list(written.tokens)
        tokens[place] += "*"
        return written._replace(tokens=tuple(tokens))

    def write(self, inputs: Tensor) -> str:
        symbols = _text(inputs[:-1, : recall.SYMBOLS], self.classes)
        place = int(inputs[:, recall.MARK].argmax())
        return f"{symbols[: place + 1]}*{symbols[place + 1 :]}"


class BracketsForm(Form):
    """Brackets with exactly one still open at the end: ``([]{}``; x is a letter between."""

    classes = ")]}"

    def parse(self, text: str, task: MemoryTask) -> Written:
        symbols = _numbers("".join(text.split()).rstrip("?"), "([{)]}x", None)
        awaited = brackets.still_open(torch.tensor(symbols))
        if len(awaited) != 1:
            raise ValueError(
                f"Expected brackets of which one stays open, such as '([]'; in {text[:60]!r} "
                f"{len(awaited)} do."
            )
        ids = torch.tensor([*symbols, brackets.CUE])
        return _written(ids, awaited, task, "([{)]}x?")

    def write(self, inputs: Tensor) -> str:
        return _text(inputs[:-1], "([{)]}x")


FORMS: dict[str, Form] = {
    "adding": AddingForm(),
    "copying": CopyingForm(),
    "parity": ParityForm(),
    "recall": RecallForm(),
    "brackets": BracketsForm(),
}


def _numbers(text: str, alphabet: str, count: int | None) -> list[int]:
    """The place of every character in ``alphabet``."""
    plain = "".join(text.split()).rstrip("?")
    if not plain or set(plain) - set(alphabet) or len(plain) not in (count or len(plain),):
        many = f"{count}" if count else f"1 to {LONGEST}"
        raise ValueError(f"Expected {many} of the characters {alphabet}; got {text[:60]!r}.")
    if len(plain) > LONGEST:
        raise ValueError(f"The text has {len(plain):,} symbols; expected at most {LONGEST}.")
    return [alphabet.index(character) for character in plain]


def _text(inputs: Tensor, alphabet: str) -> str:
    return "".join(alphabet[number] for number in inputs.argmax(-1).tolist())


def _written(ids: Tensor, answers: list[int], task: MemoryTask, alphabet: str) -> Written:
    return Written(
        one_hot(ids.unsqueeze(1), task.features),
        torch.tensor(answers).unsqueeze(1),
        tuple(alphabet[number] for number in ids.tolist()),
    )
