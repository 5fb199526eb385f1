"""A file of the reader's own to learn from: a text, tagged sentences, or a column of numbers."""

from __future__ import annotations

import streamlit as st

from explorer.file_field import file_field
from explorer.language import Texts
from explorer.workshop.tasks import ENDINGS, LARGEST_FILE, Offer


def take_data(offer: Offer, texts: Texts) -> str | None:
    """What was uploaded or pasted; None where nothing was, or where it cannot be read."""
    with st.expander(texts("workshop.data"), expanded=True):
        st.caption(texts(f"workshop.data_{offer.own}"))
        left, right = st.columns(2)
        with left:
            file = file_field(
                texts("workshop.file"),
                key=f"w_file_{offer.own}",
                types=ENDINGS[offer.own],
                texts=texts,
                most_mb=LARGEST_FILE // 10**6,
            )
        with right:
            pasted = st.text_area(texts("workshop.paste"), key=f"w_paste_{offer.own}", height=100)
    if file is None:
        return pasted if pasted.strip() else None
    if file.size > LARGEST_FILE:
        st.error(texts("workshop.too_large", size=file.size, most=LARGEST_FILE))
        return None
    try:
        return file.getvalue().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        st.error(texts("training.not_utf8", byte=error.start + 1))
        return None
