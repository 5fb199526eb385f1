"""A cell that has no drawing of its own: its equations, from where it is defined."""

from __future__ import annotations

import inspect
import re

import streamlit as st

from explorer.language import Texts

DRAWN = ("elman", "jordan", "lstm", "gru", "gru-original")


def show_equations(kind: str, texts: Texts) -> None:
    """The equations of the cell, said to stand here in place of a drawing."""
    st.info(texts("cell.equations"))
    if kind in texts.section("cell"):  # else from an uploaded recording of who knows what
        st.latex(equations_of(kind))


def equations_of(kind: str) -> str:
    """The equations in the docstring of the cell called ``kind``, as LaTeX.

    Raises ValueError for an unknown kind, or one whose docstring has none.
    """
    from core.cells import make_cell

    text = inspect.getdoc(type(make_cell(kind, 1, 1))) or ""
    found = re.search(r"\.\. math::(.*?)(?=\n\S)", text, re.DOTALL)
    if found is None:
        raise ValueError(f"The docstring of the cell {kind!r} holds no equation; expected math.")
    return rf"\begin{{aligned}}{found[1].strip()}\end{{aligned}}"
