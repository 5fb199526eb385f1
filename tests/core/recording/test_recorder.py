"""What a recording leaves behind in the model and in torch: nothing."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from core.networks import Recurrent
from core.recording import Recorder, RecordingError, record
from tests.core.recording.explicit import gradients, random_loss, run, seeded
from tests.core.recording.models import (
    BATCH,
    FEATURES,
    STEPS,
    UNITS,
    assert_same,
    build,
    draw,
)


class Reader(nn.Module):
    """A recurrent module between layers that behave differently in training."""

    def __init__(self, kind: str = "lstm", **options) -> None:
        super().__init__()
        self.before = nn.Dropout(0.5)
        self.norm = nn.BatchNorm1d(FEATURES, dtype=torch.float64)
        self.rnn = build(kind, **options)
        self.after = seeded(nn.Linear(UNITS, 2).double(), 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.norm(self.before(x).transpose(1, 2)).transpose(1, 2)
        return self.after(self.rnn(x)[0])


def hooks_of(model: nn.Module) -> int:
    modules = list(model.modules())
    modules += [
        cell
        for module in modules
        if isinstance(module, Recurrent)
        for _, cell in module.named_cells()
    ]
    return sum(
        len(getattr(module, name))
        for module in modules
        for name in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks")
    )


@pytest.mark.parametrize("loss", [None, lambda out: out.sum()])
def test_the_model_is_left_as_it_was(loss) -> None:
    model, x = Reader(num_layers=2, dropout=0.3), draw(STEPS, BATCH, FEATURES)
    model.train()
    model.after.eval()
    before = copy.deepcopy(model.state_dict())
    modes = [module.training for module in model.modules()]
    random = torch.get_rng_state()
    record(model, x, loss=loss)
    assert [module.training for module in model.modules()] == modes
    assert model.rnn.dropout == 0.3
    assert hooks_of(model) == 0
    assert torch.is_grad_enabled()
    assert torch.equal(torch.get_rng_state(), random)
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())


class Failing(nn.Module):
    def __init__(self, kind: str) -> None:
        super().__init__()
        own = Recurrent("lstm", FEATURES, UNITS).double()
        self.rnn = own if kind == "own" else build(kind, num_layers=2, dropout=0.2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.rnn(x)
        raise ZeroDivisionError("in the model")


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh", "own"])
def test_an_error_in_the_model_comes_through_and_leaves_nothing(kind: str, enabled: bool) -> None:
    model = Failing(kind).train()
    for loss in (None, lambda out: out.sum()):
        with torch.set_grad_enabled(enabled):
            with pytest.raises(ZeroDivisionError, match="in the model"):
                record(model, draw(STEPS, 1, FEATURES), loss=loss)
            assert torch.is_grad_enabled() is enabled
        assert hooks_of(model) == 0
        assert all(module.training for module in model.modules())


def test_an_error_inside_the_recurrent_module() -> None:
    module = build("lstm", dtype=torch.float32).train()
    with torch.no_grad():
        with pytest.raises(RuntimeError, match=r"expected input has to have|input\.size"):
            record(module, torch.zeros(STEPS, 1, FEATURES + 1))
        assert not torch.is_grad_enabled()
    assert hooks_of(module) == 0
    assert module.training


def test_an_error_in_the_loss() -> None:
    module = build("gru").train()
    with pytest.raises(KeyError, match="lost"):
        record(module, draw(2, 1, FEATURES), loss=lambda out: {}["lost"])
    assert hooks_of(module) == 0
    assert module.training


# Grad mode -------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [STEPS, 400])
@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_a_recorder_keeps_the_grad_mode_of_the_code_inside(kind: str, steps: int) -> None:
    """Also where the gates are read from a graph that no_grad would not have made."""
    torch.manual_seed(0)
    module = getattr(nn, kind.upper())(40, 40)
    x = draw(steps, 9, 40, dtype=torch.float32)
    with Recorder(module) as recorder:
        with torch.no_grad():
            output = module(x)[0]
            assert not torch.is_grad_enabled()
            assert not output.requires_grad
        assert torch.is_grad_enabled()
        assert module(x)[0].requires_grad
    with torch.no_grad():
        wanted = module(x)[0].numpy()
    for call in (0, 1):
        trace = recorder.traces[""].data
        got = trace["hidden"].values[0, 0][trace["call_of_step"].values == call]
        np.testing.assert_allclose(got, wanted, atol=1e-5)


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_inference_mode(kind: str, dtype: torch.dtype) -> None:
    module = build(kind, dtype=dtype)
    x = draw(STEPS, BATCH, FEATURES, dtype=dtype)
    with torch.inference_mode():
        trace = record(module, x)[""]
        with Recorder(module) as recorder:
            module(x)
    tolerance = 1e-5 if dtype == torch.float32 else 1e-12
    wanted = run(module, x).signals
    assert_same(trace, wanted, tolerance)
    assert_same(recorder.traces[""], wanted, tolerance)


def test_gradients_inside_inference_mode_are_refused() -> None:
    with torch.inference_mode(), pytest.raises(RecordingError, match=r"inference_mode.*Leave it"):
        record(build("gru"), draw(2, 1, FEATURES), loss=lambda out: out[0].sum())


def test_no_grad_around_everything() -> None:
    module, x, loss = build("lstm"), draw(STEPS, BATCH, FEATURES), random_loss(0)
    with torch.no_grad():
        trace = record(module, x, loss=loss)[""]
    explicit = run(module, x)
    assert_same(trace, gradients(explicit, loss((explicit.output, explicit.finals))), 1e-10)


class HalfFrozen(nn.Module):
    """The encoder runs under no_grad, as a feature extractor would."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = build("gru"), seeded(nn.LSTM(UNITS, 4).double(), 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            features = torch.from_numpy(self.encoder(x)[0].numpy())
        return self.decoder(features)[0].pow(2).sum()


