"""Step 2: one-hot codes, as wide as the vocabulary and all at right angles."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.embeddings.corpus import EncodedCorpus
from core.embeddings.representations import cosine_matrix, heaps_exponent, one_hot
from explorer.captions import percent
from explorer.charts.representations import growth_figure, matrix_figure
from explorer.language import Texts
from explorer.words.pictures import HEIGHT, draw, is_dark, say
from explorer.words.settings import counting_of, made_corpus, own_sentences

MOST_TOKENS = 16
MOST_COLUMNS = 24


def curse_sentence(corpus: EncodedCorpus, texts: Texts) -> str:
    """How few of the possible combinations of words a whole corpus shows."""
    words = len(corpus.vocabulary)
    pairs, triples = (neighbours_seen(corpus, length) for length in (2, 3))
    return texts(
        "words.one_hot_curse",
        words=f"{words:,}",
        pairs=f"{words**2:,}",
        triples=f"{words**3:,}",
        read=f"{len(corpus.tokens):,}",
        seen_pairs=percent(pairs / words**2),
        seen_triples=percent(triples / words**3),
    )


def neighbours_seen(corpus: EncodedCorpus, length: int) -> int:
    """How many different runs of ``length`` words stand within the sentences of a corpus."""
    size = len(corpus.vocabulary)
    sentence = np.repeat(np.arange(len(corpus)), np.diff(corpus.offsets))
    starts = len(corpus.tokens) - length + 1
    inside = sentence[:starts] == sentence[length - 1 :]
    codes = np.zeros(starts, dtype=np.int64)
    for place in range(length):
        codes = codes * size + corpus.tokens[place : starts + place]
    return len(np.unique(codes[inside]))


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
    st.markdown(curse_sentence(corpus.encoded, texts))
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
