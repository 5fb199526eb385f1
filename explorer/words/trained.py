"""Step 6: skip-gram, trained on the corpus while the reader watches."""

from __future__ import annotations

import streamlit as st

from core.embeddings.grammar import analogies
from explorer.charts.representations import loss_figure
from explorer.language import Texts
from explorer.sidebar import plain
from explorer.words.company import (
    described,
    draw_neighbours,
    exam_result,
    first_analogy,
    focus,
)
from explorer.words.corpus import Corpus, Counting
from explorer.words.pictures import (
    HEIGHT,
    draw,
    draw_plane,
    draw_similarity,
    is_dark,
    say,
)
from explorer.words.settings import corpus_and_words, counting_of, option
from explorer.words.skipgram import Job, Training, start
from explorer.words.space import Space

EPOCHS = ("1", "2", "5", "10")
SEEDS = ("0", "1", "2", "3", "4")
LOSS_HEIGHT = 150


def show(texts: Texts) -> None:
    """Draw the step."""
    counting = counting_of(texts, using=("window", "size"))
    epochs = int(option("epochs", EPOCHS, "5", texts("words.epochs")))
    seed = int(option("seed", SEEDS, "0", texts("words.seed")))
    corpus, words, groups = corpus_and_words(counting, texts)
    word = focus(words, texts)
    job = training_of(counting, corpus, epochs=epochs, seed=seed)
    space = finished(job, texts)
    if space is None:
        return
    say(
        texts,
        texts("words.about_skip-gram"),
        described(space, words, groups, texts),
        first_analogy(space, analogies(counting.language)["gender"][0], texts),
        exam_result(space, counting.language, texts),
        texts("words.trained", speed=f"{job.words_per_second:,.0f}"),
    )
    left, middle, right = st.columns([10, 10, 6])
    with left:
        draw_similarity(space, words, texts, "similarity")
    with middle:
        draw_plane(space, words, groups, texts, "plane", width=340)
    with right:
        draw_neighbours(space, word, texts, height=HEIGHT - LOSS_HEIGHT - 16)
        _draw_loss(job, texts, LOSS_HEIGHT)


def training_of(counting: Counting, corpus: Corpus, *, epochs: int = 5, seed: int = 0) -> Job:
    """The training with these settings, begun now if nobody has asked for it before."""
    training = Training(
        language=counting.language,
        words=counting.words,
        size=counting.size,
        window=counting.window,
        epochs=epochs,
        seed=seed,
    )
    return start(training, corpus.encoded)


def finished(job: Job, texts: Texts) -> Space | None:
    """The trained vectors; while there are none, the progress, and then the page again."""
    if not job.done:
        _watch(job, texts)
        return None
    error = job.future.exception()
    if error is not None:
        st.error(plain(f"{texts('words.training_failed')} {error}"))
        return None
    return job.future.result()


@st.fragment(run_every=0.4)
def _watch(job: Job, texts: Texts) -> None:
    if job.done:
        st.rerun()
    st.progress(job.progress, text=texts("words.training", share=f"{100 * job.progress:.0f}%"))
    if len(job.losses) > 2:
        _draw_loss(job, texts, 2 * LOSS_HEIGHT)


def _draw_loss(job: Job, texts: Texts, height: int) -> None:
    # The other thread may be between its two appends.
    count = min(len(job.words_seen), len(job.losses))
    title = texts("words.loss")
    figure = loss_figure(
        job.words_seen[:count],
        job.losses[:count],
        labels=(texts("words.words_read"), title),
        title=title,
        dark=is_dark(),
        height=height,
    )
    last = job.losses[count - 1] if count else 0.0
    draw(figure, "loss", f"{title}: {last:.2f}")
