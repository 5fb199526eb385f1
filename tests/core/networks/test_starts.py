"""Every start does to every cell what its name says, and to nothing else."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from core.cells import LSTM_VARIANTS, make_cell
from core.networks import Recurrent
from core.networks.starts import STARTS, begin, starts_of

PLAIN = ("elman", "jordan", "higher-order")
GATED = ("lstm", "gru", "gru-original", "mgu", *(variant.kind for variant in LSTM_VARIANTS))
UNITS = 40


def started(kind: str, start: str, units: int = UNITS, **options) -> Recurrent:
    torch.manual_seed(3)
    network = Recurrent(kind, 5, units)
    begin(network, start, **options)
    return network


def changed(kind: str, start: str) -> set[str]:
    """The parameters that differ from torch's start."""
    before = started(kind, "torch").state_dict()
    after = started(kind, start).state_dict()
    return {name for name in before if not torch.equal(before[name], after[name])}


def kept_at_first(kind: str, start: str, units: int = 2000, **options) -> torch.Tensor:
    """The share of its old state that each unit keeps at zero input and zero state."""
    torch.manual_seed(1)
    cell = make_cell(kind, 2, units)
    begin(cell, start, **options)
    signals = cell(torch.zeros(1, 2), cell.initial_state(1)).signals
    if kind.startswith("gru"):
        return signals["update_gate"][0].detach()
    gate = signals["forget_gate"][0].detach()
    return 1 - gate if kind == "mgu" else gate


@pytest.mark.parametrize("kind", [*PLAIN, *GATED])
def test_orthogonal_blocks_keep_every_length(kind: str) -> None:
    network = started(kind, "orthogonal").double()
    for block in network.weight_hh_l0.split(UNITS):
        torch.testing.assert_close(block @ block.T, torch.eye(UNITS).double(), atol=1e-5, rtol=0)
    bound = (6 / (5 + UNITS)) ** 0.5
    assert 0.9 * bound < network.weight_ih_l0.abs().max() <= bound
    assert all((w == 0).all() for n, w in network.named_parameters() if n.startswith("bias"))


@pytest.mark.parametrize("kind", PLAIN)
def test_the_identity_hands_on_the_state_as_it_is(kind: str) -> None:
    cell = started(kind, "identity").cells[0][0]
    state = tuple(torch.randn(1, size) for size in cell.state_sizes)
    step = cell(torch.zeros(1, 5), state)
    torch.testing.assert_close(step.output, torch.tanh(state[0]))


@pytest.mark.parametrize("kind", [kind for kind in GATED if kind != "lstm-1997"])
def test_a_forget_bias_of_1_keeps_three_quarters(kind: str) -> None:
    kept = kept_at_first(kind, "forget-bias-1")
    torch.testing.assert_close(kept, torch.full_like(kept, 0.7310586))
    assert changed(kind, "forget-bias-1") == {"bias_ih_l0", "bias_hh_l0"}


@pytest.mark.parametrize("kind", [kind for kind in GATED if kind != "lstm-1997"])
def test_chrono_memories_last_as_many_steps_as_asked(kind: str) -> None:
    lengths = 1 / (1 - kept_at_first(kind, "chrono", memories=(5, 50)))
    assert 4.99 <= lengths.min() < 5.5
    assert 49 < lengths.max() <= 50.01
    assert lengths.mean() == pytest.approx(27.5, abs=1)  # uniform
    assert changed(kind, "chrono") == {"bias_ih_l0", "bias_hh_l0"}


@pytest.mark.parametrize("kind", ["lstm", "lstm-1997", "lstm-relu-gates", "lstm-no-output-gate"])
def test_under_chrono_an_input_gate_begins_as_small_as_what_is_forgotten(kind: str) -> None:
    torch.manual_seed(1)
    cell = make_cell(kind, 2, 1000)
    begin(cell, "chrono", memories=(5, 50))
    signals = cell(torch.zeros(1, 2), cell.initial_state(1)).signals
    written = signals["input_gate"][0]
    assert 1 / 50.01 <= written.min() < 1 / 49
    assert 1 / 5.5 < written.max() <= 1 / 4.99
    if kind != "lstm-1997":
        torch.testing.assert_close(written, 1 - signals["forget_gate"][0])


def test_torchs_start_forgets_within_two_steps_and_changes_nothing() -> None:
    assert kept_at_first("lstm", "torch").max() < 0.55
    rnn = nn.GRU(3, 4)
    before = rnn.bias_ih_l0.clone()
    begin(rnn, "torch")
    assert torch.equal(rnn.bias_ih_l0, before)


@pytest.mark.parametrize("module", [nn.RNN, nn.LSTM, nn.GRU])
def test_every_layer_and_direction_of_torchs_modules_is_begun(module: type[nn.RNNBase]) -> None:
    rnn = module(3, 6, num_layers=2, bidirectional=True)
    begin(rnn, "orthogonal")
    for name, weight in rnn.named_parameters():
        if "weight_hh" in name:
            for block in weight.split(6):
                torch.testing.assert_close(block @ block.T, torch.eye(6), atol=1e-5, rtol=0)
    if module is not nn.RNN:
        torch.manual_seed(0)
        begin(rnn, "chrono", memories=(3, 30))
        biases = [w[6:12] for n, w in rnn.named_parameters() if n.startswith("bias_ih")]
        assert len(biases) == 4
        assert all((torch.sigmoid(bias) >= 1 - 1 / 3 - 1e-6).all() for bias in biases)


@pytest.mark.parametrize("kind", ["lstm", "gru", "elman"])
def test_torchs_modules_and_open_cells_begin_alike(kind: str) -> None:
    module = {"lstm": nn.LSTM, "gru": nn.GRU, "elman": nn.RNN}[kind](5, 6)
    opened = Recurrent(kind, 5, 6)
    opened.load_state_dict(module.state_dict())
    for network in (module, opened):
        torch.manual_seed(2)
        begin(network, starts_of(kind)[-1])
    pairs = zip(module.state_dict().values(), opened.state_dict().values())
    assert all(torch.equal(a, b) for a, b in pairs)


def test_what_does_not_fit_is_said() -> None:
    assert {start for kind in (*PLAIN, *GATED) for start in starts_of(kind)} == set(STARTS)
    with pytest.raises(ValueError, match=r"'chrono' does not fit.*'elman'.*orthogonal"):
        begin(nn.RNN(2, 3), "chrono")
    with pytest.raises(ValueError, match=r"'forget-bias-1' does not fit.*lstm-1997"):
        begin(make_cell("lstm-1997", 2, 3), "forget-bias-1")
    with pytest.raises(ValueError, match="1 < shortest"):
        begin(nn.LSTM(2, 3), "chrono", memories=(1, 5))
    with pytest.raises(TypeError, match=r"Linear.*expected nn\.RNN"):
        begin(nn.Linear(2, 3), "torch")
