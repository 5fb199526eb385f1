"""What a cell declares is what it computes: its states are disturbed, one by one, both ways."""

from __future__ import annotations

import pytest

from core.cells import CELLS, Cell, HigherOrderCell, make_cell
from core.cells.reads import INPUT, Arrow, Read, state_arrows, states_of
from core.networks.model_file import load_model
from core.training.shelf import shipped_models
from tests.core.cells.dependencies import (
    UNITS,
    arrows_of,
    changed_by,
    direct_sources,
    drawn_cell,
    reached,
)

SHIPPED = [model.id for model in shipped_models()]


def declared(cell: Cell) -> set[tuple[str, str, int]]:
    return {(arrow.source, arrow.target, arrow.back) for arrow in state_arrows(cell.reads)}


@pytest.mark.parametrize("kind", CELLS)
def test_a_disturbance_reaches_what_the_arrows_say(kind: str) -> None:
    check_both_ways(drawn_cell(kind))


@pytest.mark.parametrize("model_id", SHIPPED)
def test_the_shipped_cells_too(model_id: str) -> None:
    (path,) = (model.path for model in shipped_models() if model.id == model_id)
    for cells in load_model(path).model.opened().rnn.cells:
        check_both_ways(cells[0].double())


def check_both_ways(cell: Cell) -> None:
    states = states_of(cell.reads)
    for source, changed in changed_by(cell, states).items():
        assert changed == reached(declared(cell), source), source
    assert arrows_of(cell, states) == declared(cell)


@pytest.mark.parametrize("kind", CELLS)
def test_every_signal_is_computed_from_what_it_declares(kind: str) -> None:
    """Not only the states: the gates, too, which the picture of a cell draws."""
    for target, sources in drawn_cell(kind).reads.items():
        cell = drawn_cell(kind)
        found = direct_sources(cell, target, [name for name in cell.reads if name != target])
        assert found == {(read.name, read.back) for read in sources}, target


@pytest.mark.parametrize("kind", CELLS)
def test_a_matrix_has_the_letter_of_its_place(kind: str) -> None:
    """W multiplies the input, U what is fed back, V the hidden state of this step."""
    for read in (read for sources in drawn_cell(kind).reads.values() for read in sources):
        letter = read.weight[:1]
        if read.name == INPUT:
            assert letter == "W"
        elif letter not in ("", "w"):
            assert letter == ("U" if read.back else "V")


def test_the_arrows_that_set_the_cells_apart() -> None:
    def fed_back(kind: str) -> set[Arrow]:
        return {arrow for arrow in state_arrows(drawn_cell(kind).reads) if arrow.back}

    assert fed_back("elman") == {Arrow("hidden", "hidden", 1, "U")}
    assert fed_back("jordan") == {Arrow("output", "hidden", 1, "U")}
    assert fed_back("output-feedback") == {Arrow("output", "output", 1, "U")}
    assert fed_back("lstm") == {
        Arrow("hidden", "cell", 1, "U"),
        Arrow("hidden", "hidden", 1, "U"),
        Arrow("cell", "cell", 1, ""),
    }
    assert Arrow("hidden", "hidden", 1, "U") not in fed_back("lstm-no-output-gate")
    assert {arrow.weight for arrow in fed_back("higher-order")} == {"U1", "U2", "U3"}
    more = state_arrows(HigherOrderCell(3, UNITS, order=5).reads)
    assert {arrow.back for arrow in more} == {0, 1, 2, 3, 4, 5}


def test_a_cell_of_somebody_else_may_declare_nothing() -> None:
    assert state_arrows(Cell(3, 4).reads) == ()
    assert states_of({"hidden": (Read(INPUT, "W"),)}) == ("hidden",)


def test_an_unknown_kind_is_told_which_there_are() -> None:
    with pytest.raises(ValueError, match="output-feedback"):
        make_cell("echo", 3, 4)