def test_a_module_under_no_grad_has_no_gradients_and_the_others_do() -> None:
    model, x = HalfFrozen(), draw(STEPS, 2, FEATURES)
    traces = record(model, x, loss=lambda out: out)
    assert "grad_hidden" not in traces["encoder"]
    decoder = run(model.decoder, run(model.encoder, x).output)
    assert_same(traces["decoder"], gradients(decoder, decoder.output.pow(2).sum()), 1e-10)


# Gradients -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh"])
@pytest.mark.parametrize("layers", [1, 2])
def test_backward_inside_a_recorder_gives_the_same_parameter_gradients(
    kind: str, layers: int
) -> None:
    model = Reader(kind, num_layers=layers).float().eval()
    x = draw(STEPS, BATCH, FEATURES, dtype=torch.float32)
    model(x).pow(2).sum().backward()
    wanted = {name: parameter.grad.clone() for name, parameter in model.named_parameters()}
    model.zero_grad()
    with Recorder(model, gradients=True) as recorder:
        model(x).pow(2).sum().backward()
    for name, parameter in model.named_parameters():
        scale = wanted[name].abs().max()
        assert (parameter.grad - wanted[name]).abs().max() <= 1e-6 * scale, name
    trace = recorder.traces["rnn"]
    twin = copy.deepcopy(model).double()
    explicit = run(twin.rnn, twin.norm(x.double().transpose(1, 2)).transpose(1, 2))
    assert_same(trace, gradients(explicit, twin.after(explicit.output).pow(2).sum()), 1e-4)


def test_the_recorded_steps_add_up_to_the_parameter_gradient() -> None:
    """With one sequence and one step the norm of the share is the norm of the gradient."""
    module = build("lstm")
    state = (draw(1, 1, UNITS), draw(1, 1, UNITS, seed=3))
    with Recorder(module, gradients=True) as recorder:
        random_loss(0)(module(draw(1, 1, FEATURES), state)).backward()
    norm = recorder.traces[""]["grad_weight_norm"].values
    assert norm.item() == pytest.approx(module.weight_hh_l0.grad.norm().item(), rel=1e-12)


def test_two_backward_passes_add_up() -> None:
    module, x = build("gru"), draw(STEPS, 1, FEATURES)
    first, second = random_loss(0), random_loss(10)
    with Recorder(module, gradients=True) as recorder:
        output = module(x)
        first(output).backward(retain_graph=True)
        second(output).backward()
    explicit = run(module, x)
    found = (explicit.output, explicit.finals)
    assert_same(recorder.traces[""], gradients(explicit, first(found) + second(found)), 1e-10)


