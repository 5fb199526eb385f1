"""What sequences are good for: each application with its data, network, score and baseline."""

from core.applications.application import (
    SHAPES,
    Application,
    Baseline,
    Draws,
    Loss,
    Measured,
    new_network,
)
from core.applications.applied import Applied, load_applied, save_applied
from core.applications.registry import REGISTRY, application_class

__all__ = [
    "REGISTRY",
    "SHAPES",
    "Application",
    "Applied",
    "Baseline",
    "Draws",
    "Loss",
    "Measured",
    "application_class",
    "load_applied",
    "new_network",
    "save_applied",
]
