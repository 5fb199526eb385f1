"""The bars of saturated gates."""

import re

import numpy as np

from explorer.charts.saturation import saturation_bars, saturation_html, shares
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
    assert saturation_bars(trace, EN) == [
        ("Reset gate · Layer 1", (1, 0, 0)),
        ("Reset gate · Layer 2", (0, 0, 1)),
        ("Update gate · Layer 1", (1, 0, 0)),
        ("Update gate · Layer 2", (0, 0, 1)),
    ]


def test_the_widths_are_the_shares_and_small_ones_carry_no_number() -> None:
    gate = np.linspace(0, 1, 100)[:, None]
    gate[:3] = 0.05
    gate[3:60] = 0.5
    gate[60:] = 0.95
    trace = made({"hidden": gate, "input_gate": gate})
    markup = saturation_html(saturation_bars(trace, EN), EN)
    found = re.findall(r"width:([\d.]+)%[^>]*>([^<]*)<", markup)
    assert [(float(width), number) for width, number in found] == [
        (3.0, ""),
        (57.0, "57%"),
        (40.0, "40%"),
    ]
    for part in ("closed", "between", "open"):
        assert EN(f"states.{part}") in markup


def test_a_cell_without_gates_has_no_bars() -> None:
    assert saturation_bars(made({"hidden": np.zeros((3, 2))}), EN) == []
