"""One to many: an image is seen once, and its name is spelled letter by letter."""

from __future__ import annotations

import streamlit as st

from core.training.gallery.shelf import GalleryModel
from explorer.gallery.common import choose_input, choose_model, score_line
from explorer.gallery.describe import refusal, show_spelling, spellers, wrong_images
from explorer.language import Texts
from explorer.scaffold import heading, lesson
from explorer.sidebar import plain

KEY = "say_digit"


def show(texts: Texts) -> None:
    """Draw the page."""
    models = spellers(texts)
    model = choose_model(models, texts, "describe_model")
    heading("describe", texts)
    if model is not None:
        text = _choose_image(model, texts)
        in_front = [model, *(other for other in models if other.id != model.id)]
        if reason := refusal(text):
            st.warning(f"{texts('gallery.refused')} {plain(reason)}")
        else:
            show_spelling(in_front, model, text, texts)
    lesson("describe", texts)


def _choose_image(model: GalleryModel, texts: Texts) -> str:
    """A test image by its number or pixels; the ones that are misspelled are offered."""
    if "next_digit" in st.session_state:
        st.session_state[KEY] = st.session_state.pop("next_digit")
    st.session_state[f"{KEY}_for"] = model.application + model.language  # both take the same input
    text = choose_input(model, texts, KEY)
    wrong = wrong_images(model.id)
    with st.sidebar:
        following = str((int(text) + 1) % 359) if text.isascii() and text.isdigit() else "0"
        st.button(
            texts("describe.next"), on_click=_set, args=(following,), width="stretch",
            icon=":material/skip_next:",
        )  # fmt: skip
        with st.popover(texts("describe.wrong", count=len(wrong)), width="stretch"):
            st.caption(texts("describe.wrong_note"))
            for number in wrong:
                st.button(str(number), key=f"wrong-{number}", on_click=_set, args=(str(number),))
        score_line(model, texts)
    return text


def _set(text: str) -> None:
    st.session_state[KEY] = text
