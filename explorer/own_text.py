"""A text that a reader gives, as a file or pasted: its size and its encoding are looked at once."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.encodings import EncodingError, decode_text
from core.limits import MB, OWN_TEXT_BYTES, PASTED_CHARACTERS
from explorer.language import Texts
from explorer.sidebar import plain


def text_of_upload(file: Any, texts: Texts, most: int = OWN_TEXT_BYTES) -> str | None:
    """The text of an uploaded file; None, with the reason shown, where it cannot be read.

    What it was found to be in is said where that is not UTF-8.
    """
    if file.size > most:
        st.error(texts("own_text.too_large", size=f"{file.size / MB:,.1f}", most=most // MB))
        return None
    try:
        text, encoding = decode_text(file.getvalue(), file.name)
    except EncodingError as error:
        name, byte = plain(file.name[:60]), f"{error.at + 1:,}"
        st.error(texts("own_text.unreadable", name=name, byte=byte))
        return None
    say_encoding(encoding, texts)
    return text


def pasted_text(text: str, texts: Texts) -> str:
    """A pasted text, or an empty one, with the reason shown, where it is too long."""
    if len(text) > PASTED_CHARACTERS:
        most = f"{PASTED_CHARACTERS:,}"
        st.error(texts("own_text.pasted_too_long", count=f"{len(text):,}", most=most))
        return ""
    return text


def say_encoding(encoding: str, texts: Texts) -> None:
    """Name an encoding that is not the usual one."""
    if encoding != "UTF-8":
        st.caption(texts("own_text.read_as", encoding=encoding))
