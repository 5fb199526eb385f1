"""A recording that the module's own output contradicts is refused, however small the lie."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from core.recording import Recorder, RecordingError, record
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


def test_numbers_that_are_none() -> None:
    x = draw(5, 1, FEATURES)
    x[2] = torch.nan
    with pytest.raises(RecordingError, match="NaN"):
        record(build("lstm"), x)


def test_states_that_grow_to_infinity() -> None:
    module = build("rnn-relu", dtype=torch.float32)
    with torch.no_grad():
        module.weight_hh_l0.fill_(10.0)
        module.bias_hh_l0.fill_(1.0)
    with pytest.raises(RecordingError, match=r"grow to infinity.*Record fewer steps"):
        record(module, torch.ones(60, 1, FEATURES))


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
