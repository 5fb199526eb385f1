"""A file of the reader's own to learn from: a text, tagged sentences, or a column of numbers."""

from __future__ import annotations

import streamlit as st

from core.limits import MB, PASTED_CHARACTERS
from explorer.file_field import file_field
from explorer.language import Texts
from explorer.own_text import pasted_text, text_of_upload
from explorer.workshop.tasks import ENDINGS, LARGEST, Offer


def take_data(offer: Offer, texts: Texts) -> str | None:
    """What was uploaded or pasted; None where nothing was, or where it cannot be read."""
    most = LARGEST[offer.own]
    with st.expander(texts("workshop.data"), expanded=True):
        st.caption(texts(f"workshop.data_{offer.own}"))
        left, right = st.columns(2)
        with left:
            file = file_field(
                texts("workshop.file"),
                key=f"w_file_{offer.own}",
                types=ENDINGS[offer.own],
                texts=texts,
                most_mb=most // MB,
                help=texts("own_text.help", most=most // MB),
            )
        with right:
            pasted = st.text_area(
                texts("workshop.paste"),
                key=f"w_paste_{offer.own}",
                height=100,
                max_chars=PASTED_CHARACTERS,
            )
    if file is not None:
        return text_of_upload(file, texts, most)
    pasted = pasted_text(pasted, texts)
    return pasted if pasted.strip() else None
