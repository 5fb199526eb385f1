"""A digit and what it is taken for: what both pages with handwritten digits share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.players.spec import Panel
from explorer.sidebar import plain

if TYPE_CHECKING:
    from core.applications.digit_images import OnImage

DEFAULT = "7"


def choose_image(texts: Texts) -> str:
    """The number of a test image, as text: one field, a step to either side, any at random."""
    chosen("digit_image", DEFAULT)
    with st.sidebar:
        st.text_input(texts("digit.number"), key="digit_image", help=texts("digit.number_help"))
        with st.container(horizontal=True):
            for step, icon in ((-1, "chevron_left"), (1, "chevron_right")):
                st.button(
                    texts("digit.before" if step < 0 else "digit.after"),
                    icon=f":material/{icon}:",
                    key=f"digit-step-{step}",
                    on_click=_move,
                    args=(step,),
                )
    text = st.session_state["digit_image"].strip() or DEFAULT
    publish(digit_image=None if text == DEFAULT else text)
    return text


def answered(model_id: str, text: str, texts: Texts) -> OnImage:
    """What a network says to the image; to the first where there is no such number."""
    from explorer.models import load_applied

    network = load_applied(model_id)
    try:
        return network.answer(text)
    except ValueError as error:
        st.sidebar.warning(plain(f"{texts('gallery.refused')} {error}"))
        return network.answer(DEFAULT)


def digit_panel(area: str, answer: OnImage, alt: str, *, whole: bool) -> Panel:
    """The image with a bar for each digit."""
    options: dict[str, Any] = {
        "classes": list(answer.labels),
        "truth": answer.labels.index(answer.truth),
        "whole": whole,
    }
    return Panel("digit", area, alt=alt, options=options)


def digit_arrays(answer: OnImage) -> dict[str, np.ndarray]:
    """Ink, and the probabilities after every step."""
    return {"digit": answer.image.astype(np.float32), "guess": answer.after.astype(np.float32)}


def _move(step: int) -> None:
    text = st.session_state["digit_image"].strip()
    if text.isascii() and text.isdigit() and len(text) < 7:
        st.session_state["digit_image"] = str(max(0, int(text) + step))
