"""``record`` and ``Recorder``: every recurrent module inside any model, unmodified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from core.cells import Cell
from core.networks import Recurrent
from core.recording.assemble import Tokens, dataset_of_calls, dataset_of_loop, tokens_for
from core.recording.cell_loop import CellLoop
from core.recording.elementwise import quiet
from core.recording.errors import RecordingError
from core.recording.gradient_watch import GradientWatch, each_tensor, onward, tensors_in
from core.recording.not_finite import first_not_finite
from core.recording.open_loop import OpenLoop
from core.recording.proof import check_proof
from core.recording.recordable import (
    activation_of,
    keeps_gates,
    kind_of_module,
    names_of_cells,
    recordable_modules,
    refuse_nothing,
    wiring_of_module,
)
from core.recording.sequence_call import SequenceCall, take_apart
from core.recording.step_loop import StepLoop
from core.recording.trace import Trace
from core.recording.weights import SEQUENCE_KINDS


def record(
    model: nn.Module,
    inputs,
    *,
    loss: Callable[[Any], Tensor] | None = None,
    training: bool = False,
    parts: bool = False,
    tokens: Tokens = None,
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
    tokens: one string for each step, kept as a coordinate on ``time``; for modules that take
        different numbers of steps a dict from path to tokens.
    settings: anything to keep with the recording (a seed, the model's name).

    Raises RecordingError where the module's own output contradicts the recording (a subclass
    that overrides ``forward``, say), and where the model has nothing to record or does not
    run it; ValueError for a loss that is not one number or does not depend on what was
    recorded, and for a wrong number of tokens.
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
    ``gradients=True``, ``backward()`` inside the block adds the gradients; a module called
    under ``torch.no_grad()`` has none. ``traces`` is filled when the block ends. Hooks are
    removed and modes restored, also after an error.
    """

    def __init__(
        self,
        model: nn.Module,
        *,
        gradients: bool = False,
        training: bool = False,
        parts: bool = False,
        tokens: Tokens = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.model, self.gradients, self.training, self.parts = model, gradients, training, parts
        self.settings, self.tokens = dict(settings or {}), tokens
        self.traces: dict[str, Trace] = {}
        self._modules = recordable_modules(model)
        self._calls: dict[str, list[SequenceCall]] = {}
        self._loops: dict[str, StepLoop] = {}
        self._readings: Counter[str] = Counter()
        self._watch = GradientWatch()
        self._rng_states: dict[str, Tensor] = {}
        self._lifted: set[str] = set()

    def __enter__(self) -> Recorder:
        if self.gradients and torch.is_inference_mode_enabled():
            raise RecordingError(
                "There are no gradients inside torch.inference_mode(). Leave it, or record "
                "without a loss."
            )
        self._left = left = ExitStack()
        left.callback(torch.set_grad_enabled, torch.is_grad_enabled())
        learning = () if self.training else [m for m in self.model.modules() if m.training]
        for module in learning:
            left.callback(setattr, module, "training", True)
        if learning:
            self.model.eval()
        for path, module in self._modules.items():
            if isinstance(module, nn.RNNBase):
                self._hook_sequence(path, module)
            elif isinstance(module, Recurrent):
                self._hook(module.register_forward_pre_hook, self._before_reading, path)
                for names, cells in zip(names_of_cells(path, module), module.cells):
                    for name, cell in zip(names, cells):
                        self._hook_cell(path, name, cell)
            else:
                self._hook_cell(path, path, module)
        return self

    def __exit__(self, kind, error, trace) -> None:
        self._left.close()
        if kind is None:
            with torch.no_grad():
                self._finish()

    def differentiate(self, loss: Tensor) -> None:
        """Collect the gradients of ``loss`` without touching any parameter's ``.grad``."""
        if self._calls or self._loops:
            self._watch.differentiate(loss)

    def _hook(self, register: Callable, function: Callable, *bound) -> None:
        self._left.callback(register(partial(function, *bound), with_kwargs=True).remove)

    def _hook_sequence(self, path: str, module: nn.RNNBase) -> None:
        if self.gradients and not module.training and type(module) in SEQUENCE_KINDS:
            # cuDNN only differentiates in train mode, which without dropout computes the same
            self._left.callback(setattr, module, "dropout", module.dropout)
            module.dropout, module.training = 0.0, True
        self._hook(module.register_forward_pre_hook, self._before_sequence, path)
        self._hook(module.register_forward_hook, self._after_sequence, path)

    def _hook_cell(self, path: str, name: str, cell: nn.Module) -> None:
        if isinstance(cell, Cell) and self.gradients:
            self._hook(cell.register_forward_pre_hook, _with_graph)
        self._hook(cell.register_forward_pre_hook, self._before_cell, path)
        self._hook(cell.register_forward_hook, self._after_cell, path, name)

    def _before_cell(self, path: str, cell: nn.Module, args, kwargs) -> None:
        refuse_nothing(path, cell, args[0] if args else kwargs.get("input"))

    def _before_reading(self, path: str, module: Recurrent, args, kwargs) -> None:
        self._readings[path] += 1

    def _before_sequence(self, path: str, module: nn.RNNBase, args, kwargs) -> None:
        refuse_nothing(path, module, args[0] if args else kwargs.get("input"))
        if module.training and module.dropout and module.num_layers > 1:
            _refuse_cuda_dropout(path, module)
            self._rng_states[path] = torch.get_rng_state()
        if not self.gradients and keeps_gates(module, args[0] if args else kwargs.get("input")):
            self._lifted.add(path)
            torch.set_grad_enabled(True)

    def _after_sequence(self, path: str, module: nn.RNNBase, args, kwargs, output):
        if path in self._lifted:
            self._lifted.remove(path)
            torch.set_grad_enabled(False)
            passed = each_tensor(output, Tensor.detach)
        else:
            passed = None
        if _replaying():
            return passed
        with torch.no_grad():
            call = take_apart(
                module,
                args[0] if args else kwargs.get("input"),
                args[1] if len(args) > 1 else kwargs.get("hx"),
                output,
                parts=self.parts,
                gradients=self.gradients,
                rng_state=self._rng_states.pop(path, None),
            )
        check_proof(path, module, call.proof, call.runs[-1].h, call.dtype)
        self._calls.setdefault(path, []).append(call)
        if self.gradients and torch.is_grad_enabled():
            passed = each_tensor(output, onward)
            call.watched = [self._watch.add(part) for part in tensors_in(passed)]
        return passed

    def _after_cell(self, path: str, name: str, module: nn.Module, args, kwargs, output):
        if _replaying():
            return None
        inputs = (*args, *(kwargs[key] for key in ("input", "x", "hx", "state") if key in kwargs))
        if name not in self._loops:
            self._loops[name] = (OpenLoop if isinstance(module, Cell) else CellLoop)(module)
        watch = self._watch if self.gradients and torch.is_grad_enabled() else None
        return self._loops[name].note(inputs, output, max(0, self._readings[path] - 1), watch)

    @quiet
    def _finish(self) -> None:
        for calls in self._calls.values():
            for call in calls:
                if call.watched and self._watch.reached:
                    call.add_gradients()
        for name, loop in self._loops.items():
            loop.recover(parts=self.parts)
            if isinstance(loop, CellLoop):
                check_proof(name, loop.module, loop.proof, loop.signals["hidden"], loop.dtype)
            if self._watch.reached:
                loop.add_gradients()
        for path, module in self._modules.items():
            found = self._recorded(path, module)
            if found is not None:
                self.traces[path] = found

    def _recorded(self, path: str, module: nn.Module) -> Trace | None:
        if path in self._calls:
            calls = self._calls[path]
            parts, steps = calls, sum(call.steps for call in calls)
            build = partial(dataset_of_calls, calls)
        elif path in self._loops or f"{path}/0/0" in self._loops:
            cells = [
                [self._loops[name] for name in names] for names in names_of_cells(path, module)
            ]
            parts, steps = cells[0][:1], cells[0][0].steps
            build = partial(dataset_of_loop, cells)
        else:
            return None
        tokens = tokens_for(path, self.tokens, steps)
        about = partial(_about, path, module, self.settings, parts)
        return Trace(lambda: build(about(), tokens))


def _about(
    path: str,
    module: nn.Module,
    settings: Mapping[str, Any],
    parts: Sequence[SequenceCall | StepLoop],
) -> dict[str, Any]:
    """What is kept with a recording besides its numbers."""
    wiring = wiring_of_module(module)
    broken = first_not_finite(parts)
    return {
        **settings,
        "not_finite_step": None if broken is None else broken.step,
        "not_finite_signal": None if broken is None else broken.signal,
        "module": path,
        "kind": kind_of_module(module),
        "activation": activation_of(module),
        "reads": wiring.reads,
        "arrows": wiring.arrows,
        "proof": max(part.proof for part in parts),
        "proof_checked": parts[0].proof_checked,
        "torch": str(torch.__version__),
    }


def _with_graph(cell: Cell, args, kwargs):
    """A state that requires grad, so that the step has a graph even with frozen weights."""
    if not torch.is_grad_enabled():
        return None
    state = args[1] if len(args) > 1 else kwargs["state"]
    known = tuple(part if part.requires_grad else part.detach().requires_grad_() for part in state)
    if len(args) > 1:
        return (args[0], known), kwargs
    return args, kwargs | {"state": known}


def _refuse_cuda_dropout(path: str, module: nn.RNNBase) -> None:
    if next(module.parameters()).is_cuda:
        raise RecordingError(
            f"The dropout between the layers of {path or type(module).__name__!r} is drawn inside "
            "cuDNN and cannot be drawn again. Record with training=False, or on the CPU."
        )


def _replaying() -> bool:
    """Whether a backward pass is running: a checkpointed model calls its modules again there."""
    return torch._C._current_graph_task_id() != -1
