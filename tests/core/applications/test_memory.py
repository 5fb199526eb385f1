"""The tasks of memory as applications: right answers, nothing leaked, and they are learned."""

from __future__ import annotations

import pytest
import torch

from core.applications import (
    Applied,
    Draws,
    application_class,
    load_applied,
    new_network,
    save_applied,
)
from core.applications.memory import digests
from core.networks.architecture import RECURRENT, Architecture
from core.training.loop import train
from core.training.settings import TrainingSettings

NAMES = ("adding", "copying", "recall", "parity", "brackets")


def rule(name, text):
    """The right answer, worked out from the written form alone."""
    if name == "adding":
        return sum(float(word[:-1]) for word in text.split() if word.endswith("*"))
    if name == "copying":
        return text
    if name == "recall":
        return text[text.index("*") - 1]
    if name == "parity":
        return str(text.count("1") % 2)
    plain = text.replace("x", "")
    while any(pair in plain for pair in ("()", "[]", "{}")):
        for pair in ("()", "[]", "{}"):
            plain = plain.replace(pair, "")
    return {"(": ")", "[": "]", "{": "}"}[plain]


def said(application, targets):
    if application.task.regression:
        return pytest.approx(targets[0].item(), abs=0.011)  # written with two decimals
    return "".join(application.form.classes[number] for number in targets.tolist())


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_right_by_an_independent_rule(name):
    application = application_class(name)()
    sample = application.batch(3, Draws(seed=2, batch=40))
    for column in range(40):
        text = application.form.write(sample.inputs[:, column])
        assert rule(name, text) == said(application, sample.targets[:, column])
        written = application.form.parse(text, application.task)
        torch.testing.assert_close(
            written.inputs[:, 0], sample.inputs[:, column], atol=0.0051, rtol=0
        )
        assert rule(name, text) == said(application, written.targets[:, 0])
        assert len(written.tokens) == application.task.steps


@pytest.mark.parametrize("name", NAMES)
def test_batches_come_from_their_number_in_any_order(name):
    first, second = application_class(name)(), application_class(name)()
    draws = Draws(seed=1, batch=8)
    late, early = first.batch(9, draws), first.batch(0, draws)
    assert torch.equal(second.batch(0, draws).inputs, early.inputs)
    assert torch.equal(second.batch(9, draws).inputs, late.inputs)
    assert not torch.equal(early.inputs, late.inputs)
    assert not torch.equal(first.batch(0, Draws(seed=2, batch=8)).inputs, early.inputs)
    assert early.inputs.shape[1] == 8


@pytest.mark.parametrize("name", ["adding", "recall", "brackets"])
def test_nothing_that_is_scored_is_learned_from(name):
    application = application_class(name)()
    parts = {
        "validation": application._held_out["validation"].inputs,
        "test": application._held_out["test"].inputs,
        "training": torch.cat(
            [application.batch(step, Draws(batch=200)).inputs for step in range(10)], dim=1
        ),
    }
    found = {
        part: {inputs[:, column].numpy().tobytes() for column in range(inputs.shape[1])}
        for part, inputs in parts.items()
    }
    assert not found["training"] & found["validation"]
    assert not found["training"] & found["test"]
    assert not found["validation"] & found["test"]


@pytest.mark.parametrize(("name", "sequences"), [("copying", 64), ("parity", 8)])
def test_where_nothing_can_be_held_out_every_sequence_is_scored(name, sequences):
    application = application_class(name)()
    assert not application.holds_out
    held_out = application._held_out["test"].inputs
    assert len(torch.unique(held_out, dim=1)[0]) == sequences


def test_a_digest_follows_from_the_content_alone():
    application = application_class("recall")()
    inputs = application.batch(0, Draws(batch=50)).inputs
    assert torch.equal(digests(inputs)[7:9], digests(inputs[:, 7:9]))
    assert len(digests(inputs).unique()) == len(torch.unique(inputs, dim=1)[0])


