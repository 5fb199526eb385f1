"""Captions of recordings say what equations written out in float64 say too: of shipped networks
and of networks with random weights, in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.captions import (
    activity_caption,
    gradient_caption,
    reading_caption,
    saturation_caption,
    spoken,
)
from explorer.language import LANGUAGES, texts_of
from explorer.models import load
from tests.explorer.by_hand import percent_of, random_model, read_by_hand, recorded

CARDS = ("namaskar-elman", "namaskar-lstm", "namaskar-gru")
TEXT = "namaskarnamask"
MODELS = [(card, seed) for card in CARDS for seed in (None, 1, 2)]  # None: as it is shipped
every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module", params=MODELS, ids=lambda one: f"{one[0]}-{one[1]}")
def model(request):
    card, seed = request.param
    return load(card) if seed is None else random_model(card, seed)


@every_language
def test_what_was_foreseen_and_what_least(model, language: str) -> None:
    texts = texts_of(language)
    found = read_by_hand(model, TEXT)
    letters = [str(letter) for letter in recorded(model, TEXT).data["class"].values]
    follow = [letters.index(letter) for letter in TEXT[1:]]
    truth = found.probabilities[np.arange(len(follow)), follow]
    right = int((found.probabilities[: len(follow)].argmax(-1) == follow).sum())
    least = int(truth.argmin())
    last = found.probabilities[-1]
    parts = [texts("caption.foreseen", right=right, known=len(follow))]
    if right < len(follow):
        quoted = texts("caption.quoted", token=TEXT[least + 1])
        chance = percent_of(float(truth[least]))
        parts.append(texts("caption.surprise", token=quoted, probability=chance))
    guess = texts("caption.quoted", token=letters[int(last.argmax())])
    chance = percent_of(float(last.max()))
    parts.append(texts("caption.expects", guess=guess, probability=chance))
    said = spoken(reading_caption(recorded(model, TEXT), texts))
    assert said == texts("caption.gap").join(parts)


@every_language
def test_how_many_gates_are_closed_and_open(model, language: str) -> None:
    texts = texts_of(language)
    found = read_by_hand(model, TEXT)
    said = spoken(saturation_caption(recorded(model, TEXT), texts))
    if not found.gates:
        assert said == texts("caption.no_gates")
    for gate, values in found.gates.items():
        shares = [np.mean(values < 0.1), np.mean(values > 0.9)]
        assert (
            texts(
                "caption.saturation",
                gate=texts(f"player.signal_{gate}"),
                closed=percent_of(shares[0]),
                open=percent_of(shares[1]),
            )
            in said
        )


@every_language
def test_which_unit_moves_most(model, language: str) -> None:
    texts = texts_of(language)
    steps = np.diff(read_by_hand(model, TEXT).hidden, axis=0)
    moved = [sum(abs(step[unit]) for step in steps) for unit in range(steps.shape[1])]
    said = spoken(activity_caption(recorded(model, TEXT), texts))
    assert said == texts("caption.busiest", unit=max(range(len(moved)), key=moved.__getitem__))


@every_language
@pytest.mark.parametrize("loss_at", ["last", "every"])
def test_what_the_gradient_does_on_its_way_back(model, loss_at: str, language: str) -> None:
    """Total gradients by autograd, and the story told by going back step by step."""
    texts = texts_of(language)
    sizes = [float(np.linalg.norm(row)) for row in read_by_hand(model, TEXT, loss_at).grad_hidden]
    shares = [size / sizes[-1] for size in reversed(sizes)]  # by steps back

    def steps(back: int) -> str:
        return texts("caption.step" if back == 1 else "caption.steps", number=back)

    largest = max(range(len(shares)), key=lambda back: (shares[back], back))
    first = {
        bound: next((back for back, share in enumerate(shares) if share < bound), None)
        for bound in (1e-2, 1e-4)
    }
    if shares[largest] > 100:
        expected = texts("caption.grows", factor=f"{shares[largest]:.0f}", back=steps(largest))
    elif first[1e-2] is None:
        kept = percent_of(shares[-1])
        expected = texts("caption.lives", kept=kept, back=steps(len(shares) - 1))
    elif first[1e-4] is None:
        expected = texts("caption.fades", one=steps(first[1e-2]))
    else:
        expected = texts("caption.vanishes", one=steps(first[1e-2]), hundredth=steps(first[1e-4]))
    bound = 1e-2 if first[1e-4] is None else 1e-4
    if first[bound] is not None and shares[largest] <= 100:
        beyond = range(first[bound], len(shares))
        again = next((back for back in beyond if shares[back] >= bound), None)
        if again is not None:
            expected += texts("caption.rises", share=percent_of(bound), back=steps(again))
    assert spoken(gradient_caption(recorded(model, TEXT, loss_at), texts)) == expected
