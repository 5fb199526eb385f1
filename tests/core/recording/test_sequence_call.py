"""``record`` on unmodified fused modules, against the explicit loop, signal by signal."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pack_sequence

from core.recording import RecordingError, Trace, record
from tests.core.recording.explicit import (
    gradients,
    random_loss,
    run,
    seeded,
    unpacked,
)
from tests.core.recording.models import (
    BATCH,
    FEATURES,
    KINDS,
    STEPS,
    UNITS,
    as_torch_takes,
    assert_same,
    build,
    draw,
    draw_state,
)

TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-5}
ALL = list(itertools.product(KINDS, (1, 2, 3), (False, True), (False, True)))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize(("kind", "layers", "both", "bias"), ALL)
def test_every_signal(kind: str, layers: int, both: bool, bias: bool, dtype: torch.dtype) -> None:
    module = build(kind, layers, dtype, num_layers=layers, bidirectional=both, bias=bias)
    x = draw(STEPS, BATCH, FEATURES, dtype=dtype)
    trace = record(module, x)[""]
    explicit = run(module, x)
    assert_same(trace, explicit.signals, TOLERANCE[dtype])
    assert trace["hidden"].dtype == str(dtype).removeprefix("torch.")
    assert 0 <= trace.proof <= TOLERANCE[dtype]
    assert trace["output"].dims[:4] == ("layer", "direction", "time", "batch")


@pytest.mark.parametrize(("kind", "layers", "both", "bias"), ALL)
def test_every_gradient(kind: str, layers: int, both: bool, bias: bool) -> None:
    module = build(kind, layers, num_layers=layers, bidirectional=both, bias=bias)
    x, state = draw(STEPS, BATCH, FEATURES), draw_state(module, BATCH)
    loss = random_loss(layers)
    trace = record(module, (x, as_torch_takes(state)), loss=loss)[""]
    explicit = run(module, x, state)
    assert_same(trace, gradients(explicit, loss((explicit.output, explicit.finals))), 1e-10)


@pytest.mark.parametrize("batched", [True, False])
@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("given_state", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_layouts_of_the_input(
    kind: str, given_state: bool, batch_first: bool, batched: bool
) -> None:
    module = build(kind, num_layers=2, bidirectional=True, batch_first=batch_first)
    batch = BATCH if batched else 1
    x, state = draw(STEPS, batch, FEATURES), draw_state(module, batch) if given_state else None
    loss = random_loss(3)

    inputs = x.transpose(0, 1) if batch_first else x
    states = state
    if not batched:
        inputs, states = x[:, 0], state and tuple(part[:, 0] for part in state)
    arguments = (inputs,) if state is None else (inputs, as_torch_takes(states))
    trace = record(module, arguments, loss=loss)[""]

    explicit = run(module, x, state)
    assert_same(trace, explicit.signals)
    output, finals = explicit.output, explicit.finals
    if not batched:
        output, finals = output[:, 0], tuple(part[:, 0] for part in finals)
    elif batch_first:
        output = output.transpose(0, 1)
    assert_same(trace, gradients(explicit, loss((output, finals))), 1e-10)
    if state is not None:
        for name, part in zip(("initial_hidden", "initial_cell"), state):
            assert np.array_equal(trace[name].values.reshape(part.shape), part.numpy())


@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("given_state", [True, False])
@pytest.mark.parametrize("lengths", [[3, 7, 1, 5], [7, 5, 3, 1], [4, 4, 4, 4]])
@pytest.mark.parametrize("kind", KINDS)
def test_packed_sequences(
    kind: str, lengths: list[int], given_state: bool, batch_first: bool
) -> None:
    module = build(kind, num_layers=2, bidirectional=True, batch_first=batch_first)
    x = draw(max(lengths), BATCH, FEATURES)
    state = draw_state(module, BATCH) if given_state else None
    loss = random_loss(5)
    packed = pack_padded_sequence(
        x, torch.tensor(lengths), enforce_sorted=lengths == sorted(lengths, reverse=True)
    )
    arguments = (packed,) if state is None else (packed, as_torch_takes(state))
    trace = record(module, arguments, loss=loss)[""]
    explicit = run(module, x, state, lengths=lengths)
    assert_same(trace, explicit.signals)
    assert_same(trace, gradients(explicit, loss((explicit.output, explicit.finals))), 1e-10)


@given(
    lengths=st.lists(st.integers(1, 6), min_size=1, max_size=5),
    kind=st.sampled_from(sorted(KINDS)),
    layers=st.integers(1, 2),
    both=st.booleans(),
    seed=st.integers(0, 1000),
)
@settings(max_examples=40, deadline=None)
def test_any_lengths(lengths: list[int], kind: str, layers: int, both: bool, seed: int) -> None:
    module = build(kind, seed, num_layers=layers, bidirectional=both)
    sequences = [draw(length, FEATURES, seed=seed + place) for place, length in enumerate(lengths)]
    loss = random_loss(seed)
    trace = record(module, pack_sequence(sequences, enforce_sorted=False), loss=loss)[""]
    x = nn.utils.rnn.pad_sequence(sequences)
    explicit = run(module, x, lengths=lengths)
    assert_same(trace, explicit.signals)
    assert_same(trace, gradients(explicit, loss((explicit.output, explicit.finals))), 1e-10)


def test_nan_exactly_beyond_the_lengths() -> None:
    lengths = [2, 5, 1]
    packed = pack_padded_sequence(draw(5, 3, FEATURES), torch.tensor(lengths), enforce_sorted=False)
    trace = record(build("lstm", num_layers=2, bidirectional=True), packed, loss=random_loss(0))[""]
    ended = np.arange(5)[:, None] >= np.array(lengths)
    for name in set(trace.signals) - {"initial_hidden", "initial_cell", "grad_weight_norm"}:
        missing = np.isnan(trace[name].values)
        assert np.array_equal(missing, np.broadcast_to(ended[..., None], missing.shape)), name
    assert np.isfinite(trace["grad_weight_norm"].values).all()


# Dropout ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh"])
def test_train_mode_is_recorded_as_eval_and_left(kind: str) -> None:
    module = build(kind, num_layers=3, dropout=0.5).train()
    x = draw(STEPS, BATCH, FEATURES)
    before = torch.get_rng_state()
    trace = record(module, x)[""]
    assert module.training
    assert torch.equal(torch.get_rng_state(), before)
    assert_same(trace, run(module, x).signals)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("layers", [2, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_training_mode_keeps_the_dropout(kind: str, layers: int, both: bool, packed: bool) -> None:
    """The output with dropout is the module's own; the masks are found by undoing the layers."""
    module = build(kind, num_layers=layers, dropout=0.4, bidirectional=both).train()
    x, lengths = draw(STEPS, BATCH, FEATURES), [3, 7, 1, 5] if packed else [STEPS] * BATCH
    inputs = pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False) if packed else x
    loss = random_loss(9)

    torch.manual_seed(11)
    output = module(inputs)
    after = torch.get_rng_state()
    torch.manual_seed(11)
    trace = record(module, inputs, loss=loss, training=True)[""]
    assert torch.equal(torch.get_rng_state(), after), "the random state moves as without recording"

    masks = drawn_masks(module, inputs, seed=11)
    explicit = run(module, x, lengths=lengths, masks=masks)
    torch.testing.assert_close(explicit.output, unpacked(output)[0], rtol=0, atol=1e-12)
    assert_same(trace, explicit.signals)
    assert_same(trace, gradients(explicit, loss((explicit.output, explicit.finals))), 1e-10)


