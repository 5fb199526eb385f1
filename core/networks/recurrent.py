"""Layers and directions of one kind of cell: the open counterpart of torch's modules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.cells import Cell, State, make_cell
from core.networks.unroll import Unrolled, unroll

TORCH_KINDS = {nn.LSTM: "lstm", nn.GRU: "gru", nn.RNN: "elman"}


class Recurrent(nn.Module):
    """Several layers, in one or both directions, of any cell of the project.

    Called like ``torch.nn.LSTM``: ``outputs, state = recurrent(inputs, state)`` with inputs
    (time, batch, features), or (batch, time, features) with ``batch_first``. The state is one
    tensor (layers x directions, batch, units), for LSTM a pair, as in torch. Layer l reads
    the outputs of layer l - 1, both directions side by side, after dropout in training.

    Parameters are named as torch names them (``weight_ih_l0``, ``weight_hh_l0_reverse``), so
    state dicts move between this class and ``nn.RNN``, ``nn.LSTM``, ``nn.GRU`` unchanged.
    ``cells[layer][direction]`` are the cells that own them. Every step is computed in the
    open, which is slower than torch's fused kernels and is meant for looking inside.

    Raises ValueError for sizes below 1, an unknown cell, or dropout outside [0, 1).
    """

    def __init__(
        self,
        cell: str,
        input_size: int,
        hidden_size: int,
        *,
        num_layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        batch_first: bool = False,
        **cell_options,
    ) -> None:
        super().__init__()
        if num_layers < 1:
            raise ValueError(f"num_layers is {num_layers}; a network needs at least 1 layer.")
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout is {dropout}; expected a probability in [0, 1).")
        self.kind, self.hidden_size, self.num_layers = cell, hidden_size, num_layers
        self.bidirectional, self.dropout, self.batch_first = bidirectional, dropout, batch_first
        directions = 2 if bidirectional else 1
        cells, width = [], input_size
        for _ in range(num_layers):
            layer = [make_cell(cell, width, hidden_size, **cell_options) for _ in range(directions)]
            cells.append(tuple(layer))
            width = layer[0].output_size * directions
        self._own(cells)

    def _own(self, cells: Iterable[tuple[Cell, ...]]) -> None:
        # A plain tuple: the parameters are registered once, below, under torch's flat names.
        self.cells: tuple[tuple[Cell, ...], ...] = tuple(cells)
        self._owners: dict[str, tuple[Cell, str]] = {}
        for suffix, owner in self.named_cells():
            for name, parameter in owner.named_parameters():
                self.register_parameter(f"{name}{suffix}", parameter)
                self._owners[f"{name}{suffix}"] = (owner, name)

    def replace_cells(self, change: Callable[[Cell], Cell]) -> None:
        """Put ``change(cell)`` in the place of every cell: one of the same sizes and parameters."""
        self._own([tuple(map(change, layer)) for layer in self.cells])

    def __setattr__(self, name: str, value) -> None:
        super().__setattr__(name, value)
        # a parameter that is replaced is replaced in its cell too
        owner = self.__dict__.get("_owners", {}).get(name)
        if owner is not None:
            setattr(*owner, value)

    @property
    def output_size(self) -> int:
        """Width of the outputs: both directions side by side."""
        return sum(cell.output_size for cell in self.cells[-1])

    def named_cells(self) -> Iterator[tuple[str, Cell]]:
        """Each cell with the ending of its parameters' names: ``_l0``, ``_l0_reverse``, ..."""
        for layer, cells in enumerate(self.cells):
            for cell, ending in zip(cells, ("", "_reverse")):
                yield f"_l{layer}{ending}", cell

    def forward(
        self,
        inputs: Tensor,
        state: Tensor | State | None = None,
        *,
        lengths: Tensor | None = None,
    ):
        """Outputs and final state of the top layer and of every layer, as torch returns them.

        lengths: steps of each sequence (batch,), where they differ. What follows is padding: the
            backward direction begins at each sequence's own last step. The final state of the
            forward direction is then the one after the padding, and outputs there mean nothing.

        Raises RuntimeError where somebody has put other tensors in the parameters' places
        behind the cells' back, as ``torch.func.functional_call`` does.
        """
        if any(
            self._parameters[name] is not getattr(*owner) for name, owner in self._owners.items()
        ):
            raise RuntimeError(
                "The parameters of this Recurrent are not those of its cells; expected them to be "
                "set as attributes or by load_state_dict. torch.func.functional_call works on "
                "its cells, one by one."
            )
        x = inputs.transpose(0, 1) if self.batch_first else inputs
        given = self._split_state(state)
        finals: list[State] = []
        for layer, cells in enumerate(self.cells):
            if layer and self.dropout:
                x = functional.dropout(x, self.dropout, self.training)
            outputs = []
            for direction, cell in enumerate(cells):
                run = _run(cell, x, given[len(finals)], direction == 1, lengths)
                outputs.append(run.outputs)
                finals.append(run.state)
            x = torch.cat(outputs, dim=-1) if len(outputs) > 1 else outputs[0]
        final = tuple(torch.stack(parts) for parts in zip(*finals))
        return (
            x.transpose(0, 1) if self.batch_first else x,
            final if len(final) > 1 else final[0],
        )

    def _split_state(self, state: Tensor | State | None) -> list[State | None]:
        """The state of each cell, in torch's order: layer by layer, forward then reverse."""
        count = len(self.cells) * len(self.cells[0])
        if state is None:
            return [None] * count
        parts = (state,) if isinstance(state, Tensor) else tuple(state)
        expected = len(self.cells[0][0].state_names)
        if len(parts) != expected or any(part.shape[0] != count for part in parts):
            raise ValueError(
                f"The state has shapes {[tuple(part.shape) for part in parts]}; expected "
                f"{expected} tensor(s) of shape ({count}, batch, units)."
            )
        return [tuple(part[index] for part in parts) for index in range(count)]


