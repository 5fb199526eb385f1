"""Watching word2vec train: the replay, one gradient step under a lens, the race, the cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.lens import show_lens
from explorer.players.stage import follow_stage, opening_cursor
from explorer.race import show_cost, show_race
from explorer.replay_stage import first_word, replay_stage
from explorer.scaffold import heading, lesson
from explorer.training_controls import chosen_training, show_movement
from explorer.training_home import offer_home
from explorer.training_settings import Chosen, choose_training

if TYPE_CHECKING:
    from core.embeddings.replay import Replay


def show(texts: Texts) -> None:
    """Draw the page."""
    parts = {"replay": show_replay, "lens": show_lens, "race": show_race, "cost": show_cost}
    chosen("part", "replay", parts)
    heading("training", texts)
    st.segmented_control(
        texts("training.part"),
        list(parts),
        format_func=lambda part: texts(f"training.part_{part}"),
        key="part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["part"]
    publish(part=part if part != "replay" else None)
    choice = choose_training(texts)
    if choice is not None:
        parts[part](choice, texts)
    lesson("training", texts)


def show_replay(choice: Chosen, texts: Texts) -> None:
    """The finished training, played back; below it, what moved the chosen word."""
    finished = chosen_training(choice, texts)
    if finished is None:
        return
    offer_home(choice, finished, texts)
    st.fragment(play_and_explain)(choice, finished.replay, texts)


def play_and_explain(choice: Chosen, replay: Replay, texts: Texts) -> None:
    """The stage, and the account of the word and the interval at which its cursor rests."""
    group = choice.training.key
    start = {"unit": first_word(replay), **opening_cursor("training", group)}
    payload = replay_stage(replay, texts, start, group=group)
    cursor = follow_stage(payload, group=group, key="stage-training")
    show_movement(choice, replay, start | dict(cursor), texts)
