"""Settings of a run: there and back as JSON, checked on the way."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import pytest
import torch

from core.training.runs.settings import RunSettings, parse_settings
from core.training.settings import TrainingSettings
from tests.core.training.runs.conftest import adding, text


@pytest.mark.parametrize("settings", [adding(clip=None), text(), RunSettings("parity")])
def test_there_and_back(settings):
    assert parse_settings(json.dumps(settings.to_json())).to_json() == settings.to_json()
    assert parse_settings(json.dumps(settings.to_json())) == replace(settings, data=None)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.pop("title"), "expected"),
        (lambda s: s.update(extra=1), "extra"),
        (lambda s: s.update(application="chess"), "'chess'"),
        (lambda s: s.update(application=3), "3"),
        (lambda s: s.update(options=[1]), "options"),
        (lambda s: s.update(title=4), "title"),
        (lambda s: s.update(title="x" * 300), "300 characters"),
        (lambda s: s["architecture"].update(hidden_size="many"), "hidden_size"),
        (lambda s: s["architecture"].update(hidden_size=10**9), "hidden_size"),
        (lambda s: s["training"].update(steps=1.5), "steps"),
        (lambda s: s["training"].update(steps=True), "steps"),
        (lambda s: s["training"].update(learning_rate=0), "learning_rate"),
        (lambda s: s["training"].pop("clip"), "training settings"),
        (lambda s: s.update(start_scale=0), "start_scale"),
        (lambda s: s.update(start_scale="big"), "settings.json"),
        (lambda s: s.update(kept=0), "kept"),
        (lambda s: s.update(kept=10**9), "kept"),
    ],
)
def test_anything_else_is_refused(change, message):
    values = adding().to_json()
    change(values)
    with pytest.raises(ValueError, match=message):
        parse_settings(json.dumps(values))


@pytest.mark.parametrize(
    ("steps", "every", "kept"), [(1000, 20, 12), (7, 5, 12), (60, 5, 6), (1, 1, 1)]
)
def test_checkpoints_are_kept_where_the_run_is_looked_at(steps, every, kept):
    settings = RunSettings("adding", training=TrainingSettings(steps=steps, every=every), kept=kept)
    found = settings.kept_steps()
    assert found == tuple(sorted(set(found)))
    assert found[-1] == steps
    assert all(step % every == 0 or step == steps for step in found)
    assert len(found) == min(kept, -(-steps // every))
    gaps = [b - a for a, b in itertools.pairwise(found[:-1])]
    assert gaps == sorted(gaps)


def test_the_first_weights_come_from_the_seed_and_their_scale():
    first, again, wide = adding(), adding(), replace(adding(), start_scale=3.0)
    application = first.make_application()
    one, same, large = (s.make_network(application).state_dict() for s in (first, again, wide))
    assert all(torch.equal(one[key], same[key]) for key in one)
    assert all(torch.equal(3 * one[key], large[key]) for key in one)
    other = adding(seed=2).make_network(application).state_dict()
    assert not all(torch.equal(one[key], other[key]) for key in one)
