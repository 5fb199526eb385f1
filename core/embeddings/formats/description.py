"""What a vectors file is, found out from its first bytes before anything is loaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from core.embeddings.formats.arrays import numpy_shape
from core.embeddings.formats.errors import VectorsFileError, shorten
from core.embeddings.formats.source import Source
from core.encodings import EncodingError, recognise
from core.limits import VECTOR_NUMBERS

Kind = Literal["text", "binary", "numpy", "safetensors"]

ENOUGH = 1 << 20
"""Bytes from which the encoding of a text is told."""

LONGEST_LINE = 4 << 20
"""Bytes; a longer line is not a row of vectors."""

_REFUSED = {
    b"PK\x03\x04": "a zip archive (or a .npz file); unpack it and give the file inside",
    b"\x80\x02": "a Python pickle, which could run code; save it in word2vec form first",
    b"\x80\x03": "a Python pickle, which could run code; save it in word2vec form first",
    b"\x80\x04": "a Python pickle, which could run code; save it in word2vec form first",
    b"\x80\x05": "a Python pickle, which could run code; save it in word2vec form first",
    b"\xba\x16\x4f\x2f": "a fastText model; give the .vec file that fastText writes beside it",
    b"BZh": "packed by bzip2; unpack it, or pack it with gzip",
    b"\xfd7zXZ": "packed by xz; unpack it, or pack it with gzip",
    b"\x28\xb5\x2f\xfd": "packed by zstandard; unpack it, or pack it with gzip",
    b"7z\xbc\xaf": "a 7z archive; unpack it and give the file inside",
    b"Rar!": "a RAR archive; unpack it and give the file inside",
    b"\x89HDF": "an HDF5 file; save its table as .npy or .safetensors",
    b"PAR1": "a Parquet file; save its table as .npy or .safetensors",
    b"ARROW1": "an Arrow file; save its table as .npy or .safetensors",
    b"SQLite format 3": "an SQLite database; save its table as .npy or .safetensors",
    b"GGUF": "a GGUF model; save its embedding as .safetensors",
    b"%PDF": "a PDF document; give the vectors as text",
    b"version https://git-lfs": "a Git LFS pointer, not the file; fetch it with git lfs pull",
    b"<!DOCTYPE": "a web page; perhaps the download asked you to log in",
    b"<!doctype": "a web page; perhaps the download asked you to log in",
    b"<html": "a web page; perhaps the download asked you to log in",
}
_MARKS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# What float32 numbers hold and text does not.
_NEVER_IN_TEXT = frozenset(range(32)) - frozenset(b"\t\n\v\f\r")


@dataclass(frozen=True)
class Description:
    """Form of a vectors file.

    Parameters
    ----------
    kind
        ``text`` (word2vec, GloVe, fastText ``.vec``, TSV), ``binary`` (word2vec ``.bin``),
        ``numpy`` or ``safetensors``.
    gzipped
        Whether it is packed.
    rows
        Words it says it has; None if it does not say.
    size
        Numbers in a vector; 0 if that is only known once the file is opened.
    separator
        What parts the fields of a text row: a space or a tab.
    has_words
        Whether the rows begin with their word; otherwise a word list is needed.
    start
        Bytes before the first row.
    first_line
        Number of the first line with a row, counted from 1; text only.
    codec
        What a text is in: ``utf-8``, ``utf-16`` or ``gb18030``.
    """

    kind: Kind
    gzipped: bool
    rows: int | None = None
    size: int = 0
    separator: bytes = b" "
    has_words: bool = True
    start: int = 0
    first_line: int = 1
    codec: str = "utf-8"

    @property
    def memory(self) -> int | None:
        """Bytes the vectors will take; None where the rows are not known yet."""
        return None if self.rows is None or not self.size else 4 * self.rows * self.size


def describe(source: Source) -> Description:
    """Tell the form of a file from its first bytes.

    Raises
    ------
    VectorsFileError
        It is of no known form, could run code, or promises more rows than it has room for.
    """
    head = _head_of(source, "utf-8")
    if head.startswith(_MARKS_OF_UTF_16):
        return _checked(source, _describe_rows(source, _head_of(source, "utf-16")), "utf-16")
    if head.startswith(b"\x93NUMPY"):
        rows, size = numpy_shape(source)
        form = Description("numpy", source.gzipped, rows, size, has_words=False)
        return _checked(source, form, "utf-8")
    if source.ending == ".safetensors" or head[8:10] == b'{"':
        return Description("safetensors", source.gzipped)
    form = _describe_rows(source, head)
    return _checked(source, form, "utf-8" if form.kind == "binary" else _codec_of(head))


def _head_of(source: Source, codec: str) -> bytes:
    """The first bytes, whole lines as far as they end soon."""
    with source.open(codec) as stream:
        head = stream.read(1 << 16)
        for magic, reason in _REFUSED.items():
            if head.startswith(magic):
                raise VectorsFileError(f"{source.path} is {reason}")
        if head.startswith(b"\x93NUMPY") or head[8:10] == b'{"':
            return head
        while head.count(b"\n") < 3 and len(head) < 2 * LONGEST_LINE:
            more = stream.read(1 << 20)
            if not more:
                break
            head += more
    return head


def _codec_of(head: bytes) -> str:
    """Of a text; where it is not clear its words are read one by one."""
    try:
        codec = recognise(head[:ENOUGH], whole=len(head) <= ENOUGH)
    except EncodingError:
        return "utf-8"
    return "gb18030" if codec == "gb18030" else "utf-8"


def _checked(source: Source, form: Description, codec: str) -> Description:
    if form.size > VECTOR_NUMBERS:
        raise VectorsFileError(
            f"{source.path} has {form.size:,} numbers in a row; at most {VECTOR_NUMBERS:,} were "
            "expected: are rows and columns exchanged, or is it one long line?"
        )
    return replace(form, codec=codec)


def _describe_rows(source: Source, head: bytes) -> Description:
    mark = len(_BYTE_ORDER_MARK) if head.startswith(_BYTE_ORDER_MARK) else 0
    first, _, rest = head[mark:].partition(b"\n")
    header = _header(first)
    if header is None:
        return _without_header(source, first, rest, mark)
    rows, size = header
    binary = _is_binary(rest, size)
    # The shortest row: a word of no letters, and numbers of one digit each.
    shortest = 1 + 4 * size if binary else 2 * size + 1
    if size < 1 or rows < 1 or rows * shortest - 1 > source.most_bytes:
        raise VectorsFileError(
            f"{source.path} says in its first line that it has {rows:,} rows of {size:,} numbers, "
            f"which do not fit in its {source.bytes_on_disk:,} bytes; it is cut off, or it is "
            "not a vectors file"
        )
    return Description(
        kind="binary" if binary else "text",
        gzipped=source.gzipped,
        rows=rows,
        size=size,
        separator=b"\t" if b"\t" in rest.partition(b"\n")[0] and not binary else b" ",
        start=mark + len(first) + 1,
        first_line=2,
    )


def _header(line: bytes) -> tuple[int, int] | None:
    """The two counts of a word2vec header, if the line is one."""
    parts = line.split()
    if len(parts) != 2 or not all(part.isdigit() and len(part) < 16 for part in parts):
        return None
    return int(parts[0]), int(parts[1])


def _is_binary(rows: bytes, size: int) -> bool:
    """Whether the rows hold raw numbers instead of digits, whatever the file is called.

    Digits make a first line that ends in as many numbers as a row has, with points or with
    commas. Otherwise signs that no text has tell.
    """
    fields = rows.partition(b"\n")[0].split()[-size:]
    if len(fields) == size and all(is_number(one.replace(b",", b".", 1)) for one in fields):
        return False
    row = rows.partition(b" ")[2][: max(4096, 4 * size)]
    return not _NEVER_IN_TEXT.isdisjoint(row) or not _is_text(row)


def _is_text(data: bytes) -> bool:
    """Whether it is UTF-8, but for a character that is cut off at the end."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return len(data) - error.start < 4 and "end of data" in error.reason
    return True


