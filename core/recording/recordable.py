"""What in a model can be recorded, what it is called, and whether it is torch's own."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from core.cells import Cell, make_cell
from core.networks import Recurrent
from core.recording.errors import RecordingError
from core.recording.weights import CELL_KINDS, SEQUENCE_KINDS, kind_of
from core.recording.wiring import Wiring, declared_by

KERNELS = {nn.LSTM: nn.LSTM.forward, nn.GRU: nn.GRU.forward, nn.RNN: nn.RNN.forward}
QUANTIZED = ("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell")
WIDE_BATCH = 8  # from here on reading a GRU's gates from its graph beats recomputing them


def recordable_modules(model: nn.Module) -> dict[str, nn.Module]:
    """Every recurrent module by its dotted path."""
    kinds = (nn.RNN, nn.LSTM, nn.GRU, nn.RNNCellBase, Recurrent, Cell)
    found = {path: module for path, module in model.named_modules() if isinstance(module, kinds)}
    _refuse_closed(model)
    if not found:
        raise RecordingError(
            f"{type(model).__name__} contains nothing to record; expected an nn.RNN, nn.LSTM, "
            "nn.GRU, one of their *Cell forms, or a Recurrent somewhere inside it."
        )
    return found


def refuse_nothing(path: str, module: nn.Module, inputs: object) -> None:
    """Raise RecordingError for a batch without a sequence, or sequences without a step."""
    if isinstance(inputs, Tensor) and 0 in inputs.shape[:-1]:
        raise RecordingError(
            f"{path or type(module).__name__!r} was called with inputs of the shape "
            f"{tuple(inputs.shape)}: there is no sequence or no step in them to record. Give at "
            "least one of each."
        )


def _refuse_closed(model: nn.Module) -> None:
    """Raise RecordingError for a module whose inside is compiled away or is of another kind."""
    for path, module in model.named_modules():
        name = repr(path or type(module).__name__)
        if isinstance(module, torch.jit.ScriptModule):
            raise RecordingError(
                f"{name} is TorchScript, which is compiled and shows nothing of its inside. Record "
                "the nn.Module that it was made of (its state_dict fits)."
            )
        kind = type(module)
        if "quantized" in kind.__module__.split(".") and kind.__name__ in QUANTIZED:
            raise RecordingError(
                f"{name} is a quantized {kind.__name__}, whose weights are whole numbers inside a "
                "kernel of its own. Record the model as it was before it was quantized."
            )


def kind_of_module(module: nn.Module) -> str:
    if isinstance(module, (Recurrent, Cell)):
        return module.kind
    return kind_of(module, SEQUENCE_KINDS) or kind_of(module, CELL_KINDS)


def activation_of(module: nn.Module) -> str | None:
    cell = module.cells[0][0] if isinstance(module, Recurrent) else module
    return getattr(cell, "activation", getattr(cell, "nonlinearity", None))


def wiring_of_module(module: nn.Module) -> Wiring:
    """What the cells of ``module`` declare; torch's are those of the same kind here."""
    if isinstance(module, Recurrent):
        return declared_by(module.cells[0][0])
    if isinstance(module, Cell):
        return declared_by(module)
    return declared_by(make_cell(kind_of_module(module), 1, 1))


def names_of_cells(path: str, module: nn.Module) -> list[list[str]]:
    """What the loop of each cell is kept under: [layer][direction]."""
    if not isinstance(module, Recurrent):
        return [[path]]
    return [
        [f"{path}/{layer}/{direction}" for direction in range(len(cells))]
        for layer, cells in enumerate(module.cells)
    ]


def is_plain(module: nn.RNNBase) -> bool:
    """Whether calling ``module`` runs torch's own kernel and nothing else.

    The recorder's own hook is the only one that a plain module may have.
    """
    function = getattr(module.forward, "__func__", module.forward)
    own = any(isinstance(module, cls) and function is own for cls, own in KERNELS.items())
    return own and len(module._forward_hooks) <= 1


def keeps_gates(module: nn.RNNBase, inputs) -> bool:
    """Whether lifting ``no_grad`` makes the kernel leave gates behind that are worth reading."""
    if torch.is_grad_enabled() or torch.is_inference_mode_enabled():
        return False
    if not isinstance(inputs, Tensor) or module.bidirectional or module.num_layers > 1:
        return False
    if inputs.device.type != "cpu" or inputs.dtype != torch.float32 or not is_plain(module):
        return False
    if not module.weight_hh_l0.requires_grad:
        return False
    batch = 1 if inputs.dim() == 2 else inputs.shape[0 if module.batch_first else 1]
    return isinstance(module, nn.LSTM) or (isinstance(module, nn.GRU) and batch >= WIDE_BATCH)
