"""The controls of the training page, its progress, and what moved a word."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from core.limits import MB, OWN_TEXT_BYTES, PASTED_CHARACTERS
from explorer.address import chosen, publish
from explorer.file_field import file_field
from explorer.jobs import jobs
from explorer.language import Texts
from explorer.own_text import pasted_text, text_of_upload
from explorer.sidebar import plain
from explorer.trainings import (
    GRAMMARS,
    Sentences,
    Training,
    grammar_sentences,
    own_sentences,
    shipped_replay,
    shipped_training,
    start_training,
)

if TYPE_CHECKING:
    from core.embeddings.replay import Replay

MODELS = ("skip-gram", "cbow")
OBJECTIVES = ("negative-sampling", "nce", "hierarchical-softmax", "softmax")
POLL_SECONDS = 0.7


@dataclass(frozen=True)
class Chosen:
    """What is to be trained, and on which sentences; sentences is None for a refused text."""

    training: Training
    text: str | None = None

    def sentences(self) -> Sentences:
        """The corpus, generated or the reader's own."""
        if self.text is None:
            return grammar_sentences(self.training.corpus)
        return own_sentences(self.text)


def choose_training(texts: Texts) -> Chosen:
    """The sidebar: corpus, model, objective, sizes, and the button that starts."""
    corpora = (*GRAMMARS, "own")
    chosen("corpus", texts.language, corpora)
    chosen("w2v_model", "skip-gram", MODELS)
    chosen("objective", "negative-sampling", OBJECTIVES)
    with st.sidebar:
        st.selectbox(
            texts("training.corpus"),
            corpora,
            format_func=lambda name: texts(f"training.corpus_{name}"),
            key="corpus",
        )
        text = _own_text(texts) if st.session_state["corpus"] == "own" else None
        st.segmented_control(texts("training.model"), MODELS, key="w2v_model", required=True)
        st.selectbox(
            texts("training.objective"),
            OBJECTIVES,
            format_func=lambda name: texts(f"training.objective_{name}"),
            key="objective",
        )
        with st.expander(texts("training.more")):
            standard = Training("en")
            size = st.slider(texts("training.size"), 10, 200, standard.size, 10)
            window = st.slider(texts("training.window"), 1, 10, standard.window)
            negatives = st.slider(texts("training.negatives"), 1, 20, standard.negatives)
            epochs = st.slider(texts("training.epochs"), 1, 20, standard.epochs)
            seed = int(st.number_input(texts("training.seed"), 0, 9999, standard.seed))
    corpus = st.session_state["corpus"]
    publish(
        corpus=corpus if corpus != texts.language else None,
        w2v_model=st.session_state["w2v_model"],
        objective=st.session_state["objective"],
    )
    if text is not None:
        corpus = hashlib.sha256(text.encode()).hexdigest()[:16]
    training = Training(
        corpus,
        st.session_state["w2v_model"],
        st.session_state["objective"],
        size,
        window,
        negatives,
        epochs,
        seed,
    )
    return Chosen(training, text)


def chosen_replay(choice: Chosen, texts: Texts) -> Replay | None:
    """The replay of what was chosen: shipped, trained already, or after a press of the button."""
    training = choice.training
    if training.corpus in GRAMMARS and training == shipped_training(training.corpus):
        return shipped_replay(training.corpus)
    job = jobs().find(training.key)
    if job is not None and job.result is not None:
        return job.result
    if job is not None and job.running:
        _watch(training.key, texts)
        return None
    if job is not None and job.error:
        st.error(plain(job.error))
    st.info(texts("training.ready"))
    if st.button(texts("training.start"), type="primary", icon=":material/play_arrow:"):
        try:
            start_training(training, choice.sentences())
        except ValueError as error:
            st.error(plain(str(error)))
        else:
            st.rerun()
    return None


@st.fragment(run_every=POLL_SECONDS)
def _watch(key: str, texts: Texts) -> None:
    """Progress of a running training; the page goes on by itself when it is done."""
    job = jobs().find(key)
    if job is None or not job.running:
        st.rerun()
        return
    before = jobs().waiting_before(key)
    note = job.progress.note
    label = (
        texts("training.queued", place=before + 1)
        if note is None
        else texts("training.running", loss=f"{note[0]:.3f}", rate=f"{note[1]:,.0f}")
    )
    st.progress(min(1.0, job.progress.share), label)
    if st.button(texts("training.cancel"), key="cancel-training"):
        job.cancel()
        st.rerun()


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
    sentences = choice.sentences()
    ends = np.cumsum([len(sentence) for sentence in sentences])
    first, last = replay.words_seen[frame : frame + 2]
    epoch = int(ends[-1])
    start, stop = np.searchsorted(ends, [first % epoch, (last - 1) % epoch])
    if start <= stop:
        return sentences[start : stop + 1]
    return [*sentences[start:], *sentences[: stop + 1]]


def _own_text(texts: Texts) -> str:
    """A pasted text or an uploaded file."""
    file = file_field(
        texts("training.file"),
        key="corpus_file",
        types=["txt"],
        texts=texts,
        most_mb=OWN_TEXT_BYTES // MB,
        help=texts("own_text.help", most=OWN_TEXT_BYTES // MB),
    )
    if file is not None and (text := text_of_upload(file, texts)) is not None:
        return text
    pasted = st.text_area(
        texts("training.paste"), key="corpus_text", height=120, max_chars=PASTED_CHARACTERS
    )
    return pasted_text(pasted, texts)


def with_setting(choice: Chosen, **changes: object) -> Chosen:
    """The same choice with some settings of the training changed."""
    return replace(choice, training=replace(choice.training, **changes))