def drawn_masks(module: nn.RNNBase, inputs, seed: int) -> list[torch.Tensor]:
    """The same draws that torch makes: one a layer, over that layer's output."""
    torch.manual_seed(seed)
    width = (module.proj_size or UNITS) * (2 if module.bidirectional else 1)
    masks = []
    for _ in range(module.num_layers - 1):
        if isinstance(inputs, PackedSequence):
            ones = torch.ones(len(inputs.data), width, dtype=torch.float64)
            data = nn.functional.dropout(ones, module.dropout)
            packed = PackedSequence(data, *inputs[1:])
            masks.append(nn.utils.rnn.pad_packed_sequence(packed)[0])
        else:
            ones = torch.ones(*inputs.shape[:2], width, dtype=torch.float64)
            masks.append(nn.functional.dropout(ones, module.dropout))
    return masks


def test_training_mode_with_batch_first() -> None:
    module = build("lstm", num_layers=2, dropout=0.4, batch_first=True).train()
    x = draw(BATCH, STEPS, FEATURES)
    torch.manual_seed(3)
    output = module(x)[0]
    torch.manual_seed(3)
    trace = record(module, x, training=True)[""]
    top = trace["hidden"].isel(layer=1, direction=0).transpose("batch", "time", "unit")
    np.testing.assert_allclose(top.values, output.detach().numpy(), atol=1e-12)


