"""The captions about gates, recomputed by equations written out in float64: of shipped networks
and of networks with random weights."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from explorer.captions import spoken
from explorer.lab import gates_hold, gates_lasting
from explorer.lab.gates_change import Change
from explorer.lab.gates_hold import after_of, describe, hold_caption
from explorer.lab.gates_lasting import SHORTEST, lasting_caption, lasting_of
from explorer.lab.gates_ledger import ledger_caption
from explorer.lab.gates_words import words_of
from explorer.language import LANGUAGES, texts_of
from explorer.models import load, shipped
from explorer.sidebar import Choice
from tests.explorer.by_hand import (
    ByHand,
    percent_of,
    random_model,
    read_by_hand,
    recorded,
    small,
)

TEXT = "namaskarnamask"
MODELS = [(card, seed) for card in ("namaskar-lstm", "namaskar-gru") for seed in (None, 1, 2)]
every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module", params=MODELS, ids=lambda one: f"{one[0]}-{one[1]}")
def model(request):
    card, seed = request.param
    return load(card) if seed is None else random_model(card, seed)


def choice_of(model) -> Choice:
    card = next(one for one in shipped().values() if one.id == model.name or one.id in model.name)
    return Choice(card, TEXT, "last")


@every_language
def test_what_is_in_memory_at_the_end(model, language: str) -> None:
    """What each step wrote, carried to the end by multiplying with every later gate."""
    texts = texts_of(language)
    found = read_by_hand(model, TEXT)
    left = []
    for k, written in enumerate(found.written):
        carried = written.copy()
        for keep in found.keep[k + 1 :]:
            carried = carried * keep
        left.append(np.abs(carried).sum())
    shares = np.array(left) / np.sum(left)
    groups, words = words_of(list(TEXT))
    held = [sum(shares[k] for k, one in enumerate(groups) if one == w) for w in range(len(words))]
    most = max(range(len(words)), key=held.__getitem__)
    oldest = next(w for w in range(len(words)) if held[w] >= min(0.01, max(held)))
    age, total = 0, 0.0
    while total < 0.5:
        age += 1
        total += shares[-age]
    back = len(TEXT) - groups.index(oldest) - 1

    def steps(number: int) -> str:
        return texts("caption.step" if number == 1 else "caption.steps", number=number)

    assert spoken(ledger_caption(recorded(model, TEXT), texts)) == texts(
        "gates.ledger_caption",
        most=texts("caption.quoted", token=words[most]),
        share=percent_of(held[most]),
        age=steps(age),
        oldest=texts("caption.quoted", token=words[oldest]),
        held=percent_of(held[oldest]),
        back=steps(back),
    )


def right_of(model, found: ByHand) -> float:
    """Mean probability of what really comes next."""
    letters = [str(letter) for letter in recorded(model, TEXT).data["class"].values]
    follow = [letters.index(letter) for letter in TEXT[1:]]
    return float(found.probabilities[np.arange(len(follow)), follow].mean())


def reach_of(found: ByHand) -> str:
    sizes = np.sqrt((found.grad_memory**2).sum(-1))
    ratio = sizes[0] / sizes[-1]
    return small(ratio) if ratio < 10 else f"×{ratio:.3g}"


@every_language
@pytest.mark.parametrize("value", [0.3, 0.95])
def test_what_holding_a_gate_does(model, value, language, monkeypatch) -> None:
    texts = texts_of(language)
    gate = "forget_gate" if "lstm" in model.name else "update_gate"
    monkeypatch.setattr(gates_hold, "network_of", lambda card: model)
    change = Change("hold", gate, value, -1, (0, len(TEXT) - 1), 0)
    before = recorded(model, TEXT)
    after = after_of.__wrapped__("by hand", TEXT, "last", change, choice_of(model), before)
    # the loss asks for the guess of the network as it is, whatever is held
    guess = int(before["prediction"].values[-1, 0].argmax())
    plain = read_by_hand(model, TEXT)
    held = read_by_hand(model, TEXT, hold={gate: value}, target=guess)
    changed = (plain.probabilities.argmax(-1) != held.probabilities.argmax(-1)).sum()
    said = spoken(hold_caption(before, after, change, texts))
    assert said.startswith(
        texts(
            "gates.hold_caption",
            change=describe(change, texts),
            before=percent_of(right_of(model, plain)),
            after=percent_of(right_of(model, held)),
            changed=int(changed),
            steps=len(TEXT),
            first=texts("gates.first_step"),
            reach_before=reach_of(plain),
            reach_after=reach_of(held),
        )
    )


@every_language
def test_how_long_a_unit_remembers(model, language, monkeypatch) -> None:
    """Each unit nudged and read on; the gates multiplied; half-lives found on the log scale."""
    texts = texts_of(language)
    monkeypatch.setattr(gates_lasting, "network_of", lambda card: model)
    trace, at, unit = recorded(model, TEXT), 4, 3
    found = lasting_of.__wrapped__("by hand", TEXT, at - 1, choice_of(model), trace)
    plain = read_by_hand(model, TEXT)
    units, size = plain.memory.shape[1], 1e-3
    own = np.stack(
        [
            (read_by_hand(model, TEXT, nudge=(at - 1, one, size)).memory - plain.memory)[
                at - 1 :, one
            ]
            / size
            for one in range(units)
        ],
        axis=1,
    )
    kept = np.ones_like(own)
    for gap in range(1, len(kept)):
        kept[gap] = kept[gap - 1] * plain.keep[at - 1 + gap]
    limit = len(own)
    by_mean = np.log(0.5) / np.log(plain.keep).mean(0)
    measured, here = (
        np.array([half(np.abs(values[:, one])) for one in range(units)]) for values in (own, kept)
    )
    cut = [np.clip(values, SHORTEST, limit) for values in (by_mean, here, measured)]

    def shown(value: float) -> str:
        return texts("gates.beyond", steps=limit) if value >= limit else f"{value:.1f}"

    expected = texts(
        "gates.lasting_caption",
        rank=f"{spearmanr(cut[0], cut[2]).statistic:.2f}",
        rank_here=f"{spearmanr(cut[1], cut[2]).statistic:.2f}",
        near=int((np.abs(np.log2(cut[2] / cut[1])) < 1).sum()),
        units=units,
        longer=int((np.log2(cut[2] / cut[1]) >= 1).sum()),
        shorter=int((np.log2(cut[1] / cut[2]) >= 1).sum()),
        unit=unit,
        mean=f"{np.exp(np.log(plain.keep[:, unit]).mean()):.3g}",
        by_gate=shown(by_mean[unit]),
        by_here=shown(here[unit]),
        shown=shown(measured[unit]),
        at=at,
        token=TEXT[at - 1],
    )
    said = lasting_caption(found, unit, at, trace, texts)
    assert said.replace("\\", "") == expected.replace("\\", "")


def half(left: np.ndarray) -> float:
    """Where a line through the logarithms first crosses one half."""
    for gap in range(1, len(left)):
        if left[gap] <= 0.5:
            before, now = np.log2(left[gap - 1]), np.log2(max(left[gap], 1e-300))
            return gap - 1 + (before + 1) / (before - now)
    return np.inf
