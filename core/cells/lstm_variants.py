r"""Nine ways to change the LSTM: a part left out, added, or replaced by another.

Every variant keeps :math:`c_t = f_t \odot c_{t-1} + i_t \odot g_t` and changes where one of
its letters comes from. :math:`a_\gamma = W_\gamma x_t + U_\gamma h_{t-1} + b_\gamma` is the
pre-activation of gate :math:`\gamma`. A gate that was left out is recorded as all ones.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from core.cells.lstm_family import LSTMVariant, by_name
from core.cells.reads import Read, Reads


class LSTMWithoutForgetGate(LSTMVariant):
    r"""The LSTM of 1997: nothing is ever forgotten.

    .. math:: c_t = c_{t-1} + \sigma(a_i) \odot \tanh(a_g) \qquad
              h_t = \sigma(a_o) \odot \tanh(c_t)

    tanh stands where the paper has scaled sigmoids. NFG in Greff et al.
    Source: S. Hochreiter and J. Schmidhuber, Neural Computation 9 (1997).
    """

    kind = "lstm-1997"
    gates = ("input_gate", "candidate", "output_gate")

    def equations(self, a: dict[str, Tensor], c_previous: Tensor) -> dict[str, Tensor]:
        i = torch.sigmoid(a["input_gate"])
        g = torch.tanh(a["candidate"])
        o = torch.sigmoid(a["output_gate"])
        c = c_previous + i * g
        return by_name(i, torch.ones_like(i), g, o, c, o * torch.tanh(c))


class LSTMWithPeepholes(LSTMVariant):
    r"""The gates also see the cell state, each unit its own.

    .. math::
        i_t &= \sigma(a_i + w_{ci} \odot c_{t-1}) \qquad
        f_t = \sigma(a_f + w_{cf} \odot c_{t-1}) \\
        c_t &= f_t \odot c_{t-1} + i_t \odot \tanh(a_g) \\
        o_t &= \sigma(a_o + w_{co} \odot c_t) \qquad h_t = o_t \odot \tanh(c_t)

    The peepholes ``weight_ci``, ``weight_cf``, ``weight_co`` have shape (hidden,); their part
    of a pre-activation is recorded as ``{gate}_from_cell``.
    Source: F. Gers and J. Schmidhuber, Recurrent nets that time and count, IJCNN (2000).
    """

    kind = "lstm-peephole"
    weight_ci: nn.Parameter
    weight_cf: nn.Parameter
    weight_co: nn.Parameter

    @property
    def reads(self) -> Reads:
        """Input and forget gate see the cell state before the step, the output gate that after."""
        plain = super().reads
        return plain | {
            "input_gate": (*plain["input_gate"], Read("cell", "w", back=1)),
            "forget_gate": (*plain["forget_gate"], Read("cell", "w", back=1)),
            "output_gate": (*plain["output_gate"], Read("cell", "w")),
        }

    def _add_own_weights(self) -> None:
        for name in ("weight_ci", "weight_cf", "weight_co"):
            setattr(self, name, nn.Parameter(torch.empty(self.hidden_size)))

    def equations(self, a: dict[str, Tensor], c_previous: Tensor) -> dict[str, Tensor]:
        peeps = {
            "input_gate": self.weight_ci * c_previous,
            "forget_gate": self.weight_cf * c_previous,
        }
        a |= {gate: a[gate] + peep for gate, peep in peeps.items()}
        i = torch.sigmoid(a["input_gate"])
        f = torch.sigmoid(a["forget_gate"])
        g = torch.tanh(a["candidate"])
        c = f * c_previous + i * g
        peeps["output_gate"] = self.weight_co * c
        a["output_gate"] = a["output_gate"] + peeps["output_gate"]
        o = torch.sigmoid(a["output_gate"])
        signals = {f"{gate}_from_cell": peep for gate, peep in peeps.items()}
        return signals | by_name(i, f, g, o, c, o * torch.tanh(c))

    def hidden_by_cell(self, c: Tensor, o: Tensor) -> Tensor:
        through_gate = torch.tanh(c) * o * (1 - o) * self.weight_co.to(c)
        return super().hidden_by_cell(c, o) + through_gate


class CoupledLSTM(LSTMVariant):
    r"""Coupled input and forget gate (CIFG): what is written is what is forgotten.

    .. math:: f_t = 1 - i_t \qquad c_t = (1 - i_t) \odot c_{t-1} + i_t \odot \tanh(a_g)

    Source: K. Greff et al., LSTM: a search space odyssey, IEEE TNNLS 28 (2017), after the
    GRU's update gate.
    """

    kind = "lstm-cifg"
    gates = ("input_gate", "candidate", "output_gate")

    @property
    def reads(self) -> Reads:
        """The forget gate is what the input gate leaves."""
        plain = super().reads
        kept = {"forget_gate": (Read("input_gate"),)}
        return kept | plain | {"cell": (Read("forget_gate"), *plain["cell"])}

    def equations(self, a: dict[str, Tensor], c_previous: Tensor) -> dict[str, Tensor]:
        i = torch.sigmoid(a["input_gate"])
        f = 1 - i
        g = torch.tanh(a["candidate"])
        o = torch.sigmoid(a["output_gate"])
        c = f * c_previous + i * g
        return by_name(i, f, g, o, c, o * torch.tanh(c))


class LSTMWithoutInputGate(LSTMVariant):
    r"""No input gate (NIG): every candidate is written whole.

    .. math:: c_t = f_t \odot c_{t-1} + \tanh(a_g)

    Source: K. Greff et al., IEEE TNNLS 28 (2017).
    """

    kind = "lstm-no-input-gate"
    gates = ("forget_gate", "candidate", "output_gate")

    def equations(self, a: dict[str, Tensor], c_previous: Tensor) -> dict[str, Tensor]:
        f = torch.sigmoid(a["forget_gate"])
        g = torch.tanh(a["candidate"])
        o = torch.sigmoid(a["output_gate"])
        c = f * c_previous + g
        return by_name(torch.ones_like(f), f, g, o, c, o * torch.tanh(c))


class LSTMWithoutOutputGate(LSTMVariant):
    r"""No output gate (NOG): the memory is always in sight.

    .. math:: h_t = \tanh(c_t)

    Source: K. Greff et al., IEEE TNNLS 28 (2017).
    """

    kind = "lstm-no-output-gate"
    gates = ("input_gate", "forget_gate", "candidate")

    def equations(self, a: dict[str, Tensor], c_previous: Tensor) -> dict[str, Tensor]:
        i = torch.sigmoid(a["input_gate"])
        f = torch.sigmoid(a["forget_gate"])
        g = torch.tanh(a["candidate"])
        c = f * c_previous + i * g
        return by_name(i, f, g, torch.ones_like(i), c, torch.tanh(c))


class LSTMWithoutInputActivation(LSTMVariant):
    r"""No input activation (NIAF): the candidate is linear, so it has no bounds.

    .. math:: g_t = a_g

    Source: K. Greff et al., IEEE TNNLS 28 (2017).
    """

    kind = "lstm-no-input-activation"
    candidate_activation = "identity"

    def equations(self, a: dict[str, Tensor], c_previous: Tensor) -> dict[str, Tensor]:
        i = torch.sigmoid(a["input_gate"])
        f = torch.sigmoid(a["forget_gate"])
        g = a["candidate"]
        o = torch.sigmoid(a["output_gate"])
        c = f * c_previous + i * g
        return by_name(i, f, g, o, c, o * torch.tanh(c))


class LSTMWithoutOutputActivation(LSTMVariant):
    r"""No output activation (NOAF): the memory is read as it is.

    .. math:: h_t = o_t \odot c_t

    Source: K. Greff et al., IEEE TNNLS 28 (2017), who found that this hurts most, with the
    loss of the forget gate.
    """

    kind = "lstm-no-output-activation"

    def equations(self, a: dict[str, Tensor], c_previous: Tensor) -> dict[str, Tensor]:
        i = torch.sigmoid(a["input_gate"])
        f = torch.sigmoid(a["forget_gate"])
        g = torch.tanh(a["candidate"])
        o = torch.sigmoid(a["output_gate"])
        c = f * c_previous + i * g
        return by_name(i, f, g, o, c, o * c)

    def hidden_by_cell(self, c: Tensor, o: Tensor) -> Tensor:
        return o


class ReLUGatedLSTM(LSTMVariant):
    r"""May a gate be a ReLU? Then it is no longer a valve between closed and open.

    .. math:: i_t = \max(0, a_i) \qquad f_t = \max(0, a_f) \qquad o_t = \max(0, a_o)

    A forget gate above 1 multiplies the memory at every step, so states and gradients can
    grow without bound; below 0 a gate is shut and learns nothing. Not a published cell: a
    question of the teaching texts, made to run.
    """

    kind = "lstm-relu-gates"
    gate_activation = "relu"

    def equations(self, a: dict[str, Tensor], c_previous: Tensor) -> dict[str, Tensor]:
        i = torch.relu(a["input_gate"])
        f = torch.relu(a["forget_gate"])
        g = torch.tanh(a["candidate"])
        o = torch.relu(a["output_gate"])
        c = f * c_previous + i * g
        return by_name(i, f, g, o, c, o * torch.tanh(c))


class LSTMWithSigmoidCandidate(LSTMVariant):
    r"""Why is the candidate a tanh? With a sigmoid nothing can be subtracted from memory.

    .. math:: g_t = \sigma(a_g)

    The candidate lies in (0, 1) and its slope is at most 1/4 instead of 1. Not a published
    cell: a question of the teaching texts, made to run.
    """

    kind = "lstm-sigmoid-candidate"
    candidate_activation = "sigmoid"

    def equations(self, a: dict[str, Tensor], c_previous: Tensor) -> dict[str, Tensor]:
        i = torch.sigmoid(a["input_gate"])
        f = torch.sigmoid(a["forget_gate"])
        g = torch.sigmoid(a["candidate"])
        o = torch.sigmoid(a["output_gate"])
        c = f * c_previous + i * g
        return by_name(i, f, g, o, c, o * torch.tanh(c))


LSTM_VARIANTS: tuple[type[LSTMVariant], ...] = (
    LSTMWithoutForgetGate,
    LSTMWithPeepholes,
    CoupledLSTM,
    LSTMWithoutInputGate,
    LSTMWithoutOutputGate,
    LSTMWithoutInputActivation,
    LSTMWithoutOutputActivation,
    ReLUGatedLSTM,
    LSTMWithSigmoidCandidate,
)
