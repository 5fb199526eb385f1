"""Step 5: a word by its company: co-occurrence counts, PPMI, and their truncated SVD."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer.charts.representations import bars_figure
from explorer.language import Texts
from explorer.sidebar import plain
from explorer.words.corpus import Counting, share_right, space_of, svd_kept
from explorer.words.pictures import (
    HEIGHT,
    draw,
    draw_plane,
    draw_similarity,
    group_cosines,
    is_dark,
    say,
)
from explorer.words.settings import corpus_and_words, counting_of, one_of, option
from explorer.words.space import Question, Space

KINDS = ("counts", "ppmi", "svd")
USED = {
    "counts": ("window", "fading"),
    "ppmi": ("window", "fading", "smoothing"),
    "svd": ("window", "fading", "smoothing", "size"),
}
NEIGHBOURS = 10


def show(texts: Texts) -> None:
    """Draw the step."""
    kind = one_of("company", KINDS, "ppmi", texts("words.company"), texts)
    counting = counting_of(texts, using=USED[kind])
    _, words, groups = corpus_and_words(counting, texts)
    with st.spinner(texts("words.counting")):
        space = space_of(kind, counting)
    say(
        texts,
        texts(f"words.about_{kind}"),
        described(space, words, groups, texts),
        _kept(kind, counting, texts),
        exam_result(space, counting.language, texts),
    )
    draw_three(space, words, groups, texts)


def draw_three(space: Space, words: Sequence[str], groups: Sequence[int], texts: Texts) -> None:
    """The words' cosines, their plane, and the neighbours of one of them."""
    word = focus(words, texts)
    left, middle, right = st.columns([10, 10, 6])
    with left:
        draw_similarity(space, words, texts, "similarity")
    with middle:
        draw_plane(space, words, groups, texts, "plane", width=340)
    with right:
        draw_neighbours(space, word, texts)


def draw_neighbours(space: Space, word: str, texts: Texts, *, height: int = HEIGHT) -> None:
    """The nearest words of one word among all of the corpus."""
    nearest = space.nearest(word, NEIGHBOURS)
    title = texts("words.nearest", word=word[:12])
    names, values = [name for name, _ in nearest], [value for _, value in nearest]
    figure = bars_figure(names, values, title=title, dark=is_dark(), height=height)
    draw(figure, "nearest", f"{title}: {' '.join(names)} {values[0]:.2f}")


def focus(words: Sequence[str], texts: Texts) -> str:
    """The word whose neighbours are shown."""
    return option("focus", words, words[0], texts("words.focus"))


def described(space: Space, words: Sequence[str], groups: Sequence[int], texts: Texts) -> str:
    """Numbers a word has, how many are not 0, and whether groups come out."""
    within, across = group_cosines(space.cosines(words), groups)
    return texts(
        "words.described",
        size=f"{space.size:,}",
        filled=_share(space.filled),
        within=f"{within:.2f}",
        across=f"{across:.2f}",
    )


def exam_result(space: Space, language: str, texts: Texts) -> str:
    """The share of analogies that come out right."""
    share, count = share_right(space, language)
    return texts("words.exam", share=_share(share), count=count)


def first_analogy(space: Space, question: Question, texts: Texts) -> str:
    """King - man + woman, with the rank of queen."""
    known = space.known([question])
    if not known:
        return ""
    a, b, c, d = map(plain, known[0])
    return texts("words.analogy", a=a, b=b, c=c, d=d, rank=int(space.ranks(known)[0]))


def _kept(kind: str, counting: Counting, texts: Texts) -> str:
    if kind != "svd":
        return ""
    return texts("words.svd_kept", share=_share(svd_kept(counting)))


def _share(value: float) -> str:
    return f"{100 * value:.0f}%" if value >= 0.1 or value == 0 else f"{100 * value:.2g}%"
