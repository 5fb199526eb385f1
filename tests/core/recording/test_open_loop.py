"""The project's own cells, in a ``Recurrent`` and by themselves."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from core.cells import JordanCell, make_cell
from core.networks import ModelSettings, Recurrent, SequenceModel, open_module
from core.recording import Recorder, RecordingError, record
from tests.core.recording.explicit import gradients, random_loss, run, seeded
from tests.core.recording.models import BATCH, FEATURES, STEPS, UNITS, assert_same, build, draw

ALL = ("elman", "jordan", "lstm", "gru", "gru-original")


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn-tanh", "rnn-relu"])
def test_an_opened_module_records_the_same(kind: str, layers: int, both: bool) -> None:
    fused = build(kind, num_layers=layers, bidirectional=both)
    x, loss = draw(STEPS, BATCH, FEATURES), random_loss(2)
    one = record(fused, x, loss=loss, parts=True)[""]
    two = record(open_module(fused), x, loss=loss, parts=True)[""]
    explicit = run(fused, x)
    wanted = explicit.signals | gradients(explicit, loss((explicit.output, explicit.finals)))
    assert_same(two, wanted, 1e-10)
    parts = {name: one[name].values for name in one.signals if "_from_" in name or "bias" in name}
    assert parts
    assert_same(two, parts)
    for name in one.signals:
        assert one[name].dims == two[name].dims, name


def totals_by_nudges(network: Recurrent, x: torch.Tensor, loss) -> dict[str, np.ndarray]:
    """Gradients for zeros that are added to every cell's h (and c) and to its U at each step."""
    made: dict[str, dict[tuple, torch.Tensor]] = {"hidden": {}, "cell": {}, "U": {}}

    def unrolled(cell, inputs, state, place, backward):
        outputs = [None] * len(inputs)
        order = range(len(inputs))
        for t in reversed(order) if backward else order:
            U = cell.weight_hh.detach().clone().requires_grad_()
            made["U"][(*place, t)] = U
            step = nudged(cell, U, inputs[t], state, (*place, t))
            outputs[t], state = step
        return torch.stack(outputs), state

    def nudged(cell, recurrent, x_t, state, place):
        """One step, written again for each cell so that a nudge can be put in."""
        zeros = torch.zeros(len(x_t), cell.hidden_size, dtype=x_t.dtype, requires_grad=True)
        made["hidden"][place] = zeros
        own = dict(cell.named_parameters()) | {"weight_hh": recurrent}
        U = recurrent
        W, b = own["weight_ih"], own["bias_ih"] + own["bias_hh"]
        if cell.kind == "jordan":
            h = torch.tanh(x_t @ W.T + state[0] @ U.T + b) + zeros
            y = h @ own["weight_ho"].T + own["bias_ho"]
            return y, (y,)
        if cell.kind == "elman":
            h = torch.tanh(x_t @ W.T + state[0] @ U.T + b) + zeros
            return h, (h,)
        if cell.kind == "gru-original":
            (w_r, w_z, w_n), (u_r, u_z, u_n) = (x_t @ W.T).chunk(3, -1), U.chunk(3)
            b_r, b_z, b_n = b.chunk(3)
            r = torch.sigmoid(w_r + state[0] @ u_r.T + b_r)
            z = torch.sigmoid(w_z + state[0] @ u_z.T + b_z)
            n = torch.tanh(w_n + (r * state[0]) @ u_n.T + b_n)
            h = (1 - z) * n + z * state[0] + zeros
            return h, (h,)
        raise AssertionError(cell.kind)

    for layer, cells in enumerate(network.cells):
        columns = []
        for direction, cell in enumerate(cells):
            start = cell.initial_state(x.shape[1])
            out, _ = unrolled(cell, x, start, (layer, direction), direction == 1)
            columns.append(out)
        x = torch.cat(columns, dim=-1)
    value = loss(x)
    value.backward()

    def grid(name: str, change) -> np.ndarray:
        places = sorted(made[name])
        shape = tuple(extent + 1 for extent in places[-1])
        values = [change(made[name][place].grad) for place in places]
        return torch.stack(values).reshape(*shape, *values[0].shape).numpy()

    return {
        "grad_hidden": grid("hidden", lambda gradient: gradient),
        "grad_weight_norm": grid("U", torch.linalg.vector_norm),
    }


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize(("layers", "both"), [(1, False), (2, False), (2, True)])
@pytest.mark.parametrize("kind", ["elman", "jordan", "gru-original"])
def test_gradients_of_cells_that_torch_does_not_have(
    kind: str, layers: int, both: bool, frozen: bool
) -> None:
    network = Recurrent(kind, FEATURES, UNITS, num_layers=layers, bidirectional=both).double()
    x = draw(STEPS, 2, FEATURES)
    wanted = totals_by_nudges(seeded(network, 4), x, lambda out: out.sin().sum())
    network.zero_grad()
    network.requires_grad_(not frozen)
    trace = record(network, x, loss=lambda out: out[0].sin().sum())[""]
    assert_same(trace, wanted, 1e-10)


@pytest.mark.parametrize("kind", ALL)
def test_signals_are_the_cells_own(kind: str) -> None:
    network = seeded(Recurrent(kind, FEATURES, UNITS, num_layers=2).double(), 0)
    x = draw(STEPS, BATCH, FEATURES)
    trace = record(network, x, parts=True)[""]
    with torch.no_grad():
        low = network.cells[0][0].initial_state(BATCH)
        for t, x_t in enumerate(x):
            step = network.cells[0][0](x_t, low)
            low = step.state
            for name, value in step.signals.items():
                assert np.array_equal(trace[name].values[0, 0, t], value.numpy()), name
        output, _ = network(x)
    np.testing.assert_array_equal(trace["output"].values[1, 0], output.numpy())
    assert trace.proof == 0
    assert trace.settings["kind"] == kind
    assert trace.settings["proof_checked"] == "the open cells' own numbers"


