"""Every application that has data of its own trains as a run, and resumes without a seam."""

from __future__ import annotations

import pytest

from core.applications import REGISTRY
from core.networks.architecture import Architecture
from core.training.runs import worker
from core.training.runs.settings import RunSettings
from core.training.settings import TrainingSettings
from tests.core.training.runs.conftest import curve, same_weights

OPTIONS = {
    "next-character": {"corpus": "grammar"},
    "next-word": {"corpus": "grammar"},
    "dates": {"teacher_forcing": 0.5},  # coins are tossed
    "numbers": {"teacher_forcing": 0.5},
}
CELLS = {"digit-image": "perceptron"}
OWN_FILE = ("slots", "series")  # these learn from a file of the user


def of(name: str) -> RunSettings:
    return RunSettings(
        name,
        OPTIONS.get(name, {}),
        Architecture(CELLS.get(name, "gru"), 8, dropout=0.3),
        TrainingSettings(steps=6, batch=8, unroll=12, every=2, validate=6),
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in REGISTRY if name not in OWN_FILE])
def test_stopped_and_resumed_it_ends_as_if_nothing_had_happened(store, name):
    whole, stopped = store.create(of(name)), store.create(of(name))
    assert worker.train_run(whole.folder) == "finished", whole.problem

    def stop(snapshot):
        if snapshot.step >= 4:
            raise worker.StopRequestedError

    assert worker.train_run(stopped.folder, stop) == "stopped"
    assert worker.train_run(stopped.folder) == "finished"
    assert "cannot be used" not in stopped.log()
    assert curve(stopped) == curve(whole)
    assert same_weights(stopped, whole)
    assert stopped.metrics()[-1]["score"] is not None
