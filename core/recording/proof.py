"""Refusing a recording that the module's own output contradicts."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from core.recording.elementwise import largest_size
from core.recording.errors import RecordingError

# Relative to the largest value: rounding stays far below, a changed network far above.
TOLERANCES = {torch.float64: 1e-9, torch.float32: 1e-4}
COARSE_TOLERANCE = 3e-2  # bfloat16 and float16
CUDA_TOLERANCE = 1e-2  # cuDNN may multiply float32 as TF32, with ten bits
SMALLEST_SCALE = 1e-2  # states that are all smaller may be what is left of larger numbers


def check_proof(
    path: str, module: nn.Module, difference: float, states: Tensor, dtype: torch.dtype
) -> None:
    """Raise RecordingError unless ``difference`` is rounding, given the recorded ``states``.

    NaN and infinity where the module has them too are no difference: a broken network is recorded.
    """
    tolerance = TOLERANCES.get(dtype, COARSE_TOLERANCE)
    if states.is_cuda and dtype == torch.float32:
        tolerance = CUDA_TOLERANCE
    if difference <= tolerance * SMALLEST_SCALE:
        return
    name = repr(path or type(module).__name__)
    allowed = tolerance * max(SMALLEST_SCALE, largest_size(states))
    if not difference <= allowed:
        raise RecordingError(
            f"The recording of {name} differs from the module's own output by {difference:.3g} "
            f"(allowed {allowed:.1g}), so it was refused. The module does not compute what its "
            "weights say: look for a subclass that overrides forward, a hook that changes its "
            "inputs or outputs, or values changed in place."
        )
