"""Steps 3 and 4: sentences as bags of words, and the bags weighted by TF-IDF."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.embeddings.representations import (
    bag_of_words,
    cosine_matrix,
    inverse_document_frequency,
    tf_idf,
)
from explorer.charts.representations import bars_figure, matrix_figure
from explorer.language import Texts
from explorer.sidebar import plain
from explorer.words.pictures import HEIGHT, draw, is_dark, say
from explorer.words.reading import Reading
from explorer.words.settings import own_sentences, switch

MOST_COLUMNS = 24


def show_bag(texts: Texts) -> None:
    """Draw the step "bag of words"."""
    reading = own_sentences(texts)
    counts = bag_of_words(reading.tokens, reading.vocabulary)
    cosines = cosine_matrix(counts)
    say(
        texts,
        texts("words.bag_size", words=len(reading.vocabulary)),
        _same_bags(reading, cosines, texts),
    )
    left, right = st.columns([3, 2])
    with left:
        _draw_sentences(counts.toarray(), reading, texts("words.bag_title"), "bag", digits=0)
    with right:
        _draw_cosines(cosines, reading, texts)


def show_tf_idf(texts: Texts) -> None:
    """Draw the step "TF-IDF"."""
    reading = own_sentences(texts)
    smooth = switch("idf_smooth", texts("words.smooth"), texts("words.smooth_help"), default=True)
    counts = bag_of_words(reading.tokens, reading.vocabulary)
    idf = inverse_document_frequency(counts, smooth=smooth)
    weights = tf_idf(counts, smooth=smooth)
    cosines = cosine_matrix(weights)
    say(texts, _telling(reading.vocabulary, idf, texts), _same_bags(reading, cosines, texts))
    left, right = st.columns([3, 2])
    with left:
        title, shown = texts("words.idf_title"), reading.vocabulary[:MOST_COLUMNS]
        figure = bars_figure(
            shown,
            idf[:MOST_COLUMNS].tolist(),
            title=title,
            dark=is_dark(),
            height=HEIGHT * 2 // 5,
            sideways=False,
        )
        draw(figure, "idf", f"{title}: {idf.min():.2f} – {idf.max():.2f}")
        _draw_sentences(
            weights.toarray(),
            reading,
            texts("words.tf_idf_title"),
            "tf-idf",
            digits=2,
            height=HEIGHT * 3 // 5,
        )
    with right:
        _draw_cosines(cosines, reading, texts)


def _draw_sentences(
    values: np.ndarray,
    reading: Reading,
    title: str,
    key: str,
    *,
    digits: int,
    height: int = HEIGHT,
) -> None:
    """Sentences by words, as many words as there is room for."""
    shown = values[:, :MOST_COLUMNS]
    figure = matrix_figure(
        shown,
        _numbered(reading.sentences),
        reading.vocabulary[:MOST_COLUMNS],
        title=title,
        dark=is_dark(),
        height=height,
        digits=digits,
    )
    draw(figure, key, f"{title}: {shown.shape[0]} × {shown.shape[1]}")


def _draw_cosines(cosines: np.ndarray, reading: Reading, texts: Texts) -> None:
    names = [str(number + 1) for number in range(len(reading.sentences))]
    title = texts("words.sentence_cosines")
    figure = matrix_figure(
        cosines, names, names, title=title, dark=is_dark(), signed=True, height=HEIGHT
    )
    draw(figure, "sentence-cosines", f"{title}: {np.round(cosines, 2).tolist()}")


def _same_bags(reading: Reading, cosines: np.ndarray, texts: Texts) -> str:
    pairs = reading.same_bags()
    if not pairs:
        return texts("words.no_same_bag")
    one, other = pairs[0]
    return texts(
        "words.same_bag", one=one + 1, other=other + 1, cosine=f"{cosines[one, other]:.2f}"
    )


def _telling(vocabulary: Sequence[str], idf: np.ndarray, texts: Texts) -> str:
    """The words that tell least and most."""
    least, most = int(idf.argmin()), int(idf.argmax())
    if idf[least] == idf[most]:
        return texts("words.idf_same", value=f"{idf[least]:.2f}")
    return texts(
        "words.idf_range",
        least=plain(vocabulary[least]),
        low=f"{idf[least]:.2f}",
        most=plain(vocabulary[most]),
        high=f"{idf[most]:.2f}",
    )


def _numbered(sentences: Sequence[str]) -> list[str]:
    return [f"{number}  {sentence}" for number, sentence in enumerate(sentences, start=1)]
