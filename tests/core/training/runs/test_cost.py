"""What a run will take, said before it is started."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.applications import Draws
from core.networks.architecture import Architecture
from core.tasks import corpora
from core.training.runs.cost import estimate
from core.training.runs.settings import RunSettings
from tests.core.training.runs.conftest import adding


def test_parameters_are_those_of_the_network():
    settings = RunSettings("adding", architecture=Architecture("gru", 7, num_layers=2))
    # two layers of three gates with two biases, and the read-out
    expected = 3 * 7 * (2 + 7 + 2) + 3 * 7 * (7 + 7 + 2) + 7 + 1
    assert settings.count_parameters() == estimate(settings).parameters == expected


def test_time_and_memory_grow_with_the_work():
    small, long = adding(steps=100), adding(steps=10_000)
    first, second = estimate(small), estimate(long)
    assert second.seconds > 10 * first.seconds > 0
    wide = replace(small, training=replace(small.training, batch=400))
    # what is kept for the backward pass grows a hundredfold, the weights do not
    assert 10 * first.bytes_of_memory < estimate(wide).bytes_of_memory


def test_a_single_update_can_be_estimated():
    assert estimate(adding(steps=1)).seconds >= 0


def test_settings_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="about memory"):
        estimate(RunSettings("adding", architecture=Architecture("perceptron")))


def test_counting_first_does_not_leave_empty_data_behind():
    """Parameters are counted without memory; the corpus that is made then is kept and used."""
    corpora.grammar_task.cache_clear()
    settings = RunSettings("next-character", {"corpus": "grammar"})
    assert settings.count_parameters() > 0
    assert settings.make_application().batch(0, Draws()).inputs.device.type == "cpu"
