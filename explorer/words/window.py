"""What a window gives to learn from: one sentence of the corpus, as skip-gram and CBOW see it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.embeddings.corpus import EncodedCorpus
from core.embeddings.window import window_pairs
from explorer.address import chosen, publish
from explorer.charts.window import window_figure
from explorer.language import Texts
from explorer.words.pictures import draw, is_dark

MODELS = ("skip-gram", "cbow")
SHORTEST, MOST = 6, 14  # words of a sentence that shows something and can be read


def show_window(corpus: EncodedCorpus, word: str, window: int, texts: Texts) -> None:
    """The two pictures, with the word in the middle to be moved along the sentence."""
    words = sentence_with(corpus, word)
    linked = "middle" in st.query_params
    with st.expander(texts("words.window_title"), expanded=linked, icon=":material/view_column:"):
        _draw(words, word, window, texts)


def _draw(words: list[str], word: str, window: int, texts: Texts) -> None:
    places = [str(place + 1) for place in range(len(words))]
    first = str(words.index(word) + 1) if word in words else "1"
    chosen("middle", first, places)
    st.select_slider(
        texts("words.window_middle"),
        places,
        key="middle",
        format_func=lambda place: words[int(place) - 1],
    )
    centre = int(st.session_state["middle"]) - 1
    publish(middle=None if str(centre + 1) == first else str(centre + 1))
    pairs = window_pairs(len(words), centre, window)
    st.markdown(window_sentence(words, centre, window, texts))
    for place, model in zip(st.columns(2), MODELS, strict=True):
        with place:
            figure = window_figure(words, centre, pairs, model, texts, dark=is_dark())
            draw(figure, f"window-{model}", texts(f"words.window_{model}"))


def sentence_with(corpus: EncodedCorpus, word: str) -> list[str]:
    """The first sentence of the corpus with ``word`` that is neither short nor long; of those
    that there are, else."""
    names = corpus.vocabulary.words
    lengths = np.diff(corpus.offsets)
    fits = (lengths >= SHORTEST) & (lengths <= MOST)
    wanted = np.zeros(len(lengths), dtype=bool)
    if word in corpus.vocabulary:
        found = np.flatnonzero(corpus.tokens == names.index(word))
        wanted[np.searchsorted(corpus.offsets, found, side="right") - 1] = True
    number = next(
        int(np.flatnonzero(mask)[0])
        for mask in (wanted & fits, wanted, fits, lengths > 0)
        if mask.any()
    )
    start, end = corpus.offsets[number], corpus.offsets[number + 1]
    return [names[token] for token in corpus.tokens[start:end]][: 2 * MOST]


def window_sentence(words: list[str], centre: int, window: int, texts: Texts) -> str:
    """How many predictions either makes here, on average over the drawn windows."""
    pairs = window_pairs(len(words), centre, window)
    return texts(
        "words.window_counts",
        neighbours=len(pairs),
        mean=f"{sum(chance for _, chance in pairs):.1f}",
        window=window,
    )