def _without_header(source: Source, first: bytes, rest: bytes, mark: int) -> Description:
    """GloVe or TSV: the first line is a row, or in a TSV it may name the columns."""
    separator = b"\t" if b"\t" in first else b" "
    start, first_line = mark, 1
    if separator == b"\t" and not any(map(is_number, first.split(b"\t"))):
        start, first_line = mark + len(first) + 1, 2
        first, _, rest = rest.partition(b"\n")
    fields = first.rstrip(b"\r\t ").split(separator)
    lines = [first, *rest.split(b"\n")[:20]]
    leading = [line.split(separator)[0] for line in lines if line]
    has_words = separator == b" " or not all(map(is_number, leading))
    numbers = fields[1:] if has_words else fields
    enough = any if has_words else all
    if not numbers or not enough(map(is_number, numbers)):
        raise VectorsFileError(
            f"{source.path} is not a vectors file: line {first_line} is {shorten(first)}; a word "
            "and its numbers were expected, parted by spaces or tabs"
        )
    return Description(
        kind="text",
        gzipped=source.gzipped,
        size=len(numbers),
        separator=separator,
        has_words=has_words,
        start=start,
        first_line=first_line,
    )


def is_number(field: bytes) -> bool:
    """Whether a field of a row is a number as Python reads it."""
    try:
        float(field)
    except ValueError:
        return False
    return True
