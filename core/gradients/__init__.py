"""What flows back through a network, read from its recordings and weights."""

from core.gradients.altered_step import Hold, Patch, Silence
from core.gradients.influence import direct_gradient, influence
from core.gradients.intervention import BeforeAfter, Reading, intervene, intervened
from core.gradients.memory import half_life, memory_ledger
from core.gradients.norms import (
    Decay,
    decay_rate,
    gradient_norms,
    horizon,
    is_growing,
    spectral_radius,
)
from core.gradients.paths import gradient_paths
from core.gradients.recall import recall
from core.gradients.spectrum import jacobian_spectrum, lyapunov_exponents
from core.gradients.weight_terms import (
    Chain,
    Truncation,
    WeightGradientTerms,
    truncate,
    weight_gradient_terms,
)

__all__ = [
    "BeforeAfter",
    "Chain",
    "Decay",
    "Hold",
    "Patch",
    "Reading",
    "Silence",
    "Truncation",
    "WeightGradientTerms",
    "decay_rate",
    "direct_gradient",
    "gradient_norms",
    "gradient_paths",
    "half_life",
    "horizon",
    "influence",
    "intervene",
    "intervened",
    "is_growing",
    "jacobian_spectrum",
    "lyapunov_exponents",
    "memory_ledger",
    "recall",
    "spectral_radius",
    "truncate",
    "weight_gradient_terms",
]
