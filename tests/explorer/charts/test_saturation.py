"""The bars of saturated gates."""

import numpy as np

from explorer.charts.saturation import saturation_figure, shares
from explorer.language import texts_of
from tests.explorer.made import made

EN = texts_of("en")


def test_shares_of_what_is_there() -> None:
    values = np.array([0.0, 0.0999, 0.1, 0.5, 0.9, 0.9001, 1.0, np.nan])
    assert np.allclose(shares(values), (2 / 7, 3 / 7, 2 / 7))
    assert shares(np.full(3, np.nan)) == (0.0, 0.0, 0.0)


def test_one_bar_for_each_gate_and_layer() -> None:
    gate = np.stack([np.full((3, 2), 0.05), np.full((3, 2), 0.95)])[:, None]
    trace = made({"hidden": gate, "reset_gate": gate, "update_gate": gate})
    figure = saturation_figure(trace, EN)
    closed, between, opened = figure.data
    assert list(closed.y) == [
        "Reset gate · Layer 1",
        "Reset gate · Layer 2",
        "Update gate · Layer 1",
        "Update gate · Layer 2",
    ]
    assert list(closed.x) == [1, 0, 1, 0]
    assert list(between.x) == [0, 0, 0, 0]
    assert list(opened.x) == [0, 1, 0, 1]
    names = [EN(f"states.{part}") for part in ("closed", "between", "open")]
    assert [bar.name for bar in figure.data] == names


def test_a_cell_without_gates_has_no_bars() -> None:
    assert saturation_figure(made({"hidden": np.zeros((3, 2))}), EN) is None
