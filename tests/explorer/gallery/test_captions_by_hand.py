"""Captions of the gallery, recomputed another way: of shipped networks and of random weights.

What a network would answer on the way is what it answers to the beginning alone, and what a
decoder writes is found by reading its own beginning again for every sign.
"""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise, zip_longest

import numpy as np
import pytest
import torch

from core.applications.applied import Applied
from core.networks.decoding import LONGEST, write_with_teacher
from core.networks.encoder_decoder import END, START, Start
from core.tasks.digits import digits
from explorer.captions import spoken
from explorer.gallery.classify_digit import rows_caption
from explorer.gallery.classify_sentence import sentence_caption
from explorer.gallery.classify_windows import windows_of
from explorer.gallery.common import models_of, short_label
from explorer.gallery.describe import describe_caption
from explorer.gallery.translate_runs import OVERTIME, translated
from explorer.gallery.translate_stage import translate_caption
from explorer.language import LANGUAGES, texts_of
from explorer.models import load_applied
from tests.explorer.by_hand import percent_of

every_language = pytest.mark.parametrize("language", LANGUAGES)
every_weight = pytest.mark.parametrize("seed", [None, 2, 3], ids=lambda seed: f"seed-{seed}")


def network_of(model_id: str, seed: int | None, deviation: float = 0.6) -> Applied:
    """A shipped network, or its shape with random weights of this deviation."""
    found = load_applied(model_id)
    if seed is None:
        return found
    model = deepcopy(found.model)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, deviation, generator=generator)
    return Applied(found.name, found.application, found.architecture, model.eval(), found.info)


def answers_on_the_way(model: torch.nn.Module, inputs: torch.Tensor) -> np.ndarray:
    """The answer to each beginning of ``inputs``, in float64: (step, class)."""
    double = deepcopy(model).double().eval()
    inputs = inputs.double() if inputs.is_floating_point() else inputs
    found = []
    with torch.no_grad():
        for end in range(1, len(inputs) + 1):
            logits = double(inputs[:end])[0]
            found.append(torch.softmax(logits.reshape(-1, logits.shape[-1])[-1], -1).numpy())
    return np.array(found)


def signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{abs(value):.2f}"


@every_weight
@every_language
def test_which_word_moved_the_verdict(language: str, seed: int | None) -> None:
    texts = texts_of(language)
    models = models_of("sentiment", language=language)
    rnn = next(one for one in models if one.recurrent)
    beside = next(one for one in models if not one.recurrent)
    network, other = network_of(rnn.id, seed), network_of(beside.id, seed)
    text = network.application.examples[0]
    answers = {rnn.id: network.answer(text), beside.id: other.answer(text)}
    tokens, ids = network.application.encode(text)
    after = answers_on_the_way(network.model, ids)
    stand = [0.0, *(row[2] - row[0] for row in after)]
    moves = [abs(now - before) for before, now in pairwise(stand)]
    most = moves.index(max(moves))
    found = windows_of(other, answers[beside.id].tokens)
    said = spoken(sentence_caption(rnn, beside, answers, found, texts))
    assert said.startswith(
        texts(
            "classify.moved",
            cell=short_label(rnn, texts),
            verdict=texts(f"classify.{('negative', 'neutral', 'positive')[after[-1].argmax()]}"),
            word=texts("caption.quoted", token=tokens[most]),
            before=signed(stand[most]),
            after=signed(stand[most + 1]),
        )
    )


