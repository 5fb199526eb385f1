"""Texts in the encodings that people have: told apart, named, and refused with the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.encodings import HEAD, EncodingError, decode_text, open_as_utf8, recognise

CHINESE = "中国人说话，不在一起。\n他们今天去看大海，天气很好！\n" * 20
GERMAN = "Die Löwen, die Bären und das Café: naïve Übergänge.\n" * 20
ENCODED = [
    ("utf-8", "UTF-8"),
    ("utf-8-sig", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("utf-16-le", "UTF-16"),
    ("utf-16-be", "UTF-16"),
    ("gb18030", "GB18030"),
]


@pytest.mark.parametrize(("codec", "name"), ENCODED)
def test_each_is_recognised_and_named(codec: str, name: str) -> None:
    assert decode_text(CHINESE.encode(codec)) == (CHINESE, name)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_latin_text_too(codec: str) -> None:
    assert decode_text(GERMAN.encode(codec)).text == GERMAN


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (GERMAN.encode("latin-1"), "nor GB18030.*byte 6, in line 1, is 0xf6; save it as UTF-8"),
        ("“Hello” — it’s".encode("cp1252"), "byte 1, in line 1, is 0x93"),
        ("春眠不覺曉，處處聞啼鳥".encode("big5"), "byte 1, in line 1"),
        (CHINESE.encode() + b"\xff" + CHINESE.encode(), "in line 41, is 0xff"),
        (b"PK\x03\x04\0\0\0\0", r"is not text \(its byte 5 is zero\)"),
        (bytes(range(256)) * 10, "is not text"),
        (b"\xff\xfea\0b", "byte 5, in line 1, is 0x62"),
    ],
)
def test_anything_else_is_refused_with_its_byte(data: bytes, message: str) -> None:
    with pytest.raises(EncodingError, match=f"^mine is .*{message}|^mine {message}"):
        decode_text(data, "mine")


@pytest.mark.parametrize("codec", [codec for codec, _ in ENCODED])
def test_a_file_streams_as_utf_8_though_its_head_ends_inside_a_character(codec, tmp_path) -> None:
    text = "一\n" + "中文，" * (HEAD // 4)
    path = tmp_path / "long.txt"
    path.write_bytes(text.encode(codec))
    with open_as_utf8(path) as file:
        assert file.readline() == "一\n".encode()
        assert file.read() == text[2:].encode()


def test_no_file_stays_open_when_it_is_refused(tmp_path) -> None:
    path = tmp_path / "photo.txt"
    path.write_bytes(bytes(1000))
    with pytest.raises(EncodingError, match=r"photo\.txt is not text"):
        open_as_utf8(path)
    path.unlink()


@given(st.binary(max_size=200))
def test_any_bytes_are_a_text_or_an_encoding_error(data: bytes) -> None:
    try:
        codec = recognise(data)
        text = decode_text(data).text
    except EncodingError:
        return
    assert data.decode(codec) == text
