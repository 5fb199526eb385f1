"""A text as an application: after every character, or every word, predict the next one."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

import torch
from torch import Tensor, nn

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
from core.networks.reader import Ends, Reader
from core.recording import Trace
from core.recording.reading import read_next
from core.tasks.corpora import CORPORA
from core.tasks.counting import bigram_bits, mixed_bigram_bits
from core.tasks.likelihood import cross_entropy, mean_loss
from core.tasks.task import Batch, Task
from core.tasks.text import TextTask
from core.tasks.words import LANGUAGES, Language, guess_language, split_words, words_task

GUESSES = 5
MOST_TOKENS = 20_000  # of a description, before anything of its size is built
EXAMPLE = 40  # characters of a reader's own text that are offered as an example


class NextToken(Application):
    """What reading by characters and reading by words have in common.

    corpus: one of ``CORPORA``, or "" for a text of one's own.
    text: that text; None where it is not at hand, as after ``restore``, which is enough to use
        a network but not to train one.
    vocabulary: of a network that has been trained; else that of the text.

    The text is cut into streams, one for each sequence of a batch. State goes from batch to
    batch, gradients do not. What the task holds out is halved: the first part validates, the
    second tests. The word *namaskar* holds nothing out, so there both are the word itself.

    Raises ValueError for an unknown corpus, or a corpus and a text at the same time.
    """

    shape: ClassVar = "in-step"
    metric = "bits"
    higher_is_better = False
    cells = RECURRENT

    def __init__(
        self,
        corpus: str = "",
        *,
        text: str | None = None,
        title: str = "text",
        language: Language | None = None,
        vocabulary: Vocabulary | None = None,
        examples: tuple[str, ...] = (),
    ) -> None:
        known = self.corpora()
        if corpus and corpus not in known:
            raise ValueError(f"No corpus is called {corpus!r}; choose one of {', '.join(known)}.")
        if corpus and text is not None:
            raise ValueError("Both a corpus and a text came; give one of the two.")
        if not corpus and text is None and vocabulary is None:
            raise ValueError(f"There is nothing to read; name one of {', '.join(known)}, or text=.")
        if language not in (None, *LANGUAGES):
            raise ValueError(f"language is {language!r}; expected one of {', '.join(LANGUAGES)}.")
        self.corpus, self.text, self.title = corpus, text, title
        self._language, self._vocabulary, self._examples = language, vocabulary, examples

    @classmethod
    @abstractmethod
    def corpora(cls) -> tuple[str, ...]:
        """The corpora that can be read in this way."""

    @abstractmethod
    def split(self, text: str) -> list[str]:
        """``text`` as tokens which, put together again, give it back."""

    @abstractmethod
    def _make_task(self) -> Task:
        """The data, from the corpus or from the text."""

    # What learning needs

    @cached_property
    def task(self) -> Task:
        """The text as ids.

        Raises ValueError where the text is not at hand or does not have the vocabulary that
        the network was trained on.
        """
        if not self.corpus and self.text is None:
            raise ValueError(
                f"The text {self.title!r} is not kept with its network; give it again as text=..."
            )
        task = self._make_task()
        if self._vocabulary is not None and task.vocabulary != self._vocabulary:
            raise ValueError(
                f"{self.title!r} has other tokens than the network was trained on "
                f"({len(task.vocabulary)} and {len(self._vocabulary)}); start a new run."
            )
        return task

    @property
    def fingerprint(self) -> str:
        return self.task.fingerprint

    def batch(self, step: int, draws: Draws) -> Batch:
        return self.task.batch(step, draws.batch, draws.unroll)

    def loss(self, model: nn.Module, batch: Batch, carried: Any = None) -> Loss:
        """Mean cross-entropy in nats per token."""
        device = next(model.parameters()).device
        inputs, targets = batch.inputs.to(device), batch.targets.to(device)
        logits, state = model(inputs, state=carried if batch.continues else None)
        return Loss(cross_entropy(logits, targets), state, inputs.numel())

    def measure(self, model: nn.Module, part: Part = "validation") -> Measured:
        """Loss in nats and score in bits per token; see the class for what is held out.

        Raises ValueError for a text that holds too little out.
        """
        nats = mean_loss(model, self._held_out(part), len(self.vocabulary))
        if nats is None:
            raise ValueError(f"{self.title!r} holds out too little to score; give a longer text.")
        return Measured(nats, nats / math.log(2))

    @cached_property
    def baseline(self) -> Baseline:
        """Counted pairs of tokens, falling back on single ones where pairs are rare."""
        ids, classes = self._held_out("test"), len(self.vocabulary)
        if len(self.task.validation) < 2:  # nothing is held out: the exact shares
            return Baseline("bigram", bigram_bits(self.task.train, ids, classes, start=0))
        return Baseline("bigram", mixed_bigram_bits(self.task.train, ids, classes))

    def _held_out(self, part: Part) -> Tensor:
        held_out = self.task.validation
        if len(held_out) < 2:
            return self.task.train
        half = len(held_out) // 2
        return held_out[:half] if part == "validation" else held_out[half:]

    # The network

    def network(self, architecture: Architecture) -> Reader:
        """A network that reads forward and tells apart as many classes as there are tokens.

        Raises ValueError for one that would see what it has to predict.
        """
        if not architecture.recurrent:
            raise ValueError(
                f"cell is {architecture.cell!r}; a text is read by one of {', '.join(RECURRENT)}."
            )
        if architecture.bidirectional or architecture.window:
            raise ValueError(
                "A network that reads backwards or a window sees the token that it should "
                "predict; choose bidirectional=False and window=0."
            )
        size = len(self.vocabulary)
        return Reader(architecture, Ends(size, size))

    # In use

    @property
    def vocabulary(self) -> Vocabulary:
        """The tokens that are read and predicted."""
        return self._vocabulary if self._vocabulary is not None else self.task.vocabulary

    @property
    def language(self) -> Language:
        """Of the text: given, that of the corpus, or guessed."""
        if self._language is None:
            known = CORPORA.get(self.corpus)
            self._language = known.language if known else guess_language(self.text or "")
        return self._language

    @property
    def examples(self) -> tuple[str, ...]:
        if self._examples:
            return self._examples
        if self.corpus:
            return CORPORA[self.corpus].prompts
        lines = (line.strip() for line in (self.text or "").splitlines())
        return (next(filter(None, lines), self.vocabulary.tokens[0])[:EXAMPLE],)

    def describe(self) -> dict[str, Any]:
        return {
            "corpus": self.corpus,
            "title": self.title,
            "language": self.language,
            "tokens": list(self.vocabulary.tokens),
            "examples": list(self.examples),
        }

    @classmethod
    def restore(cls, description: Mapping[str, Any]) -> Self:
        expected = {"corpus": str, "title": str, "language": str, "tokens": list, "examples": list}
        if set(description) != set(expected) or not all(
            isinstance(description[key], kind) for key, kind in expected.items()
        ):
            raise ValueError(f"A text is described by {', '.join(expected)}; got {description!r}.")
        tokens, examples = description["tokens"], description["examples"]
        if len(tokens) > MOST_TOKENS:
            raise ValueError(f"There are {len(tokens):,} tokens; expected {MOST_TOKENS:,} at most.")
        if not all(isinstance(entry, str) and entry for entry in (*tokens, *examples)):
            raise ValueError("The tokens and examples of a text are strings that are not empty.")
        return cls(
            description["corpus"],
            title=description["title"],
            language=description["language"],
            vocabulary=Vocabulary(tuple(tokens)),
            examples=tuple(examples),
        )

    def encode(self, text: str) -> Tensor:
        """The ids of the tokens of ``text``, shape (time, 1); ValueError for an empty text."""
        if not text:
            raise ValueError("The text is empty; a network needs at least one token to read.")
        return torch.tensor(self.vocabulary.encode(self.split(text))).unsqueeze(1)

    @torch.no_grad()
    def answer(self, model: nn.Module, text: str) -> list[tuple[str, float]]:
        """The likeliest next tokens after ``text``, each with its probability."""
        device = next(model.parameters()).device
        logits, _ = model.eval()(self.encode(text).to(device))
        probability = torch.softmax(logits[-1, 0], dim=-1)
        found = probability.topk(min(GUESSES, len(probability)))
        words = self.vocabulary.decode(found.indices.tolist())
        return list(zip(words, found.values.tolist()))

    def read(
        self, model: nn.Module, text: str, *, loss_at: LossAt | None = "last", parts: bool = True
    ) -> dict[str, Trace]:
        device = next(model.parameters()).device
        trace = read_next(
            model,
            self.encode(text).to(device),
            self.split(text),
            self.vocabulary,
            loss_at=loss_at,
            parts=parts,
            settings={"model": f"{self.name} {self.corpus or self.title}"},
        )
        return {"rnn": trace}


class NextCharacter(NextToken):
    """Read a text character by character and predict the next one; bits per character."""

    name = "next-character"

    @classmethod
    def corpora(cls) -> tuple[str, ...]:
        return tuple(CORPORA)

    def split(self, text: str) -> list[str]:
        return list(text)

    def _make_task(self) -> Task:
        if self.corpus:
            return CORPORA[self.corpus].characters()
        return TextTask.of(self.text or "", name=self.title)


class NextWord(NextToken):
    """Read a text word by word and predict the next one; bits per word."""

    name = "next-word"

    @classmethod
    def corpora(cls) -> tuple[str, ...]:
        return tuple(name for name, corpus in CORPORA.items() if corpus.words)

    def split(self, text: str) -> list[str]:
        return split_words(text, self.language)

    def _make_task(self) -> Task:
        known = CORPORA.get(self.corpus)
        if known is not None and known.words is not None:
            return known.words()
        return words_task(self.text or "", self.language, name=self.title)
