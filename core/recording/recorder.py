"""``record`` and ``Recorder``: every recurrent module inside any model, unmodified."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from core.cells import Cell
from core.networks import Recurrent
from core.recording.assemble import dataset_of_calls, dataset_of_loop
from core.recording.cell_loop import CellLoop
from core.recording.errors import RecordingError
from core.recording.sequence_call import SequenceCall, is_plain, take_apart
from core.recording.trace import Trace
from core.recording.weights import CELL_KINDS, SEQUENCE_KINDS, kind_of

# Relative to the largest value: rounding stays far below, a changed network far above.
TOLERANCES = {torch.float64: 1e-9, torch.float32: 1e-4}
COARSE_TOLERANCE = 3e-2  # bfloat16 and float16
WIDE_BATCH = 8  # from here on reading a GRU's gates from its graph beats recomputing them


def record(
    model: nn.Module,
    inputs,
    *,
    loss: Callable[[Any], Tensor] | None = None,
    training: bool = False,
    parts: bool = False,
    tokens: Sequence[str] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> dict[str, Trace]:
    r"""Run ``model`` once and record every recurrent module in it.

    Works on any ``nn.Module`` that contains ``nn.RNN``, ``nn.LSTM``, ``nn.GRU``, their
    ``*Cell`` forms, or the project's ``Recurrent``, unmodified. The result maps each module's
    dotted path (the empty string for the model itself) to its ``Trace``.

    inputs: what the model is called with; a tuple is spread over its arguments, a dict over
        its keywords.
    loss: from the model's output to a number. Adds ``grad_hidden`` and ``grad_cell``, the
        total derivatives :math:`\partial L/\partial h_t`, :math:`\partial L/\partial c_t`,
        and ``grad_weight_norm``. Parameters' ``.grad`` are not touched.
    training: record in the mode the model is in instead of in eval mode (without dropout).
        Either way every module is left in the mode it was in.
    parts: also split each pre-activation into the input's part, the recurrent part and bias.
    tokens: one string for each step, kept as a coordinate on ``time``.
    settings: anything to keep with the recording (a seed, the model's name).

    Raises RecordingError where the module's own output contradicts the recording (a subclass
    that overrides ``forward``, say), and where the model has nothing to record or does not
    run it; ValueError for a loss that is not one number.
    """
    recorder = Recorder(
        model,
        gradients=loss is not None,
        training=training,
        parts=parts,
        tokens=tokens,
        settings=settings,
    )
    with recorder, torch.set_grad_enabled(loss is not None):
        if isinstance(inputs, Mapping):
            output = model(**inputs)
        elif isinstance(inputs, tuple) and not isinstance(inputs, PackedSequence):
            output = model(*inputs)
        else:
            output = model(inputs)
        if loss is not None:
            value = loss(output)
            if not isinstance(value, Tensor) or value.numel() != 1:
                came = tuple(value.shape) if isinstance(value, Tensor) else type(value).__name__
                raise ValueError(
                    f"loss returned {came}; expected one number. Sum or average it, "
                    "for example with .mean()."
                )
            recorder.differentiate(value)
    if not recorder.traces:
        raise RecordingError("The model ran without calling any of its recurrent modules.")
    return recorder.traces


class Recorder:
    """Records every recurrent module of ``model`` that is called inside ``with``.

    For code that calls the model itself; see ``record`` for the options. With
    ``gradients=True``, ``backward()`` inside the block adds the gradients. ``traces`` is
    filled when the block ends. Hooks are removed and modes restored, also after an error.
    """

    def __init__(
        self,
        model: nn.Module,
        *,
        gradients: bool = False,
        training: bool = False,
        parts: bool = False,
        tokens: Sequence[str] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.model, self.gradients, self.training, self.parts = model, gradients, training, parts
        self.settings = {"tokens": tokens, **(settings or {})}
        self.traces: dict[str, Trace] = {}
        self._modules = _recordable(model)
        self._calls: dict[str, list[SequenceCall]] = {}
        self._loops: dict[str, CellLoop] = {}
        self._found: dict[int, Tensor] = {}
        self._handles: list[Tensor] = []
        self._rng_states: dict[str, Tensor] = {}

    def __enter__(self) -> Recorder:
        self._grad_enabled = torch.is_grad_enabled()
        self._modes = [(module, module.training) for module in self.model.modules()]
        self._hooks = []
        if not self.training:
            self.model.eval()
        for path, module in self._modules.items():
            if isinstance(module, Recurrent):
                for _, cell in module.named_cells():
                    self._hook_cell(f"{path}/{id(cell)}", cell)
            elif isinstance(module, nn.RNNBase):
                before = partial(self._before_sequence, path)
                after = partial(self._after_sequence, path)
                self._hooks.append(module.register_forward_pre_hook(before, with_kwargs=True))
                self._hooks.append(module.register_forward_hook(after, with_kwargs=True))
            else:
                self._hook_cell(path, module)
        return self

    def __exit__(self, kind, error, trace) -> None:
        for hook in self._hooks:
            hook.remove()
        for module, mode in self._modes:
            module.training = mode
        torch.set_grad_enabled(self._grad_enabled)
        if kind is None:
            self._finish()

    def differentiate(self, loss: Tensor) -> None:
        """Collect the gradients of ``loss`` without touching any parameter's ``.grad``."""
        if not self._handles:
            return
        if not loss.requires_grad:
            raise ValueError(
                "The loss does not depend on any recurrent module through differentiable "
                "operations; check for .detach(), .item() or argmax in the model or the loss."
            )
        torch.autograd.grad(loss, self._handles, allow_unused=True)

    def _hook_cell(self, path: str, cell: nn.Module) -> None:
        after = partial(self._after_cell, path)
        self._hooks.append(cell.register_forward_hook(after, with_kwargs=True))

    def _before_sequence(self, path: str, module: nn.RNNBase, args, kwargs) -> None:
        if module.training and module.dropout and module.num_layers > 1:
            self._rng_states[path] = torch.get_rng_state()
        if not self.gradients and _keeps_gates(module, args[0] if args else kwargs["input"]):
            torch.set_grad_enabled(True)

    def _after_sequence(self, path: str, module: nn.RNNBase, args, kwargs, output):
        inputs = args[0] if args else kwargs["input"]
        state = args[1] if len(args) > 1 else kwargs.get("hx")
        with torch.no_grad():
            call = take_apart(
                module,
                inputs,
                state,
                output,
                parts=self.parts,
                rng_state=self._rng_states.pop(path, None),
            )
        _check_proof(path, module, call.proof, call.runs[-1].h)
        self._calls.setdefault(path, []).append(call)
        if self.gradients:
            self._collect(call.handles)
            return None
        if torch.is_grad_enabled() and not self._grad_enabled:
            torch.set_grad_enabled(self._grad_enabled)
            return _detached(output)
        return None

    def _after_cell(self, path: str, module: nn.Module, args, kwargs, output) -> None:
        inputs = (*args, *(kwargs[name] for name in ("input", "hx") if name in kwargs))
        loop = self._loops.setdefault(path, CellLoop(module))
        handles = loop.append(inputs, output)
        if self.gradients:
            self._collect(handles)
            loop.handles.append(handles)

    def _collect(self, handles: Sequence[Tensor]) -> None:
        """Add up whatever gradient reaches each handle during the backward pass."""
        for handle in handles:
            if not handle.requires_grad:
                handle.requires_grad_()
            self._handles.append(handle)
            handle.register_hook(partial(self._note_gradient, id(handle)))

    def _note_gradient(self, handle: int, gradient: Tensor) -> None:
        known = self._found.get(handle)
        self._found[handle] = gradient.detach() if known is None else known + gradient.detach()

    def _finish(self) -> None:
        with torch.no_grad():
            for calls in self._calls.values():
                for call in calls if self._found else ():
                    call.add_gradients([self._found.get(id(part)) for part in call.handles])
            for path, loop in self._loops.items():
                loop.recover(parts=self.parts)
                _check_proof(path, loop.module, loop.proof, loop.signals["hidden"])
                if self._found:
                    loop.add_gradients(
                        [[self._found.get(id(part)) for part in step] for step in loop.handles]
                    )
        for path, module in self._modules.items():
            build = self._builder(path, module)
            if build is not None:
                self.traces[path] = Trace(build)

    def _builder(self, path: str, module: nn.Module) -> Callable | None:
        settings = {"module": path, "kind": _kind(module), "torch": torch.__version__}
        if isinstance(module, Recurrent):
            cells = [
                [self._loops.get(f"{path}/{id(cell)}") for cell in layer] for layer in module.cells
            ]
            if cells[0][0] is None:
                return None
            for name in ("activation", "output_activation"):
                settings[name] = getattr(module.cells[0][0], name, None)
            settings |= {"proof": 0.0, "proof_checked": "the open cells' own numbers"}
            return partial(dataset_of_loop, cells, settings | self.settings)
        if path in self._calls:
            calls = self._calls[path]
            settings |= {"activation": getattr(module, "nonlinearity", None)}
            settings |= {"proof": max(call.proof for call in calls)}
            settings |= {"proof_checked": calls[0].proof_checked}
            return partial(dataset_of_calls, calls, settings | self.settings)
        if path in self._loops:
            loop = self._loops[path]
            settings |= {"proof": loop.proof, "proof_checked": "every step"}
            return partial(dataset_of_loop, [[loop]], settings | self.settings)
        return None