def _run(
    cell: Cell, x: Tensor, state: State | None, backward: bool, lengths: Tensor | None
) -> Unrolled:
    """One cell over the sequence; backward with lengths, each sequence from its own end."""
    if not backward or lengths is None:
        return unroll(cell, x, state, reverse=backward)
    places = turned(lengths.to(x.device), len(x))
    run = unroll(cell, taken(x, places), state)
    return Unrolled(taken(run.outputs, places), run.state, run.steps)


def turned(lengths: Tensor, steps: int) -> Tensor:
    """Which step stands where when every sequence is turned round and its padding stays put:
    (time, batch), its own inverse."""
    time = torch.arange(steps, device=lengths.device)[:, None]
    return torch.where(time < lengths, lengths - 1 - time, time)


def taken(x: Tensor, places: Tensor) -> Tensor:
    """The steps of ``x`` (time, batch, features) at ``places`` (time, batch)."""
    return x.gather(0, places.unsqueeze(-1).expand(-1, -1, x.shape[-1]))


def open_module(module: nn.RNNBase) -> Recurrent:
    """The same network with its cells open: a ``Recurrent`` that *shares* the weights.

    ``module`` is an ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU``. Training either trains both.
    Raises TypeError for anything else and ValueError for projections (``proj_size``), which
    the open cells do not have.
    """
    kind = TORCH_KINDS.get(type(module))
    if kind is None:
        raise TypeError(
            f"{type(module).__name__} cannot be opened; expected nn.RNN, nn.LSTM or nn.GRU."
        )
    if module.proj_size:
        raise ValueError(f"proj_size is {module.proj_size}; only networks without one can open.")
    options = {"activation": module.nonlinearity} if kind == "elman" else {}
    opened = Recurrent(
        kind,
        module.input_size,
        module.hidden_size,
        num_layers=module.num_layers,
        bidirectional=module.bidirectional,
        dropout=module.dropout,
        batch_first=module.batch_first,
        bias=module.bias,
        **options,
    )
    for name, _ in list(opened.named_parameters()):
        setattr(opened, name, getattr(module, name))
    return opened.train(module.training)
