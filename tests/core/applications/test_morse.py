"""Morse is heard frame by frame: labels, learning, recordings, and the shipped network."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch.nn import functional

from core.applications import Applied, Draws, load_applied, new_network, save_applied
from core.applications.morse import (
    Morse,
    inputs_of,
    measure_on,
    messages_at,
    threshold_error,
    transcribe,
)
from core.networks.architecture import Architecture
from core.tasks.morse import part_of
from core.tasks.morse_labels import CLASSES, message_of
from core.tasks.morse_written import keying_of
from core.training.gallery.shelf import FOLDER
from core.training.loop import train
from core.training.settings import TrainingSettings

SMALL = Architecture(cell="lstm", hidden_size=32, embedding_size=0)
SHIPPED = FOLDER / "morse-lstm.safetensors"


def test_a_message_is_written_with_its_settings() -> None:
    keying = keying_of(" sos  help @18wpm 10dB, 650 Hz 5% #7")
    assert (keying.text, keying.wpm, keying.snr) == ("SOS HELP", 18, 10)
    assert (keying.pitch, keying.jitter, keying.seed) == (650, 0.05, 7)
    assert keying_of("SOS @-4dB").snr == -4
    assert keying_of("SOS").wpm == 18


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "message"),
        ("@18wpm", "message"),
        ("Ü", "Ü"),
        ("SOS @fast", "fast"),
        ("SOS @18", "18"),
        ("SOS @99wpm", "speed"),
        ("SOS @10dB @12wpm", "@"),
    ],
)
def test_what_cannot_be_keyed_is_refused(text: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        keying_of(text)


def test_batches_are_the_same_in_any_order() -> None:
    application, draws = Morse(), Draws(seed=3, batch=3)
    first = application.batch(900, draws)
    application.batch(2, draws)
    assert all(torch.equal(one, two) for one, two in zip(first, application.batch(900, draws)))
    sounds, labels = first
    assert sounds.shape[:2] == labels.shape
    assert all(part_of(message_of(column)) == "training" for column in labels.T.numpy())


def test_test_messages_are_held_out_and_the_same_at_every_noise() -> None:
    loud, quiet = messages_at(20, 10), messages_at(-5, 10)
    assert [keying.text for keying in loud] == [keying.text for keying in quiet]
    assert {part_of(keying.text) for keying in loud} == {"test"}
    assert threshold_error(loud) < 0.05 < threshold_error(messages_at(-12, 10))


def test_it_learns_more_than_how_common_each_label_is() -> None:
    application = Morse()
    settings = TrainingSettings(steps=100, batch=12, learning_rate=1e-2, every=100, validate=1000)
    model = new_network(application, SMALL, seed=0)
    list(train(model, application, settings))
    sounds, labels = application.batch(100, Draws(seed=99, batch=32))
    shares = functional.one_hot(labels.flatten(), len(CLASSES)).float().mean(0)
    constant = -(shares * shares.clamp_min(1e-9).log()).sum().item()
    with torch.no_grad():
        loss = application.loss(model, (sounds, labels)).mean.item()
    assert loss < 0.75 * constant


def test_reading_together_is_reading_alone() -> None:
    application = Morse()
    model = new_network(application, SMALL, seed=1).train()
    messages = messages_at(20, 4)
    texts, loss = transcribe(model, messages)
    assert model.training
    assert len(texts) == 4
    assert loss > 0
    longest = max(messages, key=lambda keying: keying.seconds)
    with torch.no_grad():
        alone = model.eval()(inputs_of(longest.samples()))[0][:, 0].argmax(-1).numpy()
    assert texts[messages.index(longest)] == message_of(alone)


def test_an_answer_and_a_recording_agree(tmp_path: Path) -> None:
    application = Morse()
    model = new_network(application, SMALL, seed=1).eval()
    path = save_applied(tmp_path / "m.safetensors", Applied("m", application, SMALL, model))
    applied = load_applied(path)
    answer = applied.answer("AB @20wpm 20dB")
    assert answer["sent"] == answer["threshold"] == "AB"
    (trace,) = applied.read("AB @20wpm 20dB").values()
    assert trace["prediction"].sizes["time"] == len(trace.tokens)
    best = trace["prediction"].values[:, 0].argmax(-1)
    assert message_of(best) == answer["text"]
    assert list(trace.data["class"].values) == list(CLASSES)
    # the loss asks at the last letter's last frame, so nothing flows back from behind it
    reached = trace["grad_hidden"].values[0, 0, :, 0].any(axis=-1).nonzero()[0]
    assert reached.max() < len(trace.tokens) - 1


def test_descriptions_of_others_are_refused() -> None:
    Morse.restore(Morse().describe())
    for wrong in ({}, {"classes": ["A"]}):
        with pytest.raises(ValueError, match="classes"):
            Morse.restore(wrong)
    with pytest.raises(ValueError, match="perceptron"):
        Morse().network(Architecture(cell="perceptron"))


@pytest.mark.skipif(not SHIPPED.exists(), reason="the network is not shipped")
def test_the_shipped_network_hears_held_out_messages_at_10_db() -> None:
    found = measure_on(load_applied(SHIPPED).model, messages_at(10, 40))
    assert found.score < 0.03
