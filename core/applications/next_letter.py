"""Letter to next letter: what is possible with the last letters alone, and with a memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.applications.application import (
    Application,
    Baseline,
    Draws,
    Loss,
    LossAt,
    Measured,
    Part,
)
from core.networks import Vocabulary
from core.networks.architecture import RECURRENT, Architecture
from core.networks.perceptron import Perceptron
from core.networks.reader import Ends, Reader
from core.recording import Trace, record
from core.recording.reading import following
from core.tasks.grammar import grammar_text
from core.tasks.hanyu import hanyu_text
from core.tasks.next_letter import causal_windows

WRITERS = {"en": grammar_text, "zh": hanyu_text}
CHARACTERS, HELD_OUT = 60_000, 6_000
LONGEST, MOST_TOKENS = 300, 5000
EXAMPLES = {
    "en": ("The cats see the lazy dog.", "The owl sings (3: la la la)."),
    "zh": ("小狗叫了三声：汪汪汪。", "妈妈说：「我喜欢一朵白色的花。」"),
}


class Letters(NamedTuple):
    """ids and targets, each (time, batch)."""

    ids: Tensor
    targets: Tensor


@dataclass(frozen=True)
class Foretold:
    """What is expected after every letter that is read.

    tokens: what was read. labels: the letters told apart. probabilities: (step, letter).
    unknown: places of letters never seen.
    """

    tokens: tuple[str, ...]
    labels: tuple[str, ...]
    probabilities: np.ndarray
    unknown: tuple[int, ...]


class NextLetter(Application):
    """The next letter of the project's small English ("en") or Chinese ("zh").

    A perceptron sees the last ``window + 1`` letters, a recurrent network one letter a step
    (``window`` 0). Pieces of text start without a memory.
    """

    name = "next-letter"
    shape = "one-to-one"
    metric = "accuracy"
    cells = ("perceptron", *RECURRENT)

    def __init__(self, language: str = "en", tokens: Sequence[str] | None = None) -> None:
        if language not in WRITERS:
            raise ValueError(f"language is {language!r}; choose one of {', '.join(WRITERS)}.")
        self.language = language
        known = set(text_of(language)["train"]) if tokens is None else tokens
        self.vocabulary = Vocabulary.of(known) if tokens is None else Vocabulary(tuple(known))

    # What learning needs

    @property
    def fingerprint(self) -> str:
        """A digest of vocabulary and text."""
        digest = hashlib.sha256("\0".join(self.vocabulary.tokens).encode())
        for text in text_of(self.language).values():
            digest.update(text.encode())
        return digest.hexdigest()[:16]

    def batch(self, step: int, draws: Draws) -> Letters:
        """Pieces of the text, ``unroll`` steps each, from places drawn for this step alone."""
        ids = self._ids("train")
        generator = torch.Generator().manual_seed((draws.seed * 1_000_003 + step) % 2**63)
        starts = torch.randint(len(ids) - draws.unroll, (draws.batch,), generator=generator)
        places = starts + torch.arange(draws.unroll + 1).unsqueeze(1)
        return Letters(ids[places[:-1]], ids[places[1:]])

    def loss(self, model: nn.Module, batch: Letters, carried: Any = None) -> Loss:
        """Cross-entropy of the next letter in nats; nothing is carried."""
        logits = self.logits(model, batch.ids)
        targets = batch.targets.to(logits.device)
        mean = functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        return Loss(mean, None, batch.ids.numel())

    @torch.no_grad()
    def measure(self, model: nn.Module, part: Part = "validation") -> Measured:
        """Cross-entropy in nats, and the share of next letters that are guessed."""
        training = model.training
        model.eval()
        ids = self._ids(part)
        logits = self.logits(model, ids[:-1].unsqueeze(1)).cpu()[:, 0]
        model.train(training)
        right = (logits.argmax(-1) == ids[1:]).float().mean().item()
        return Measured(functional.cross_entropy(logits, ids[1:]).item(), right)

    @property
    def baseline(self) -> Baseline:
        """The letter that is the most frequent one in training, every time."""
        ids = self._ids("train")
        commonest = torch.bincount(ids).argmax()
        return Baseline("most-frequent", float((self._ids("test")[1:] == commonest).float().mean()))

    def pairs_score(self) -> float:
        """The most frequent successor of every letter: what one letter can tell at best."""
        size = len(self.vocabulary)
        train, test = self._ids("train"), self._ids("test")
        counts = torch.zeros(size, size)
        counts.index_put_((train[:-1], train[1:]), torch.ones(len(train) - 1), accumulate=True)
        return float((counts.argmax(1)[test[:-1]] == test[1:]).float().mean())

    # The network

    def network(self, architecture: Architecture) -> nn.Module:
        """A perceptron over the last ``window + 1`` letters, or a recurrent network.

        Raises ValueError for a recurrent network that would see the letter it predicts.
        """
        size = len(self.vocabulary)
        if architecture.cell == "perceptron":
            ends = Ends(size * (architecture.window + 1), size, tokens=False)
            return Perceptron(replace(architecture, window=0), ends)
        if architecture.cell not in RECURRENT or architecture.window or architecture.bidirectional:
            raise ValueError(
                f"{self.name} was given {architecture.cell!r}, window={architecture.window}, "
                f"bidirectional={architecture.bidirectional}. It predicts the next letter, so "
                "nothing may look ahead: choose a perceptron, or a recurrent cell with window=0 "
                "and bidirectional=False."
            )
        return Reader(architecture, Ends(size, size))

    def logits(self, model: nn.Module, ids: Tensor) -> Tensor:
        """What ``model`` expects after every letter of ``ids`` (time, batch)."""
        size, device = len(self.vocabulary), next(model.parameters()).device
        inputs = ids
        if isinstance(model, Perceptron):
            inputs = causal_windows(ids, model.ends.inputs // size, size)
        return model(inputs.to(device))[0]

    # In use

    def describe(self) -> dict[str, Any]:
        """The language and the letters."""
        return {"language": self.language, "tokens": list(self.vocabulary.tokens)}

    @classmethod
    def restore(cls, description: Mapping[str, Any]) -> Self:
        """From what ``describe`` gave; ValueError for anything else."""
        language, tokens = description.get("language"), description.get("tokens")
        if set(description) != {"language", "tokens"} or language not in WRITERS:
            raise ValueError(
                f"found {sorted(map(str, description))} for the language {language!r}; expected "
                f"language ({' or '.join(WRITERS)}) and tokens."
            )
        if (
            not isinstance(tokens, list)
            or not 2 <= len(tokens) <= MOST_TOKENS
            or not all(isinstance(token, str) and len(token) == 1 for token in tokens)
            or len(set(tokens)) != len(tokens)
        ):
            raise ValueError(f"tokens must be 2 to {MOST_TOKENS} different characters.")
        return cls(language, tokens)

    @property
    def examples(self) -> tuple[str, ...]:
        """Beginnings of sentences."""
        return EXAMPLES[self.language]

    @torch.no_grad()
    def answer(self, model: nn.Module, text: str) -> Foretold:
        """What is expected after every letter of ``text``."""
        ids = self.encode(text)
        training = model.training
        model.eval()
        shares = torch.softmax(self.logits(model, ids)[:, 0], dim=-1).cpu().numpy()
        model.train(training)
        unknown = np.flatnonzero(ids[:, 0].numpy() == len(self.vocabulary))
        return Foretold(tuple(text), self.vocabulary.tokens, shares, tuple(map(int, unknown)))

    def read(
        self, model: nn.Module, text: str, *, loss_at: LossAt | None = "last", parts: bool = True
    ) -> dict[str, Trace]:
        """The recording of ``text`` with the letters expected next; empty for a perceptron."""
        ids = self.encode(text)
        if not isinstance(model, Reader):
            return {}
        kept: list[Tensor] = []

        def loss(output: tuple[Tensor, Any]) -> Tensor:
            logits, targets = output[0], following(ids, output[0])
            kept.append(logits.detach())
            if loss_at == "last":
                return functional.cross_entropy(logits[-1], targets[-1])
            return functional.cross_entropy(
                logits.flatten(0, 1), targets.flatten(), ignore_index=len(self.vocabulary)
            )

        (trace,) = record(
            model,
            ids,
            loss=loss if loss_at else None,
            parts=parts,
            tokens=list(text),
            settings={"model": self.name, "predicts": "next", "loss_at": loss_at or "none"},
        ).values()
        if not kept:
            with torch.no_grad():
                kept.append(model(ids)[0])
        shares = torch.softmax(kept[0], dim=-1).cpu().numpy()
        data = trace.data.assign(prediction=(("time", "batch", "class"), shares))
        tokens = list(self.vocabulary.tokens)
        return {"rnn": Trace.of(data.assign_coords({"class": tokens}))}

    def encode(self, text: str) -> Tensor:
        """Ids (time, 1). Raises ValueError for an empty or an overlong text."""
        if not 1 <= len(text) <= LONGEST:
            raise ValueError(f"The text has {len(text)} letters; expected 1 to {LONGEST}.")
        return torch.tensor(self.vocabulary.encode(text)).unsqueeze(1)

    def _ids(self, part: str) -> Tensor:
        return self._encoded[part]

    @cached_property
    def _encoded(self) -> dict[str, Tensor]:
        """The ids of every part."""
        encode = self.vocabulary.encode
        return {part: torch.tensor(encode(text)) for part, text in text_of(self.language).items()}


@lru_cache(maxsize=len(WRITERS))
def text_of(language: str) -> dict[str, str]:
    """Text in three parts; no line of one is in another."""
    write = WRITERS[language]
    lines = dict.fromkeys(write(CHARACTERS, seed=0).splitlines())
    found = {"train": "\n".join(lines)}
    for seed, part in enumerate(("validation", "test"), start=1):
        fresh = [line for line in write(HELD_OUT, seed=seed).splitlines() if line not in lines]
        lines |= dict.fromkeys(fresh)
        found[part] = "\n".join(fresh)
    return found
