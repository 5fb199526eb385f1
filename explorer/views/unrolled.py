"""Unrolled: the network over the whole sequence, played forwards and backwards."""

from functools import partial

from explorer.exports import offer_exports
from explorer.language import Texts
from explorer.pictures import unrolled_stage
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
    heading("unrolled", texts)
    group = group_of(trace)
    start = opening_cursor("unrolled", group)
    draw = partial(unrolled_stage, texts=texts, cursor=start, unknown=unknown)
    payload = stage_of("unrolled", choice, trace, texts, start, draw)
    show_stage(payload, group=group, key="stage-unrolled")
    offer_exports(trace, payload, choice, texts, "unrolled")
    lesson("unrolled", texts)
