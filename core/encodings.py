"""Which encoding a text is in, and the text: UTF-8, UTF-16 and GB18030 are told apart.

Everything that reads somebody's text comes through here, so a file that one page reads is read by
all, and each can say what it was found to be.
"""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "gb18030": "GB18030",
}
HEAD = 1 << 20
"""Bytes from which the encoding of a file is told where it is not read at once."""

MOST_BROKEN = 0.2
"""Of what is not ASCII, the share of broken signs up to which a text is a damaged UTF-8."""

LEAST_COMMON = 0.5
"""Of what is not ASCII in a GB18030 text, the least share of common characters."""

LEAST_USUAL = 0.75
"""Of a text in UTF-16 without a mark, the least share of usual signs."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAMPLE = 100_000
_REMEDY = "save it as UTF-8 in your editor"


class EncodingError(ValueError):
    """Bytes that are no text in an encoding known here; ``at`` is the first that does not fit."""

    def __init__(self, name: str, reason: str, at: int = 0) -> None:
        super().__init__(f"{name} {reason}; {_REMEDY}.")
        self.at = at


class Decoded(NamedTuple):
    """A text and the encoding that its bytes were found to be in: UTF-8, UTF-16 or GB18030."""

    text: str
    encoding: str


def decode_text(data: bytes, name: str = "The text") -> Decoded:
    """The text in ``data``, without a byte-order mark.

    Raises EncodingError for what is neither UTF-8, UTF-16 nor GB18030, with the first byte that
    is wrong and its line.
    """
    codec = recognise(data, name)
    try:
        return Decoded(data.decode(codec), NAMES[codec])
    except UnicodeDecodeError as error:
        raise _broken(data, name, NAMES[codec], error.start) from error


def recognise(data: bytes, name: str = "The text", *, whole: bool = True) -> str:
    """The codec of a text, from its first bytes or (``whole``) from all of them.

    A byte-order mark decides. Without one: UTF-16 where bytes are zero and most signs are then
    usual ones; UTF-8 where the bytes fit; GB18030 where they do and at least half of what
    is not ASCII is among the 3,755 characters of GB2312's first level, punctuation and full-width
    signs. A Latin-1 or Big5 text fits GB18030 too now and then, but reads as rare characters.

    Raises EncodingError for anything else.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return codec
    if b"\0" in data[:HEAD]:
        return _without_mark(data[:HEAD], name)
    try:
        _decode(data, "utf-8", whole=whole)
    except UnicodeDecodeError as error:
        if not _is_damaged(data) and _is_chinese(data, whole=whole):
            return "gb18030"
        raise _broken(data, name, "UTF-8", error.start) from error
    return "utf-8"


def open_as_utf8(path: str | Path) -> BinaryIO:
    """The bytes of a text file as UTF-8 without a mark, whatever it is in; read as it streams.

    The encoding is told from the first megabyte. Where a file turns out later not to be UTF-8,
    its bytes come as they are; in the other encodings what does not fit becomes U+FFFD.
    Raises FileNotFoundError, and EncodingError as ``recognise`` does.
    """
    file = Path(path).open("rb")  # noqa: SIM115 (handed on to who reads it)
    try:
        head = file.read(HEAD)
        codec = recognise(head, Path(path).name, whole=len(head) < HEAD)
    except BaseException:
        file.close()
        raise
    file.seek(len(codecs.BOM_UTF8) if codec == "utf-8-sig" else 0)
    if codec.startswith("utf-8"):
        return file
    return recoded(file, codec)


def recoded(file: BinaryIO, codec: str) -> BinaryIO:
    """A stream in some encoding as UTF-8; what does not fit becomes U+FFFD."""
    return cast(BinaryIO, io.BufferedReader(Recoded(file, codec), 1 << 18))


class Recoded(io.RawIOBase):
    """A stream of bytes in some encoding, read as UTF-8."""

    def __init__(self, file: BinaryIO, codec: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(codec)("replace")
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as there is something; 0 at the end."""
        while not self._ready and not self._ended:
            block = self._file.read(1 << 16)
            self._ended = not block
            self._ready = self._decoder.decode(block, self._ended).encode("utf-8", "replace")
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def close(self) -> None:
        """Close the file behind it too."""
        self._file.close()
        super().close()


def _decode(data: bytes, codec: str, *, whole: bool) -> str:
    """A text that may be cut off inside a character where it is not whole."""
    return codecs.getincrementaldecoder(codec)("strict").decode(data, whole)


def _without_mark(head: bytes, name: str) -> str:
    """UTF-16 in the order of bytes that gives usual signs; what has zeros otherwise is no text."""
    for codec in ("utf-16-le", "utf-16-be"):
        try:
            text = _decode(head, codec, whole=False)[:_SAMPLE]
        except UnicodeDecodeError:
            continue
        usual = sum(_is_usual(sign) for sign in text)
        if text and usual >= LEAST_USUAL * len(text) and "\0" not in text:
            return codec
    at = head.index(0)
    raise EncodingError(name, f"is not text (its byte {at + 1:,} is zero)", at)


def _is_damaged(data: bytes) -> bool:
    """Whether it is UTF-8 but for a few bytes."""
    text = data[:HEAD].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken <= MOST_BROKEN * (sum(not sign.isascii() for sign in text) - broken)


def _is_chinese(data: bytes, *, whole: bool) -> bool:
    try:
        text = _decode(data, "gb18030", whole=whole)
    except UnicodeDecodeError:
        return False
    signs = [sign for sign in text[: 10 * _SAMPLE] if not sign.isascii()][:_SAMPLE]
    return sum(map(_is_common, signs)) >= LEAST_COMMON * len(signs)


def _is_usual(sign: str) -> bool:
    """A European letter or mark, a common Han character, or white space."""
    return (sign < "\u0600" and sign.isprintable()) or sign in "\t\n\r" or _is_common(sign)


def _is_common(sign: str) -> bool:
    coded = sign.encode("gb2312", "ignore")
    return len(coded) == 2 and (0xB0 <= coded[0] <= 0xD7 or 0xA1 <= coded[0] <= 0xA3)


def _broken(data: bytes, name: str, encoding: str, at: int) -> EncodingError:
    line = data.count(b"\n", 0, at) + 1
    found = f"0x{data[at]:02x}" if at < len(data) else "missing"
    other = " (nor UTF-16 nor GB18030)" if encoding == "UTF-8" else ""
    reason = f"is not {encoding} text{other}: byte {at + 1:,}, in line {line:,}, is {found}"
    return EncodingError(name, reason, at)
