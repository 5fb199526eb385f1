"""What a Trace says of itself, without and with torch."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

from core.recording import SIGNALS, Trace, record
from tests.core.recording.explicit import random_loss
from tests.core.recording.models import BATCH, FEATURES, STEPS, UNITS, build, draw


@pytest.fixture(name="trace", scope="module")
def lstm_trace() -> Trace:
    module = build("lstm", num_layers=2, bidirectional=True)
    return record(
        module,
        draw(STEPS, BATCH, FEATURES),
        loss=random_loss(0),
        tokens="namaska",
        settings={"seed": 7, "model": "a lstm"},
    )[""]


def test_dimensions_and_coordinates_have_names(trace: Trace) -> None:
    gate = trace["forget_gate"]
    assert gate.dims == ("layer", "direction", "time", "batch", "unit")
    assert gate.shape == (2, 2, STEPS, BATCH, UNITS)
    assert gate.direction.values.tolist() == ["forward", "backward"]
    assert trace["grad_weight_norm"].dims == ("layer", "direction", "time")
    assert trace.tokens == list("namaska")
    assert trace["hidden"].sel(direction="backward", layer=1).shape == (STEPS, BATCH, UNITS)


def test_settings_and_proof(trace: Trace) -> None:
    assert trace.settings["kind"] == "lstm"
    assert trace.settings["seed"] == 7
    assert trace.settings["model"] == "a lstm"
    assert trace.settings["torch"] == torch.__version__
    assert 0 < trace.proof < 1e-12


def test_settings_cannot_fake_the_proof() -> None:
    trace = record(build("gru"), draw(2, 1, FEATURES), settings={"proof": -1.0, "kind": "magic"})[
        ""
    ]
    assert trace.proof >= 0
    assert trace.settings["kind"] == "gru"


def test_every_signal_has_a_letter(trace: Trace) -> None:
    named = {name for name in trace.signals if not name.startswith("initial_")}
    assert named <= set(SIGNALS)
    assert "forget_gate" in trace
    assert "reset_gate" not in trace


def test_an_unknown_signal_says_what_there_is(trace: Trace) -> None:
    with pytest.raises(KeyError, match=r"no signal 'rest_gate'.*input_gate.*parts=True.*loss"):
        trace["rest_gate"]


def test_without_tokens_there_are_none() -> None:
    assert record(build("gru"), draw(2, 1, FEATURES))[""].tokens is None


def test_dataframe(trace: Trace) -> None:
    frame = trace.to_dataframe()
    assert len(frame) == 2 * 2 * STEPS * BATCH * UNITS
    row = frame[
        (frame.layer == 1)
        & (frame.direction == "backward")
        & (frame.time == 3)
        & (frame.batch == 2)
        & (frame.unit == 4)
    ].iloc[0]
    for name in ("hidden", "cell", "forget_gate", "grad_hidden", "grad_cell"):
        assert row[name] == trace[name].values[1, 1, 3, 2, 4]
    assert row["grad_weight_norm"] == trace["grad_weight_norm"].values[1, 1, 3]
    assert row["token"] == "a"
    assert not any(name.startswith("initial_") for name in frame)


def test_dataframe_of_states_with_another_width() -> None:
    trace = record(build("lstm-projected"), draw(STEPS, BATCH, FEATURES))[""]
    frame = trace.to_dataframe()
    assert len(frame) == STEPS * BATCH * UNITS
    values = frame.set_index(["time", "batch", "unit"]).sort_index()
    assert values.loc[(3, 2, 1), "hidden"] == trace["hidden"].values[0, 0, 3, 2, 1]
    assert values.loc[(3, 2, 4), "forget_gate"] == trace["forget_gate"].values[0, 0, 3, 2, 4]
    assert np.isnan(values.loc[(3, 2, 4), "hidden"])


def test_dataframe_leaves_out_what_has_no_units(trace: Trace) -> None:
    guesses = np.zeros((STEPS, BATCH, 11))
    wider = Trace.of(trace.data.assign(prediction=(("time", "batch", "class"), guesses)))
    assert len(wider.to_dataframe()) == len(trace.to_dataframe())


def test_the_recording_is_not_the_models_memory() -> None:
    """Nothing that happens to the model's tensors later changes the recording."""
    module = build("rnn-tanh")
    state = torch.zeros(1, BATCH, UNITS, dtype=torch.float64)
    x = draw(STEPS, BATCH, FEATURES)
    with torch.no_grad():
        wanted = module(x)[0].numpy().copy()
        trace = record(nn.ModuleList([module])[0], (x, state))[""]
        x.zero_()
        state.fill_(5)
        for parameter in module.parameters():
            parameter.zero_()
    np.testing.assert_allclose(trace["hidden"].values[0, 0], wanted, atol=1e-14)
    assert not trace["initial_hidden"].values.any()


def test_importing_trace_does_not_import_torch() -> None:
    code = "import sys; from core import Trace; from core.recording import SIGNALS; "
    code += "sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
