"""The two things that a GRU's update gate does, told apart: copying the old state, writing a new.

Holding the gate itself cannot tell them apart: z = 0 shuts the copy and opens the write at once.
"""

from __future__ import annotations

from copy import deepcopy

from torch import Tensor, nn

from core.cells import Cell, State, Step
from core.cells.gru import GRUCell
from core.gradients.runs import as_recurrent, open_form
from core.networks import SequenceModel


class ApartGRUCell(GRUCell):
    r"""A GRU cell whose copy and write can be held, each without the other.

    .. math:: h_t = \omega_t \odot n_t + \kappa_t \odot h_{t-1}

    with :math:`\omega_t = 1 - z_t` and :math:`\kappa_t = z_t`, as in the GRU, where no number is
    given. It has the parameters of ``like``, not copies of them.

    copy: the number in the place of :math:`\kappa`. write: that in the place of :math:`\omega`.
    """

    def __init__(
        self, like: GRUCell, *, copy: float | None = None, write: float | None = None
    ) -> None:
        super().__init__(
            like.input_size,
            like.hidden_size,
            bias=like.bias_ih is not None,
            reset_after=like.reset_after,
        )
        for name, parameter in like.named_parameters():
            setattr(self, name, parameter)
        self.copy, self.write = copy, write

    def forward(self, x: Tensor, state: State) -> Step:
        step = super().forward(x, state)
        z, n = step.signals["update_gate"], step.signals["candidate"]
        copy = z if self.copy is None else self.copy
        write = 1 - z if self.write is None else self.write
        h = write * n + copy * state[0]
        return Step(h, (h,), {**step.signals, "hidden": h, "output": h})


def held_apart(
    model: nn.GRU | SequenceModel, *, copy: float | None = None, write: float | None = None
) -> nn.Module:
    """A copy of ``model`` with the copy, the write, or both of every unit held at a number.

    model: an ``nn.GRU``, or a model that has one as its ``rnn``. The copy has open cells and is
    recorded like any network.
    Raises TypeError for another model, and ValueError for a number outside 0 to 1.
    """
    for name, value in (("copy", copy), ("write", write)):
        if value is not None and not 0 <= value <= 1:
            raise ValueError(f"{name} is {value}; a gate lies between 0 and 1.")

    def apart(cell: Cell) -> ApartGRUCell:
        if not isinstance(cell, GRUCell):
            raise TypeError(f"A {cell.kind} cell has no update gate that copies and writes.")
        return ApartGRUCell(cell, copy=copy, write=write)

    opened = open_form(deepcopy(model))
    as_recurrent(opened).replace_cells(apart)
    return opened
