"""The charts hold the numbers they were given and show labels literally."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.charts.look import AMOUNT, GROUPS, SIGNED, shown
from explorer.charts.placing import place_labels
from explorer.charts.representations import (
    bars_figure,
    growth_figure,
    loss_figure,
    matrix_figure,
    plane_figure,
)
from explorer.players.bundle import PLAYERS

HOSTILE = "<b>a</b>&<script>"


def test_a_matrix_holds_its_numbers_and_the_first_row_is_on_top() -> None:
    values = np.array([[0.0, 0.5], [1.0, 0.0]])
    figure = matrix_figure(values, ["r", HOSTILE], ["c", "d"], digits=2)
    (heatmap,) = figure.data
    assert np.array_equal(heatmap.z, values)
    assert [list(row) for row in heatmap.text] == [["0", "0.50"], ["1.00", "0"]]
    assert figure.layout.yaxis.autorange == "reversed"
    assert figure.layout.yaxis.ticktext[1] == "&lt;b&gt;a&lt;/b&gt;&amp;&lt;script&gt;"
    assert (heatmap.zmin, heatmap.zmax) == (0, 1)


def test_signed_values_are_coloured_around_zero_and_large_matrices_have_no_numbers() -> None:
    figure = matrix_figure(np.zeros((30, 30)), ["w"] * 30, ["w"] * 30, signed=True, dark=True)
    (heatmap,) = figure.data
    assert (heatmap.zmin, heatmap.zmax) == (-1, 1)
    assert heatmap.texttemplate is None
    assert heatmap.colorscale[3] == (0.5, SIGNED[True][3])


def test_colours_are_the_players() -> None:
    palettes = (PLAYERS / "palettes.js").read_text(encoding="utf-8")
    for colours in (*SIGNED.values(), *AMOUNT.values()):
        assert ", ".join(f'"{colour}"' for colour in colours) in palettes


def test_the_plane_says_how_much_it_keeps_and_colours_groups() -> None:
    points = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.5]])
    figure = plane_figure(
        points, np.array([0.6, 0.25]), ["a", "<b>", "c"], [0, 1, 0], axis="PC{number} ({share})"
    )
    (scatter,) = figure.data
    assert figure.layout.xaxis.title.text == "PC1 (60%)"
    assert figure.layout.yaxis.title.text == "PC2 (25%)"
    assert scatter.text == ("a", "&lt;b&gt;", "c")
    assert scatter.marker.color == (GROUPS[False][0], GROUPS[False][1], GROUPS[False][0])
    low, high = figure.layout.xaxis.range
    assert low < 0 < 2 < high


def test_points_at_one_place_can_be_drawn() -> None:
    figure = plane_figure(np.zeros((3, 2)), np.zeros(2), list("abc"), [0, 0, 0], axis="{number}")
    assert figure.layout.xaxis.range[0] < figure.layout.xaxis.range[1]


def test_bars_lie_or_stand_with_their_numbers() -> None:
    lying = bars_figure(["a", "b"], [0.5, 0.25]).data[0]
    assert list(lying.x) == [0.5, 0.25]
    assert lying.text == ("0.50", "0.25")
    standing = bars_figure(["a"], [3.0], sideways=False, digits=".0f").data[0]
    assert list(standing.y) == [3.0]
    assert standing.orientation == "v"


def test_curves_hold_their_points() -> None:
    growth = growth_figure(np.array([1, 10]), np.array([1, 7]), labels=("read", "distinct"))
    assert list(growth.data[0].y) == [1, 7]
    assert growth.layout.xaxis.type == growth.layout.yaxis.type == "log"
    loss = loss_figure([0, 100], [4.0, 2.0], labels=("words", "loss"))
    assert list(loss.data[0].x) == [0, 100]


def test_long_labels_are_cut() -> None:
    assert shown("x" * 18) == "x" * 18
    assert shown("x" * 19) == "x" * 17 + "…"
    assert shown("<" * 40, 4) == "&lt;&lt;&lt;…"


RANGES = ((0.0, 1.0), (0.0, 1.0))


def test_two_words_at_one_point_go_different_ways() -> None:
    points = np.array([[0.5, 0.5], [0.5, 0.5]])
    first, second = place_labels(points, ["one", "two"], ranges=RANGES, size=(300, 300))
    assert first != second


@pytest.mark.parametrize(("x", "side"), [(0.0, "right"), (1.0, "left")])
def test_at_the_edge_a_label_stays_inside(x: float, side: str) -> None:
    (place,) = place_labels(np.array([[x, 0.5]]), ["a word"], ranges=RANGES, size=(300, 300))
    assert place.endswith(side)


def test_han_characters_are_taken_to_be_wide() -> None:
    # 60 pixels to the right: enough for six Latin letters, not for six characters.
    points = np.array([[0.8, 0.02]])
    narrow, wide = (
        place_labels(points, [label], ranges=RANGES, size=(300, 30))[0]
        for label in ("abcdef", "六个汉字之长")
    )
    assert (narrow, wide) != ("middle right", "middle right")
