"""Texts that readers give: size and encoding, in both languages."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.limits import OWN_TEXT_BYTES, PASTED_CHARACTERS


def page(data: bytes, language: str) -> None:
    from types import SimpleNamespace

    import streamlit as st

    from explorer.language import texts_of
    from explorer.own_text import text_of_upload

    file = SimpleNamespace(size=len(data), name="<b>mine</b>.txt", getvalue=lambda: data)
    text = text_of_upload(file, texts_of(language))
    st.text("refused" if text is None else text[:100])


def shown(data: bytes, language: str) -> AppTest:
    at = AppTest.from_function(page, kwargs={"data": data, "language": language}).run()
    assert not at.exception
    return at


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_encoding_is_named_where_it_is_not_utf_8(language: str) -> None:
    at = shown("今天天气很好".encode("gb18030"), language)
    assert at.text[0].value == "今天天气很好"
    assert "GB18030" in at.caption[0].value
    assert not shown("今天".encode(), language).caption


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_cannot_be_read_is_refused_with_the_byte(language: str) -> None:
    at = shown("Löwen".encode("latin-1"), language)
    assert at.text[0].value == "refused"
    assert "2" in at.error[0].value
    assert "<b>" not in at.error[0].value.replace("\\<b", "")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_too_large_a_file_is_refused_before_it_is_read(language: str) -> None:
    at = shown(b"x" * (OWN_TEXT_BYTES + 1), language)
    assert at.text[0].value == "refused"
    assert str(OWN_TEXT_BYTES // 10**6) in at.error[0].value


def pasting(count: int) -> None:
    import streamlit as st

    from explorer.language import texts_of
    from explorer.own_text import pasted_text

    st.text(str(len(pasted_text("x" * count, texts_of("zh")))))


def test_a_pasted_text_has_a_limit_too() -> None:
    at = AppTest.from_function(pasting, kwargs={"count": PASTED_CHARACTERS + 1}).run()
    assert at.text[0].value == "0"
    assert f"{PASTED_CHARACTERS:,}" in at.error[0].value
    fits = AppTest.from_function(pasting, kwargs={"count": PASTED_CHARACTERS}).run()
    assert fits.text[0].value == str(PASTED_CHARACTERS)
    assert not fits.error
