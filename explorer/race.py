"""Skip-gram, CBOW and the objectives on the same data and seed; and what a step of each costs."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import streamlit as st

from explorer.charts.race import cost_figure, race_figure
from explorer.jobs import Progress, jobs
from explorer.language import Texts
from explorer.queue_line import queue_line
from explorer.shared import shared
from explorer.training_controls import POLL_SECONDS
from explorer.training_corpora import GRAMMARS, Sentences, grammar_corpus
from explorer.training_settings import Chosen

if TYPE_CHECKING:
    from core.embeddings.race import Lap

RACERS = (
    ("skip-gram", "negative-sampling"),
    ("skip-gram", "nce"),
    ("skip-gram", "hierarchical-softmax"),
    ("skip-gram", "softmax"),
    ("cbow", "negative-sampling"),
    ("cbow", "hierarchical-softmax"),
)
RACE_WORDS = 120_000
VOCABULARIES = (100, 1_000, 10_000, 100_000)


def show_race(choice: Chosen, texts: Texts) -> None:
    """Start the race, watch it, and see the result; always on a generated corpus."""
    language = choice.training.corpus if choice.training.corpus in GRAMMARS else texts.language
    seed = choice.training.seed
    key = f"race-{language}-{seed}"
    job = jobs().find(key)
    st.caption(texts("race.lead", words=f"{RACE_WORDS:,}", seed=seed))
    if job is None or (not job.running and job.result is None):
        if job is not None and job.error:
            st.error(job.error)
        if st.button(texts("race.start"), type="primary", icon=":material/flag:"):
            sentences = grammar_corpus(language).sentences
            jobs().start(key, lambda progress: run_race(language, sentences, seed, progress))
            st.rerun()
        return
    if job.running:
        _watch(key, texts)
        return
    _show_laps(job.result, texts)


def run_race(language: str, sentences: Sentences, seed: int, progress: Progress) -> list[Lap]:
    """Train every racer in turn on the same sentences; the note is the laps finished so far."""
    from core.embeddings.grammar import analogies
    from core.embeddings.race import race

    questions = [question for part in analogies(language).values() for question in part][::10]
    sentences = list(islice(sentences, RACE_WORDS // 7))  # some seven words a sentence
    laps: list[Lap] = []
    for share, lap in race(sentences, RACERS, questions, seed=seed):
        laps += [] if lap is None else [lap]
        progress.report(share, list(laps))
    return laps


@st.fragment(run_every=POLL_SECONDS)
def _watch(key: str, texts: Texts) -> None:
    job = jobs().find(key)
    if job is None or not job.running:
        st.rerun()
        return
    st.progress(job.progress.share, queue_line(job, texts("race.running"), texts))
    if st.button(texts("training.cancel"), key="cancel-race"):
        job.cancel()
        st.rerun()
    if job.progress.note:
        _show_laps(job.progress.note, texts)


def _show_laps(laps: list[Lap], texts: Texts) -> None:
    st.plotly_chart(race_figure(laps, texts), key="race", config={"displayModeBar": False})
    st.dataframe(
        {
            texts("training.model"): [lap.model for lap in laps],
            texts("training.objective"): [
                texts(f"training.objective_{lap.objective}") for lap in laps
            ],
            texts("race.right"): [f"{lap.analogies[-1]:.1%}" for lap in laps],
            texts("race.speed"): [f"{lap.words_per_second:,.0f}" for lap in laps],
            texts("race.loss"): [f"{lap.loss:.3f}" for lap in laps],
        },
        hide_index=True,
    )
    st.caption(texts("race.note"))


@shared
def measured_costs() -> list:
    """The costs on this computer, measured once."""
    from core.embeddings.cost import measure_costs

    return measure_costs(VOCABULARIES)


def show_cost(choice: Chosen, texts: Texts) -> None:
    """Time and multiply-adds of a step as the vocabulary grows, measured here and now."""
    st.caption(texts("cost.lead"))
    with st.spinner(texts("cost.measuring")):
        costs = measured_costs()
    st.plotly_chart(cost_figure(costs, texts), key="cost", config={"displayModeBar": False})
    by_name = {(cost.objective, cost.vocabulary): cost for cost in costs}
    largest = VOCABULARIES[-1]
    full, sampled = by_name["softmax", largest], by_name["negative-sampling", largest]
    st.write(
        texts(
            "cost.caption",
            vocabulary=f"{largest:,}",
            times=f"{full.seconds / sampled.seconds:,.0f}",
            counted=f"{full.multiply_adds / sampled.multiply_adds:,.0f}",
        )
    )
    if st.button(texts("cost.again")):
        measured_costs.clear()
        st.rerun()
