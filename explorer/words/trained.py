"""Step 6: skip-gram, trained on the corpus while the reader watches."""

from __future__ import annotations

import streamlit as st

from core.embeddings.corpus import EncodedCorpus
from core.embeddings.grammar import analogies
from explorer.charts.representations import loss_figure
from explorer.jobs import Job
from explorer.language import Texts
from explorer.queue_line import queue_line
from explorer.sidebar import plain
from explorer.words.company import (
    described,
    draw_neighbours,
    exam_result,
    first_analogy,
    focus,
)
from explorer.words.corpus import Counting
from explorer.words.pictures import (
    HEIGHT,
    draw,
    draw_plane,
    draw_similarity,
    is_dark,
    say,
)
from explorer.words.settings import corpus_and_words, counting_of, option
from explorer.words.skipgram import Curve, Trained, Training, start
from explorer.words.window import show_window

EPOCHS = ("1", "2", "5", "10")
SEEDS = ("0", "1", "2", "3", "4")
LOSS_HEIGHT = 150


def show(texts: Texts) -> None:
    """Draw the step."""
    counting = counting_of(texts, using=("window", "size"))
    epochs = int(option("word_epochs", EPOCHS, "5", texts("words.epochs")))
    seed = int(option("word_seed", SEEDS, "0", texts("words.seed")))
    corpus, words, groups = corpus_and_words(counting, texts)
    word = focus(words, texts)
    trained = trained_with(counting, corpus.encoded, texts, epochs=epochs, seed=seed)
    if trained is not None:
        _draw_trained(trained, counting, words, groups, word, texts)
    show_window(corpus.encoded, word, counting.window, texts)


def _draw_trained(
    trained: Trained,
    counting: Counting,
    words: list[str],
    groups: list[int],
    word: str,
    texts: Texts,
) -> None:
    """What came of the training."""
    space = trained.space
    say(
        texts,
        texts("words.about_skip-gram"),
        described(space, words, groups, texts),
        first_analogy(space, analogies(counting.language)["gender"][0], texts),
        exam_result(space, counting.language, texts),
        texts("words.trained", speed=f"{trained.curve.words_per_second:,.0f}"),
    )
    left, middle, right = st.columns([10, 10, 6])
    with left:
        draw_similarity(space, words, texts, "similarity")
    with middle:
        draw_plane(space, words, groups, texts, "plane", width=340)
    with right:
        draw_neighbours(space, word, texts, height=HEIGHT - LOSS_HEIGHT - 16)
        _draw_loss(trained.curve, texts, LOSS_HEIGHT)


def trained_with(
    counting: Counting,
    corpus: EncodedCorpus,
    texts: Texts,
    *,
    epochs: int = 5,
    seed: int = 0,
    merged: tuple[str, str, str] | None = None,
) -> Trained | None:
    """The training with these settings, begun now if nobody has asked for it before.

    While it runs its progress is shown, and then the page again. ``merged`` says in what the
    corpus differs from the generated one.
    """
    training = Training(
        language=counting.language,
        words=counting.words,
        size=counting.size,
        window=counting.window,
        epochs=epochs,
        seed=seed,
        merged=merged,
    )
    job = start(training, corpus)
    if job.running:
        _watch(job, texts)
        return None
    if job.error:
        st.error(plain(f"{texts('words.training_failed')} {job.error}"))
    return job.result


@st.fragment(run_every=0.4)
def _watch(job: Job, texts: Texts) -> None:
    if not job.running:
        st.rerun()
    share = job.progress.share
    running = texts("words.training", share=f"{100 * share:.0f}%")
    st.progress(share, text=queue_line(job, running, texts))
    if job.progress.note is not None:
        _draw_loss(job.progress.note, texts, 2 * LOSS_HEIGHT)


def _draw_loss(curve: Curve, texts: Texts, height: int) -> None:
    title = texts("words.loss")
    figure = loss_figure(
        curve.words_seen,
        curve.losses,
        labels=(texts("words.words_read"), title),
        title=title,
        dark=is_dark(),
        height=height,
    )
    draw(figure, "loss", f"{title}: {curve.losses[-1]:.2f}")
