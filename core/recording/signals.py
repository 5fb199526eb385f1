"""Every signal that can be recorded: its name, its letter, and what kind of number it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["state", "gate", "gradient", "preactivation"]


@dataclass(frozen=True)
class Signal:
    """kind: state (signed), gate (0 closed to 1 open), gradient, or preactivation (signed)."""

    name: str
    letter: str
    kind: Kind


SIGNALS = {
    signal.name: signal
    for signal in (
        Signal("hidden", "h", "state"),
        Signal("cell", "c", "state"),
        Signal("input_gate", "i", "gate"),
        Signal("forget_gate", "f", "gate"),
        Signal("output_gate", "o", "gate"),
        Signal("candidate", "g", "state"),
        Signal("reset_gate", "r", "gate"),
        Signal("update_gate", "z", "gate"),
        Signal("output", "y", "state"),
        Signal("grad_hidden", "∂L/∂h", "gradient"),
        Signal("grad_cell", "∂L/∂c", "gradient"),
        Signal("grad_weight_norm", "‖∂L/∂U‖", "gradient"),
    )
}
GATES = tuple(name for name, signal in SIGNALS.items() if signal.kind == "gate")
FORWARD = tuple(name for name, signal in SIGNALS.items() if signal.kind in ("state", "gate"))
PARTS = ("_from_input", "_from_recurrent", "_from_hidden", "_from_cell", "_bias", "_preactivation")
