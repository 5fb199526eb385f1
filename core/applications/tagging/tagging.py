"""Many to many in step: every word of a sentence gets the tag of the phrase it belongs to."""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Self

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
    Shape,
)
from core.applications.labelled_reading import read_labels
from core.applications.tagging.batches import Encoded, TagBatch, batches_of_pass, padded
from core.applications.tagging.description import words_and_tags
from core.applications.tagging.phrases import TaggedWord
from core.applications.tagging.usual_tags import usual_tags
from core.limits import TAG_SENTENCE_TOKENS
from core.networks.architecture import RECURRENT, Architecture
from core.networks.reader import Convolution, Ends, Reader
from core.recording import Trace
from core.tasks.chunks import compare
from core.tasks.conll import Tagged
from core.tasks.lexicon import Lexicon, counts, normal
from core.tasks.task import IGNORED

AT_ONCE = 64  # sentences side by side where nothing is learned
EMBEDDING_SCALE = 0.2  # with windows, torch's own N(0, 1) would saturate the first units


class Sentences(NamedTuple):
    """Tagged sentences by part; no sentence is in two of them."""

    train: list[Tagged]
    validation: list[Tagged]
    test: list[Tagged]


class Tagging(Application):
    """Words in, one tag a word out; the score is the F1 of whole phrases (see ``compare``).

    words, tags: what a trained network knows; without them they are taken from the sentences
        that are learned from.
    hidden: least share of the words that are read as unknown in training. A word that occurs n
        times is hidden with the probability 1 / (2 n + 1) if that is more, so that the network
        learns what to make of words it does not know.
    """

    shape: ClassVar[Shape] = "in-step"
    metric: ClassVar[str] = "f1"
    cells: ClassVar[tuple[str, ...]] = (*RECURRENT, "convolution")
    padded: ClassVar[bool] = True
    hidden: ClassVar[float] = 0.0
    joiner: ClassVar[str] = " "

    def __init__(self, words: Sequence[str] = (), tags: Sequence[str] = ()) -> None:
        self._words, self._tags = tuple(words), tuple(tags)

    @abstractmethod
    def make_sentences(self) -> Sentences:
        """The data; asked once, when they are first needed."""

    # The data as numbers

    @cached_property
    def sentences(self) -> Sentences:
        """The tagged sentences by part."""
        return self.make_sentences()

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words as the network reads them."""
        if self._words:
            return Lexicon(self._words)
        return Lexicon.of(sentence.tokens for sentence in self.sentences.train)

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """The tags in the order of the classes."""
        if self._tags:
            return self._tags
        found = {tag for sentence in self.sentences.train for tag in sentence.tags}
        return tuple(sorted(found, key=lambda tag: (tag[2:], tag)))

    @cached_property
    def fingerprint(self) -> str:
        """A digest of every sentence of every part."""
        text = json.dumps(self.sentences, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _train(self) -> Encoded:
        return self._encoded(self.sentences.train)

    @cached_property
    def _hiding(self) -> tuple[Tensor, Tensor]:
        """For every id how probably it is hidden in training, and the id it then has."""
        often = counts(sentence.tokens for sentence in self.sentences.train)
        chance = torch.zeros(len(self.lexicon) + 1)
        instead = torch.full((len(self.lexicon) + 1,), len(self.lexicon))
        for word, place in self.lexicon.vocabulary.ids.items():
            chance[place] = max(self.hidden, 1 / (2 * often[word] + 1)) if word in often else 0.0
            instead[place] = self.lexicon.hidden_id(word)
        return chance, instead

    def _encoded(self, sentences: Sequence[Tagged]) -> Encoded:
        places = {tag: place for place, tag in enumerate(self.tags)}
        return Encoded(
            [torch.tensor(self.lexicon.encode(sentence.tokens)) for sentence in sentences],
            [torch.tensor([places.get(tag, IGNORED) for tag in s.tags]) for s in sentences],
        )

    # What learning needs

    def batch(self, step: int, draws: Draws) -> TagBatch:
        """Sentences of similar lengths side by side; every pass in a new order."""
        chosen = batches_of_pass(self._train.lengths, step, draws.batch, draws.seed)
        batch = padded(self._train.take(chosen))
        generator = torch.Generator().manual_seed((draws.seed * 1_000_003 + step) % 2**63)
        chance, instead = self._hiding
        known = batch.inputs.clamp_min(0)
        hide = torch.rand(known.shape, generator=generator) < chance[known]
        return batch._replace(
            inputs=torch.where(hide & (batch.inputs >= 0), instead[known], batch.inputs)
        )

    def loss(self, model: nn.Module, batch: TagBatch, carried: Any = None) -> Loss:
        """Mean cross-entropy over the words."""
        logits, targets = self._logits(model, batch)
        mean = functional.cross_entropy(
            logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED
        )
        return Loss(mean, None, int(batch.lengths.sum()))

    @torch.no_grad()
    def measure(self, model: nn.Module, part: Part = "validation") -> Measured:
        """Loss and F1 on the sentences of that part."""
        sentences = getattr(self.sentences, part)
        data = self._encoded(sentences)
        training = model.training
        model.eval()
        order = sorted(range(len(sentences)), key=lambda place: len(sentences[place].tokens))
        total, asked = 0.0, 0
        found: list[Sequence[str]] = [()] * len(sentences)
        for start in range(0, len(order), AT_ONCE):
            chosen = order[start : start + AT_ONCE]
            batch = padded(data.take(chosen))
            logits, targets = self._logits(model, batch)
            total += functional.cross_entropy(
                logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="sum"
            ).item()
            asked += int((targets != IGNORED).sum())
            best = logits.argmax(-1).T.tolist()
            for place, ids in zip(chosen, best):
                found[place] = [self.tags[k] for k in ids[: len(sentences[place].tokens)]]
        model.train(training)
        right = [sentence.tags for sentence in sentences]
        return Measured(total / max(1, asked), compare(right, found).f1)

    @staticmethod
    def _logits(model: nn.Module, batch: TagBatch) -> tuple[Tensor, Tensor]:
        device = next(model.parameters()).device
        logits, _ = model(batch.inputs.to(device), batch.lengths)
        return logits, batch.targets.to(device)

    @cached_property
    def baseline(self) -> Baseline:
        """The most frequent tag of each word; O for a word that was not seen."""
        usual = usual_tags(self.sentences.train)
        test = self.sentences.test
        found = [[usual.get(normal(token), "O") for token in one.tokens] for one in test]
        return Baseline("usual-tag", compare((one.tags for one in test), found).f1)

    def network(self, architecture: Architecture) -> nn.Module:
        """A ``Reader`` with an answer at every step, or a ``Convolution``."""
        if architecture.cell not in self.cells or architecture.attention:
            raise ValueError(
                f"cell={architecture.cell!r}, attention={architecture.attention}; tagging takes "
                f"one of {', '.join(self.cells)}, without attention."
            )
        ends = Ends(len(self.lexicon), len(self.tags))
        model = (Reader if architecture.recurrent else Convolution)(architecture, ends)
        if model.encoder.embedding is not None:
            with torch.no_grad():
                model.encoder.embedding.weight.mul_(EMBEDDING_SCALE)
        return model

    # In use

    def describe(self) -> dict[str, Any]:
        """The words and the tags."""
        return {"words": list(self.lexicon.vocabulary.tokens), "tags": list(self.tags)}

    @classmethod
    def restore(cls, description: Mapping[str, Any]) -> Self:
        """The inverse of ``describe``; ValueError for anything unexpected."""
        words, tags = words_and_tags(description)
        return cls(words, tags)

    def answer(self, model: nn.Module, text: str) -> list[TaggedWord]:
        """Each word with its tag and the probability of that tag.

        Raises ValueError for a text without words, or with more than ``TAG_SENTENCE_TOKENS``.
        """
        tokens = self.tokens(text)
        training = model.training
        model.eval()
        with torch.no_grad():
            logits, _ = model(self.ids(tokens, model))
        model.train(training)
        shares, best = logits[:, 0].softmax(-1).max(-1)
        tags = [self.tags[place] for place in best.tolist()]
        return list(zip(tokens, tags, shares.tolist(), strict=True))

    def read(
        self, model: nn.Module, text: str, *, loss_at: LossAt | None = "last", parts: bool = True
    ) -> dict[str, Trace]:
        """The recording; what the tags should be is not known, so the loss is that of the tags
        the network itself prefers."""
        tokens = self.tokens(text)

        def loss(logits: Tensor) -> Tensor:
            asked = logits[-1:] if loss_at == "last" else logits
            return functional.cross_entropy(asked.flatten(0, 1), asked.argmax(-1).flatten())

        return read_labels(
            model,
            self.ids(tokens, model),
            tokens=tokens,
            classes=self.tags,
            loss=loss,
            loss_at=loss_at,
            settings={"model": self.name},
            parts=parts,
        )

    def tokens(self, text: str) -> list[str]:
        """The words of ``text``; ValueError for none, or more than ``TAG_SENTENCE_TOKENS``."""
        tokens = self.lexicon.split(text)
        if not 0 < len(tokens) <= TAG_SENTENCE_TOKENS:
            raise ValueError(
                f"The text has {len(tokens)} words; expected 1 to {TAG_SENTENCE_TOKENS}. "
                "Write one sentence."
            )
        return tokens

    def ids(self, tokens: Sequence[str], model: nn.Module) -> Tensor:
        """The ids of one sentence (time, 1), where the model is."""
        ids = torch.tensor(self.lexicon.encode(tokens)).unsqueeze(1)
        return ids.to(next(model.parameters()).device)
