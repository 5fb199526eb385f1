"""The arrows that the unrolled graph paints are the dependencies that disturbing the cell finds.

Nothing here reads what the cell declares: on one side stand the strokes of the picture, found
back by where they begin and end, on the other the cell, disturbed forwards and backwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from core import Trace
from core.cells import CELLS, make_cell
from core.networks import ModelSettings
from core.networks.model_file import TextModel
from core.networks.vocabulary import Vocabulary
from core.recording import read_text
from core.recording.wiring import wiring_of
from core.training.loop import new_model
from core.training.shelf import find_shipped
from explorer.language import texts_of
from explorer.models import read, shipped
from explorer.pictures import home_stage, unrolled_stage
from tests.core.cells.dependencies import arrows_of, changed_by, drawn_cell, reached
from tests.explorer.players.node import run_in_node

EN = texts_of("en")
LETTERS = "namskr"
TEXT = "namaska"
TOUCHES = 6.5  # pixels between the end of an arrow and what it points at
Drawn = Counter[tuple[str, str, int]]


def recording(kind: str, **settings: Any) -> Trace:
    """An untrained network of this kind reading a word, with the gradient of its last loss."""
    model = new_model(ModelSettings(kind, len(LETTERS), len(LETTERS), **settings), seed=1)
    return read_text(TextModel(kind, model.eval(), Vocabulary(LETTERS)), TEXT)


def drawn(payload: bytes, mode: str, folder: Path) -> Drawn:
    """How often each (source, target, steps back) is drawn; steps before the first are left out."""
    seen = run_in_node("graph_arrows.js", payload, folder, mode)
    found: Drawn = Counter()
    for arrow in seen["arrows"]:
        source, target = place(arrow["from"], seen), place(arrow["to"], seen)
        if source is None or target is None or target[0] == "answer":
            continue
        back = target[1] - source[1]
        if back < 0:  # played backwards: the gradient goes from the later step to the earlier
            source, target, back = target, source, -back
        found[source[0], target[0], back] += 1
    return found


def place(point: Sequence[float], seen: Mapping[str, Any]) -> tuple[str, int] | None:
    """What stands at a point: (state, time), the input or the answer of that step, or nothing."""
    x, y = point
    for state in seen["states"]:
        beside = max(state["left"] - x, x - state["right"], 0)
        above = max(state["top"] - y, y - state["bottom"], 0)
        if max(beside, above) <= TOUCHES:
            return state["name"], state["time"]
    column = min(seen["states"], key=lambda state: abs((state["left"] + state["right"]) / 2 - x))[
        "time"
    ]
    if abs(y - seen["tokens"]["top"]) <= TOUCHES:
        return "input", column
    return ("answer", column) if abs(y - seen["ceiling"]) <= TOUCHES else None


def expected(kind: str, states: Sequence[str]) -> Drawn:
    """The same of the cell itself: every dependency, at every step that has such a past."""
    steps = len(TEXT)
    return Counter(
        {
            (source, target, back): steps - back
            for source, target, back in arrows_of(drawn_cell(kind), states)
        }
    )


def states_drawn(kind: str) -> list[str]:
    """What a step hands on, and what it answers with."""
    cell = drawn_cell(kind)
    carried = [name for name, _ in cell.carries]
    answers = ["hidden"] if kind != "output-feedback" else []
    return list(dict.fromkeys([*carried, *answers]))


@pytest.mark.parametrize("kind", CELLS)
def test_every_arrow_is_a_dependency_and_every_dependency_an_arrow(
    kind: str, tmp_path: Path
) -> None:
    trace = recording(kind)
    states = states_drawn(kind)
    for stage in (unrolled_stage(trace, EN, {}), home_stage(trace, EN, {})):
        forward = drawn(stage, "forward", tmp_path)
        assert forward == expected(kind, states)
        arrows = set(forward)
        for source, changed in changed_by(drawn_cell(kind), states).items():
            assert reached(arrows, source) == changed
    backward = drawn(unrolled_stage(trace, EN, {"mode": "backward"}), "backward", tmp_path)
    assert backward == forward


@pytest.mark.parametrize("kind", ["lstm", "gru", "lstm-peephole"])
def test_each_layer_has_its_arrows(kind: str, tmp_path: Path) -> None:
    found = drawn(unrolled_stage(recording(kind, num_layers=2), EN, {}), "forward", tmp_path)
    one = expected(kind, states_drawn(kind))
    assert {arrow: n for arrow, n in found.items() if arrow[2]} == {
        arrow: 2 * n for arrow, n in one.items() if arrow[2]
    }


@pytest.mark.parametrize("model_id", [*shipped()])
def test_the_shipped_networks_too(model_id: str, tmp_path: Path) -> None:
    trace = read(model_id, shipped()[model_id].examples[0][: len(TEXT)], "last")
    kind, layers = trace.settings["kind"], trace["hidden"].sizes["layer"]
    found = drawn(unrolled_stage(trace, EN, {}), "forward", tmp_path)
    one = expected(kind, states_drawn(kind))
    assert {arrow: count for arrow, count in found.items() if arrow[2]} == {
        arrow: layers * count for arrow, count in one.items() if arrow[2]
    }


@pytest.mark.parametrize("model_id", [*shipped()])
def test_a_shipped_recording_is_drawn_without_its_network(model_id: str) -> None:
    trace = Trace.load(find_shipped(model_id).recording)
    assert wiring_of(trace) == wiring_of(read(model_id, "a", "last"))


def test_a_cell_that_declares_nothing_gets_no_arrows(tmp_path: Path) -> None:
    trace = recording("elman")
    own = Trace.of(trace.data.assign_attrs({**trace.data.attrs, "reads": "{}", "arrows": "[]"}))
    assert drawn(unrolled_stage(own, EN, {}), "forward", tmp_path) == Counter()


def test_a_recording_from_before_cells_declared_anything_is_asked_for_its_kind(
    tmp_path: Path,
) -> None:
    trace = recording("higher-order")
    kept = {name: value for name, value in trace.data.attrs.items() if name != "arrows"}
    data = trace.data.copy()
    data.attrs = kept
    found = drawn(unrolled_stage(Trace.of(data), EN, {}), "forward", tmp_path)
    assert {back for _, _, back in found} == {0, 1, 2, make_cell("higher-order", 1, 1).order}
