"""Forecasts know nothing of what comes, learn to beat the naive rules, and travel in one file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from core.applications import Applied, Draws, load_applied, new_network, save_applied
from core.applications.series import HISTORY, SeriesForecast
from core.applications.sunspots import Sunspots
from core.networks.architecture import Architecture
from core.tasks.series import LONGEST, Series
from core.training.loop import train
from core.training.settings import TrainingSettings

SMALL = Architecture(cell="gru", hidden_size=12, embedding_size=0)


def made(count: int = 200, noise: float = 0.1) -> Series:
    """A sawtooth, which no linear rule of few values continues at its edge."""
    random = np.random.default_rng(0)
    values = (np.arange(count) % 8) * 3.0 + 50 + noise * random.standard_normal(count)
    return Series("saw", tuple(f"t{at}" for at in range(count)), values)


@pytest.fixture
def network() -> torch.nn.Module:
    return new_network(SeriesForecast(made()), SMALL, seed=0).eval()


def test_batches_come_from_the_training_part_only() -> None:
    series = made()
    application = SeriesForecast(series)
    inputs, targets = application.batch(3, Draws(batch=8, unroll=20))
    assert inputs.shape == targets.shape == (20, 8, 1)
    torch.testing.assert_close(inputs[1:], targets[:-1])
    known = set(np.float32((series.values[: series.train_end] - series.middle) / series.spread))
    assert set(targets.flatten().numpy()) <= known


def test_a_forecast_does_not_change_with_what_comes(network: torch.nn.Module) -> None:
    series = made()
    changed = series.values.copy()
    changed[170:] += 100
    other = SeriesForecast(Series("saw", series.times, changed))
    application = SeriesForecast(series)
    ahead, altered = application.one_step(network, 160), other.one_step(network, 160)
    np.testing.assert_allclose(ahead[:11], altered[:11])
    assert not np.allclose(ahead[11:], altered[11:])
    np.testing.assert_allclose(application.free(network, 170, 10), other.free(network, 170, 10))


def test_one_step_and_free_runs_begin_alike_and_follow_the_definition(
    network: torch.nn.Module,
) -> None:
    application = SeriesForecast(made())
    start = 160
    ahead, free = application.one_step(network, start), application.free(network, start, 5)
    assert free[0] == pytest.approx(ahead[0], rel=1e-5)
    middle, spread = application.scale
    past = list(application.series.values[start - HISTORY : start])
    for expected in free:
        inputs = torch.tensor((np.array(past) - middle) / spread, dtype=torch.float32)
        with torch.no_grad():
            said = network(inputs.view(-1, 1, 1))[0][-1].item() * spread + middle
        assert said == pytest.approx(expected, rel=1e-4)
        past.append(said)


def test_it_learns_to_beat_the_naive_rules() -> None:
    application = SeriesForecast(made())
    model = new_network(application, SMALL, seed=0)
    settings = TrainingSettings(
        steps=200, batch=8, unroll=32, learning_rate=2e-2, every=200, validate=200
    )
    list(train(model, application, settings))
    plain = SeriesForecast(made(noise=2.0)).baseline
    assert plain.name == "seasonal"
    assert application.measure(model, "test").score < 0.3 * made().spread
    assert application.measure(model).loss < 0.1


def test_a_series_travels_with_its_network(tmp_path: Path, network: torch.nn.Module) -> None:
    application = SeriesForecast(made())
    path = save_applied(tmp_path / "s.safetensors", Applied("s", application, SMALL, network))
    applied = load_applied(path)
    np.testing.assert_array_equal(applied.application.series.values, application.series.values)
    answer = applied.answer("t180")
    assert answer["times"][0] == "t180"
    np.testing.assert_allclose(answer["free"], application.free(network, 180, 20), rtol=1e-6)


def test_a_recording_reads_what_lies_before(network: torch.nn.Module) -> None:
    application = SeriesForecast(made())
    (trace,) = application.read(network, "t190", loss_at="last").values()
    assert trace.tokens[-1] == "t189"
    assert len(trace.tokens) == HISTORY
    assert trace.settings["predicts"] == "next"
    assert np.abs(trace["grad_hidden"].values[0, 0, -1]).max() > 0


def test_sunspots_need_no_data_to_be_restored(tmp_path: Path) -> None:
    restored = Sunspots.restore({"middle": 40.0, "spread": 30.0})
    assert restored.scale == (40.0, 30.0)
    application = Sunspots()
    described = application.describe()
    assert set(described) == {"middle", "spread"}
    model = new_network(application, SMALL, seed=0)
    applied = load_applied(
        save_applied(tmp_path / "x.safetensors", Applied("x", application, SMALL, model))
    )
    assert applied.answer("2000")["times"][-1] == "2008"


@pytest.mark.parametrize("text", ["", "1699", "1700", "1701", "tomorrow"])
def test_moments_without_a_past_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"17|from"):
        Sunspots().start_of(text)


@pytest.mark.parametrize(
    "change",
    [
        {"values": "many"},
        {"values": [1.0, float("inf")] * 40},
        {"values": [1.0] * 80},
        {"values": [0.0] * (LONGEST + 1)},
        {"times": list(range(80))},
        {"title": 3},
        {"extra": 1},
    ],
)
def test_descriptions_that_are_no_series_are_refused(change: dict) -> None:
    good = {
        "title": "x",
        "times": [str(at) for at in range(80)],
        "values": [float(at % 7) for at in range(80)],
    }
    SeriesForecast.restore(good)
    with pytest.raises(ValueError, match=r"series|title|times|numbers|learn"):
        SeriesForecast.restore(good | change)


@pytest.mark.parametrize(
    "wrong",
    [{}, {"middle": 1.0, "spread": 0.0}, {"middle": "a", "spread": 1.0},
     {"middle": float("nan"), "spread": 1.0}],
)  # fmt: skip
def test_scales_that_are_none_are_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match="scale"):
        Sunspots.restore(wrong)


def test_networks_that_see_what_comes_are_refused() -> None:
    application = SeriesForecast(made())
    for architecture in (
        Architecture(cell="lstm", bidirectional=True),
        Architecture(cell="lstm", window=2),
        Architecture(cell="perceptron"),
    ):
        with pytest.raises(ValueError, match=r"sees|forecast by"):
            application.network(architecture)
