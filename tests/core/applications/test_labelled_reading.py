"""What a labelling network answers stands in its recording, with or without a loss."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from core.applications.labelled_reading import read_labels
from core.networks.architecture import Architecture
from core.networks.perceptron import Perceptron
from core.networks.reader import Ends, Reader

ENDS = Ends(3, 4, tokens=False)
CLASSES = ["a", "b", "c", "d"]
SETTINGS = {"model": "made"}


@pytest.mark.parametrize("loss_at", ["last", None])
def test_the_predictions_are_those_of_the_network(loss_at: str | None) -> None:
    torch.manual_seed(0)
    model = Reader(Architecture(cell="gru", hidden_size=5), ENDS).eval()
    inputs, targets = torch.randn(6, 1, 3), torch.randint(4, (6,))
    (trace,) = read_labels(
        model,
        inputs,
        tokens=[str(at) for at in range(6)],
        classes=CLASSES,
        loss=lambda logits: functional.cross_entropy(logits[-1:, 0], targets[-1:]),
        loss_at=loss_at,
        settings=SETTINGS,
    ).values()
    with torch.no_grad():
        expected = model(inputs)[0].softmax(-1)
    torch.testing.assert_close(torch.tensor(trace["prediction"].values), expected)
    assert list(trace.data["class"].values) == CLASSES
    assert ("grad_hidden" in trace) == (loss_at is not None)
    assert (trace.settings["predicts"], trace.settings["model"]) == ("here", "made")


def test_without_recurrence_there_is_nothing() -> None:
    model = Perceptron(Architecture(cell="perceptron", hidden_size=5), ENDS)
    found = read_labels(
        model,
        torch.randn(2, 1, 3),
        tokens=["x", "y"],
        classes=CLASSES,
        loss=None,
        loss_at=None,
        settings=SETTINGS,
    )
    assert found == {}
