"""Audio to text: Morse code at any speed, in noise, letter by letter while it is heard."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any, ClassVar, Self

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
    Shape,
)
from core.applications.labelled_reading import read_labels
from core.networks.architecture import Architecture
from core.networks.reader import Ends, Reader
from core.networks.starts import begin, starts_of
from core.recording import Trace
from core.tasks.edits import error_rate
from core.tasks.morse import Keying, draw_keying
from core.tasks.morse_bands import FEATURES, features_of
from core.tasks.morse_labels import (
    CLASSES,
    FIRST_PREFIX,
    SPACE,
    labels_of,
    letters_in,
    message_of,
)
from core.tasks.morse_threshold import threshold_decode
from core.tasks.morse_written import keying_of

NOISES = (-10.0, 20.0)  # decibels, from which training and test draw
HELD_OUT = {"validation": 64, "test": 300}
TOGETHER = 50
LETTER_FRAMES = 60
GROWS = 800  # batches until messages are as long and as noisy as they get
LEVELS = "▁▂▃▄▅▆▇█"
EXAMPLES = (
    "SOS HELP @18wpm 10dB",
    "HELLO WORLD @24wpm 0dB",
    "73 DE UNROLLED @14wpm -4dB",
    "RNN 1986 @20wpm 20dB 800Hz",
)


class Morse(Application):
    """Frames of 20 ms, each two numbers (see ``features_of``); every frame is labelled.

    While a letter is keyed its frames say the marks so far, once it is over which letter it
    was (see ``labels_of``). The message is the letters, every run of equal ones once. An input
    is a message with its speed and its noise, "SOS HELP @18wpm 10dB". The score is the error
    rate of the signs (edits over length) of messages that training never draws, at noises from
    -10 to 20 dB.
    """

    name: ClassVar[str] = "morse"
    shape: ClassVar[Shape] = "in-step"
    metric: ClassVar[str] = "error-rate"
    higher_is_better: ClassVar[bool] = False

    @property
    def fingerprint(self) -> str:
        """The sounds are drawn from seeds by a rule with this number."""
        return "morse-1"

    def batch(self, step: int, draws: Draws) -> tuple[Tensor, Tensor]:
        """Features (time, batch, 2) and labels (time, batch) of new messages.

        Noise and length grow over the first ``GROWS`` batches: without noise the marks are
        learned in a fraction of the time.
        """
        random = np.random.default_rng((draws.seed, step))
        quietest = NOISES[1] - (NOISES[1] - NOISES[0]) * min(1.0, step / GROWS)
        longest = 2 + round(5 * min(1.0, 4 * step / GROWS))
        keyings = [
            draw_keying(random, "training", longest=longest, snr=(quietest, NOISES[1]))
            for _ in range(draws.batch)
        ]
        return _heard_together(keyings)

    def loss(self, model: nn.Module, batch: Any, carried: Any = None) -> Loss:
        """Mean cross-entropy over the frames."""
        sounds, labels = (part.to(next(model.parameters()).device) for part in batch)
        logits, _ = model(sounds)
        mean = functional.cross_entropy(logits.flatten(0, 1), labels.flatten())
        return Loss(mean, None, labels.numel())

    def measure(self, model: nn.Module, part: Part = "validation") -> Measured:
        """Loss and error rate on messages held out."""
        return measure_on(model, _held_out(part))

    @cached_property
    def baseline(self) -> Baseline:
        """A threshold on the tone's envelope, and a dot that adapts to the speed."""
        return Baseline("threshold", threshold_error(_held_out("test")))

    def network(self, architecture: Architecture) -> nn.Module:
        """A ``Reader`` of both numbers; its gates begin as open as a letter is long."""
        if not architecture.recurrent:
            raise ValueError(
                f"Morse is read by one of {', '.join(self.cells)}; {architecture.cell!r} came."
            )
        reader = Reader(architecture, Ends(FEATURES, len(CLASSES), tokens=False))
        if "chrono" in starts_of(architecture.cell):
            begin(reader.rnn, "chrono", memories=(3, LETTER_FRAMES))
        return reader

    def describe(self) -> dict[str, Any]:
        """The classes in their order."""
        return {"classes": list(CLASSES)}

    @classmethod
    def restore(cls, description: Mapping[str, Any]) -> Self:
        """The application again; ValueError where the classes are others than ours."""
        if dict(description) != {"classes": list(CLASSES)}:
            raise ValueError(f"The description is not that of our {len(CLASSES)} classes of Morse.")
        return cls()

    @property
    def examples(self) -> tuple[str, ...]:
        """Messages with speed and noise."""
        return EXAMPLES

    @torch.no_grad()
    def answer(self, model: nn.Module, text: str) -> dict[str, Any]:
        """``text`` by the network, by the ``threshold`` rule, and what was ``sent``.

        Also ``letters``: (frame, sign, probability), where the network first names each and the
        highest probability that it then gives it.
        """
        keying = keying_of(text)
        sound = keying.samples()
        inputs = inputs_of(sound).to(next(model.parameters()).device)
        probabilities = model(inputs)[0][:, 0].softmax(-1).cpu().numpy()
        best = probabilities.argmax(-1)
        return {
            "text": message_of(best),
            "threshold": threshold_decode(sound),
            "sent": keying.text,
            "letters": [
                (at, sign, _surest(probabilities, best, at)) for at, sign in letters_in(best)
            ],
        }

    def read(
        self, model: nn.Module, text: str, *, loss_at: LossAt | None = "last", parts: bool = True
    ) -> dict[str, Trace]:
        """The recording; each step is labelled with how loud the tone is."""
        keying = keying_of(text)
        inputs = inputs_of(keying.samples())
        labels = torch.from_numpy(labels_of(keying, len(inputs)))
        # the last frame that names a letter; the blank behind it is no part of the message
        last = int(((labels > SPACE) & (labels < FIRST_PREFIX)).nonzero()[-1])
        at = slice(None) if loss_at == "every" else slice(last, last + 1)
        return read_labels(
            model,
            inputs,
            tokens=loudness_signs(inputs[:, 0, 0].numpy()),
            classes=CLASSES,
            loss=lambda logits: functional.cross_entropy(logits[at, 0], labels[at]),
            loss_at=loss_at,
            settings={"model": self.name},
            parts=parts,
        )


