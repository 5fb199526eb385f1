"""Watching word2vec train: the replay, one gradient step under a lens, the race, the cost."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.lens import show_lens
from explorer.players.stage import opening_cursor, show_stage
from explorer.race import show_cost, show_race
from explorer.replay_stage import replay_stage
from explorer.scaffold import heading, lesson
from explorer.training_controls import Chosen, choose_training, chosen_replay, show_movement


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
    parts[part](choose_training(texts), texts)
    lesson("training", texts)


def show_replay(choice: Chosen, texts: Texts) -> None:
    """The finished training, played back; below it, what moved the chosen word."""
    replay = chosen_replay(choice, texts)
    if replay is None:
        return
    group = choice.training.key
    payload = replay_stage(replay, texts, opening_cursor("training", group), group=group)
    show_stage(payload, group=group, key="stage-training")
    show_movement(choice, replay, texts)
