"""Many to many, out of step: an encoder reads, a decoder writes what it has understood."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.gallery import translate
from explorer.gallery.common import choose_input, choose_model, models_of, open_links, score_line
from explorer.language import Texts
from explorer.scaffold import heading, lesson

# It opens where teacher forcing and running free differ: on a network that errs, and an input
# that leads it astray.
DEFAULT = {"dates": translate.ERRING, "numbers": "numbers-gru-attention"}
FIRST = {translate.ERRING: translate.ASTRAY}
PARTS = {
    "unrolled": translate.show_unrolled,
    "attention": translate.show_attention,
    "mistakes": translate.show_mistakes,
    "lengths": translate.show_lengths,
    "beam": translate.show_beam,
}


def show(texts: Texts) -> None:
    """Draw the page."""
    task = _choose_task(texts)
    model = choose_model(models_of(task), texts, f"translate_{task}", default=DEFAULT[task])
    heading("translate", texts)
    if model is not None:
        text = choose_input(model, texts, f"say_{task}", first=FIRST.get(model.id, ""))
        with st.sidebar:
            score_line(model, texts)
        PARTS[_choose_part(texts)](model, text, texts)
        open_links(model.id, text, texts)
    lesson("translate", texts)


def _choose_task(texts: Texts) -> str:
    chosen("translate_task", "dates", translate.APPLICATIONS)
    with st.sidebar:
        st.selectbox(
            texts("translate.task"),
            translate.APPLICATIONS,
            format_func=lambda task: texts(f"translate.task_{task}"),
            key="translate_task",
        )
    task = st.session_state["translate_task"]
    others = {
        f"{name}_{other}": None
        for name in ("translate", "say")
        for other in DEFAULT
        if other != task
    }
    publish(translate_task=None if task == "dates" else task, **others)
    return task


def _choose_part(texts: Texts) -> str:
    chosen("translate_part", "unrolled", PARTS)
    st.segmented_control(
        texts("translate.part"),
        list(PARTS),
        format_func=lambda part: texts(f"translate.part_{part}"),
        key="translate_part",
        required=True,
        label_visibility="collapsed",
    )
    part = st.session_state["translate_part"]
    publish(translate_part=None if part == "unrolled" else part)
    return part
