"""Step 2: one-hot codes, as wide as the vocabulary and all at right angles."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.embeddings.representations import cosine_matrix, heaps_exponent, one_hot
from explorer.charts.representations import growth_figure, matrix_figure
from explorer.language import Texts
from explorer.words.pictures import HEIGHT, draw, is_dark, say
from explorer.words.settings import counting_of, made_corpus, own_sentences

MOST_TOKENS = 16
MOST_COLUMNS = 24


def show(texts: Texts) -> None:
    """Draw the step."""
    reading = own_sentences(texts)
    counting = counting_of(texts)
    corpus = made_corpus(counting, texts)
    vocabulary = reading.vocabulary[:MOST_COLUMNS]
    every_token = [word for words in reading.tokens for word in words if word in vocabulary]
    tokens = every_token[:MOST_TOKENS]
    codes = one_hot([vocabulary.index(token) for token in tokens], len(vocabulary))
    cosines = cosine_matrix(np.eye(len(vocabulary)))
    width = int(corpus.distinct[-1])
    exponent = heaps_exponent(corpus.words_read[-60:], corpus.distinct[-60:])
    say(
        texts,
        texts("words.one_hot_width", words=len(reading.vocabulary), corpus=f"{width:,}"),
        texts("words.one_hot_cosines", pairs=len(vocabulary) * (len(vocabulary) - 1) // 2),
        texts("words.one_hot_growth", factor=f"{2**exponent:.2f}"),
    )
    left, right = st.columns([3, 2])
    with left:
        title = texts("words.one_hot_title", shown=len(tokens))
        figure = matrix_figure(
            codes, tokens, vocabulary, title=title, dark=is_dark(), height=HEIGHT, digits=0
        )
        draw(figure, "one-hot-codes", f"{title}: {len(tokens)} × {len(vocabulary)}")
    with right:
        title = texts("words.cosines")
        figure = matrix_figure(
            cosines,
            vocabulary,
            vocabulary,
            title=title,
            dark=is_dark(),
            signed=True,
            height=HEIGHT // 2 - 8,
            digits=None,
        )
        draw(figure, "one-hot-cosines", f"{title}: 1, 0")
        title = texts("words.growth")
        figure = growth_figure(
            corpus.words_read,
            corpus.distinct,
            labels=(texts("words.words_read"), texts("words.distinct")),
            title=title,
            dark=is_dark(),
            height=HEIGHT // 2 - 8,
        )
        draw(figure, "growth", f"{title}: {width:,}")
