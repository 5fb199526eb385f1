"""Putting a step's charts and sentences on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.embeddings.circle import principal_axes
from explorer.charts.representations import matrix_figure, plane_figure
from explorer.language import Texts
from explorer.sidebar import plain
from explorer.words.space import Space

if TYPE_CHECKING:
    import plotly.graph_objects as go

HEIGHT = 480


def is_dark() -> bool:
    """Whether the reader's page is dark."""
    return st.context.theme.type == "dark"


def draw(figure: go.Figure, key: str, alt: str) -> None:
    """A chart that stands still."""
    st.plotly_chart(figure, key=key, config={"displayModeBar": False}, alt=alt)


def say(texts: Texts, *sentences: str) -> None:
    """The measured sentences above a step's pictures; readers' words in them are already plain."""
    st.markdown(joined(texts, *sentences))


def joined(texts: Texts, *sentences: str) -> str:
    """Sentences one after another as the language sets them, empty ones left out."""
    return texts("caption.gap").join(sentence for sentence in sentences if sentence)


def group_cosines(cosines: np.ndarray, groups: Sequence[int]) -> tuple[float, float]:
    """Mean cosine of different words of one group, and of words of two groups; NaN for none."""
    group = np.array(groups)
    same = group[:, None] == group[None, :]
    other = ~np.eye(len(group), dtype=bool)
    means = [cosines[mask].mean() if mask.any() else np.nan for mask in (same & other, ~same)]
    return float(means[0]), float(means[1])


def draw_similarity(
    space: Space, words: Sequence[str], texts: Texts, key: str, *, height: int = HEIGHT
) -> None:
    """The words' cosines as a matrix."""
    cosines = space.cosines(words)
    title = texts("words.cosines")
    figure = matrix_figure(
        cosines,
        words,
        words,
        title=title,
        dark=is_dark(),
        signed=True,
        height=height,
        digits=None,
    )
    mean = cosines[~np.eye(len(words), dtype=bool)].mean()
    draw(figure, key, f"{title}: {len(words)} × {len(words)}, {mean:.2f}")


def draw_plane(
    space: Space,
    words: Sequence[str],
    groups: Sequence[int],
    texts: Texts,
    key: str,
    *,
    height: int = HEIGHT,
    width: int = 400,
    font: int = 13,
) -> float:
    """The words in the plane that keeps most of their variance; the share that it keeps."""
    found = principal_axes(space.take(words))
    coordinates = found.coordinates[:, :2]
    if coordinates.shape[1] < 2:
        coordinates = np.pad(coordinates, ((0, 0), (0, 1)))
    shares = np.pad(found.shares, (0, 2))[:2]
    kept = float(shares.sum())
    title = texts("words.plane", share=f"{100 * kept:.0f}%")
    figure = plane_figure(
        coordinates,
        shares,
        words,
        groups,
        axis=texts("words.axis"),
        title=title,
        dark=is_dark(),
        height=height,
        width=width,
        font=font,
    )
    draw(figure, key, f"{title}: {' '.join(words)}")
    return kept


def listed(words: Sequence[str]) -> str:
    """Words for a sentence, as they are."""
    return ", ".join(plain(word) for word in words)