def test_without_parts_there_are_only_states_and_gates() -> None:
    network = Recurrent("jordan", FEATURES, UNITS).double()
    trace = record(network, draw(STEPS, 1, FEATURES))[""]
    assert set(trace.signals) == {"hidden", "output", "initial_output"}


def test_a_jordan_output_of_another_width() -> None:
    network = Recurrent("jordan", FEATURES, UNITS, output_size=2).double()
    trace = record(network, draw(STEPS, 1, FEATURES), loss=lambda out: out[0].sum())[""]
    assert trace["output"].dims[-1] == "feature"
    assert trace["hidden"].dims[-1] == "unit"
    assert trace["initial_output"].shape == (1, 1, 1, 1, 2)
    assert len(trace.to_dataframe()) == STEPS * UNITS


class Twice(nn.Module):
    """Two readings with one network, of different lengths; the second goes on from the first."""

    def __init__(self, rnn: nn.Module) -> None:
        super().__init__()
        self.rnn = rnn

    def forward(self, first: torch.Tensor, second: torch.Tensor):
        one, state = self.rnn(first)
        two, _ = self.rnn(second, state)
        return one, two


def test_several_readings_with_both_directions() -> None:
    """Each reading is turned round by itself."""
    fused = build("lstm", num_layers=2, bidirectional=True)
    first, second = draw(3, 2, FEATURES), draw(5, 2, FEATURES, seed=6)

    def loss(out):
        return out[0].sin().sum() + out[1].pow(2).sum()

    one = record(Twice(fused), (first, second), loss=loss)["rnn"]
    two = record(Twice(open_module(fused)), (first, second), loss=loss)["rnn"]
    assert two["call_of_step"].values.tolist() == [0] * 3 + [1] * 5
    wanted = {name: one[name].values for name in one.signals}
    assert_same(two, wanted, 1e-10)


@pytest.mark.parametrize("cell", ["elman", "jordan", "lstm", "gru", "gru-original"])
@pytest.mark.parametrize("embedding", [0, 3])
def test_sequence_models(cell: str, embedding: int) -> None:
    torch.manual_seed(0)
    model = SequenceModel(ModelSettings(cell, 5, UNITS, embedding_size=embedding)).double()
    ids = torch.tensor([[0], [3], [4], [5], [1]])  # 5 is unknown

    def loss(out):
        return nn.functional.cross_entropy(out[0][-1], torch.tensor([2]))

    opened = record(model.opened(), ids, loss=loss)["rnn"]
    plain = record(model, ids, loss=loss)["rnn"]
    for name in plain.signals:
        assert_same(opened, {name: plain[name].values}, 1e-10)


def test_a_cell_called_by_itself_with_keywords() -> None:
    cell = seeded(make_cell("lstm", FEATURES, UNITS).double(), 0)
    x, state = draw(STEPS, 2, FEATURES), cell.initial_state(2)
    with Recorder(cell, gradients=True) as recorder:
        for x_t in x:
            step = cell(x=x_t, state=state)
            state = step.state
        step.output.sum().backward()
    twin = nn.LSTM(FEATURES, UNITS).double()
    twin.load_state_dict({f"{name}_l0": value for name, value in cell.state_dict().items()})
    explicit = run(twin, x)
    wanted = explicit.signals | gradients(explicit, explicit.output[-1].sum())
    assert_same(recorder.traces[""], wanted, 1e-10)


def test_states_changed_in_place_between_the_steps() -> None:
    cell, x = seeded(JordanCell(FEATURES, UNITS).double(), 0), draw(STEPS, 2, FEATURES)
    with torch.no_grad():
        state, wanted = cell.initial_state(2), []
        with Recorder(cell) as recorder:
            for x_t in x:
                step = cell(x_t, state)
                wanted.append(step.output.clone())
                state = (step.state[0].mul_(0.5),)
    np.testing.assert_array_equal(
        recorder.traces[""]["output"].values[0, 0], torch.stack(wanted).numpy()
    )


def test_weights_changed_between_the_steps_leave_no_gradients() -> None:
    cell = make_cell("gru", FEATURES, UNITS).double()
    recorder = Recorder(cell, gradients=True)

    def run_twice() -> None:
        with recorder:
            state = cell.initial_state(1)
            for x_t in draw(2, 1, FEATURES):
                step = cell(x_t, state)
                step.output.sum().backward()
                with torch.no_grad():
                    cell.weight_hh.mul_(0.5)
                state = (step.state[0].detach(),)

    with pytest.raises(RecordingError, match="weights of GRUCell changed between its calls"):
        run_twice()


def test_an_optimizers_step_at_the_end() -> None:
    torch.manual_seed(0)
    network, x = Recurrent("gru-original", FEATURES, UNITS).double(), draw(STEPS, 2, FEATURES)
    wanted = record(network, x, loss=lambda out: out[0].sum())[""]
    with Recorder(network, gradients=True) as recorder:
        network(x)[0].sum().backward()
        torch.optim.SGD(network.parameters(), lr=10.0).step()
    names = ("hidden", "grad_hidden", "grad_weight_norm")
    assert_same(recorder.traces[""], {name: wanted[name].values for name in names})
