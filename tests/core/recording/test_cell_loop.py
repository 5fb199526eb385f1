"""``nn.RNNCell``, ``nn.LSTMCell`` and ``nn.GRUCell`` in a user's own loop."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from core.recording import Recorder, RecordingError, record
from tests.core.recording.explicit import gradients, random_loss, run, seeded
from tests.core.recording.models import BATCH, FEATURES, STEPS, UNITS, assert_same, draw

KINDS = {
    "lstm": (nn.LSTMCell, nn.LSTM, {}),
    "gru": (nn.GRUCell, nn.GRU, {}),
    "rnn-tanh": (nn.RNNCell, nn.RNN, {}),
    "rnn-relu": (nn.RNNCell, nn.RNN, {"nonlinearity": "relu"}),
}


class Loop(nn.Module):
    """Calls a cell for each step; ``change`` is what it does to the states in between."""

    def __init__(
        self, kind: str, *, bias: bool = True, change=None, keywords: bool = False
    ) -> None:
        super().__init__()
        cls, sequence, options = KINDS[kind]
        self.cell = seeded(cls(FEATURES, UNITS, bias=bias, **options).double(), 3)
        if kind == "rnn-relu":
            with torch.no_grad():
                for parameter in self.cell.parameters():
                    parameter.mul_(0.3)
        self.change, self.keywords = change, keywords
        twin = sequence(FEATURES, UNITS, bias=bias, **options).double()
        state = {f"{name}_l0": value for name, value in self.cell.state_dict().items()}
        twin.load_state_dict(state)
        self.__dict__["twin"] = twin  # the same network for the explicit loop, not recorded

    def forward(self, x: torch.Tensor, state=None):
        outputs = []
        for x_t in x:
            state = self.cell(input=x_t, hx=state) if self.keywords else self.cell(x_t, state)
            if self.change is not None:
                self.change(state)
            outputs.append(state[0] if isinstance(state, tuple) else state)
        final = tuple(s[None] for s in state) if isinstance(state, tuple) else state[None]
        return torch.stack(outputs), final


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("given_state", [False, True])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_a_loop_over_a_cell(kind: str, bias: bool, given_state: bool, frozen: bool) -> None:
    model, x = Loop(kind, bias=bias), draw(STEPS, BATCH, FEATURES)
    state = tuple(draw(1, BATCH, UNITS, seed=9 + k) for k in range(1 + (kind == "lstm")))
    given = None if not given_state else tuple(part[0] for part in state)
    given = given[0] if given and len(given) == 1 else given
    loss = random_loss(4)
    model.requires_grad_(not frozen)
    trace = record(model, (x, given), loss=loss)["cell"]
    model.twin.requires_grad_()
    explicit = run(model.twin, x, state if given_state else None)
    wanted = explicit.signals | gradients(explicit, loss((explicit.output, explicit.finals)))
    assert_same(trace, wanted, 1e-10)
    assert 0 <= trace.proof < 1e-12
    assert trace.settings["proof_checked"] == "every step"
    for name, part in zip(("initial_hidden", "initial_cell"), state):
        expected = part if given_state else torch.zeros_like(part)
        assert np.array_equal(trace[name].values[0, 0], expected.numpy())


@pytest.mark.parametrize("kind", KINDS)
def test_called_with_keywords(kind: str) -> None:
    model, x = Loop(kind, keywords=True), draw(STEPS, BATCH, FEATURES)
    assert_same(record(model, x)["cell"], run(model.twin, x).signals)


@pytest.mark.parametrize("kind", KINDS)
def test_unbatched(kind: str) -> None:
    model, x, loss = Loop(kind), draw(STEPS, FEATURES), random_loss(4)
    trace = record(model, x, loss=loss)["cell"]
    explicit = run(model.twin, x[:, None])
    found = explicit.output[:, 0], tuple(part[:, 0] for part in explicit.finals)
    assert_same(trace, explicit.signals | gradients(explicit, loss(found)), 1e-10)


def halve(state) -> None:
    for part in state if isinstance(state, tuple) else (state,):
        part.mul_(0.5)


@pytest.mark.parametrize("kind", KINDS)
def test_states_changed_in_place_between_the_steps(kind: str) -> None:
    """The recording says what the cell computed, not what became of it."""
    model, x = Loop(kind, change=halve), draw(STEPS, BATCH, FEATURES)
    with torch.no_grad():
        state, wanted = None, []
        for x_t in x:
            state = model.cell(x_t, state)
            wanted.append((state[0] if isinstance(state, tuple) else state).clone())
            halve(state)
    trace = record(model, x)["cell"]
    np.testing.assert_allclose(trace["hidden"].values[0, 0], torch.stack(wanted), atol=1e-14)


def test_an_input_buffer_that_is_reused() -> None:
    model, x = Loop("gru"), draw(STEPS, BATCH, FEATURES)
    buffer, state = torch.empty_like(x[0]), None
    with Recorder(model) as recorder, torch.no_grad():
        for x_t in x:
            buffer.copy_(x_t)
            state = model.cell(buffer, state)
    assert_same(recorder.traces["cell"], run(model.twin, x).signals)


class Shrinking(Loop):
    """Sequences that end drop out of the batch, as in code that sorts by length."""

    def forward(self, x: torch.Tensor, lengths: list[int]):
        state, total = None, 0.0
        for t, x_t in enumerate(x):
            going = sum(length > t for length in lengths)
            if state is not None:
                state = (
                    tuple(part[:going] for part in state)
                    if isinstance(state, tuple)
                    else state[:going]
                )
            state = self.cell(x_t[:going], state)
            total = total + (state[0] if isinstance(state, tuple) else state).pow(2).sum()
        return total


@pytest.mark.parametrize("kind", KINDS)
def test_batches_that_shrink_are_padded(kind: str) -> None:
    model, x, lengths = Shrinking(kind), draw(5, 3, FEATURES), [5, 3, 1]
    trace = record(model, (x, lengths), loss=lambda out: out)["cell"]
    explicit = run(model.twin, x, lengths=lengths)
    wanted = explicit.signals | gradients(explicit, explicit.output.pow(2).sum())
    assert_same(trace, wanted, 1e-10)


class Deep(nn.Module):
    """Two cells, one above the other, and a loss at the last step only."""

    def __init__(self) -> None:
        super().__init__()
        self.cells = nn.ModuleList(
            [
                seeded(nn.LSTMCell(FEATURES, UNITS).double(), 0),
                seeded(nn.LSTMCell(UNITS, UNITS).double(), 1),
            ]
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        low = high = None
        for x_t in x:
            low = self.cells[0](x_t, low)
            high = self.cells[1](low[0], high)
        return high[0].sum()


def test_two_cells_one_above_the_other() -> None:
    model, x = Deep(), draw(STEPS, 2, FEATURES)
    traces = record(model, x, loss=lambda out: out)
    twin = nn.LSTM(FEATURES, UNITS, num_layers=2).double()
    twin.load_state_dict(
        {
            f"{name}_l{layer}": value
            for layer, cell in enumerate(model.cells)
            for name, value in cell.state_dict().items()
        }
    )
    explicit = run(twin, x)
    wanted = explicit.signals | gradients(explicit, explicit.output[-1].sum())
    for layer in (0, 1):
        here = {name: value[layer : layer + 1] for name, value in wanted.items()}
        assert_same(traces[f"cells.{layer}"], here, 1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_an_optimizers_step_at_the_end(kind: str) -> None:
    model, x, loss = Loop(kind), draw(STEPS, BATCH, FEATURES), random_loss(4)
    explicit = run(model.twin, x)
    wanted = explicit.signals | gradients(explicit, loss((explicit.output, explicit.finals)))
    optimizer = torch.optim.SGD(model.parameters(), lr=10.0)
    with Recorder(model, gradients=True) as recorder:
        loss(model(x)).backward()
        optimizer.step()
    assert_same(recorder.traces["cell"], wanted, 1e-10)


def test_weights_changed_between_the_steps_are_refused() -> None:
    model = Loop("lstm")

    def decay(_: object) -> None:
        with torch.no_grad():
            model.cell.weight_hh.mul_(0.9)

    model.change = decay
    with pytest.raises(RecordingError, match="changed in place"):
        record(model, draw(STEPS, BATCH, FEATURES))


class Louder(nn.LSTMCell):
    def forward(self, x: torch.Tensor, state=None):
        h, c = super().forward(x, state)
        return 1.1 * h, c


class Leakier(nn.GRUCell):
    def forward(self, x: torch.Tensor, state=None):
        return 0.9 * super().forward(x, state)


@pytest.mark.parametrize("cls", [Louder, Leakier])
def test_a_cell_that_computes_something_else_is_refused(cls: type[nn.RNNCellBase]) -> None:
    model = Loop("lstm" if cls is Louder else "gru")
    model.cell = seeded(cls(FEATURES, UNITS).double(), 0)
    with pytest.raises(RecordingError, match="'cell' differs from the module's own output"):
        record(model, draw(STEPS, BATCH, FEATURES))


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_lower_precision(kind: str, dtype: torch.dtype) -> None:
    model, x = Loop(kind), draw(STEPS, BATCH, FEATURES)
    exact = run(model.twin, x).signals
    trace = record(model.to(dtype), x.to(dtype))["cell"]
    assert trace["hidden"].dtype == np.float32
    assert_same(trace, exact, 1e-5 if dtype == torch.float32 else 0.1)


def test_parts_of_the_preactivation() -> None:
    trace = record(Loop("lstm"), draw(STEPS, BATCH, FEATURES), parts=True)["cell"]
    for gate in ("input_gate", "forget_gate", "output_gate"):
        total = sum(trace[f"{gate}_{part}"] for part in ("from_input", "from_recurrent", "bias"))
        np.testing.assert_allclose(total, trace[f"{gate}_preactivation"], atol=1e-14)
        np.testing.assert_allclose(1 / (1 + np.exp(-total)), trace[gate], atol=1e-14)