# Several calls ---------------------------------------------------------------------------


class Twice(nn.Module):
    """Reads two inputs with one module; the second reading goes on from the first."""

    def __init__(self, rnn: nn.RNNBase) -> None:
        super().__init__()
        self.rnn = rnn

    def forward(self, first: torch.Tensor, second: torch.Tensor):
        a, state = self.rnn(first)
        b, final = self.rnn(second, state)
        return a, b, final


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh"])
def test_called_several_times(kind: str) -> None:
    model = Twice(build(kind, num_layers=2, bidirectional=True))
    first, second = draw(4, BATCH, FEATURES), draw(6, BATCH, FEATURES, seed=8)
    loss = random_loss(1)
    trace = record(
        model, (first, second), loss=lambda out: loss((out[0], ())) + loss((out[1], out[2]))
    )["rnn"]

    one = run(model.rnn, first)
    two = run(model.rnn, second, one.finals)
    total = loss((one.output, ())) + loss((two.output, two.finals))
    found = [explicit.signals | gradients(explicit, total) for explicit in (one, two)]
    wanted = {name: np.concatenate([part[name] for part in found], axis=2) for name in found[0]}
    assert_same(trace, wanted, 1e-10)
    assert trace["call_of_step"].values.tolist() == [0] * 4 + [1] * 6
    for place, (name, _) in enumerate(zip(("initial_hidden", "initial_cell"), one.finals)):
        starts = trace[name].values
        assert starts.shape[0] == 2
        assert not starts[0].any()
        np.testing.assert_allclose(
            starts[1].reshape(one.finals[place].shape), one.finals[place].detach(), atol=1e-12
        )


class Apart(nn.Module):
    """Two unrelated calls, of different lengths and batch sizes."""

    def __init__(self, rnn: nn.RNNBase) -> None:
        super().__init__()
        self.rnn = rnn

    def forward(self, first: torch.Tensor, second: torch.Tensor):
        return self.rnn(first)[0].sum() + self.rnn(second)[0].pow(2).sum()


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-relu"])
def test_calls_with_different_batches_are_padded(kind: str) -> None:
    model = Apart(build(kind))
    first, second = draw(2, 1, FEATURES), draw(3, 4, FEATURES, seed=8)
    trace = record(model, (first, second), loss=lambda out: out)["rnn"]
    one, two = run(model.rnn, first), run(model.rnn, second)
    total = one.output.sum() + two.output.pow(2).sum()
    for explicit, steps, batch in ((one, slice(0, 2), 1), (two, slice(2, 5), 4)):
        here = Trace.of(trace.data.isel(time=steps, batch=slice(0, batch)))
        assert_same(here, explicit.signals | gradients(explicit, total), 1e-10)
    beyond = trace.data.isel(time=slice(0, 2), batch=slice(1, 4))
    assert all(
        bool(beyond[name].isnull().all())
        for name in beyond.data_vars
        if {"time", "batch"} <= set(beyond[name].dims)
    )


class EncoderDecoder(nn.Module):
    """Two modules: the decoder starts from the encoder's final state."""

    def __init__(self, cls: type[nn.RNNBase], **options) -> None:
        super().__init__()
        self.encoder = seeded(cls(FEATURES, UNITS, **options).double(), 1)
        self.parts = nn.ModuleDict({"decoder": seeded(cls(2, UNITS, **options).double(), 2)})

    def forward(self, source: torch.Tensor, target: torch.Tensor):
        _, state = self.encoder(input=source)
        return self.parts["decoder"](target, hx=state)


@pytest.mark.parametrize("cls", [nn.LSTM, nn.GRU, nn.RNN])
@pytest.mark.parametrize("layers", [1, 2])
def test_encoder_and_decoder(cls: type[nn.RNNBase], layers: int) -> None:
    model = EncoderDecoder(cls, num_layers=layers)
    source, target = draw(6, 3, FEATURES), draw(4, 3, 2, seed=4)
    loss = random_loss(7)
    traces = record(model, {"source": source, "target": target}, loss=loss)
    assert list(traces) == ["encoder", "parts.decoder"]
    encoder = run(model.encoder, source)
    decoder = run(model.parts["decoder"], target, encoder.finals)
    total = loss((decoder.output, decoder.finals))
    assert_same(traces["encoder"], encoder.signals | gradients(encoder, total), 1e-10)
    assert_same(traces["parts.decoder"], decoder.signals | gradients(decoder, total), 1e-10)


