"""Frames are tagged by a network with a memory, and cannot be by one without."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from core.applications import Applied, Draws, load_applied, new_network, save_applied
from core.applications.frames import SIGNS, Frames, video_of
from core.networks.architecture import Architecture
from core.tasks.frames import MOST_FRAMES, TAGS, part_of
from core.training.loop import train
from core.training.settings import TrainingSettings

SMALL = Architecture(cell="gru", hidden_size=24, embedding_size=0)


def test_batches_are_the_same_in_any_order_and_hold_out_the_rest() -> None:
    application, draws = Frames(), Draws(seed=3, batch=4)
    first = application.batch(5, draws)
    application.batch(1, draws)
    again = application.batch(5, draws)
    assert all(torch.equal(one, other) for one, other in zip(first, again))
    assert not torch.equal(first[0], application.batch(6, draws)[0])
    assert all(part_of(video_of(str(seed)).script) == "test" for seed in range(20))


@pytest.mark.slow
def test_a_memory_beats_the_baseline_and_a_network_without_one() -> None:
    application = Frames()
    settings = TrainingSettings(steps=100, batch=16, learning_rate=1e-2, every=100, validate=100)
    scores = {}
    for name, cell, window in (
        ("memory", "gru", 0),
        ("one frame", "perceptron", 0),
        ("five frames", "perceptron", 2),
    ):
        architecture = Architecture(cell=cell, hidden_size=24, embedding_size=0, window=window)
        model = new_network(application, architecture, seed=0)
        list(train(model, application, settings))
        scores[name] = application.measure(model).score
    assert application.baseline.score < 0.25
    assert scores["memory"] > application.baseline.score + 0.2
    assert scores["memory"] > scores["one frame"] + 0.15
    assert scores["five frames"] > 0.7  # frames side by side are a memory of their own


def test_measuring_leaves_the_mode_alone() -> None:
    application = Frames()
    model = new_network(application, SMALL, seed=0).train()
    found = application.measure(model)
    assert model.training
    assert 0 <= found.score <= 1
    assert found.loss == pytest.approx(np.log(len(TAGS)), abs=0.5)


def test_an_answer_and_a_recording_agree(tmp_path: Path) -> None:
    application = Frames()
    model = new_network(application, SMALL, seed=1).eval()
    path = save_applied(tmp_path / "f.safetensors", Applied("f", application, SMALL, model))
    applied = load_applied(path)
    answer = applied.answer("rrrrrvvuuu")
    assert answer["true"][5:7] == ["vanishes", "empty"]
    (trace,) = applied.read("rrrrrvvuuu", loss_at="every").values()
    assert trace.settings["predicts"] == "here"
    best = trace["prediction"].values[:, 0].argmax(-1)
    assert [trace.data["class"].values[index] for index in best] == [
        SIGNS[tag] for tag in answer["tags"]
    ]
    assert trace.tokens == [SIGNS[tag] for tag in answer["true"]]
    assert "grad_hidden" in trace


def test_a_perceptron_has_nothing_to_record() -> None:
    application = Frames()
    architecture = Architecture(cell="perceptron", hidden_size=8, embedding_size=0)
    assert application.read(new_network(application, architecture, 0), "7") == {}


@pytest.mark.parametrize("text", ["", "x", "r", "-3", "1.5", "r" * (MOST_FRAMES + 1), "9" * 12])
def test_what_is_no_video_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a video"):
        video_of(text)


def test_descriptions_of_others_are_refused() -> None:
    Frames.restore(Frames().describe())
    for wrong in ({}, {"tags": []}, {"tags": list(TAGS), "more": 1}):
        with pytest.raises(ValueError, match="tags"):
            Frames.restore(wrong)
    with pytest.raises(ValueError, match="convolution"):
        Frames().network(Architecture(cell="convolution"))
