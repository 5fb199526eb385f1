"""How a recurrent network starts: what each start does to eigenvalues, gradient and race."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.charts.practice import State, starts_figure
from explorer.lab.race_names import shipped_grid
from explorer.lab.vanishing_words import amount
from explorer.language import Texts
from explorer.practice.choices import choose_one
from explorer.practice.start_race import race_line
from explorer.shared import shared
from explorer.words.pictures import draw, is_dark

if TYPE_CHECKING:
    from core.gradients.start_spectrum import StartSpectrum

CELLS = ("elman", "lstm", "gru")
GAP = 50  # of which the sentences speak
FAINTEST = 1e-16


def show(texts: Texts) -> None:
    """Every start of one cell side by side, untrained."""
    names = {cell: texts(f"variant.{cell}") for cell in CELLS}
    cell = choose_one("p_cell", texts("practice.cell"), CELLS, names)
    found = starts_found(cell)
    labels = {start: texts(f"practice.start_{start}") for start in found}
    sentences = [start_sentence(labels[start], one, texts) for start, one in found.items()]
    eigenvalues = [
        State(labels[start], one.eigenvalues.real, one.eigenvalues.imag)
        for start, one in found.items()
    ]
    gradients = [
        State(
            labels[start],
            np.arange(len(one.gradient)),
            np.where(one.gradient > FAINTEST, one.gradient, np.nan),
        )
        for start, one in found.items()
    ]
    st.markdown("\n".join(f"- {one}" for one in sentences))
    figure = starts_figure(eigenvalues, gradients, texts, dark=is_dark())
    draw(figure, "practice-starts", " ".join(sentences))
    st.caption(texts("practice.starts_note"))
    grid = shipped_grid("competitors")
    trained = [f"- **{labels[start]}**: {race_line(grid, cell, start, texts)}" for start in found]
    st.markdown("\n".join(trained))
    if (page := st.session_state.get("menu", {}).get("lab", {}).get("race")) is not None:
        st.page_link(page, label=texts("practice.starts_race"))


def start_sentence(label: str, found: StartSpectrum, texts: Texts) -> str:
    """Where the eigenvalues of the last step lie, and what is left of a gradient."""
    sizes = np.abs(found.eigenvalues)
    left = float(found.gradient[GAP])
    return texts(
        "practice.start_line",
        name=label,
        radius=f"{sizes.max():.2f}",
        median=f"{np.median(sizes):.2f}",
        gap=GAP,
        left=amount(left),
        factor=f"{left ** (1 / GAP):.3f}",
    )


@shared
def starts_found(cell: str) -> dict[str, StartSpectrum]:
    """The starts that fit a cell, each measured on the same seeds."""
    import torch

    from core.gradients.start_spectrum import start_spectrum
    from core.networks.starts import starts_of

    torch.set_num_threads(1)
    return {start: start_spectrum(cell, start) for start in starts_of(cell)}