def test_an_optimizers_step_inside_the_block_changes_nothing_recorded() -> None:
    module, x, loss = build("lstm", num_layers=2), draw(STEPS, 2, FEATURES), random_loss(0)
    explicit = run(module, x)
    wanted = explicit.signals | gradients(explicit, loss((explicit.output, explicit.finals)))
    optimizer = torch.optim.SGD(module.parameters(), lr=10.0)
    with Recorder(module, gradients=True) as recorder:
        loss(module(x)).backward()
        optimizer.step()
    assert_same(recorder.traces[""], wanted, 1e-10)


def test_without_a_backward_pass_there_are_no_gradients() -> None:
    with Recorder(build("gru"), gradients=True) as recorder:
        recorder.model(draw(2, 1, FEATURES))
    assert "grad_hidden" not in recorder.traces[""]


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh", "rnn-relu", "lstm-projected"])
@pytest.mark.parametrize("layers", [1, 2])
def test_frozen_parameters(kind: str, layers: int) -> None:
    module, x, loss = build(kind, num_layers=layers), draw(STEPS, 2, FEATURES), random_loss(0)
    explicit = run(module, x)
    wanted = explicit.signals | gradients(explicit, loss((explicit.output, explicit.finals)))
    module.requires_grad_(False)
    assert_same(record(module, x, loss=loss)[""], wanted, 1e-10)
    assert not any(parameter.requires_grad for parameter in module.parameters())


@pytest.mark.parametrize("free", ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"])
@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU])
def test_partly_frozen_parameters(kind: type[nn.RNNBase], free: str) -> None:
    """autograd then keeps less behind, and the saved gates may be incomplete."""
    module = seeded(kind(30, 40), 0)
    module.requires_grad_(False)
    getattr(module, free).requires_grad_()
    x = draw(12, 9, 30, dtype=torch.float32)
    with torch.no_grad():
        trace = record(module, x)[""]
    assert_same(trace, run(module.double(), x.double()).signals, 1e-5)


