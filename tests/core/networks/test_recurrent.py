"""Our layers and directions are torch's: outputs, states and every parameter's gradient."""

from __future__ import annotations

import copy
import itertools

import pytest
import torch
from torch import Tensor, nn

from core.networks import Recurrent, open_module

INPUTS, UNITS, STEPS, BATCH = 3, 4, 6, 2
TORCH = {
    "lstm": (nn.LSTM, "lstm", {}),
    "gru": (nn.GRU, "gru", {}),
    "rnn-tanh": (nn.RNN, "elman", {"activation": "tanh"}),
    "rnn-relu": (nn.RNN, "elman", {"activation": "relu"}),
}
ALL = list(itertools.product(TORCH, (1, 2, 3), (False, True), (True, False)))


def fused(kind: str, seed: int = 0, **options) -> nn.RNNBase:
    cls, _, own = TORCH[kind]
    nonlinearity = {"nonlinearity": own["activation"]} if own else {}
    module = cls(INPUTS, UNITS, **nonlinearity, **options).double()
    generator = torch.Generator().manual_seed(seed)
    scale = 0.3 if kind == "rnn-relu" else 0.8
    with torch.no_grad():
        for parameter in module.parameters():
            drawn = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
            parameter.copy_(scale * drawn)
    return module


def ours(kind: str, **options) -> Recurrent:
    _, cell, own = TORCH[kind]
    return Recurrent(cell, INPUTS, UNITS, **own, **options).double()


def drawn_state(module: nn.RNNBase, seed: int = 3):
    generator = torch.Generator().manual_seed(seed)
    count = module.num_layers * (2 if module.bidirectional else 1)
    parts = [
        torch.randn(count, BATCH, UNITS, generator=generator, dtype=torch.float64)
        for _ in range(2 if isinstance(module, nn.LSTM) else 1)
    ]
    return tuple(parts) if len(parts) > 1 else parts[0]


def drawn_inputs(seed: int = 4) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(STEPS, BATCH, INPUTS, generator=generator, dtype=torch.float64)


def flat(result) -> list[Tensor]:
    output, state = result
    return [output, *(state if isinstance(state, tuple) else (state,))]


def assert_same_pass(mine: nn.Module, theirs: nn.Module, *arguments) -> None:
    """Outputs, final states and parameter gradients of a loss over all of them, to 1e-12."""
    one, two = flat(mine(*arguments)), flat(theirs(*arguments))
    for got, expected in zip(one, two, strict=True):
        torch.testing.assert_close(got, expected, rtol=0, atol=1e-12)
    for parts in (one, two):
        sum((part * (1 + place)).sin().sum() for place, part in enumerate(parts)).backward()
    wanted = dict(theirs.named_parameters())
    assert set(wanted) == {name for name, _ in mine.named_parameters()}
    for name, parameter in mine.named_parameters():
        scale = max(1.0, float(wanted[name].grad.abs().max()))
        torch.testing.assert_close(
            parameter.grad, wanted[name].grad, rtol=0, atol=1e-12 * scale, msg=name
        )


@pytest.mark.parametrize("given_state", [False, True])
@pytest.mark.parametrize(("kind", "layers", "both", "bias"), ALL)
def test_ours_with_torchs_weights(
    kind: str, layers: int, both: bool, bias: bool, given_state: bool
) -> None:
    options = {"num_layers": layers, "bidirectional": both, "bias": bias}
    theirs, mine = fused(kind, layers, **options), ours(kind, **options)
    mine.load_state_dict(theirs.state_dict())
    state = (drawn_state(theirs),) if given_state else ()
    assert_same_pass(mine, theirs, drawn_inputs(), *state)


@pytest.mark.parametrize(("kind", "layers", "both", "bias"), ALL)
def test_torchs_with_our_weights(kind: str, layers: int, both: bool, bias: bool) -> None:
    options = {"num_layers": layers, "bidirectional": both, "bias": bias}
    mine, theirs = ours(kind, **options), fused(kind, **options)
    theirs.load_state_dict(mine.state_dict())
    assert_same_pass(mine, theirs, drawn_inputs())