def _surest(probabilities: np.ndarray, best: np.ndarray, start: int) -> float:
    """The highest probability in the run of equal answers that begins at ``start``."""
    others = np.flatnonzero(best[start:] != best[start])
    end = start + int(others[0]) if len(others) else len(best)
    return float(probabilities[start:end].max())


def inputs_of(sound: np.ndarray) -> Tensor:
    """What the network reads of a sound: (time, 1, ``FEATURES``)."""
    return torch.from_numpy(features_of(sound)).unsqueeze(1)


@torch.no_grad()
def transcribe(model: nn.Module, keyings: list[Keying]) -> tuple[list[str], float]:
    """What ``model`` hears in each message, and the mean loss over their frames."""
    training, device = model.training, next(model.parameters()).device
    model.eval()
    order = sorted(range(len(keyings)), key=lambda at: keyings[at].seconds)
    texts, losses = [""] * len(keyings), []
    for first in range(0, len(order), TOGETHER):
        places = order[first : first + TOGETHER]
        sounds, labels = _heard_together([keyings[at] for at in places])
        logits = model(sounds.to(device))[0].cpu()
        losses.append(functional.cross_entropy(logits.flatten(0, 1), labels.flatten()).item())
        for place, column in zip(places, logits.argmax(-1).T.numpy()):
            texts[place] = message_of(column)
    model.train(training)
    return texts, float(np.mean(losses))


def measure_on(model: nn.Module, keyings: list[Keying]) -> Measured:
    """Loss and error rate of ``model`` on these messages."""
    texts, loss = transcribe(model, keyings)
    return Measured(loss, error_rate(texts, [keying.text for keying in keyings]))


def threshold_error(keyings: list[Keying]) -> float:
    """The error rate of the threshold rule on the same messages."""
    answers = [threshold_decode(keying.samples()) for keying in keyings]
    return error_rate(answers, [keying.text for keying in keyings])


def messages_at(snr: float, count: int, part: Part = "test") -> list[Keying]:
    """Messages held out, all at one noise; the same words and hands at every noise."""
    random = np.random.default_rng(3)
    return [draw_keying(random, part, shortest=3, longest=12, snr=snr) for _ in range(count)]


def loudness_signs(loudness: np.ndarray) -> list[str]:
    """A bar for each frame, as high as the tone is loud."""
    low, high = loudness.min(), loudness.max()
    share = (loudness - low) / max(high - low, 1e-9)
    return [LEVELS[int(level)] for level in np.minimum(share * len(LEVELS), len(LEVELS) - 1)]


def _heard_together(keyings: list[Keying]) -> tuple[Tensor, Tensor]:
    """All made as long as the longest: with noise, so that nothing has to be masked."""
    seconds = max(keying.seconds for keying in keyings)
    sounds = torch.cat([inputs_of(keying.samples(seconds)) for keying in keyings], dim=1)
    labels = np.stack([labels_of(keying, len(sounds)) for keying in keyings], axis=1)
    return sounds, torch.from_numpy(labels)


@cache
def _held_out(part: Part) -> list[Keying]:
    random = np.random.default_rng({"validation": 1, "test": 2}[part])
    return [
        draw_keying(random, part, shortest=3, longest=12, snr=NOISES) for _ in range(HELD_OUT[part])
    ]