class InPlace(nn.Module):
    """Changes what the recurrent module returned, in place."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.rnn = build(kind)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        output, _ = self.rnn(x)
        return output.relu_()


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh"])
def test_outputs_changed_in_place_afterwards(kind: str, frozen: bool) -> None:
    model, x = InPlace(kind).requires_grad_(not frozen), draw(STEPS, 2, FEATURES)
    assert_same(record(model, x)["rnn"], run(model.rnn, x).signals)
    trace = record(model, x, loss=lambda out: out.pow(2).sum())["rnn"]
    explicit = run(model.rnn, x)
    wanted = explicit.signals | gradients(explicit, explicit.output.relu().pow(2).sum())
    assert_same(trace, wanted, 1e-10)


class Checkpointed(nn.Module):
    def __init__(self, reentrant: bool) -> None:
        super().__init__()
        self.rnn, self.reentrant = build("gru"), reentrant

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return checkpoint(lambda x: self.rnn(x)[0], x, use_reentrant=self.reentrant)


def test_a_checkpointed_model_is_recorded_once() -> None:
    """It calls its modules again during the backward pass."""
    model, x = Checkpointed(reentrant=False), draw(STEPS, 2, FEATURES)
    trace = record(model, x, loss=lambda out: out.pow(2).sum())["rnn"]
    explicit = run(model.rnn, x)
    wanted = explicit.signals | gradients(explicit, explicit.output.pow(2).sum())
    assert_same(trace, wanted, 1e-10)


def test_a_reentrant_checkpoint_hides_the_gradients() -> None:
    model, x = Checkpointed(reentrant=True), draw(STEPS, 2, FEATURES).requires_grad_()
    with Recorder(model, gradients=True) as recorder:
        model(x).sum().backward()
    assert recorder.traces["rnn"].data.sizes["time"] == STEPS
    assert "grad_hidden" not in recorder.traces["rnn"]


# Losses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (lambda out: out[0], r"loss returned \(7, 4, 5\); expected one number.*\.mean\(\)"),
        (lambda out: 3.0, "loss returned float; expected one number"),
        (lambda out: out, "loss returned tuple; expected one number"),
    ],
)
def test_a_loss_that_is_not_one_number(loss, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        record(build("lstm"), draw(STEPS, BATCH, FEATURES), loss=loss)


@pytest.mark.parametrize(
    "loss",
    [
        lambda out: out[0].detach().sum(),
        lambda out: torch.tensor(out[0].sum().item()),
        lambda out: torch.ones(1, requires_grad=True).sum(),
    ],
)
def test_a_loss_that_does_not_depend_on_the_module(loss) -> None:
    with pytest.raises(ValueError, match=r"does not depend on any recurrent module.*\.detach\(\)"):
        record(build("lstm"), draw(STEPS, BATCH, FEATURES), loss=loss)


# Models ----------------------------------------------------------------------------------


def test_a_model_without_recurrent_modules() -> None:
    with pytest.raises(RecordingError, match=r"Linear contains nothing to record; expected"):
        record(nn.Linear(2, 2), torch.ones(1, 2))


def test_a_model_that_does_not_run_them() -> None:
    model = nn.Sequential(nn.Linear(2, 2))
    model.idle = build("gru")
    for loss in (None, lambda out: out.sum()):
        with pytest.raises(RecordingError, match="without calling any of its recurrent modules"):
            record(model.requires_grad_(), _first_of(model), loss=loss)


def _first_of(model: nn.Module) -> torch.Tensor:
    model.forward = lambda x: model[0](x)
    return torch.ones(1, 2)


def test_only_what_ran_is_there() -> None:
    model = nn.ModuleDict({"used": build("gru"), "idle": build("lstm")})
    model.forward = lambda x: model["used"](x)
    assert list(record(model, draw(2, 1, FEATURES))) == ["used"]


class Shared(nn.Module):
    """The same module under two names."""

    def __init__(self) -> None:
        super().__init__()
        self.left = build("rnn-tanh")
        self.right = self.left

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.right(self.left(x)[0][..., :FEATURES])[0]


def test_a_module_shared_between_two_paths_is_one_recording() -> None:
    model, x = Shared(), draw(STEPS, 2, FEATURES)
    traces = record(model, x, loss=lambda out: out.pow(2).sum())
    assert list(traces) == ["left"]
    one = run(model.left, x)
    two = run(model.left, one.output[..., :FEATURES])
    total = two.output.pow(2).sum()
    found = [explicit.signals | gradients(explicit, total) for explicit in (one, two)]
    wanted = {name: np.concatenate([part[name] for part in found], axis=2) for name in found[0]}
    assert_same(traces["left"], wanted, 1e-10)


@pytest.mark.parametrize("kind", ["lstm", "own"])
def test_a_deep_copy(kind: str) -> None:
    own = seeded(Recurrent("lstm", FEATURES, UNITS, num_layers=2).double(), 0)
    model = own if kind == "own" else build(kind, num_layers=2)
    twin, x = copy.deepcopy(model), draw(STEPS, 2, FEATURES)
    wanted = {name: record(model, x)[""][name].values for name in ("hidden", "forget_gate")}
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    assert_same(record(twin, x)[""], wanted)


def test_inputs_as_a_tuple_a_dict_or_keywords() -> None:
    module, x, h0 = build("gru"), draw(STEPS, 2, FEATURES), draw(1, 2, UNITS, seed=4)
    wanted = run(module, x, (h0,)).signals
    for inputs in ((x, h0), {"input": x, "hx": h0}):
        assert_same(record(module, inputs)[""], wanted)
    with Recorder(module) as recorder:
        module(x, hx=h0)
    assert_same(recorder.traces[""], wanted)


def test_one_recorder_used_twice_goes_on_where_it_was() -> None:
    module, x = build("gru"), draw(STEPS, 2, FEATURES)
    recorder = Recorder(module)
    for _ in range(2):
        with recorder:
            module(x)
    assert recorder.traces[""]["call_of_step"].values.tolist() == [0] * STEPS + [1] * STEPS


@pytest.mark.parametrize("wrapped", ["weight_norm", "orthogonal"])
def test_reparametrised_weights(wrapped: str) -> None:
    module = build("lstm")
    change = getattr(nn.utils.parametrizations, wrapped)
    change(module, "weight_hh_l0")
    x = draw(STEPS, 2, FEATURES)
    try:
        trace = record(module, x)[""]
    except RecordingError:
        return  # refused is fine; wrong numbers are not
    with torch.no_grad():
        np.testing.assert_allclose(trace["hidden"].values[0, 0], module(x)[0].numpy(), atol=1e-12)
        np.testing.assert_allclose(
            trace["hidden"].values,
            (trace["output_gate"] * np.tanh(trace["cell"])).values,
            atol=1e-12,
        )
