"""The controls of the training page, its progress, and what moved a word."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from core.embeddings.advice import TrainingWarning, warn_of_corpus
from explorer.jobs import jobs
from explorer.language import Texts, plain
from explorer.queue_line import queue_line
from explorer.training_corpora import Sentences
from explorer.training_settings import Chosen
from explorer.trainings import Finished, shipped_finished, start_training

if TYPE_CHECKING:
    from core.embeddings import TrainingProgress
    from core.embeddings.replay import Replay

POLL_SECONDS = 0.7


def chosen_replay(choice: Chosen, texts: Texts) -> Replay | None:
    """The replay of what was chosen; None while there is none."""
    finished = chosen_training(choice, texts)
    return None if finished is None else finished.replay


def chosen_training(choice: Chosen, texts: Texts) -> Finished | None:
    """What was chosen: shipped, trained already, or after a press of the button."""
    training = choice.training
    shipped = shipped_finished(training)
    if shipped is not None:
        return shipped
    job = jobs().find(training.key)
    if job is not None and job.result is not None:
        _say_warnings(job.result.warnings, texts)
        return job.result
    if job is not None and job.running:
        _watch(training.key, texts)
        return None
    if job is not None and job.error:
        st.error(plain(job.error))
    _say_warnings(_before(choice), texts)
    st.info(texts("training.ready"))
    if st.button(texts("training.start"), type="primary", icon=":material/play_arrow:"):
        start_training(training, choice.corpus)
        st.rerun()
    return None


def _before(choice: Chosen) -> list[TrainingWarning]:
    """What will go wrong with a reader's corpus; the generated ones are known to be sound."""
    if choice.own is None:
        return []
    return warn_of_corpus(
        choice.own.counts,
        len(choice.own.sentences),
        epochs=choice.training.epochs,
        min_count=choice.training.min_count,
    )


def _say_warnings(warnings: Sequence[TrainingWarning], texts: Texts) -> None:
    for warning in warnings:
        values = {name: _amount(name, value) for name, value in warning.values.items()}
        st.warning(texts(f"training.warn_{warning.kind}", **values))


def _amount(name: str, value: float) -> str:
    if name in ("share", "axis"):
        return f"{value:.0%}"
    return f"{value:.3f}" if name == "cosine" else f"{value:,.1f}".removesuffix(".0")


@st.fragment(run_every=POLL_SECONDS)
def _watch(key: str, texts: Texts) -> None:
    """Progress of a running training; the page goes on by itself when it is done."""
    job = jobs().find(key)
    if job is None or not job.running:
        st.rerun()
        return
    label = queue_line(job, progress_line(job.progress.note, texts), texts)
    st.progress(min(1.0, job.progress.share), label)
    enough, cancel, _ = st.columns([2, 1, 3])
    if job.alone and enough.button(texts("training.enough"), key="end-training", width="stretch"):
        job.end_early()
    if cancel.button(texts("training.cancel"), key="cancel-training", width="stretch"):
        job.cancel()
        st.rerun()


def progress_line(now: TrainingProgress | None, texts: Texts) -> str:
    """What a training is doing, how fast, and how long it will still take."""
    if now is None or now.stage != "training" or now.seconds_left is None or now.loss is None:
        stage = "reading" if now is None else now.stage
        return texts(f"training.stage_{stage}")
    return texts(
        "training.running",
        loss=f"{now.loss:.3f}",
        rate=f"{now.words_per_second:,.0f}",
        left=f"{math.ceil(now.seconds_left):,}",
    )


CLEAR = 0.5  # an account whose cosine with the real move is smaller explains some other move


def show_movement(choice: Chosen, replay: Replay, cursor: Mapping[str, Any], texts: Texts) -> None:
    """Why the word at the cursor went where it went on the way to the cursor's snapshot."""
    st.subheader(texts("training.moved"))
    if not replay.output_vectors.shape[1] or choice.training.model != "skip-gram":
        st.caption(texts("training.moved_not_here"))
        return
    word = replay.words[min(int(cursor.get("unit", 0)), len(replay.words) - 1)]
    last = len(replay) - 1
    frame = min(max(int(cursor.get("time", last)), 1), last) - 1
    from core.embeddings.moves import explain_movement

    movement = explain_movement(
        replay,
        word,
        frame,
        _between(choice, replay, frame),
        window=choice.training.window,
        negatives=choice.training.negatives,
    )
    clear = movement.agreement >= CLEAR
    st.caption(
        plain(
            texts(
                "training.moved_caption" if clear else "training.moved_unclear",
                word=word,
                start=f"{replay.words_seen[frame]:,}",
                end=f"{replay.words_seen[frame + 1]:,}",
                distance=f"{movement.distance:.3f}",
                agreement=f"{movement.agreement:.2f}",
                least=CLEAR,
            )
        )
    )
    if not clear:
        return
    left, right = st.columns(2)
    left.dataframe(
        {
            texts("training.beside"): [pull.word for pull in movement.pulls],
            texts("training.pairs"): [pull.pairs for pull in movement.pulls],
            texts("training.share"): [round(100 * pull.share, 1) for pull in movement.pulls],
        },
        hide_index=True,
        width="stretch",
    )
    with right:
        st.markdown("\n".join(f"- {plain(line)}" for line in movement.sentences))


def _between(choice: Chosen, replay: Replay, frame: int) -> Sentences:
    """The sentences read between two snapshots, in the order of the corpus."""
    sentences = choice.corpus.sentences
    ends = np.cumsum([len(sentence) for sentence in sentences])
    first, last = replay.words_seen[frame : frame + 2]
    epoch = int(ends[-1])
    start, stop = np.searchsorted(ends, [first % epoch, (last - 1) % epoch])
    if start <= stop:
        return sentences[start : stop + 1]
    return [*sentences[start:], *sentences[: stop + 1]]
