"""The sidebar of the training page: corpus, model, objective, and settings that suit the corpus."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from core.limits import MB, OWN_TEXT_BYTES, PASTED_CHARACTERS
from explorer.address import chosen, publish
from explorer.file_field import file_field
from explorer.language import Texts, plain
from explorer.own_text import pasted_text, text_of_upload
from explorer.reader import keep_own, own
from explorer.reading_job import result_of
from explorer.training_corpora import GRAMMARS, Corpus, grammar_corpus, own_corpus, own_id
from explorer.trainings import Training, shipped_training

MODELS = ("skip-gram", "cbow")
OBJECTIVES = ("negative-sampling", "nce", "hierarchical-softmax", "softmax")
AUTO = "auto"
SIZES = tuple(str(size) for size in (10, 20, 30, 50, 80, 100, 150, 200, 300))
WINDOWS = tuple(str(window) for window in (1, 2, 3, 4, 5, 7, 10, 15))
NEGATIVES = tuple(str(count) for count in (1, 2, 3, 5, 8, 10, 15, 20))
EPOCHS = tuple(str(epochs) for epochs in (1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 100))
RATES = (AUTO, "0.005", "0.01", "0.025", "0.05", "0.1", "0.2")
MIN_COUNTS = tuple(str(count) for count in (1, 2, 3, 5, 8, 10, 20, 50))
SUBSAMPLES = ("0", "0.00001", "0.0001", "0.0003", "0.001", "0.003", "0.01", "0.03", "0.1")
SEEDS = tuple(str(seed) for seed in range(10))
PASTED = "corpus_text"


@dataclass(frozen=True)
class Chosen:
    """What is to be trained, and on what; ``own`` is a reader's corpus, None a generated one."""

    training: Training
    own: Corpus | None = None

    @property
    def corpus(self) -> Corpus:
        """The corpus, generated when it is needed or the reader's own."""
        return grammar_corpus(self.training.corpus) if self.own is None else self.own


def choose_training(texts: Texts) -> Chosen | None:
    """The choices of the sidebar; None while a reader's text is missing, read or refused."""
    name = chosen("corpus", texts.language, (*GRAMMARS, "own"))
    with st.sidebar:
        st.selectbox(
            texts("training.corpus"),
            (*GRAMMARS, "own"),
            format_func=lambda name: texts(f"training.corpus_{name}"),
            key="corpus",
        )
        name = st.session_state["corpus"]
        publish(corpus=name if name != texts.language else None)
        text = _own_text(texts) if name == "own" else ""
    if name != "own":
        return Chosen(_settings(shipped_training(name), texts))
    if not text.strip():
        st.info(texts("training.no_text"), icon=":material/description:")
        return None
    try:
        corpus = result_of(
            ("corpus", own_id(text)), lambda progress: own_corpus(text, progress), texts
        )
    except ValueError as error:
        st.error(plain(str(error)))
        return None
    if corpus is None:
        return None
    return Chosen(_settings(suggested(corpus), texts, corpus), corpus)


def suggested(corpus: Corpus) -> Training:
    """The settings that suit a corpus by its size, on the steps of the sliders."""
    from core.embeddings.advice import suggest_settings

    found = suggest_settings(corpus.words, len(corpus.counts))
    return Training(
        corpus.id,
        epochs=next((int(e) for e in EPOCHS if int(e) >= found.epochs), int(EPOCHS[-1])),
        min_count=found.min_count,
        subsample=min(map(float, SUBSAMPLES[1:]), key=lambda s: abs(math.log(s / found.subsample))),
    )


def _settings(standard: Training, texts: Texts, corpus: Corpus | None = None) -> Training:
    """What the reader makes of the standard settings."""
    with st.sidebar:
        chosen("w2v_model", standard.model, MODELS)
        chosen("objective", standard.objective, OBJECTIVES)
        st.segmented_control(texts("training.model"), MODELS, key="w2v_model", required=True)
        st.selectbox(
            texts("training.objective"),
            OBJECTIVES,
            format_func=lambda name: texts(f"training.objective_{name}"),
            key="objective",
        )
        model, objective = st.session_state["w2v_model"], st.session_state["objective"]
        publish(
            w2v_model=None if model == standard.model else model,
            objective=None if objective == standard.objective else objective,
        )
        if corpus is not None:
            types = sum(1 for count in corpus.counts.values() if count >= standard.min_count)
            st.caption(
                texts(
                    "training.suits",
                    words=f"{corpus.words:,}",
                    types=f"{types:,}",
                    least=standard.min_count,
                    epochs=standard.epochs,
                )
            )
        with st.expander(texts("training.more")):
            size = _step("size", SIZES, standard.size, texts)
            window = _step("window", WINDOWS, standard.window, texts)
            negatives = _step("negatives", NEGATIVES, standard.negatives, texts)
            epochs = _step("epochs", EPOCHS, standard.epochs, texts)
            rate = _step("rate", RATES, AUTO, texts)
            least = _step("min_count", MIN_COUNTS, standard.min_count, texts)
            subsample = _step("subsample", SUBSAMPLES, f"{standard.subsample:.5g}", texts)
            seed = _step("seed", SEEDS, standard.seed, texts)
    return Training(
        standard.corpus,
        model,
        objective,
        int(size),
        int(window),
        int(negatives),
        int(epochs),
        int(seed),
        None if rate == AUTO else float(rate),
        int(least),
        float(subsample),
    )


def _step(name: str, options: Sequence[str], standard: object, texts: Texts) -> str:
    """A slider over a few values; it follows the standard one until the reader moves it."""
    key, default = f"w2v_{name}", str(standard)
    followed = st.session_state.get(f"{key}-standard")
    if followed is not None and st.session_state.get(key) == followed:
        st.session_state[key] = default
    st.session_state[f"{key}-standard"] = default
    chosen(key, default, options)
    st.select_slider(
        texts(f"training.{name}"),
        list(options),
        key=key,
        format_func=lambda value: texts("training.rate_auto") if value == AUTO else value,
        help=texts(f"training.{name}_help"),
    )
    value = st.session_state[key]
    publish(**{key: None if value == default else value})
    return value


def _own_text(texts: Texts) -> str:
    """A pasted text or an uploaded file; what was pasted outlives a reload like a file does."""
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
    kept = own("pasted").get(PASTED, "")
    if PASTED not in st.session_state:
        st.session_state[PASTED] = kept
    pasted = pasted_text(
        st.text_area(texts("training.paste"), key=PASTED, height=120, max_chars=PASTED_CHARACTERS),
        texts,
    )
    if pasted != kept:
        with suppress(ValueError):  # no room: it is forgotten with the page
            keep_own("pasted", PASTED, pasted, 4 * len(pasted))
    return pasted