def _recordable(model: nn.Module) -> dict[str, nn.Module]:
    """Every recurrent module by its dotted path."""
    kinds = (nn.RNN, nn.LSTM, nn.GRU, nn.RNNCellBase, Recurrent, Cell)
    found = {path: module for path, module in model.named_modules() if isinstance(module, kinds)}
    if not found:
        raise RecordingError(
            f"{type(model).__name__} contains nothing to record; expected an nn.RNN, nn.LSTM, "
            "nn.GRU, one of their *Cell forms, or a Recurrent somewhere inside it."
        )
    return found


def _kind(module: nn.Module) -> str:
    if isinstance(module, (Recurrent, Cell)):
        return module.kind
    return kind_of(module, SEQUENCE_KINDS) or kind_of(module, CELL_KINDS)


def _keeps_gates(module: nn.RNNBase, inputs) -> bool:
    """Whether a forward pass with autograd leaves gates behind that are worth reading."""
    if isinstance(inputs, PackedSequence) or module.bidirectional or module.num_layers > 1:
        return False
    if not is_plain(module) or not any(p.requires_grad for p in module.parameters()):
        return False
    if isinstance(module, nn.LSTM):
        return inputs.device.type == "cpu" and inputs.dtype == torch.float32
    batch = 1 if inputs.dim() == 2 else inputs.shape[0 if module.batch_first else 1]
    return isinstance(module, nn.GRU) and inputs.device.type == "cpu" and batch >= WIDE_BATCH


def _detached(output):
    if isinstance(output, Tensor):
        return output.detach()
    if isinstance(output, PackedSequence):
        return PackedSequence(output.data.detach(), *output[1:])
    return tuple(_detached(part) for part in output)


def _check_proof(path: str, module: nn.Module, difference: float, reference: Tensor) -> None:
    """Refuse a recording that the module's own output contradicts."""
    scale = max(1.0, float(reference.detach().abs().nan_to_num().max()))
    allowed = TOLERANCES.get(reference.dtype, COARSE_TOLERANCE) * scale
    if not difference <= allowed:
        raise RecordingError(
            f"The recording of {path or type(module).__name__!r} differs from the module's own "
            f"output by {difference:.3g} (allowed {allowed:.1g}), so it was refused. The module "
            "does not compute what its weights say: look for a subclass that overrides "
            "forward, a hook that changes its inputs or outputs, or values changed in place."
        )
