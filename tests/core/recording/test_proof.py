"""A recording that the module's own output contradicts is refused, however small the lie."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from core.recording import Recorder, RecordingError, Trace, record
from core.recording.proof import check_proof
from tests.core.recording.explicit import seeded
from tests.core.recording.models import BATCH, FEATURES, UNITS, build, draw

CLASSES = [nn.LSTM, nn.GRU, nn.RNN]
LONG = 90  # longer than what the proof of a plain nn.RNN recomputes


def scaled_output(base: type[nn.RNNBase]) -> type[nn.RNNBase]:
    class Scaled(base):
        def forward(self, x, state=None):
            output, final = super().forward(x, state)
            return 1.01 * output, final

    return Scaled


def scaled_input(base: type[nn.RNNBase]) -> type[nn.RNNBase]:
    class Scaled(base):
        def forward(self, x, state=None):
            return super().forward(1.01 * x, state)

    return Scaled


def one_step(base: type[nn.RNNBase]) -> type[nn.RNNBase]:
    class OneStep(base):
        def forward(self, x, state=None):
            output, final = super().forward(x, state)
            output = output.clone()
            output[len(x) // 2, 0, 0] += 1e-3
            return output, final

    return OneStep


def other_state(base: type[nn.RNNBase]) -> type[nn.RNNBase]:
    class OtherState(base):
        def forward(self, x, state=None):
            output, final = super().forward(x, state)
            if isinstance(final, tuple):
                return output, (final[0], final[1] + 1e-3)
            return output, final + 1e-3

    return OtherState


def ignored_state(base: type[nn.RNNBase]) -> type[nn.RNNBase]:
    class Ignored(base):
        def forward(self, x, state=None):
            return super().forward(x)

    return Ignored


def not_a_number(base: type[nn.RNNBase]) -> type[nn.RNNBase]:
    class Nan(base):
        def forward(self, x, state=None):
            output, final = super().forward(x, state)
            if isinstance(final, tuple):
                return output, (final[0] * torch.nan, final[1])
            return output, final * torch.nan

    return Nan


LIES = [scaled_output, scaled_input, one_step, other_state, ignored_state, not_a_number]


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}])
@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("base", CLASSES)
def test_a_subclass_that_overrides_forward(base, lie, options: dict, dtype: torch.dtype) -> None:
    module = lie(base)(FEATURES, UNITS, **options).to(dtype)
    seeded(module, 1)
    count = 4 if options else 1
    state = draw(count, BATCH, UNITS, dtype=dtype)
    inputs = draw(LONG, BATCH, FEATURES, dtype=dtype), (state, state) if base is nn.LSTM else state
    with pytest.raises(RecordingError, match=r"differs from the module's own output.*overrides"):
        record(module, inputs)
    with pytest.raises(RecordingError):
        record(module, inputs, loss=lambda out: out[0].sum())


@pytest.mark.parametrize("base", CLASSES)
def test_a_subclass_that_changes_nothing_is_recorded(base) -> None:
    class Same(base):
        def forward(self, x, state=None):
            return super().forward(x, state)

    trace = record(seeded(Same(FEATURES, UNITS).double(), 0), draw(LONG, 2, FEATURES))[""]
    assert trace.proof < 1e-12
    assert trace.settings["proof_checked"] == "every step"


def change(output, how):
    values, final = output
    return how(values), final


@pytest.mark.parametrize("steps", [LONG, 5])
@pytest.mark.parametrize("base", CLASSES)
def test_a_hook_that_changes_one_number_of_one_step(base, steps: int) -> None:
    module = seeded(base(FEATURES, UNITS).double(), 0)

    def hook(module, args, output):
        def how(values):
            values = values.clone()
            values[steps // 2, 0, 1] += 1e-4
            return values

        return change(output, how)

    module.register_forward_hook(hook)
    with pytest.raises(RecordingError, match="a hook that changes"):
        record(module, draw(steps, 2, FEATURES))


@pytest.mark.parametrize("base", CLASSES)
def test_a_hook_that_changes_the_inputs_is_seen_through(base) -> None:
    """What the kernel read is what comes out of the hook, and that is recorded."""
    module = seeded(base(FEATURES, UNITS).double(), 0)
    x = draw(LONG, 2, FEATURES)
    wanted = record(module, 2 * x)[""]["hidden"].values
    module.register_forward_pre_hook(lambda module, args: (2 * args[0], *args[1:]))
    assert (record(module, x)[""]["hidden"].values == wanted).all()


@pytest.mark.parametrize("base", CLASSES)
def test_a_forward_that_was_replaced_on_the_module(base) -> None:
    module = seeded(base(FEATURES, UNITS).double(), 0)
    own = module.forward
    module.forward = lambda x: change(own(x), lambda values: 1.001 * values)
    with pytest.raises(RecordingError, match="differs"):
        record(module, draw(LONG, 2, FEATURES))


@pytest.mark.parametrize("base", CLASSES)
def test_a_forward_that_was_replaced_on_the_class(base, monkeypatch) -> None:
    own = base.forward
    monkeypatch.setattr(
        base,
        "forward",
        lambda self, x, hx=None: change(own(self, x, hx), lambda values: values + 1e-4),
    )
    with pytest.raises(RecordingError, match="differs"):
        record(seeded(base(FEATURES, UNITS).double(), 0), draw(LONG, 2, FEATURES))


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh"])
def test_weights_changed_between_two_calls_are_recorded_as_they_were(kind: str) -> None:
    module, x = build(kind), draw(LONG, 2, FEATURES)
    first = record(module, x)[""]["hidden"].values
    with Recorder(module) as recorder, torch.no_grad():
        module(x)
        module.weight_hh_l0.mul_(0.5)
        module(x)
    both = recorder.traces[""]["hidden"].values
    assert (both[:, :, :LONG] == first).all()
    assert (both[:, :, LONG:] == record(module, x)[""]["hidden"].values).all()


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh"])
def test_weights_changed_while_the_module_runs(kind: str) -> None:
    """Another hook changes the weights after the kernel has read them."""
    module = build(kind)

    def hook(module, args, output):
        with torch.no_grad():
            module.weight_ih_l0.mul_(1.01)

    module.register_forward_hook(hook)
    with pytest.raises(RecordingError, match="differs"):
        record(module, draw(LONG, 2, FEATURES))


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh", "rnn-relu"])
@pytest.mark.parametrize("grad", [False, True])
@pytest.mark.parametrize("loss", [None, lambda out: out[0].sum()])
def test_numbers_that_are_none_are_recorded_and_marked(kind: str, grad: bool, loss) -> None:
    x = draw(5, 1, FEATURES)
    x[2] = torch.nan
    module = build(kind)
    with torch.set_grad_enabled(grad):
        expected = module(x)[0].detach().numpy()
        trace = record(module, x, loss=loss)[""]
    hidden = trace["hidden"].values[0, 0]
    np.testing.assert_array_equal(np.isnan(hidden), np.isnan(expected))
    np.testing.assert_allclose(hidden[:2], expected[:2], atol=1e-12)
    assert trace.not_finite == (2, "hidden")
    assert trace.proof < 1e-10


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_weights_that_are_none_are_recorded_and_marked(kind: str) -> None:
    module = build(kind, num_layers=2)
    with torch.no_grad():
        module.weight_hh_l1[0, 0] = torch.nan
    trace = record(module, draw(4, 2, FEATURES))[""]
    assert np.isfinite(trace["hidden"].values[0]).all()
    assert trace.not_finite == (0, "hidden")


def test_states_that_grow_to_infinity_are_recorded_and_marked(tmp_path) -> None:
    module = build("rnn-relu", dtype=torch.float32)
    with torch.no_grad():
        module.weight_hh_l0.fill_(10.0)
        module.bias_hh_l0.fill_(1.0)
    x = torch.ones(60, 1, FEATURES)
    trace = record(module, x)[""]
    expected = module(x)[0].detach().numpy()
    np.testing.assert_array_equal(trace["hidden"].values[0, 0], expected)
    first = int(np.flatnonzero(~np.isfinite(expected).all(axis=(1, 2)))[0])
    assert 0 < first < 59
    assert trace.not_finite == (first, "hidden")
    trace.save(tmp_path / "broken.safetensors")
    assert Trace.load(tmp_path / "broken.safetensors").not_finite == (first, "hidden")


def test_a_gradient_that_breaks_alone_is_marked() -> None:
    trace = record(build("gru"), draw(4, 1, FEATURES), loss=lambda out: out[0][2].sum() * torch.inf)
    assert trace[""].not_finite == (0, "grad_hidden")


def test_a_sound_recording_is_not_marked_though_packed_sequences_end_in_nan() -> None:
    packed = pack_padded_sequence(draw(5, 3, FEATURES), torch.tensor([5, 3, 2]))
    assert record(build("gru"), packed)[""].not_finite is None


def test_cells_called_one_by_one_are_recorded_when_they_break() -> None:
    class Loop(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.LSTMCell(FEATURES, 4, dtype=torch.float64)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            state = None
            for step in x:
                state = self.cell(step, state)
            return state[0]

    x = draw(5, 2, FEATURES)
    x[3, 1, 0] = torch.inf
    x[4] = torch.nan
    trace = record(Loop(), x)["cell"]
    assert trace.not_finite in ((3, "hidden"), (4, "hidden"))
    assert np.isnan(trace["hidden"].values[0, 0, 4]).all()


def test_a_module_that_hides_what_is_broken_is_still_refused() -> None:
    class Clean(nn.GRU):
        def forward(self, x, hx=None):
            output, final = super().forward(x, hx)
            return output.nan_to_num(), final.nan_to_num()

    x = draw(5, 1, FEATURES)
    x[2] = torch.nan
    with pytest.raises(RecordingError, match="differs from the module's own output by inf"):
        record(Clean(FEATURES, 4, dtype=torch.float64), x)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 30.0])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh", "rnn-relu"])
@pytest.mark.parametrize("seed", range(3))
def test_rounding_is_never_refused(kind: str, dtype: torch.dtype, scale: float, seed: int) -> None:
    """Also with weights and inputs far too large or small."""
    module = build(kind, seed, dtype=dtype, num_layers=2)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(scale if kind != "rnn-relu" else min(scale, 1.0))
    trace = record(module, 10 * scale * draw(200, 2, FEATURES, seed=seed, dtype=dtype))[""]
    assert trace.proof < (1e-10 if dtype == torch.float64 else 1e-4)


@pytest.mark.parametrize(
    ("difference", "dtype", "size", "refused"),
    [
        (1e-8, torch.float64, 1.0, True),
        (1e-10, torch.float64, 1.0, False),
        (1e-5, torch.float32, 1.0, False),
        (1e-3, torch.float32, 1.0, True),
        (1e-3, torch.float32, 100.0, False),
        (1e-5, torch.float32, 1e-3, True),
        (1e-2, torch.bfloat16, 1.0, False),
        (1e-1, torch.bfloat16, 1.0, True),
        (float("inf"), torch.float32, 1.0, True),
        (float("nan"), torch.float32, 1.0, True),
    ],
)
def test_what_counts_as_rounding(
    difference: float, dtype: torch.dtype, size: float, refused: bool
) -> None:
    states = torch.tensor([[0.0, -size]])
    if not refused:
        check_proof("rnn", nn.LSTM(1, 1), difference, states, dtype)
        return
    with pytest.raises(RecordingError, match="The recording of 'rnn' differs"):
        check_proof("rnn", nn.LSTM(1, 1), difference, states, dtype)
