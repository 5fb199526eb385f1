"""The project's own cells, which name every signal themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import torch
from torch import Tensor

from core.cells import Step
from core.recording.errors import RecordingError
from core.recording.gradient_watch import GradientWatch, Watched, onward
from core.recording.recover import Signals
from core.recording.signals import PARTS
from core.recording.step_loop import StepLoop, stacked

STATES = ("hidden", "cell")


@dataclass
class OpenLoop(StepLoop):
    """Every call of one open cell, with the signals that it named.

    totals are its states where they stand in the graph, so that what reaches them is the
    total derivative; passed are the output and states that the loop went on with.
    """

    proof_checked: ClassVar[str] = "the open cells' own numbers"
    own: list[Signals] = field(default_factory=list)
    totals: list[list[Watched]] = field(default_factory=list)
    passed: list[list[Watched]] = field(default_factory=list)
    weights: dict[str, Tensor] = field(default_factory=dict)
    versions: set[tuple[int, ...]] = field(default_factory=set)

    def note(self, inputs: tuple, output: Step, call: int, watch: GradientWatch | None):
        """One call; returns what the loop shall go on with, None for the output as it is."""
        x, state = inputs
        self.x.append(x.detach().clone())
        self.before.append(tuple(part.detach().clone() for part in state))
        self.call_of_step.append(call)
        # the loop may change in place what it was handed, and nothing else
        handed = {id(tensor) for tensor in (output.output, *output.state)}
        self.own.append(
            {
                name: value.detach().clone() if id(value) in handed else value.detach()
                for name, value in output.signals.items()
            }
        )
        if watch is None:
            return None
        parameters = dict(self.module.named_parameters())
        self.weights = self.weights or {
            name: value.detach().clone() for name, value in parameters.items()
        }
        self.versions.add(tuple(value._version for value in parameters.values()))
        self.totals.append([watch.add(output.signals[n]) for n in STATES if n in output.signals])
        passed = Step(onward(output.output), tuple(map(onward, output.state)), output.signals)
        self.passed.append([watch.add(part) for part in (passed.output, *passed.state)])
        return passed

    def recover(self, *, parts: bool) -> None:
        """Fill in ``signals``; the proof is 0, nothing was recomputed."""
        self.signals = {
            name: stacked([step[name] for step in self.own])
            for name in self.own[0]
            if parts or not name.endswith(PARTS)
        }

    def add_gradients(self) -> None:
        """Total gradients, if every call was watched."""
        if len(self.totals) < len(self.x):
            return
        if len(self.versions) > 1:
            raise RecordingError(
                f"The weights of {type(self.module).__name__} changed between its calls, so its "
                "gradients do not belong together. Record one pass at a time."
            )
        for name, column in zip(STATES, zip(*self.totals)):
            self.signals[f"grad_{name}"] = stacked([part.gradient for part in column])
        self.signals["grad_weight_norm"] = self._weight_norms()

    def _weight_norms(self) -> Tensor:
        """How much each call adds to the gradient of U, of which every call has its own copy."""

        def linearised(recurrent: Tensor, x: Tensor, before: tuple, slopes: tuple) -> Tensor:
            step = torch.func.functional_call(
                self.module, self.weights | {"weight_hh": recurrent}, (x, before)
            )
            passed = (step.output, *step.state)
            return sum((part * slope).sum() for part, slope in zip(passed, slopes))

        copies = torch.func.vmap(torch.func.grad(linearised), in_dims=(None, 0, 0, 0))
        slopes = [stacked([part.gradient for part in column]) for column in zip(*self.passed)]
        found = copies(
            self.weights["weight_hh"],
            self._zero_beyond(stacked(self.x)),
            tuple(map(self._zero_beyond, self.stacked_before())),
            tuple(map(self._zero_beyond, slopes)),
        )
        return found.flatten(1).norm(dim=1)

    def _zero_beyond(self, values: Tensor) -> Tensor:
        """Zero where a smaller batch has no sequence: it adds nothing."""
        return values.masked_fill(~self.there()[..., None], 0.0)
