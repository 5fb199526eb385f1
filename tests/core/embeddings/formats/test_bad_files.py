"""Files that are wrong in every way we could think of, and in those that hypothesis finds."""

import bz2
import gzip
import io
import json
import lzma
import pickle
import re
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save as safetensors_bytes

from core.embeddings import VectorsFileError, WordVectors, open_vectors
from core.embeddings.formats import binary, text

ROWS = [b"the 0.5 -1 2e-3", b"caf\xc3\xa9 1 2 3", b"dog 4 5 6"]


def glove(*rows):
    return b"\n".join(rows) + b"\n"


def word2vec(*rows, header=b"3 3"):
    return glove(header, *rows)


def binary_rows(rows=3, size=3, header=None):
    words = [f"w{n} ".encode() + np.full(size, n, "<f4").tobytes() + b"\n" for n in range(rows)]
    return (header or f"{rows} {size}".encode()) + b"\n" + b"".join(words)


def numpy_bytes(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def float8_file():
    header = json.dumps({"a": {"dtype": "F8_E4M3", "shape": [2, 2], "data_offsets": [0, 4]}})
    return len(header).to_bytes(8, "little") + header.encode() + bytes(4)


ODD_ROWS = {
    "short row": (glove(*ROWS, b"cat 1 2"), "line 4 has 2 numbers where 3 were .*: 'cat 1 2'"),
    "short first row": (word2vec(b"cat 1 2", *ROWS[1:]), "line 2 has 2 numbers where 3"),
    "no number": (glove(*ROWS, b"cat 1 two 3"), "line 4: its number 2 is 'two', which is not a"),
    "missing number": (glove(*ROWS, b"cat 1  3"), "line 4 has 2 numbers"),
    "too few rows": (word2vec(*ROWS[:2]), r"says .* 3 rows, but 2 are there"),
    "too many rows": (word2vec(*ROWS, ROWS[0]), r"says .* 3 rows, but 4 are there"),
    "empty line": (glove(ROWS[0], b"", ROWS[1]), "line 2 is empty"),
    "wrong encoding": (glove(*ROWS, b"caf\xe9 1 2 3"), "line 4: its word .*not UTF-8"),
    "carriage return": (glove(ROWS[0], b"a 1 2 3\rb 4 5 6"), "line 2 has a carriage return inside"),
    "long row": (glove(*ROWS, b"cat 1 2 3 4"), "line 4 has 4 numbers where 3 were expected"),
    "hole in a tsv": (b"a\t1\t2\nnew york\t3\t\n", "line 2 has 1 numbers where 2"),
    "decimal comma": (word2vec(*ROWS[:2], b"cat 0,5 1 2"), "'0,5'.*write a decimal point"),
    "cut character": (glove(*ROWS, b"\xe4\xb8\xad\xe5 1 2 3"), "line 4: its word .*not UTF-8"),
    "fortran": (word2vec(*ROWS[:2], b"a 1D-5 2 3"), "line 4: its number 1 is '1D-5', which is not"),
}  # fmt: skip


@pytest.mark.parametrize("pack", [False, True])
@pytest.mark.parametrize("name", ODD_ROWS)
def test_one_odd_row_is_told_and_never_a_refused_file(tmp_path, name, pack):
    data, message = ODD_ROWS[name]
    path = tmp_path / "vectors"
    path.write_bytes(gzip.compress(data) if pack else data)
    opened = open_vectors(path)
    assert len(opened.notes.listed) == 1
    assert re.search(message, opened.notes.listed[0])
    notes = opened.notes
    many = name == "too many rows"
    assert notes.skipped + notes.replaced + notes.missing == (0 if many else 1)
    first = opened.vectors.words[0]
    assert opened.vectors[first].tolist() in ([0.5, -1, pytest.approx(2e-3)], [1, 2], [1, 2, 3])


def test_bytes_of_a_word_that_are_no_text_are_replaced_dropped_or_refused(tmp_path):
    path = tmp_path / "v.txt"
    path.write_bytes(glove(*ROWS, b"\xe4\xb8\xad\xe5 1 2 3"))
    assert open_vectors(path).vectors.words[3] == "中\ufffd"
    assert open_vectors(path, unicode_errors="ignore").vectors.words[3] == "中"
    strict = open_vectors(path, unicode_errors="strict")
    assert (len(strict.vectors), strict.notes.skipped) == (3, 1)
    path = tmp_path / "v.bin"
    rows = [b"king", "中".encode()[:2], b"queen"]
    numbers = [word + b" " + np.float32([at, 1]).tobytes() + b"\n" for at, word in enumerate(rows)]
    path.write_bytes(b"3 2\n" + b"".join(numbers))
    opened = open_vectors(path)
    assert opened.vectors.words == ["king", "\ufffd", "queen"]
    assert opened.notes.replaced == 1
    assert opened.notes.listed == [r"row 2: its word '\ufffd' is not UTF-8"]
    with pytest.raises(VectorsFileError, match="the word of row 2"):
        open_vectors(path, unicode_errors="strict")


def test_a_file_of_which_most_rows_are_odd_is_refused(tmp_path):
    path = tmp_path / "v.txt"
    path.write_bytes(glove(ROWS[0], b"cat 1 2", b"cat 1 2", b"cat 1"))
    with pytest.raises(VectorsFileError, match=r"line 2 has 2 numbers.*most rows are like that"):
        open_vectors(path)


BAD = {
    "huge rows": (word2vec(*ROWS, header=b"400000000 3"), "400,000,000 rows .* do not fit in its"),
    "huge size": (word2vec(*ROWS, header=b"3 999999999999"), "do not fit in its"),
    "no size": (word2vec(*ROWS, header=b"3 0"), "do not fit in its"),
    "no rows": (word2vec(*ROWS, header=b"0 3"), "do not fit in its"),
    "prose": (b"This is not a file of vectors.\nAt all.\n", "line 1 is 'This is not a file"),
    "html": (b"<!doctype html><html>\n<body>\n", "is a web page"),
    "bzip2": (bz2.compress(b"the 1 2\n"), "packed by bzip2; unpack it"),
    "xz": (lzma.compress(b"the 1 2\n"), "packed by xz; unpack it"),
    "hdf5": (b"\x89HDF\r\n\x1a\n" + bytes(99), "an HDF5 file; save its table as"),
    "parquet": (b"PAR1" + bytes(99), "a Parquet file"),
    "git lfs": (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
    "wide": (b"a " + b"1 " * 70_000 + b"\n", "70,000 numbers in a row; at most 65,536"),
    "float8": (float8_file(), "'a' in .* holds F8_E4M3 numbers"),
    "one word": (b"the\n", "is not a vectors file"),
    "nothing": (b"", "is empty"),
    "blank": (b"\n\n\n", "is not a vectors file"),
    "zip": (b"PK\x03\x04rest", "zip archive"),
    "pickle": (pickle.dumps({"a": 1}), "Python pickle, which could run code"),
    "gensim pickle": (pickle.dumps([1.0], protocol=2), "Python pickle"),
    "binary cut off": (binary_rows()[:-6], "ends in row 3 of 3; it is cut off"),
    "binary too long": (binary_rows() + b"w3 " + bytes(12), "goes on after the 3 rows"),
    "binary huge": (binary_rows(header=b"3000000 300"), "do not fit"),
    "binary wrong size": (
        b"2 2\na " + np.float32([-1, -1, -1]).tobytes() + b"b " + bytes(12),
        "not UTF-8; the file is damaged or has vectors of another size",
    ),
    "npy of objects": (numpy_bytes(np.array([{}, []], dtype=object)), "array of object"),
    "npy of one row": (numpy_bytes(np.zeros(3)), r"shape \(3,\); real numbers of shape"),
    "npy of words": (numpy_bytes(np.array([["a", "b"]])), "array of <U1"),
    "npy cut off": (numpy_bytes(np.zeros((9, 9)))[:-1], "has 647 of its 648 bytes of numbers"),
    "npy huge": (
        numpy_bytes(np.zeros((9, 9))).replace(b"(9, 9), }      ", b"(9999999, 9), }"),
        "does not fit in its",
    ),
    "npy broken": (b"\x93NUMPY\x01\x00\x10\x00{'descr': open('x')", "is not a .npy file"),
    "safetensors of three": (
        safetensors_bytes({"a": np.zeros((2, 2), np.float32), "b": np.zeros((2, 2), np.float32)}),
        r"has 2 two-dimensional tensors \(.*\); one was expected",
    ),
    "safetensors cut off": (safetensors_bytes({"a": np.zeros((2, 2))})[:-1], "not a safetensors"),
    "gzip cut off": (gzip.compress(glove(*ROWS) * 50)[:-20], "damaged gzip file"),
    "gzip broken": (gzip.compress(glove(*ROWS) * 50)[:50] + bytes(99), "damaged gzip file"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_the_message_says_what_is_wrong_and_where(tmp_path, name):
    data, message = BAD[name]
    path = tmp_path / "vectors"
    path.write_bytes(data)
    with pytest.raises(VectorsFileError, match=message):
        open_vectors(path)


@pytest.mark.parametrize("name", [n for n in BAD if "gzip" not in n and n != "nothing"])
def test_packed_bad_files_are_no_better(tmp_path, name):
    path = tmp_path / "vectors.gz"
    path.write_bytes(gzip.compress(BAD[name][0]))
    with pytest.raises(VectorsFileError):
        open_vectors(path)


def test_what_looks_odd_but_is_right(tmp_path):
    path = tmp_path / "odd.txt"
    rows = [
        b"\xef\xbb\xbfthe 1 2 3 ",
        b"new york city 4 5 6\r",
        b" 7 8 9",
        b"two  1  2 3",
        b"1 1 1 1",
        b"tab 1 nan -inf",
        b"", b"\r", b" ",
    ]  # fmt: skip
    path.write_bytes(glove(*rows))
    opened = open_vectors(path)
    assert opened.vectors.words == ["the", "new york city", "", "two", "1", "tab"]
    assert opened.vectors["new york city"].tolist() == [4, 5, 6]
    assert opened.vectors["two"].tolist() == [1, 2, 3]
    assert opened.not_finite_rows.tolist() == [5]


def memory_of(path):
    tracemalloc.start()
    try:
        with pytest.raises(VectorsFileError) as caught:
            open_vectors(path)
        return tracemalloc.get_traced_memory()[1], str(caught.value)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"0 " * 50 + b"\n", "100 times its size"),
        (b"w " + b"0 " * 500_000, "does not end|100 times its size|numbers in a row"),
        (b"\n", "100 times its size|is not a vectors file"),
    ],
)
def test_a_gzip_bomb_is_stopped_early(tmp_path, line, message):
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        block = line * max(1, (1 << 20) // len(line))
        for _ in range(300):
            file.write(block)
    peak, said = memory_of(path)
    assert peak < 400e6
    assert any(part in said for part in message.split("|"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"word 1 2 3\n" + b"x" * (12 << 20), "line 2 does not end"),
        (b"word 1 2 3\n" + b"\n" * (12 << 20), "line 2 does not end|line 1 does not end"),
        (b"5 3\n" + b"x" * (12 << 20), "is not a vectors file|does not end"),
        (b"99999 999\n" + bytes(12 << 20), "do not fit"),
    ],
)
def test_a_file_without_lines_needs_little_memory(tmp_path, data, message):
    path = tmp_path / "endless"
    path.write_bytes(data)
    peak, said = memory_of(path)
    assert peak < 100e6
    assert any(part in said for part in message.split("|"))


def test_a_binary_word_without_end_needs_little_memory(tmp_path):
    path = tmp_path / "endless.bin"
    path.write_bytes(b"5 3\na " + bytes(12) + b"\x01" * (40 << 20))
    peak, said = memory_of(path)
    assert peak < 150e6
    assert "the word of row 2 does not end" in said


GOOD = [
    word2vec(*ROWS),
    glove(*ROWS),
    b"word\tx\ty\nthe\t1\t2\ncat\t3\t4\n",
    binary_rows(),
    numpy_bytes(np.eye(3)),
    numpy_bytes(np.asfortranarray(np.ones((3, 2), np.float16))),
    safetensors_bytes({"a": np.zeros((3, 2), np.float32)}),
    gzip.compress(word2vec(*ROWS)),
    gzip.compress(binary_rows()),
]
CUTS = st.tuples(st.integers(0, 400), st.integers(0, 30), st.binary(max_size=12))


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(GOOD), st.lists(CUTS, max_size=3), st.sampled_from(["", ".bin", ".gz"]))
def test_any_damage_gives_vectors_or_a_clear_error(tmp_path, data, cuts, ending):
    for start, length, put in cuts:
        data = data[:start] + put + data[start + length :]
    path = tmp_path / f"damaged{ending}"
    path.write_bytes(data)
    (tmp_path / "damaged.words").write_text("a\nb\nc\n")
    try:
        opened = open_vectors(path)
    except VectorsFileError:
        pass
    else:
        assert isinstance(opened.vectors, WordVectors)
        assert opened.vectors.vectors.shape == (len(opened.vectors), opened.vectors.size)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.text(st.characters(exclude_characters=" \t\n\r\v\f", codec="utf-8"), min_size=1),
             min_size=1, max_size=20, unique=True),
    st.integers(1, 5),
    st.sampled_from([".txt", ".vec", ".bin", ".safetensors"]),
    st.sampled_from(["", ".gz"]),
    st.integers(1, 200),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_what_is_saved_comes_back_the_same(tmp_path, words, size, ending, gz, chunk, random):
    array = np.array([[random.uniform(-9, 9) for _ in range(size)] for _ in words], np.float32)
    path = tmp_path / f"saved{ending}{gz}"
    WordVectors(words, array).save(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "CHUNK", chunk)
        patch.setattr(binary, "CHUNK", chunk)
        found = open_vectors(path).vectors
    assert list(found.words) == words
    np.testing.assert_array_equal(found.vectors, array)