@every_weight
@every_language
def test_from_which_row_on_a_digit_is_known(language: str, seed: int | None) -> None:
    texts = texts_of(language)
    model = models_of("digit-rows")[0]
    network = network_of(model.id, seed)
    for number in ("3", "20", "111"):
        answer = network.answer(number)
        image = digits("test").images[int(number)]
        rows = network.application.inputs(image[None])
        after = answers_on_the_way(network.model, rows)
        guesses = after.argmax(-1).tolist()
        settled = max(
            (row + 1 for row, guess in enumerate(guesses) if guess != guesses[-1]), default=0
        )
        assert spoken(rows_caption(model, answer, texts)) == texts(
            "classify.rows_caption",
            number=int(number),
            cell=short_label(model, texts),
            label=str(guesses[-1]),
            probability=percent_of(float(after[-1].max())),
            truth=answer.truth,
            verdict=texts("digit.right" if str(guesses[-1]) == answer.truth else "digit.wrong"),
            row=settled + 1,
            first=str(guesses[0]),
        )


def written_again(model: torch.nn.Module, start: Start, longest: int) -> list[tuple[int, float]]:
    """The likeliest sign and its probability, each from reading all before it anew."""
    found: list[tuple[int, float]] = []
    while len(found) < longest and (not found or found[-1][0] != END):
        ids = torch.tensor([*(sign for sign, _ in found), 0])[:, None]
        with torch.no_grad():
            logits = write_with_teacher(model, start, ids, 1.0).written.logits[-1, 0]
        shares = torch.softmax(logits.double(), -1)
        found.append((int(shares.argmax()), float(shares.max())))
    return found


@every_language
@pytest.mark.parametrize("text", ["3 March 1998", "1983, jun 19th"])
def test_what_a_translator_writes_on_its_own_and_with_a_teacher(text: str, language: str) -> None:
    texts = texts_of(language)
    network = load_applied("dates-gru")
    application, model = network.application, network.model
    inputs, lengths = application.take([text])
    with torch.no_grad():
        start = model.start(inputs, lengths)
    truth = application.expected(text)
    right = [*application.target.encode(truth), END]
    free = written_again(model, start, len(right) + OVERTIME)
    signs = [sign for sign, _ in free]
    said = "".join(application.target.decode([sign for sign in signs if sign != END]))
    if signs == right:
        chance = percent_of(float(np.prod([chance for _, chance in free])))
        expected = texts("translate.caption_right", answer=said, chance=chance)
    else:
        taught = []
        for end in range(len(right)):
            ids = torch.tensor([*right[:end], 0])[:, None]
            with torch.no_grad():
                logits = write_with_teacher(model, start, ids, 1.0).written.logits[-1, 0]
            taught.append(int(logits.argmax()) != right[end])
        wrong = [one != other for one, other in zip_longest(signs, right)][: len(signs)]
        expected = texts(
            "translate.caption_wrong",
            answer=said,
            truth=truth,
            first=wrong.index(True) + 1,
            free=sum(wrong),
            steps=len(signs),
            taught=sum(taught),
            ratio="1.00",
        )
    found = translated("dates-gru", text, 1.0, 0)
    assert spoken(translate_caption(found, 1.0, texts)) == expected


@every_weight
@every_language
def test_how_surely_a_digit_is_spelled(language: str, seed: int | None) -> None:
    texts = texts_of(language)
    model = next(one for one in models_of("digit-names-en", "digit-names-zh"))
    network = network_of(model.id, seed, 0.2)  # larger ones are chaotic: rounding grows
    application = network.application
    inputs, lengths = application.take(["7"])
    with torch.no_grad():
        start = network.model.start(inputs, lengths)
    steps = written_again(network.model, start, LONGEST)
    least = min(range(len(steps)), key=lambda at: steps[at][1])
    letters = application.target.decode([sign for sign, _ in steps])
    said = "".join(
        letter for letter, (sign, _) in zip(letters, steps, strict=True) if sign not in (START, END)
    )
    assert spoken(describe_caption([model], [(application, network.model)], "7", texts)) == texts(
        "describe.caption",
        language=LANGUAGES[model.language],
        answer=said or "∅",
        chance=percent_of(float(np.prod([chance for _, chance in steps]))),
        place=least + 1,
        letter=letters[least],
        least=percent_of(steps[least][1]),
    )
