"""What a run will take, said before it is started."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.applications import Draws
from core.networks.architecture import Architecture
from core.tasks import corpora
from core.training.runs.cost import check_memory, estimate
from core.training.runs.settings import RunSettings
from core.training.runs.trial import kept_for_backward
from core.training.settings import TrainingSettings
from tests.core.training.runs.conftest import adding
from tests.memory import peak_memory


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


LARGEST = {"delay": 1000}, Architecture("lstm", 1024, num_layers=8), {"batch": 1024, "unroll": 900}
SIZES = {
    "lstm": ("adding", {"delay": 30}, Architecture("lstm", 128, num_layers=2), 64),
    "gru": ("adding", {"delay": 100}, Architecture("gru", 200, num_layers=3), 16),
    "open": ("copying", {"delay": 12}, Architecture("mgu", 40), 32),
    "characters": ("next-character", {"corpus": "namaskar"}, Architecture("elman", 300), 8),
    "attention": ("dates", {}, Architecture("gru", 64, attention=True), 24),
    "both": ("frames", {}, Architecture("lstm", 100, bidirectional=True), 32),
}


@pytest.mark.parametrize("name", SIZES)
def test_the_memory_is_about_what_a_batch_really_keeps(name):
    application, options, architecture, batch = SIZES[name]
    training = TrainingSettings(batch=batch, unroll=20, optimizer="sgd")
    settings = RunSettings(application, options, architecture, training)
    subject = settings.make_application()
    model = settings.make_network(subject).train()
    draws = subject.batch(0, Draws(0, batch, 20))
    _, kept = kept_for_backward(model, lambda: subject.loss(model, draws))
    cost = estimate(settings)
    reckoned = cost.bytes_of_memory - 4 * cost.parameters * 3
    assert 0.5 < reckoned / kept < 1.6


@pytest.mark.parametrize("cell", ["lstm", "gru-original"])
@pytest.mark.parametrize("task", ["adding", "next-character"])
def test_the_largest_that_can_be_asked_for_is_never_run(task, cell):
    options, architecture, training = LARGEST
    options = options if task == "adding" else {"corpus": "grammar"}
    settings = RunSettings(
        task, options, replace(architecture, cell=cell), TrainingSettings(**training)
    )
    with peak_memory() as peak:
        cost = estimate(settings)
    assert peak.bytes < 300e6 < 100e9 < cost.bytes_of_memory
    assert cost.seconds > 1e5
    with pytest.raises(ValueError, match=r"about [\d,]+ MB; UNROLLED_RUN_MB allows 4,096 MB"):
        check_memory(cost)


def test_settings_under_which_the_loss_explodes_have_a_cost_too():
    settings = RunSettings(
        "adding",
        {"delay": 10},
        Architecture("lstm", 32),
        TrainingSettings(optimizer="sgd", learning_rate=1.0, clip=None),
        start_scale=8.0,
    )
    assert estimate(settings).seconds > 0


def test_the_batch_is_drawn_as_it_is_asked_for_so_that_a_short_text_is_refused():
    settings = RunSettings("next-character", {"title": "t"}, data="too short a text " * 9)
    with pytest.raises(ValueError, match="streams of 1000 steps need at least"):
        estimate(replace(settings, training=TrainingSettings(batch=500, unroll=1000)))
