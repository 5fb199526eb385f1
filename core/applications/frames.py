"""Tagging the frames of a small video: what happens can only be told from several frames."""

from __future__ import annotations

from collections import Counter
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
from core.networks.architecture import RECURRENT, Architecture
from core.networks.perceptron import Perceptron
from core.networks.reader import Ends, Reader
from core.recording import Trace
from core.tasks.frames import AWAY, MOST_FRAMES, MOVES, SIZE, TAGS, Video, draw_script, draw_video

FRAMES = 32
HELD_OUT = {"validation": 100, "test": 400}
SIGNS = {
    "empty": "∅", "appears": "+", "vanishes": "−", "rests": "•", "left": "←", "right": "→",
    "up": "↑", "down": "↓", "turns": "↺",
}  # fmt: skip
EXAMPLES = ("5", "42", "rrrrrrrrrrvvuuuuuuuussslllll", "ddddddddddsssvvvrrrrrruuuu")


class Frames(Application):
    """A ball in a noisy video of 16 x 16 pixels; every frame gets one of nine tags.

    Direction, turning back, appearing and vanishing speak of a change between frames, so a
    network that sees one frame at a time cannot tell them, however large it is. An input is
    written as a number, the seed of a random video, or as a script of one letter a frame
    (see ``Video``). The score is the share of frames tagged rightly.
    """

    name: ClassVar[str] = "frames"
    shape: ClassVar[Shape] = "in-step"
    metric: ClassVar[str] = "accuracy"
    cells: ClassVar[tuple[str, ...]] = (*RECURRENT, "perceptron")

    @property
    def fingerprint(self) -> str:
        """The videos are drawn from seeds by a rule with this number."""
        return "frames-1"

    def batch(self, step: int, draws: Draws) -> tuple[Tensor, Tensor]:
        """Pixels (time, batch, 256) and tags (time, batch) of new videos."""
        random = np.random.default_rng((draws.seed, step))
        return _stacked([draw_video(random, "training", frames=FRAMES) for _ in range(draws.batch)])

    def loss(self, model: nn.Module, batch: Any, carried: Any = None) -> Loss:
        """Mean cross-entropy over the frames."""
        pixels, tags = (part.to(next(model.parameters()).device) for part in batch)
        logits, _ = model(pixels)
        mean = functional.cross_entropy(logits.flatten(0, 1), tags.flatten())
        return Loss(mean, None, tags.numel())

    @torch.no_grad()
    def measure(self, model: nn.Module, part: Part = "validation") -> Measured:
        """Loss and accuracy on videos with other scripts."""
        training = model.training
        model.eval()
        pixels, tags = _held_out(part)
        logits = model(pixels.to(next(model.parameters()).device))[0].cpu()
        model.train(training)
        loss = functional.cross_entropy(logits.flatten(0, 1), tags.flatten())
        return Measured(loss.item(), (logits.argmax(-1) == tags).float().mean().item())

    @cached_property
    def baseline(self) -> Baseline:
        """Always the most frequent tag of the training videos."""
        _, seen = self.batch(0, Draws(batch=200))
        ((most, _),) = Counter(seen.flatten().tolist()).most_common(1)
        tags = _held_out("test")[1]
        return Baseline("majority", (tags == most).float().mean().item())

    def network(self, architecture: Architecture) -> nn.Module:
        """A ``Reader`` of 256 pixels a step, or a ``Perceptron`` that sees one frame."""
        if architecture.cell not in self.cells:
            raise ValueError(
                f"The frames are tagged by one of {', '.join(self.cells)}; "
                f"{architecture.cell!r} came."
            )
        ends = Ends(SIZE * SIZE, len(TAGS), tokens=False)
        return (Reader if architecture.recurrent else Perceptron)(architecture, ends)

    def describe(self) -> dict[str, Any]:
        """The tags in the order of the classes."""
        return {"tags": list(TAGS)}

    @classmethod
    def restore(cls, description: Mapping[str, Any]) -> Self:
        """The application again; ValueError where the tags are others than ours."""
        if dict(description) != {"tags": list(TAGS)}:
            raise ValueError(f"The description is not that of {len(TAGS)} tags of frames.")
        return cls()

    @property
    def examples(self) -> tuple[str, ...]:
        """Seeds and scripts."""
        return EXAMPLES

    @torch.no_grad()
    def answer(self, model: nn.Module, text: str) -> dict[str, Any]:
        """``tags`` that the network gives, the ``true`` ones, and the ``share`` that agrees."""
        video = video_of(text)
        logits = model(_inputs(video).to(next(model.parameters()).device))[0][:, 0]
        tags = [TAGS[index] for index in logits.argmax(-1).tolist()]
        right = sum(one == other for one, other in zip(tags, video.tags))
        return {"tags": tags, "true": video.tags, "share": right / len(tags)}

    def read(
        self, model: nn.Module, text: str, *, loss_at: LossAt | None = "last", parts: bool = True
    ) -> dict[str, Trace]:
        """The recording; each step is labelled with a sign for what truly happens in it."""
        video = video_of(text)
        targets = torch.tensor([TAGS.index(tag) for tag in video.tags])

        def loss(logits: Tensor) -> Tensor:
            first = len(targets) - 1 if loss_at == "last" else 0
            return functional.cross_entropy(logits[first:, 0], targets[first:])

        return read_labels(
            model,
            _inputs(video),
            tokens=[SIGNS[tag] for tag in video.tags],
            classes=[SIGNS[tag] for tag in TAGS],
            loss=loss,
            loss_at=loss_at,
            settings={"model": self.name},
            parts=parts,
        )


def video_of(text: str) -> Video:
    """The video of a written input: a seed, or a script of one letter a frame.

    Raises ValueError for anything else.
    """
    written = "".join(text.split()).lower()
    if written.isascii() and written.isdigit() and len(written) < 10:
        random = np.random.default_rng((int(written), 2))
        return Video(draw_script(random, FRAMES, "test"), int(written))
    if not len(written) >= 2 or set(written) - set(MOVES) - {AWAY} or len(written) > MOST_FRAMES:
        raise ValueError(
            f"{text[:40]!r} is not a video. Write a whole number (the seed of a random video), or "
            f"2 to {MOST_FRAMES} letters, one for each frame: l, r, u, d move the ball, s lets it "
            "rest, v takes it away."
        )
    return Video(written)


def _inputs(video: Video) -> Tensor:
    return torch.from_numpy(video.frames()).flatten(1).unsqueeze(1)


def _stacked(videos: list[Video]) -> tuple[Tensor, Tensor]:
    pixels = torch.cat([_inputs(video) for video in videos], dim=1)
    tags = torch.tensor([[TAGS.index(tag) for tag in video.tags] for video in videos])
    return pixels, tags.T.contiguous()


@cache
def _held_out(part: Part) -> tuple[Tensor, Tensor]:
    random = np.random.default_rng({"validation": 1, "test": 2}[part])
    return _stacked([draw_video(random, part, frames=FRAMES) for _ in range(HELD_OUT[part])])
