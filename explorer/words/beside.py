"""Step 7: the same words under every representation, beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.address import publish
from explorer.charts.drawn import drawn
from explorer.charts.representations import matrix_figure
from explorer.language import Texts
from explorer.words.corpus import Counting, share_right, space_of
from explorer.words.pictures import draw, draw_plane, group_cosines, is_dark, say
from explorer.words.settings import corpus_and_words, counting_of
from explorer.words.space import Space
from explorer.words.trained import trained_with

if TYPE_CHECKING:
    import plotly.graph_objects as go

KINDS = ("one-hot", "bag", "tf-idf", "counts", "ppmi", "svd", "skip-gram")
FIRST = ("one-hot", "counts", "ppmi", "skip-gram")
MOST = 4
MATRIX, PLANE = 190, 250


def show(texts: Texts) -> None:
    """Draw the step."""
    kinds = _choose_kinds(texts)
    counting = counting_of(texts, using=("window", "size"))
    corpus, words, groups = corpus_and_words(counting, texts)
    with st.spinner(texts("words.counting")):
        spaces = {kind: space_of(kind, counting) for kind in kinds if kind != "skip-gram"}
    say(texts, texts("words.beside", words=len(words), sentences=f"{len(corpus.encoded):,}"))
    for kind, column in zip(kinds, st.columns(max(3, len(kinds)))):
        with column.container(gap="xxsmall"):
            st.markdown(f"**{texts(f'words.kind_{kind}')}**")
            space: Space | None
            if kind == "skip-gram":
                trained = trained_with(counting, corpus.encoded, texts)
                space = None if trained is None else trained.space
            else:
                space = spaces[kind]
            if space is not None:
                _draw_column(kind, space, words, groups, counting, texts)


def _draw_column(
    kind: str,
    space: Space,
    words: Sequence[str],
    groups: Sequence[int],
    counting: Counting,
    texts: Texts,
) -> None:
    """What was measured, the cosines, and the plane."""
    cosines = space.cosines(words)
    within, across = group_cosines(cosines, groups)
    measured = texts(
        "words.beside_measured",
        size=f"{space.size:,}",
        within=f"{within:.2f}",
        across=f"{across:.2f}",
        share=f"{100 * share_right(space, counting.language)[0]:.0f}%",
    )
    st.caption(measured)
    figure = _small_matrix(cosines, words, dark=is_dark())
    draw(figure, f"beside-matrix-{kind}", f"{texts('words.cosines')}: {measured}")
    key = f"beside-plane-{kind}"
    draw_plane(space, words, groups, texts, key, height=PLANE, width=210, font=10)


@drawn
def _small_matrix(cosines: np.ndarray, words: Sequence[str], *, dark: bool) -> go.Figure:
    """The cosines between the words, without room for the words themselves."""
    figure = deepcopy(  # the figure itself belongs to all who draw the same matrix
        matrix_figure(cosines, words, words, dark=dark, signed=True, height=MATRIX, digits=None)
    )
    figure.update_xaxes(showticklabels=False)
    figure.update_yaxes(showticklabels=False)
    return figure.update_layout(margin={"l": 4, "r": 4, "t": 4, "b": 4})


def _choose_kinds(texts: Texts) -> list[str]:
    """Up to four representations; the address holds their ids with dots between them."""
    if "beside" not in st.session_state:
        linked = [kind for kind in st.query_params.get("beside", "").split(".") if kind in KINDS]
        st.session_state["beside"] = list(dict.fromkeys(linked))[:MOST] or list(FIRST)
    with st.sidebar:
        st.multiselect(
            texts("words.kinds"),
            KINDS,
            key="beside",
            format_func=lambda kind: texts(f"words.kind_{kind}"),
            max_selections=MOST,
        )
    kinds = [kind for kind in KINDS if kind in st.session_state["beside"]] or list(FIRST)
    publish(beside=None if kinds == list(FIRST) else ".".join(kinds))
    return kinds