@pytest.mark.parametrize(("kind", "layers", "both", "bias"), ALL)
def test_an_opened_module_is_the_same_network(
    kind: str, layers: int, both: bool, bias: bool
) -> None:
    theirs = fused(kind, num_layers=layers, bidirectional=both, bias=bias)
    mine = open_module(theirs)
    for name, parameter in theirs.named_parameters():
        assert getattr(mine, name) is parameter
    for suffix, cell in mine.named_cells():
        for name, parameter in cell.named_parameters():
            assert getattr(theirs, f"{name}{suffix}") is parameter
    wanted = flat(theirs(drawn_inputs()))
    for got, expected in zip(flat(mine(drawn_inputs())), wanted, strict=True):
        torch.testing.assert_close(got, expected, rtol=0, atol=1e-12)


def test_training_an_opened_module_trains_the_fused_one() -> None:
    theirs = fused("lstm", num_layers=2)
    mine, before = open_module(theirs), copy.deepcopy(theirs)
    mine(drawn_inputs())[0].sum().backward()
    torch.optim.SGD(mine.parameters(), lr=0.1).step()
    assert not torch.equal(theirs.weight_hh_l1, before.weight_hh_l1)
    torch.testing.assert_close(
        mine(drawn_inputs())[0], theirs(drawn_inputs())[0], rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("kind", TORCH)
def test_batch_first(kind: str) -> None:
    theirs = fused(kind, batch_first=True, bidirectional=True)
    mine = ours(kind, batch_first=True, bidirectional=True)
    mine.load_state_dict(theirs.state_dict())
    assert_same_pass(mine, theirs, drawn_inputs().transpose(0, 1).contiguous())
    assert open_module(theirs).batch_first


@pytest.mark.parametrize("kind", TORCH)
def test_dropout_between_layers(kind: str) -> None:
    """The same random numbers drop the same units as in torch; none are dropped in eval mode."""
    theirs = fused(kind, num_layers=3, dropout=0.5)
    mine = open_module(theirs)
    assert mine.dropout == 0.5
    torch.manual_seed(0)
    wanted = theirs(drawn_inputs())[0]
    torch.manual_seed(0)
    torch.testing.assert_close(mine(drawn_inputs())[0], wanted, rtol=0, atol=1e-12)
    mine.eval()
    theirs.eval()
    torch.testing.assert_close(mine(drawn_inputs())[0], theirs(drawn_inputs())[0])
    assert not open_module(theirs).training


@pytest.mark.parametrize("kind", TORCH)
def test_whatever_is_loaded_reaches_the_cells(kind: str) -> None:
    theirs, mine = fused(kind, num_layers=2), ours(kind, num_layers=2)
    mine.load_state_dict(theirs.state_dict(), assign=True)
    assert_same_pass(mine, theirs, drawn_inputs())


def test_other_weights_behind_the_cells_back_are_refused() -> None:
    """Better than an answer with the old ones."""
    network = ours("lstm")
    other = {name: torch.zeros_like(value) for name, value in network.named_parameters()}
    with pytest.raises(RuntimeError, match="parameters of this Recurrent are not those of its cel"):
        torch.func.functional_call(network, other, (drawn_inputs(),))
    network(drawn_inputs())


@pytest.mark.parametrize("kind", ["lstm", "jordan", "gru-original"])
def test_copies_and_conversions_keep_the_cells_and_the_parameters_together(kind: str) -> None:
    network = copy.deepcopy(Recurrent(kind, INPUTS, UNITS, num_layers=2).double()).float()
    for suffix, cell in network.named_cells():
        for name, parameter in cell.named_parameters():
            assert getattr(network, f"{name}{suffix}") is parameter
            assert parameter.dtype == torch.float32


@pytest.mark.parametrize("kind", ["elman", "jordan", "lstm", "gru", "gru-original"])
def test_a_second_reading_goes_on_from_the_first(kind: str) -> None:
    torch.manual_seed(0)
    network = Recurrent(kind, INPUTS, UNITS, num_layers=2).double()
    x = drawn_inputs()
    whole, final = network(x)
    first, state = network(x[:2])
    second, last = network(x[2:], state)
    torch.testing.assert_close(torch.cat((first, second)), whole, rtol=0, atol=1e-13)
    for got, expected in zip(flat((second, last))[1:], flat((whole, final))[1:], strict=True):
        torch.testing.assert_close(got, expected, rtol=0, atol=1e-13)


def test_layers_above_read_what_the_layer_below_puts_out() -> None:
    network = Recurrent("jordan", INPUTS, UNITS, num_layers=2, bidirectional=True, output_size=2)
    assert [cell.input_size for cell, _ in network.cells] == [INPUTS, 4]
    assert network.output_size == 4
    outputs, state = network(torch.randn(STEPS, BATCH, INPUTS))
    assert outputs.shape == (STEPS, BATCH, 4)
    assert state.shape == (4, BATCH, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_layers": 0}, "num_layers is 0; a network needs at least 1 layer"),
        ({"dropout": 1.0}, r"dropout is 1.0; expected a probability in \[0, 1\)"),
        ({"dropout": -0.1}, "dropout is -0.1"),
    ],
)
def test_wrong_options(options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Recurrent("lstm", INPUTS, UNITS, **options)


@pytest.mark.parametrize("shape", [(STEPS, INPUTS), (0, BATCH, INPUTS)])
def test_inputs_of_a_wrong_shape(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"inputs have shape .*; expected \(time, batch, feat"):
        Recurrent("lstm", INPUTS, UNITS)(torch.zeros(shape))


@pytest.mark.parametrize(
    "state", [torch.zeros(2, BATCH, UNITS), (torch.zeros(1, BATCH, UNITS),) * 2]
)
def test_a_state_of_a_wrong_shape(state) -> None:
    message = r"The state has shapes .*; expected 2 tensor\(s\) of shape \(2, batch, units\)"
    with pytest.raises(ValueError, match=message):
        Recurrent("lstm", INPUTS, UNITS, num_layers=2)(torch.zeros(STEPS, BATCH, INPUTS), state)


class Own(nn.LSTM):
    """Whatever it computes, the open cells would not know."""


@pytest.mark.parametrize("module", [nn.Linear(2, 2), nn.LSTMCell(2, 2), Own(2, 2)])
def test_what_cannot_be_opened(module: nn.Module) -> None:
    with pytest.raises(TypeError, match=r"cannot be opened; expected nn\.RNN, nn\.LSTM or nn\.GRU"):
        open_module(module)


def test_projections_cannot_be_opened() -> None:
    with pytest.raises(ValueError, match="proj_size is 1; only networks without one can open"):
        open_module(nn.LSTM(2, 3, proj_size=1))


def test_with_lengths_it_reads_what_torch_reads_of_packed_sequences():
    torch.manual_seed(3)
    options = {"num_layers": 2, "bidirectional": True}
    fused = torch.nn.GRU(3, 4, **options).double()
    opened = Recurrent("gru", 3, 4, **options).double()
    opened.load_state_dict(fused.state_dict())
    x, lengths = torch.randn(5, 3, 3, dtype=torch.float64), torch.tensor([5, 2, 3])
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
    expected, _ = torch.nn.utils.rnn.pad_packed_sequence(fused(packed)[0])
    outputs, _ = opened(x, lengths=lengths)
    for column, length in enumerate(lengths.tolist()):
        torch.testing.assert_close(outputs[:length, column], expected[:length, column])
    assert not torch.allclose(opened(x)[0][:2, 1], expected[:2, 1])
