"""The captions of the page without a memory: the layers' equations written out in numpy and
float64, and counts by lists of successors."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest
import torch

from core.applications.next_letter import text_of
from explorer.captions import Lead, spoken
from explorer.gallery.common import models_of
from explorer.gallery.memoryless_memory import memory_caption
from explorer.gallery.memoryless_nets import learned, learned_pair, shipped_pair
from explorer.gallery.memoryless_path import path_caption, stretch_of
from explorer.language import LANGUAGES, texts_of
from explorer.models import load_applied

every_language = pytest.mark.parametrize("language", LANGUAGES)
TEXTS = ["namaskar", "".join(random.Random(5).choices("abcd", k=12))]


def weights(model: torch.nn.Module) -> dict[str, np.ndarray]:
    return {name: value.detach().double().numpy() for name, value in model.named_parameters()}


def one_hot(vocabulary, text: str) -> np.ndarray:
    return np.eye(len(vocabulary))[vocabulary.encode(text)]


def sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


def run(kind: str, model: torch.nn.Module, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """States and logits of a recurrent network after every input."""
    w = weights(model)
    W, U = w["rnn.weight_ih_l0"], w["rnn.weight_hh_l0"]
    h = c = np.zeros(U.shape[1])
    states = []
    for one in x:
        a, b = W @ one + w["rnn.bias_ih_l0"], U @ h + w["rnn.bias_hh_l0"]
        if kind == "elman":
            h = np.tanh(a + b)
        elif kind == "lstm":
            i, f, g, o = np.split(a + b, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        else:
            (ar, az, an), (br, bz, bn) = np.split(a, 3), np.split(b, 3)
            z = sigmoid(az + bz)
            h = (1 - z) * np.tanh(an + sigmoid(ar + br) * bn) + z * h
        states.append(h)
    held = np.array(states)
    return held, held @ w["read_out.weight"].T + w["read_out.bias"]


def softmax(z: np.ndarray) -> np.ndarray:
    shares = np.exp(z - z.max(-1, keepdims=True))
    return shares / shares.sum(-1, keepdims=True)


def size_text(value: float) -> str:
    return "0" if value == 0 else f"{value:.2f}" if value >= 0.01 else f"{value:.0e}"


def most_right(text: str, window: int) -> int:
    """Each window is always answered with what follows it most often."""
    follows = defaultdict(list)
    for at in range(1, len(text)):
        follows[text[max(0, at - window) : at]].append(text[at])
    return sum(max(map(letters.count, letters)) for letters in follows.values())


def told(shares: np.ndarray, text: str, window: int, name: str, texts) -> str:
    """The beginning of the caption: where the same is read, and how far the answers differ."""
    places = defaultdict(list)
    for at in range(len(text)):
        places[text[max(0, at + 1 - window) : at + 1]].append(at)
    spreads = {
        key: float(max(np.ptp(shares[steps, at]) for at in range(shares.shape[1])))
        for key, steps in places.items()
        if len(steps) > 1
    }
    key = max(spreads, key=spreads.__getitem__)
    steps = texts("memoryless.and").join(str(step + 1) for step in places[key])
    return texts(
        "memoryless.told", input=key.replace(" ", "␣"), steps=steps
    ) + texts(
        "memoryless.differ", rnn=name, by_rnn=size_text(spreads[key]), by_feed="{by_feed}"
    )  # fmt: skip


def rounding(said: str, expected: str) -> None:
    """``expected`` with a {by_feed} that is 0, but for how numbers are rounded."""
    before, after = expected.split("{by_feed}")
    assert said.startswith(before)
    assert said.endswith(after)
    assert 0 <= float(said[len(before) : len(said) - len(after)]) < 1e-6


@every_language
@pytest.mark.parametrize("window", [1, 2])
@pytest.mark.parametrize("cell", ["elman", "lstm", "gru"])
@pytest.mark.parametrize("text", TEXTS)
def test_the_same_input_at_different_times(
    text: str, cell: str, window: int, language: str
) -> None:
    texts, pair = texts_of(language), learned_pair(text, cell, window)
    if text == "namaskar" and window == 2:
        said = spoken(memory_caption(pair, cell, texts))
        assert said == texts("memoryless.all_different", text="namaska")
        return
    network = learned(text, cell)
    shares = softmax(run(cell, network.model, one_hot(network.vocabulary, text[:-1]))[1])
    expected = told(shares, text[:-1], window, texts(f"cell.{cell}"), texts)
    expected += texts("memoryless.ceiling", most=most_right(text, window), known=len(text) - 1)
    rounding(spoken(memory_caption(pair, cell, texts)), expected)


def held_out_pairs(language: str) -> float:
    """What counting pairs of letters guesses: ties go to the letter that is first by its id."""
    train, test = text_of(language)["train"], text_of(language)["test"]
    (model, *_) = models_of("next-letter", language=language)
    vocabulary = load_applied(model.id).application.vocabulary
    follows = defaultdict(Counter)
    for one, other in pairwise(train):
        follows[one][other] += 1
    best = {
        one: min(counts, key=lambda letter: (-counts[letter], vocabulary.encode([letter])))
        for one, counts in follows.items()
    }
    hits = [best.get(one) == other for one, other in pairwise(test)]
    return sum(hits) / len(hits)


@every_language
@pytest.mark.parametrize("window", [1, 2])
def test_of_shipped_networks(window: int, language: str) -> None:
    texts = texts_of(language)
    text = {"en": "The cats see the lazy dog.", "zh": "小狗叫了三声：汪汪汪。"}[language]
    models = models_of("next-letter", language=language)
    feed = next(m for m in models if m.cell == "perceptron" and m.window == window - 1)
    rnn = next(m for m in models if m.recurrent)
    network, beside = load_applied(rnn.id), load_applied(feed.id)
    vocabulary = network.application.vocabulary

    def read(what: str) -> np.ndarray:
        model = network.model
        with torch.no_grad():
            x = model.encoder(torch.tensor(vocabulary.encode(what))[:, None])[:, 0]
        return run(rnn.cell, model, x.double().numpy())[1]

    test = text_of(language)["test"]
    targets = np.array(vocabulary.encode(test[1:]))
    x = one_hot(vocabulary, test[:-1])
    past = [np.vstack([np.zeros((back, x.shape[1])), x])[: len(x)] for back in range(window)]
    w = weights(beside.model)
    h = np.maximum(np.hstack(past) @ w["layers.0.weight"].T + w["layers.0.bias"], 0)
    guesses = {
        "feed": (h @ w["read_out.weight"].T + w["read_out.bias"]).argmax(1),
        "rnn": read(test[:-1]).argmax(1),
    }
    shares = {net: f"{100 * np.mean(one == targets):.1f}%" for net, one in guesses.items()}
    name = texts(f"cell.{rnn.cell}")
    expected = told(softmax(read(text)), text, window, name, texts) + texts(
        "memoryless.held_out", name=name, pairs=f"{100 * held_out_pairs(language):.1f}%", **shares
    )
    pair = shipped_pair(text, language, window)
    rounding(spoken(memory_caption(pair, rnn.cell, texts, source="shipped")), expected)


def layers(text: str, tie: float) -> tuple[np.ndarray, np.ndarray]:
    """States and logits of the deep perceptron, moved so far towards the Elman network."""
    one, other = weights(learned(text, "layers").model), weights(learned(text, "elman").model)

    def between(own: np.ndarray, common: np.ndarray) -> np.ndarray:
        return (1 - tie) * own + tie * common

    h, states = np.zeros(len(one["bias"][0])), []
    for t, x in enumerate(one_hot(learned(text, "elman").vocabulary, text[:-1])):
        W = between(one["weight_input"][t], other["rnn.weight_ih_l0"])
        U = between(one["weight_recurrent"][t], other["rnn.weight_hh_l0"])
        b = between(one["bias"][t], other["rnn.bias_ih_l0"] + other["rnn.bias_hh_l0"])
        h = np.tanh(W @ x + U @ h + b)
        states.append(h)
    V = between(one["read_out.weight"], other["read_out.weight"])
    b_y = between(one["read_out.bias"], other["read_out.bias"])
    return np.array(states), np.array(states) @ V.T + b_y


@every_language
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(("stage", "tie"), [(1, 0.0), (2, 0.0), (3, 0.3), (3, 1.0), (4, 1.0)])
def test_from_a_perceptron_to_a_recurrent_layer(
    text: str, stage: int, tie: float, language: str
) -> None:
    texts, elman = texts_of(language), learned(text, "elman")
    read = text[:-1] + (text[-1] + text[:-1] if stage == 4 else "")
    follows = text[1:] + (text if stage == 4 else "")
    x = one_hot(elman.vocabulary, read)
    states, logits = truth, _ = run("elman", elman.model, x)
    if stage == 1:
        w = weights(learned(text, "perceptron").model)
        states = np.tanh(x @ w["layers.0.weight"].T + w["layers.0.bias"])
        logits = states @ w["read_out.weight"].T + w["read_out.bias"]
    elif stage < 4:
        states, logits = layers(text, tie)
    w = weights(elman.model)
    one = w["rnn.weight_ih_l0"].size + w["rnn.weight_hh_l0"].size + w["rnn.bias_ih_l0"].size
    guesses = elman.vocabulary.decode(logits.argmax(1).tolist())
    steps, gap = len(read), float(np.abs(states - truth).max())
    tied = tie == 1
    caption = path_caption(stretch_of(text, stage, tie), stage, tie, texts)
    (said,) = [part.text for part in caption if isinstance(part, Lead)] or [""]
    if stage in (2, 3) and tied:
        assert 0 <= float(said) < 1e-6 > gap  # rounding in single precision, whatever it is
    elif stage in (2, 3):
        assert said == size_text(gap)
    assert spoken(caption) == texts(
        f"memoryless.stage_{stage}" + ("_tied" if stage == 3 and tied else ""),
        steps=steps,
        right=sum(guess == letter for guess, letter in zip(guesses, follows, strict=True)),
        gap=said,
        tie=f"{tie:.0%}",
        own=f"{sum(one for _ in read):,}",
        apart=f"{steps * one:,}",
        one=f"{one:,}",
        hundred=f"{100 * one:,}",
    )
