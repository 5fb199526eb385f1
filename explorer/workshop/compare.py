"""The part *Compare*: curves of several runs, what differs in their settings, and their states."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core import Trace
from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.players.checkpoints import over_training, thinned
from explorer.players.stage import follow_stage, mount_stage, opening_cursor
from explorer.scaffold import part_of
from explorer.shared import shared
from explorer.sidebar import Choice, plain
from explorer.workshop.beside import beside_stage
from explorer.workshop.curves_stage import overlay_stage
from explorer.workshop.links import choose_text, title_of
from explorer.workshop.opened import opened, read_checkpoint
from explorer.workshop.shelf import PREFIX, run_cards
from explorer.workshop.store import find_run
from explorer.workshop.summary import Summary, own_summaries, ready_summaries

MOST = 4
CURVES = ("validation_loss", "loss", "score", "gradient_norm", "clipped", "learning_rate")
SEPARATOR = ","


def show_compare(texts: Texts) -> None:
    """Choose two or more runs and look at them together."""
    known = {
        one.id: one for one in (*own_summaries(), *ready_summaries()) if one.settings and one.last
    }
    if len(known) < 2:
        st.info(texts("workshop.compare_needs"))
        return
    runs = _chosen_runs(known, texts)
    if len(runs) < 2:
        st.info(texts("workshop.compare_choose"))
        return
    titles = _titles({run.id: title_of(run, texts) for run in runs})
    _curves(runs, titles, texts)
    _differences(runs, titles, texts)
    _states(runs, titles, texts)


def differing(settings: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Settings with more than one value among the runs: name -> value of each run."""
    flat = {run: _flat(values) for run, values in settings.items()}
    names = dict.fromkeys(name for values in flat.values() for name in values)
    rows = {name: [_written(values.get(name)) for values in flat.values()] for name in names}
    return {name: row for name, row in rows.items() if len(set(row)) > 1 and name != "title"}


def _written(value: Any) -> str:
    """A setting as the table shows it: a dash where there is none (no clipping, no delay)."""
    if value is None:
        return "–"
    return {True: "✓", False: "✗"}[value] if isinstance(value, bool) else str(value)


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, "")
        else:
            found[prefix + name] = value
    return found


def _chosen_runs(known: Mapping[str, Summary], texts: Texts) -> list[Summary]:
    said = chosen("ws_runs", SEPARATOR.join(_alike(known)))
    if isinstance(said, str):
        st.session_state["ws_runs"] = [name for name in said.split(SEPARATOR) if name in known]
    else:
        st.session_state["ws_runs"] = [name for name in said if name in known]
    st.multiselect(
        texts("workshop.compare_runs"),
        list(known),
        format_func=lambda run_id: title_of(known[run_id], texts),
        key="ws_runs",
        max_selections=MOST,
    )
    publish(ws_runs=SEPARATOR.join(st.session_state["ws_runs"]) or None)
    return [known[name] for name in st.session_state["ws_runs"]]


def _alike(known: Mapping[str, Summary]) -> list[str]:
    """The first run with another one for the same task beside it."""
    for name, run in known.items():
        same = [other for other in known if known[other].application == run.application]
        if len(same) > 1:
            return [name, next(other for other in same if other != name)]
    return list(known)[:2]


def _titles(named: Mapping[str, str]) -> dict[str, str]:
    """The names of the runs by their ids; numbered where two have the same."""
    names = list(named.values())
    return {
        run_id: f"{name} ({names[:at].count(name) + 1})" if names.count(name) > 1 else name
        for at, (run_id, name) in enumerate(named.items())
    }