class Stacked(nn.Module):
    """A chain of different recurrent modules, one of them not used by the loss."""

    def __init__(self) -> None:
        super().__init__()
        self.first = seeded(nn.GRU(FEATURES, UNITS, bidirectional=True).double(), 3)
        self.second = seeded(nn.LSTM(2 * UNITS, 4, num_layers=2).double(), 4)
        self.aside = seeded(nn.RNN(FEATURES, 2).double(), 5)

    def forward(self, x: torch.Tensor):
        middle = torch.relu(self.first(x)[0])
        return self.second(middle), self.aside(x)


def test_several_modules_and_a_loss_that_ignores_one() -> None:
    model, x, loss = Stacked(), draw(STEPS, 2, FEATURES), random_loss(6)
    traces = record(model, x, loss=lambda out: loss(out[0]))
    first = run(model.first, x)
    second = run(model.second, torch.relu(first.output))
    aside = run(model.aside, x)
    total = loss((second.output, second.finals))
    for name, explicit in (("first", first), ("second", second), ("aside", aside)):
        assert_same(traces[name], explicit.signals | gradients(explicit, total), 1e-10)
    assert not traces["aside"]["grad_hidden"].values.any()
    assert traces["aside"]["grad_weight_norm"].shape == (1, 1, STEPS)


# Finite differences ----------------------------------------------------------------------


@pytest.mark.parametrize("lengths", [None, [3, 7, 1, 5]])
@pytest.mark.parametrize("kind", KINDS)
def test_gradients_against_finite_differences(kind: str, lengths: list[int] | None) -> None:
    """Nudge one state, run everything after it again, and see by how much the loss changed."""
    module = build(kind, 4, num_layers=2, bidirectional=True)
    x, loss, size = draw(STEPS, BATCH, FEATURES), random_loss(2), 1e-6
    inputs = (
        x
        if lengths is None
        else pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    )
    trace = record(module, inputs, loss=loss)[""]
    nudges = run(module, x, lengths=lengths).nudges
    chooser = np.random.default_rng(0)
    with torch.no_grad():
        for name, nudge in (("grad_hidden", nudges.h), ("grad_cell", nudges.c)):
            if name not in trace:
                continue
            for _ in range(8):
                place = tuple(int(chooser.integers(extent)) for extent in nudge.shape)
                if np.isnan(trace[name].values[place]):
                    continue
                values = []
                for sign in (1, -1):
                    nudge[place] = sign * size
                    moved = run(module, x, lengths=lengths, nudges=nudges)
                    values.append(float(loss((moved.output, moved.finals))))
                nudge[place] = 0.0
                slope = (values[0] - values[1]) / (2 * size)
                assert trace[name].values[place] == pytest.approx(slope, rel=1e-5, abs=1e-7)


# What comes back in a wrong shape --------------------------------------------------------


class OnlyOutput(nn.LSTM):
    def forward(self, x: torch.Tensor):
        return super().forward(x)[0]


class Wider(nn.GRU):
    def forward(self, x: torch.Tensor):
        output, state = super().forward(x)
        return torch.cat((output, x), dim=-1), state


@pytest.mark.parametrize("cls", [OnlyOutput, Wider])
@pytest.mark.parametrize("steps", [2, 5])
def test_a_subclass_that_returns_something_else(cls: type[nn.RNNBase], steps: int) -> None:
    with pytest.raises(RecordingError, match="expected"):
        record(cls(FEATURES, UNITS), torch.randn(steps, 2, FEATURES))


def test_a_state_given_as_a_list() -> None:
    module, x = build("lstm"), draw(STEPS, BATCH, FEATURES)
    state = draw_state(module, BATCH)
    trace = record(module, (x, list(state)))[""]
    assert_same(trace, run(module, x, state).signals)


@pytest.mark.parametrize("kind", KINDS)
def test_one_step_of_one_sequence(kind: str) -> None:
    module, x, loss = build(kind), draw(1, 1, FEATURES), random_loss(1)
    trace = record(module, x, loss=loss)[""]
    explicit = run(module, x)
    assert_same(trace, explicit.signals)
    assert_same(trace, gradients(explicit, loss((explicit.output, explicit.finals))), 1e-10)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh"])
def test_half_precision(kind: str, dtype: torch.dtype) -> None:
    module, x = build(kind, dtype=dtype), draw(STEPS, BATCH, FEATURES, dtype=dtype)
    trace = record(module, x)[""]
    exact = run(module.double(), x.double())
    assert trace["hidden"].dtype == np.float32
    assert_same(trace, exact.signals, 0.05)
