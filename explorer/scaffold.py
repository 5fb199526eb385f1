"""What the recording pages have in common: heading, unknown characters, lesson."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from core import Trace
from explorer.captions import visible
from explorer.language import Texts
from explorer.models import read, read_applied, shipped_recording, uploaded_recording
from explorer.players.payload import reads_on
from explorer.shared import shared
from explorer.sidebar import DEFAULT_MODEL, Choice, plain
from explorer.workshop.opened import read_checkpoint

# Pages on which no W, U or V stands for a matrix of a network.
WITHOUT_MATRICES = ("home", "words", "training", "space", "today")
MOST_NAMED = 40  # unknown characters that the warning names


def recording_of(choice: Choice) -> Trace:
    """The recording of what was chosen: uploaded, shipped with its network, or made now."""
    card = choice.card
    if card.recorded:
        return uploaded_recording(card.id)
    if card.application:
        return _of_application(choice)
    if card.id == DEFAULT_MODEL and choice.text == card.examples[0] and choice.loss_at == "last":
        return shipped_recording(card.id)  # there before torch is
    return read(card.id, choice.text, choice.loss_at)


def _of_application(choice: Choice) -> Trace:
    """The recording of a network of the gallery, or of a run at its last checkpoint; of its first
    example where the text is no input."""
    card = choice.card
    read = partial(read_checkpoint, card.updates[-1]) if card.updates else read_applied
    try:
        traces = read(card.id, choice.text, choice.loss_at)
    except ValueError as error:
        st.sidebar.warning(plain(str(error)))
        traces = read(card.id, card.examples[0], choice.loss_at)
    return part_of(traces, choice)


def part_of(traces: Mapping[str, Trace], choice: Choice) -> Trace:
    """The recording of the recurrent module that was chosen, where there are several."""
    return traces[choice.part] if choice.part in traces else next(iter(traces.values()))


def payload_of(
    page: str, choice: Choice, texts: Texts, cursor: Mapping[str, Any], draw: Callable[[], bytes]
) -> bytes:
    """What the stage of a page is sent; ``draw`` is asked once for all who choose the same."""
    start = json.dumps(dict(cursor), sort_keys=True)
    card_id = f"{choice.card.id}/{choice.part}"
    return _payload(page, card_id, choice.text, choice.loss_at, texts.language, start, draw)


@shared
def _payload(
    page: str,
    card_id: str,
    text: str,
    loss_at: str,
    language: str,
    start: str,
    _draw: Callable[[], bytes],
) -> bytes:
    return _draw()


def heading(page: str, texts: Texts) -> None:
    """The page's title; what was measured stands in the stage's own caption."""
    st.markdown(f"# {texts('home.title' if page == 'home' else f'nav.{page}')}")


def unknown_steps(trace: Trace) -> list[int]:
    """Steps whose token the network has never seen."""
    if "class" not in trace.data.coords or trace.tokens is None or not reads_on(trace):
        return []
    known = set(trace.data["class"].values.tolist())
    return [step for step, token in enumerate(trace.tokens) if token not in known]


def warn_of_unknown(trace: Trace, unknown: list[int], texts: Texts) -> None:
    """Say which characters the network does not know; they are read as zeros, not dropped."""
    if unknown:
        found = list(dict.fromkeys(visible(trace.tokens[step]) for step in unknown))
        named = found[:MOST_NAMED] + ["…"] * (len(found) > MOST_NAMED)
        st.sidebar.warning(plain(texts("sidebar.unknown", tokens="  ".join(named))))


def lesson(page: str, texts: Texts) -> None:
    """The page's lesson, below the pictures, and what its letters are called elsewhere."""
    st.divider()
    st.markdown(texts.lesson(page))
    if page not in WITHOUT_MATRICES:
        with st.expander(texts("notation.title")):
            st.markdown(texts("notation.table"))
