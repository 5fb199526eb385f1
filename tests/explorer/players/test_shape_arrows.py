"""The arrows of the five shapes are the dependencies that disturbing their cells finds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from explorer.gallery.shapes import shapes, shapes_stage
from explorer.language import LANGUAGES, texts_of
from tests.core.cells.dependencies import arrows_of, drawn_cell
from tests.explorer.players.node import run_in_node

TOUCHES = 6.0  # pixels between the end of an arrow and what it points at


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_arrow_of_a_shape_is_a_dependency(language: str, tmp_path: Path) -> None:
    found = shapes(texts_of(language))
    drawn = run_in_node("shape_arrows.js", shapes_stage(found, texts_of(language)), tmp_path)
    for shape, picture in zip(found, drawn, strict=True):
        if not shape.model.recurrent:
            continue
        seen: Counter[tuple[str, str, int]] = Counter()
        for arrow in picture["arrows"]:
            if arrow["dashed"]:
                continue
            (source, before), (target, at) = (_at(arrow[end], picture) for end in ("from", "to"))
            if target != "answer":
                seen[source, target, at - before] += 1
        cell = drawn_cell(shape.model.cell)
        states = list(dict.fromkeys([*(name for name, _ in cell.carries), "hidden"]))
        steps, read = len(shape.columns), sum(column.input != "" for column in shape.columns)
        assert seen == {
            (source, target, back): read if source == "input" else steps - back
            for source, target, back in arrows_of(cell, states)
        }


def _at(point: list[float], picture: dict) -> tuple[str, int]:
    """The part that a point touches, and its column."""
    (x, y), near = point, []
    for box in picture["boxes"]:
        beside = max(box["left"] - x, x - box["right"], 0)
        above = max(box["top"] - y, y - box["bottom"], 0)
        near.append((max(beside, above), box["name"], box["at"]))
    away, name, at = min(near)
    assert away <= TOUCHES, (point, near)
    return name, at
