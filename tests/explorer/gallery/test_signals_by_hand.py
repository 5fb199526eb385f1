"""The captions of Morse and of the video, from networks run in float64 by beginnings and from
alignments found by dynamic programming."""

from __future__ import annotations

import random
from copy import deepcopy
from functools import cache

import numpy as np
import pytest
import torch

from core.applications.frames import video_of
from core.applications.morse import inputs_of
from core.tasks.frames import TAGS
from core.tasks.morse_labels import CLASSES
from core.tasks.morse_written import keying_of
from explorer.captions import spoken
from explorer.gallery.common import models_of
from explorer.gallery.signals_morse import Heard
from explorer.gallery.signals_stage import matches, morse_caption
from explorer.gallery.signals_video import label_of, video_caption
from explorer.language import LANGUAGES, texts_of
from explorer.models import load_applied
from tests.explorer.by_hand import percent_of

every_language = pytest.mark.parametrize("language", LANGUAGES)
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 "


def disturbed(model: torch.nn.Module, seed: int | None, deviation: float) -> torch.nn.Module:
    """A copy whose weights are moved at random; with None as it is."""
    model = deepcopy(model)
    generator = torch.Generator().manual_seed(seed or 0)
    with torch.no_grad():
        for parameter in model.parameters() if seed else ():
            parameter += deviation * torch.randn(parameter.shape, generator=generator)
    return model.eval()


def likelihoods(model: torch.nn.Module, inputs: torch.Tensor) -> np.ndarray:
    with torch.no_grad():
        logits = deepcopy(model).double()(inputs.double())[0][:, 0].numpy()
    shares = np.exp(logits - logits.max(1, keepdims=True))
    return shares / shares.sum(1, keepdims=True)


def common(one: str, other: str) -> int:
    """The length of the longest common subsequence."""

    @cache
    def rest(i: int, j: int) -> int:
        if i == len(one) or j == len(other):
            return 0
        if one[i] == other[j]:
            return 1 + rest(i + 1, j + 1)
        return max(rest(i + 1, j), rest(i, j + 1))

    return rest(0, 0)


@pytest.mark.parametrize("seed", range(20))
def test_as_many_signs_are_right_as_can_be_aligned(seed: int) -> None:
    drawn = random.Random(seed)
    truth = "".join(drawn.choices("ETAN ", k=12))
    said = "".join(letter for letter in truth if drawn.random() < 0.7)
    said += "".join(drawn.choices("ETAN ", k=4)) if seed % 2 else ""
    for pair in ((truth, said), (said, truth)):
        assert sum(matches(*pair)) == common(*pair)


def test_matched_signs_stand_in_the_order_of_the_truth() -> None:
    drawn = random.Random(1)
    for _ in range(30):
        truth, said = ("".join(drawn.choices("ABC", k=9)) for _ in range(2))
        kept = iter(truth)
        right = [letter for letter, good in zip(said, matches(truth, said), strict=True) if good]
        assert all(letter in kept for letter in right)


@pytest.mark.parametrize("seed", [None, 1, 2, 3], ids=lambda seed: f"seed-{seed}")
@pytest.mark.parametrize("text", ["SOS HELP @18wpm 10dB", "73 DE UNROLLED @14wpm -4dB"])
def test_what_is_heard(text: str, seed: int | None) -> None:
    network = load_applied("morse-lstm")
    model = disturbed(network.model, seed, 0.25)
    keying = keying_of(text)
    sound = keying.samples()
    shares = likelihoods(model, inputs_of(sound))
    runs: list[tuple[str, int, float]] = []  # sign, first frame, highest probability
    before = ""
    for frame, row in enumerate(shares):
        sign = CLASSES[row.argmax()]
        if sign in SIGNS and sign == before:
            runs[-1] = (*runs[-1][:2], max(runs[-1][2], row.max()))
        elif sign in SIGNS:
            runs.append((sign, frame, row.max()))
        before = sign
    said = "".join(sign for sign, *_ in runs).strip(" ")
    answer = network.application.answer(model, text)
    heard = Heard(keying, sound, answer["text"], answer["threshold"], tuple(answer["letters"]))
    for language in LANGUAGES:
        texts = texts_of(language)
        if runs:
            sign, _, least = sorted(runs, key=lambda run: run[2])[0]
            expected = texts(
                "signals.caption",
                right=common(keying.text, said),
                signs=len(keying.text),
                least=texts("caption.quoted", token="␣" if sign == " " else sign),
                probability=percent_of(least),
                seconds=f"{len(sound) / 4000:.1f}",
                frames=len(shares),
            )
        else:
            expected = texts("signals.caption_none", signs=len(keying.text))
        assert spoken(morse_caption(heard, texts)) == expected


@every_language
@pytest.mark.parametrize("seed", [None, 1, 2], ids=lambda seed: f"seed-{seed}")
@pytest.mark.parametrize("text", ["42", "rrrrrrrrrrvvuuuuuuuussslllll"])
def test_which_frames_are_tagged_rightly(text: str, seed: int | None, language: str) -> None:
    texts, video = texts_of(language), video_of(text)
    pixels = torch.from_numpy(video.frames()).reshape(len(video.tags), 1, -1)
    answers, parts = {}, []
    for tagger in models_of("frames"):
        network = load_applied(tagger.id)
        model, label = disturbed(network.model, seed, 0.1), label_of(tagger, texts)
        answers[label] = network.application.answer(model, text)
        tags = [TAGS[row.argmax()] for row in likelihoods(model, pixels)]
        pairs = list(zip(tags, video.tags, strict=True))
        values = {"network": label, "frames": len(pairs), "right": sum(a == b for a, b in pairs)}
        wrong = next((at for at, (tag, truth) in enumerate(pairs) if tag != truth), None)
        if wrong is None:
            parts.append(texts("signals.video_right", **values))
            continue
        tag, truth = (texts(f"signals.tag_{one}") for one in pairs[wrong])
        parts.append(texts("signals.video_wrong", first=wrong + 1, said=tag, was=truth, **values))
    assert spoken(video_caption(answers, video.tags, texts)) == texts("caption.gap").join(parts)
