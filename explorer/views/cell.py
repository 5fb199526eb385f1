"""Inside a cell: one step, its wiring, and the formula with its numbers."""

from functools import partial

from explorer.exports import offer_exports
from explorer.lab.variant_cell import DRAWN, show_equations
from explorer.language import Texts
from explorer.pictures import cell_stage, states_stage
from explorer.players.spec import group_of
from explorer.players.stage import opening_cursor, show_stage
from explorer.scaffold import (
    heading,
    lesson,
    recording_of,
    unknown_steps,
    warn_of_unknown,
)
from explorer.sidebar import choose
from explorer.workshop.travel import stage_of


def show(texts: Texts) -> None:
    """Draw the page."""
    choice = choose(texts)
    trace = recording_of(choice)
    unknown = unknown_steps(trace)
    warn_of_unknown(trace, unknown, texts)
    heading("cell", texts)
    group = group_of(trace)
    start = opening_cursor("cell", group)
    stage = cell_stage
    if trace.settings.get("kind") not in DRAWN:
        show_equations(str(trace.settings.get("kind")), texts)
        stage = states_stage
    draw = partial(stage, texts=texts, cursor=start, unknown=unknown)
    payload = stage_of("cell", choice, trace, texts, start, draw)
    show_stage(payload, group=group, key="stage-cell")
    offer_exports(trace, payload, choice, texts, "cell")
    lesson("cell", texts)