@pytest.mark.parametrize(
    ("name", "delay", "cell", "steps", "margin"),
    [
        ("adding", 6, "lstm", 300, 0.7),
        ("copying", 4, "lstm", 200, 3),
        ("recall", 1, "lstm", 400, 2),
        ("parity", 3, "elman", 150, 1.8),
        ("brackets", 3, "lstm", 200, 2),
    ],
)
@pytest.mark.slow
def test_it_is_learned_beyond_the_baseline(name, delay, cell, steps, margin):
    application = application_class(name)(delay)
    model = new_network(application, Architecture(cell, 24), 0)
    settings = TrainingSettings(steps=steps, learning_rate=3e-2, every=100, validate=10_000)
    list(train(model, application, settings))
    score, baseline = application.measure(model, "test").score, application.baseline.score
    assert score < margin * baseline if name == "adding" else score > margin * baseline


def test_the_baselines_are_what_guessing_reaches():
    adding = application_class("adding")()
    assert adding.baseline.score == pytest.approx((1 / 6) ** 0.5, abs=0.02)
    assert application_class("brackets")().baseline.score == pytest.approx(1 / 3)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("cell", ["gru", "jordan"])
def test_a_saved_network_answers_and_is_read_without_data(tmp_path, name, cell):
    application = application_class(name)(7)
    shape = Architecture(cell, 5)
    model = new_network(application, shape, 1).eval()
    path = save_applied(tmp_path / "m.safetensors", Applied("m", application, shape, model))
    back = load_applied(path)
    assert back.application.describe() == {"delay": 7}
    for text in application.examples:
        assert back.answer(text) == application.answer(model, text)
        traces = back.read(text)
        trace = traces["rnn"]
        assert trace["hidden"].sizes["time"] == len(trace.tokens)
        assert trace["grad_hidden"].notnull().all()
        if name != "adding":
            shares = trace["prediction"]
            torch.testing.assert_close(
                torch.from_numpy(shares.sum("class").values), torch.ones(shares.shape[:2])
            )
            assert list(shares["class"].values) == list(application.form.classes)


def test_every_cell_that_is_offered_makes_a_network():
    application = application_class("recall")()
    for cell in RECURRENT:
        model = new_network(application, Architecture(cell, 3), 0)
        assert model(application.batch(0, Draws(batch=2)).inputs)[0].shape == (15, 2, 4)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("adding", "0.1 0.2*", "two of them with a star"),
        ("adding", "0.1* 0.2* 3", "from 0 to 1"),
        ("adding", "a* b*", "numbers such as"),
        ("adding", "nan* 0.1*", "from 0 to 1"),
        ("copying", "ab", "3 of the characters"),
        ("copying", "abz", "3 of the characters"),
        ("parity", "1012", "3 of the characters"),
        ("recall", "abcd", "one star"),
        ("recall", "*abcd", "one star"),
        ("recall", "abcdda*", "one star"),
        ("brackets", "()", "0 do"),
        ("brackets", "((", "2 do"),
        ("brackets", "(]", "closes nothing"),
        ("brackets", "", "characters"),
        ("brackets", "(" + "[]" * 600, "at most 1000"),
    ],
)
def test_a_text_that_is_no_input_is_refused_with_an_example(name, text, message):
    application = application_class(name)()
    model = new_network(application, Architecture("gru", 3), 0)
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        application.answer(model, text)


@pytest.mark.parametrize("delay", [0, 10**9, "9", True, 2.5])
def test_a_delay_that_cannot_be_is_refused(delay):
    with pytest.raises(ValueError, match="delay is"):
        application_class("copying").restore({"delay": delay})


@pytest.mark.parametrize("description", [{}, {"delay": 5, "x": 1}, {"delay": None}])
def test_rubbish_is_not_restored(description):
    with pytest.raises(ValueError, match="described by its delay"):
        application_class("adding").restore(description)


def test_a_convolution_is_refused():
    with pytest.raises(ValueError, match="about memory"):
        new_network(application_class("adding")(), Architecture("convolution"), 0)