def _curves(runs: Sequence[Summary], titles: Mapping[str, str], texts: Texts) -> None:
    chosen("ws_curve", CURVES[0], CURVES)
    left, right = st.columns([4, 1], vertical_alignment="center")
    with left:
        st.segmented_control(
            texts("workshop.compare_curve"),
            CURVES,
            format_func=lambda name: texts(f"workshop.curve_{name}"),
            key="ws_curve",
            required=True,
            label_visibility="collapsed",
        )
    with right:
        log = st.toggle(texts("workshop.log"), key="ws_compare_log")
    name = st.session_state["ws_curve"]
    publish(ws_curve=name if name != CURVES[0] else None)
    found = {run.id: find_run(run.id) for run in runs}
    metrics = {titles[key]: run.metrics() for key, run in found.items() if run is not None}
    group = "overlay-" + _digest([run.id for run in runs])
    payload = overlay_stage(metrics, texts, group=group, name=name, log=log)
    mount_stage(payload, key="stage-overlay")


def _differences(runs: Sequence[Summary], titles: Mapping[str, str], texts: Texts) -> None:
    st.markdown(f"##### {texts('workshop.differences')}")
    rows = differing({run.id: run.settings.to_json() for run in runs if run.settings})
    if not rows:
        st.write(texts("workshop.no_differences"))
        return
    names = texts.section("setting")
    table = {"": [names.get(name, name) for name in rows]}
    for place, run in enumerate(runs):
        table[titles[run.id]] = [row[place] for row in rows.values()]
    st.dataframe(table, hide_index=True, width="stretch")


def _states(runs: Sequence[Summary], titles: Mapping[str, str], texts: Texts) -> None:
    """The same text in all of them, where they can read the same."""
    st.markdown(f"##### {texts('workshop.same_text')}")
    same = [run for run in runs if run.recurrent and run.application == runs[0].application]
    if len(same) < 2:
        st.info(texts("workshop.not_the_same"))
        return
    try:
        cards = run_cards()
        choices = {
            titles[run.id]: Choice(opened(cards[PREFIX + run.id]), "", "last") for run in same
        }
    except ValueError as error:
        st.error(plain(str(error)))
        return
    text = choose_text(next(iter(choices.values())).card, texts)
    _side_by_side(choices, text, texts)


def _side_by_side(choices: Mapping[str, Choice], text: str, texts: Texts) -> None:
    """All runs on one stage with one cursor."""
    group = "beside-" + _digest([*(choice.card.id for choice in choices.values()), text])
    start = json.dumps(dict(opening_cursor("workshop", group)), sort_keys=True)
    try:
        payload = _beside(tuple(choices.items()), text, texts.language, start, group, texts)
    except ValueError as error:  # not a text for these networks
        st.warning(plain(str(error)))
        return
    st.fragment(follow_stage)(payload, group=group, key="stage-beside")


@shared
def _beside(
    choices: tuple[tuple[str, Choice], ...],
    text: str,
    language: str,
    start: str,
    group: str,
    _texts: Texts,
) -> bytes:
    """The stage, with the step of training as an axis: each run is shown at its newest checkpoint
    until then."""

    def draw(stop: int) -> bytes:
        traces = {title: _read(choice, stop, text) for title, choice in choices}
        return beside_stage(traces, _texts, json.loads(start), group=group)

    every = [set(choice.card.updates) for _, choice in choices]
    alike = all(one == every[0] for one in every)
    updates = sorted(set.union(*every))
    payload = draw(updates[-1])
    if len(updates) == 1:
        return payload
    stops = thinned(updates, len(payload))
    lead = "workshop.at_checkpoint" if alike else "workshop.at_or_before"
    leads = [_texts(lead, updates=f"{stop:,}") + _texts("caption.gap") for stop in stops]
    return over_training([*map(draw, stops[:-1]), payload], stops, leads)


def _read(choice: Choice, stop: int, text: str) -> Trace:
    until = [updates for updates in choice.card.updates if updates <= stop]
    at = until[-1] if until else choice.card.updates[0]
    return part_of(read_checkpoint(at, choice.card.id, text, "last"), choice)


def _digest(words: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:16]
