"""Praise, blame or neither: one answer at the end of a sentence of the project's own grammars."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from core.applications.application import (
    Application,
    Baseline,
    Draws,
    Loss,
    LossAt,
    Measured,
    Part,
)
from core.applications.classifying import Verdict, classifier, record_verdict, verdict
from core.applications.order import examples_of_batch
from core.networks.architecture import RECURRENT, Architecture
from core.networks.reader import PADDING, Ends
from core.recording import Trace
from core.tasks.sentiment import (
    KINDS,
    LABELS,
    LANGUAGES,
    Corpus,
    Sentence,
    corpus,
    examples,
    tokenize,
)

Held = Literal["test", "elsewhere"]
Split = Part | Literal["elsewhere"]
HELD: tuple[Held, ...] = ("test", "elsewhere")
LONGEST = 300
MOST_TOKENS = 20_000
UNSEEN = 0.1  # of the open words that are read as unknown while learning


class Sentences(NamedTuple):
    """ids (time, batch), padded; lengths (batch,); labels (batch,)."""

    ids: Tensor
    lengths: Tensor
    labels: Tensor


@dataclass(frozen=True)
class OnSentence(Verdict):
    """The answer to a sentence, with its tokens and the places of those never seen."""

    tokens: tuple[str, ...]
    unknown: tuple[int, ...]


class Sentiment(Application):
    """Sentences of ``core.tasks.sentiment`` to negative, neutral or positive.

    While learning, one in ten of the words that carry no judgement (names, things, places) is
    read as an unknown one, so that a reader's own words disturb as little as they should.

    language: "en", read word by word, or "zh", character by character.
    tokens: the vocabulary; that of the training sentences where none is given.
    """

    name = "sentiment"
    shape = "many-to-one"
    metric = "accuracy"
    cells = (*RECURRENT, "convolution")
    padded = True

    def __init__(self, language: str = "en", tokens: Sequence[str] | None = None) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language is {language!r}; choose one of {', '.join(LANGUAGES)}.")
        self.language = language
        if tokens is None:
            found = Counter(
                token for one in self.corpus.train for token in tokenize(one.text, language)
            )
            tokens = sorted(found, key=lambda token: (-found[token], token))
        self.tokens = tuple(tokens)
        self._place = {token: place for place, token in enumerate(self.tokens)}

    @property
    def corpus(self) -> Corpus:
        """The sentences, in three parts."""
        return corpus(self.language)

    # What learning needs

    @cached_property
    def fingerprint(self) -> str:
        """A digest of vocabulary, sentences and labels."""
        digest = hashlib.sha256("\0".join(self.tokens).encode())
        for one in (*self.corpus.train, *self.corpus.validation, *self.corpus.test):
            digest.update(f"{one.text}\0{one.label}\n".encode())
        return digest.hexdigest()[:16]

    def batch(self, step: int, draws: Draws) -> Sentences:
        """Sentences of one batch, some of their open words unknown."""
        ids, labels = self._encoded["train"]
        chosen = examples_of_batch(len(ids), step, draws.batch, draws.seed)
        generator = torch.Generator().manual_seed((draws.seed * 1_000_003 + step) % 2**63)
        found = padded([ids[number] for number in chosen], labels[chosen])
        unseen = torch.rand(found.ids.shape, generator=generator) < UNSEEN
        openly = self._is_open[found.ids]  # PADDING, -1, looks up the last: not open
        return found._replace(ids=found.ids.masked_fill(unseen & openly, len(self.tokens)))

    def loss(self, model: nn.Module, batch: Sentences, carried: Any = None) -> Loss:
        """Cross-entropy of the one answer in nats; nothing is carried."""
        device = next(model.parameters()).device
        logits, _ = model(batch.ids.to(device), batch.lengths)
        mean = functional.cross_entropy(logits, batch.labels.to(device))
        return Loss(mean, None, int(batch.lengths.sum()))

    def measure(self, model: nn.Module, part: Part = "validation") -> Measured:
        """Cross-entropy in nats, and the share of sentences that are judged right."""
        logits, labels = self._answers(model, part)
        right = (logits.argmax(-1) == labels).float().mean().item()
        return Measured(functional.cross_entropy(logits, labels).item(), right)

    def by_kind(self, model: nn.Module, part: Split = "test") -> dict[str, float]:
        """Accuracy on the sentences of each kind (``KINDS``), on "local" and "order", and "all".

        part: "elsewhere" for sentences of templates that nothing is learned from.
        """
        logits, labels = self._answers(model, part)
        return self._split((logits.argmax(-1) == labels).numpy(), part)

    @property
    def baseline(self) -> Baseline:
        """Logistic regression on how often each word occurs, whatever the order."""
        return Baseline("word-counts", float(self._counting["test"].mean()))

    def baseline_by_kind(self, part: Held = "test") -> dict[str, float]:
        """The same baseline's accuracy on each kind of sentence, as in ``by_kind``."""
        return self._split(self._counting[part], part)

    # The network

    def network(self, architecture: Architecture) -> nn.Module:
        """A recurrent network or a convolution; see ``classifier``."""
        ends = Ends(len(self.tokens), len(LABELS), tokens=True, each_step=False)
        return classifier(architecture, ends, self.cells, self.name)

    # In use

    def describe(self) -> dict[str, Any]:
        """The language and the vocabulary."""
        return {"language": self.language, "tokens": list(self.tokens)}

    @classmethod
    def restore(cls, description: Mapping[str, Any]) -> Self:
        """From what ``describe`` gave; ValueError for anything else."""
        language, tokens = description.get("language"), description.get("tokens")
        if set(description) != {"language", "tokens"} or language not in LANGUAGES:
            raise ValueError(
                f"found {sorted(map(str, description))} for the language {language!r}; expected "
                f"language ({' or '.join(LANGUAGES)}) and tokens."
            )
        if (
            not isinstance(tokens, list)
            or not 1 <= len(tokens) <= MOST_TOKENS
            or not all(isinstance(token, str) and token for token in tokens)
            or len(set(tokens)) != len(tokens)
        ):
            raise ValueError(f"tokens must be 1 to {MOST_TOKENS} different words.")
        return cls(language, tokens)

    @property
    def examples(self) -> tuple[str, ...]:
        """Held-out sentences, chosen by their kinds."""
        return examples(self.language)

    def answer(self, model: nn.Module, text: str) -> OnSentence:
        """The verdict on a sentence, after every word too where the network has a state."""
        tokens, ids = self.encode(text)
        unknown = tuple(at for at, token in enumerate(tokens) if token not in self._place)
        found = verdict(model, ids, LABELS)
        return OnSentence(**vars(found), tokens=tuple(tokens), unknown=unknown)

    def read(
        self, model: nn.Module, text: str, *, loss_at: LossAt | None = "last", parts: bool = True
    ) -> dict[str, Trace]:
        """The recording of a sentence; its loss is that of the network's own answer."""
        tokens, ids = self.encode(text)
        return record_verdict(
            model, ids, LABELS, tokens, name=self.name, target=None, loss_at=loss_at, parts=parts
        )

    def encode(self, text: str) -> tuple[list[str], Tensor]:
        """Tokens, and their ids (time, 1); words never seen have the id ``len(tokens)``.

        Raises ValueError for a text without a word, or with more than ``LONGEST``.
        """
        tokens = tokenize(text, self.language)
        if not 1 <= len(tokens) <= LONGEST:
            unit = "words" if self.language == "en" else "characters"
            raise ValueError(f"The text has {len(tokens)} {unit}; expected 1 to {LONGEST}.")
        return tokens, self._ids(tokens).unsqueeze(1)

    def _ids(self, tokens: Sequence[str]) -> Tensor:
        unknown = len(self.tokens)
        return torch.tensor([self._place.get(token, unknown) for token in tokens])

    @cached_property
    def _is_open(self) -> Tensor:
        known = [token in self.corpus.open_words for token in self.tokens]
        return torch.tensor([*known, False])

    @cached_property
    def _encoded(self) -> dict[str, tuple[list[Tensor], Tensor]]:
        return {
            part: self._encode_part(getattr(self.corpus, part))
            for part in ("train", "validation", *HELD)
        }

    def _encode_part(self, sentences: Sequence[Sentence]) -> tuple[list[Tensor], Tensor]:
        ids = [self._ids(tokenize(one.text, self.language)) for one in sentences]
        return ids, torch.tensor([LABELS.index(one.label) for one in sentences])

    @torch.no_grad()
    def _answers(self, model: nn.Module, part: Split) -> tuple[Tensor, Tensor]:
        """Logits and labels of a whole part, on the CPU."""
        device, training = next(model.parameters()).device, model.training
        model.eval()
        found = padded(*self._encoded[part])
        logits = model(found.ids.to(device), found.lengths)[0].cpu()
        model.train(training)
        return logits, found.labels

    def _split(self, right: np.ndarray, part: Split) -> dict[str, float]:
        sentences = getattr(self.corpus, part)
        kinds = np.array([one.kind for one in sentences])
        local = np.array([one.local for one in sentences])
        shares = {kind: float(right[kinds == kind].mean()) for kind in KINDS}
        groups = {"local": local, "order": ~local, "all": np.ones_like(local)}
        return shares | {group: float(right[of].mean()) for group, of in groups.items()}

    @cached_property
    def _counting(self) -> dict[str, np.ndarray]:
        """Which held-out sentences logistic regression on word counts judges right."""
        from scipy.sparse import csr_matrix  # three times faster to fit than with the zeros
        from sklearn.linear_model import LogisticRegression

        counts = {part: csr_matrix(self._counts(part)) for part in ("train", *HELD)}
        labels = {part: self._encoded[part][1].numpy() for part in counts}
        model = LogisticRegression(max_iter=300).fit(counts["train"], labels["train"])
        return {part: model.predict(counts[part]) == labels[part] for part in HELD}

    def _counts(self, part: str) -> np.ndarray:
        ids = self._encoded[part][0]
        size = len(self.tokens) + 1
        counts = [np.bincount(one.numpy(), minlength=size)[:size] for one in ids]
        return np.stack(counts).astype(float)


def padded(ids: Sequence[Tensor], labels: Tensor) -> Sentences:
    """Sentences side by side, ``PADDING`` behind the shorter ones."""
    lengths = torch.tensor([len(one) for one in ids])
    return Sentences(pad_sequence(list(ids), padding_value=PADDING), lengths, labels)
