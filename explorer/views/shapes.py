"""Five shapes of sequence: one unrolled graph each, of a model at work, and the way to more."""

from __future__ import annotations

import streamlit as st

from explorer.gallery.common import model_label, score_text
from explorer.gallery.shapes import PAGES, Shape, shapes, shapes_stage
from explorer.language import Texts
from explorer.players.stage import opening_cursor, show_stage
from explorer.scaffold import heading, lesson


def show(texts: Texts) -> None:
    """Draw the page."""
    heading("shapes", texts)
    found = shapes(texts)
    if found:
        group = f"shapes-{texts.language}"
        opening_cursor("shapes", group)
        show_stage(shapes_stage(found, texts), group=group, key="stage-shapes")
        st.caption(texts("shapes.under"))
        for column, shape in zip(st.columns(len(found)), found):
            with column.container(border=True, height="stretch"):
                show_shape(shape, texts)
    lesson("shapes", texts)


def show_shape(shape: Shape, texts: Texts) -> None:
    """What the shape is, how good the model above is, and the pages to try it on."""
    st.markdown(f"**{texts(f'shapes.{shape.id}')}**")
    st.markdown(texts(f"shapes.{shape.id}_what"))
    model = shape.model
    st.caption(
        texts(
            "shapes.shown",
            model=model_label(model, texts),
            metric=texts(f"metric.{model.metric}"),
            score=score_text(model.score, model.metric),
            baseline=score_text(model.baseline, model.metric),
        )
    )
    menu = st.session_state.get("menu", {}).get("sequences", {})
    for page in PAGES[shape.id]:
        if page in menu:
            st.page_link(menu[page], label=texts(f"nav.{page}"))
