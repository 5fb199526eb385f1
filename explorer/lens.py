"""One gradient step under a lens: the pair, the negatives, and the rows that move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from explorer.charts.lens import step_figure
from explorer.language import Texts
from explorer.sidebar import plain
from explorer.training_controls import chosen_replay
from explorer.training_settings import Chosen

if TYPE_CHECKING:
    from core.embeddings.lens import Step
    from core.embeddings.replay import Replay

LEARNING_RATE = 0.5  # ten times a usual one, so that the move can be seen


def show_lens(choice: Chosen, texts: Texts) -> None:
    """Choose a pair and a moment of the training; see one step of negative sampling."""
    replay = chosen_replay(choice, texts)
    if replay is None:
        return
    if not replay.output_vectors.shape[1]:
        st.info(texts("training.moved_not_here"))
        return
    pairs = {"en": ("king", "crown"), "zh": ("国王", "王冠")}
    first = [word for word in pairs[texts.language] if word in replay.words]
    first = first if len(first) == 2 else list(replay.words[:2])
    columns = st.columns([1.2, 1.2, 2, 1])
    here = columns[0].selectbox(
        texts("lens.predicts"), replay.words, index=replay.words.index(first[0]), key="lens_here"
    )
    there = columns[1].selectbox(
        texts("lens.predicted"), replay.words, index=replay.words.index(first[1]), key="lens_there"
    )
    frame = columns[2].select_slider(
        texts("lens.moment"),
        list(range(len(replay))),
        value=min(2, len(replay) - 1),
        format_func=lambda at: f"{replay.words_seen[at]:,}",
    )
    seed = columns[3].number_input(texts("lens.draw"), 0, 999, 0, help=texts("lens.draw_help"))
    step, names = lens_step(replay, frame, here, there, choice.training.negatives, int(seed))
    st.caption(
        plain(
            texts(
                "lens.caption",
                before=f"{step.loss:.3f}",
                after=f"{step.loss_after:.3f}",
                word=there,
                probability=f"{step.probabilities[0]:.3f}",
                rate=LEARNING_RATE,
            )
        )
    )
    st.plotly_chart(
        step_figure(step, here, names, texts), key="lens", config={"displayModeBar": False}
    )


def lens_step(
    replay: Replay, frame: int, here: str, there: str, negatives: int, seed: int
) -> tuple[Step, list[str]]:
    """The step, and the words of its output rows: the one that was there, then the negatives."""
    from core.embeddings.lens import draw_negatives, one_step

    target = replay.words.index(there)
    rows = [target, *draw_negatives(replay.counts, negatives, target, seed=seed)]
    hidden = replay.vectors[frame, replay.words.index(here)]
    step = one_step(hidden, replay.output_vectors[frame][rows], LEARNING_RATE)
    return step, [replay.words[row] for row in rows]
