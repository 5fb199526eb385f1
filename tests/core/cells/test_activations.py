"""Activations by name."""

from __future__ import annotations

import pytest
import torch

from core.cells.activations import ACTIVATIONS, OUTPUT_ACTIVATIONS, find_activation


def test_only_an_output_may_be_a_softmax() -> None:
    assert set(OUTPUT_ACTIVATIONS) - set(ACTIVATIONS) == {"softmax"}
    found = find_activation("softmax", OUTPUT_ACTIVATIONS)(torch.zeros(2, 4))
    assert torch.equal(found, torch.full((2, 4), 0.25))
    with pytest.raises(ValueError, match="Activation 'softmax' is not known; choose one of tanh"):
        find_activation("softmax")
