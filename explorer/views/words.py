"""How words become numbers: one story, step by step, on one text and one corpus."""

import streamlit as st

from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.scaffold import heading, lesson
from explorer.words import bags, beside, company, limits, onehot, ring, tokens, trained

STEPS = {
    "tokens": tokens.show,
    "one-hot": onehot.show,
    "bag": bags.show_bag,
    "tf-idf": bags.show_tf_idf,
    "company": company.show,
    "skip-gram": trained.show,
    "beside": beside.show,
    "circle": ring.show,
    "limits": limits.show,
}


def show(texts: Texts) -> None:
    """Draw the page."""
    heading("words", texts)
    step = choose_step(texts)
    STEPS[step](texts)
    lesson("words", texts)


def choose_step(texts: Texts) -> str:
    """Where in the story the reader is."""
    chosen("step", "tokens", STEPS)
    st.segmented_control(
        texts("words.steps"),
        list(STEPS),
        format_func=lambda step: f"{list(STEPS).index(step) + 1} {texts(f'words.step_{step}')}",
        key="step",
        required=True,
        label_visibility="collapsed",
    )
    publish(step=st.session_state["step"])
    return st.session_state["step"]
