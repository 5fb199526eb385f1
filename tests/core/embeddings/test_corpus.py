import gzip
import tracemalloc
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.embeddings import corpus as corpus_module
from core.embeddings import encode_corpus, read_sentences

WORDS = st.sampled_from(["a", "b", "c", "d", "é", "中"])


@given(st.lists(st.lists(WORDS, max_size=8), max_size=12), st.integers(1, 4))
def test_encoding_keeps_exactly_the_frequent_words_in_place(sentences, min_count):
    counts = Counter(word for sentence in sentences for word in sentence)
    frequent = {word for word, count in counts.items() if count >= min_count}
    if not frequent:
        with pytest.raises(ValueError, match=r"corpus has no words|no word occurs"):
            encode_corpus(sentences, min_count=min_count)
        return
    encoded = encode_corpus(iter(sentences), min_count=min_count)
    kept = [[word for word in sentence if word in frequent] for sentence in sentences]
    assert [encoded.sentence(number) for number in range(len(encoded))] == kept
    assert encoded.vocabulary.counts.tolist() == [counts[w] for w in encoded.vocabulary.words]
    assert sorted(encoded.vocabulary.counts, reverse=True) == encoded.vocabulary.counts.tolist()
    assert encoded.words_read == sum(counts.values())
    assert encoded.tokens.dtype == np.int32


def test_words_of_equal_count_keep_their_order():
    assert encode_corpus([["z", "y", "x", "y"]], min_count=1).vocabulary.words == ("y", "z", "x")


def test_a_file_is_read_like_its_sentences(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes("\ufeffthe cat\r\n\r\nthe  café 中文 \nend".encode())
    expected = [["the", "cat"], [], ["the", "café", "中文"], ["end"]]
    assert list(read_sentences(path)) == expected
    from_file, from_list = encode_corpus(path, min_count=1), encode_corpus(expected, min_count=1)
    assert from_file.vocabulary.words == from_list.vocabulary.words
    np.testing.assert_array_equal(from_file.tokens, from_list.tokens)
    np.testing.assert_array_equal(from_file.offsets, from_list.offsets)


@pytest.mark.parametrize("text", ["one two three four " * 9, "没有空格的一行" * 9, "x" * 100])
@pytest.mark.parametrize("piece", [8, 11, 13])
def test_long_lines_are_cut_between_words_or_characters(tmp_path, monkeypatch, text, piece):
    monkeypatch.setattr(corpus_module, "LONGEST_PIECE", piece)
    path = tmp_path / "long.txt"
    path.write_text(text + "\nlast", encoding="utf-8")
    sentences = list(read_sentences(path))
    assert "".join(word for s in sentences for word in s) == text.replace(" ", "") + "last"
    if " " in text:
        assert [word for s in sentences for word in s] == [*text.split(), "last"]


@pytest.mark.slow
def test_a_file_of_one_endless_line_needs_little_memory(tmp_path):
    path = tmp_path / "endless.txt"
    path.write_bytes(b"word " * 4_000_000)
    tracemalloc.start()
    assert sum(map(len, read_sentences(path))) == 4_000_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"good\nalso good\nb\xe4d\n", "bad.txt is not UTF-8 .*line 3, is 0xe4; save it as UTF-8"),
        (b"good\n" * 300_000 + b"b\xe4d\n", "line 300001 .* not UTF-8 .*0xe4.*save the file as"),
    ],
)
def test_other_encodings_are_refused_by_line(tmp_path, data, message):
    path = tmp_path / "bad.txt"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=message):
        encode_corpus(path, min_count=1)


@pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig", "gb18030"])
def test_a_corpus_in_another_encoding_is_the_same_corpus(tmp_path, codec):
    path = tmp_path / "corpus.txt"
    path.write_bytes("我们 今天 看 大海\n他们 不 在 这里\n".encode(codec))
    assert list(read_sentences(path)) == [
        ["我们", "今天", "看", "大海"],
        ["他们", "不", "在", "这里"],
    ]


def test_what_is_not_sentences_of_words_is_refused():
    with pytest.raises(TypeError, match=r"sentence 1 is one string, 'the king'.*tokenize_english"):
        encode_corpus([["fine"], "the king"], min_count=1)
    with pytest.raises(TypeError, match="7 is a int; words must be strings"):
        encode_corpus([["fine", 7]], min_count=1)
    with pytest.raises(ValueError, match="no words"):
        encode_corpus([[], []])
    with pytest.raises(ValueError, match="'a', occurs 2 times: lower min_count"):
        encode_corpus([["a", "b", "a"]], min_count=3)
    with pytest.raises(ValueError, match="min_count must be at least 1"):
        encode_corpus([["a"]], min_count=0)


@pytest.mark.parametrize("run", [1, 2, 3, 5])
def test_what_is_read_in_runs_is_what_is_read_at_once(monkeypatch, run):
    sentences = [["a", "b", "a"], [], [], ["c"], ["b", "a", "c", "d", "a", "b"], [], ["a"]]
    whole = encode_corpus(sentences, min_count=2)
    monkeypatch.setattr(corpus_module, "RUN", run)
    for on_disk in (False, True):
        parts = encode_corpus(sentences, min_count=2, on_disk=on_disk)
        assert parts.vocabulary.words == whole.vocabulary.words
        np.testing.assert_array_equal(parts.vocabulary.counts, whole.vocabulary.counts)
        np.testing.assert_array_equal(parts.tokens, whole.tokens)
        np.testing.assert_array_equal(parts.offsets, whole.offsets)
        assert parts.words_read == whole.words_read
        assert parts.sentence(4) == whole.sentence(4) == ["b", "a", "c", "a", "b"]


def test_memory_is_what_the_docstring_says(monkeypatch):
    """4 bytes a word in memory, and on disk the same however many there are."""
    monkeypatch.setattr(corpus_module, "RUN", 10_000)
    sentence = [f"w{n}" for n in range(50)]

    def peak(words, on_disk):
        tracemalloc.start()
        encoded = encode_corpus((sentence for _ in range(words // 50)), on_disk=on_disk)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(encoded.tokens) == words
        return found

    few, many = 600_000, 1_200_000
    # A sentence of 50 words costs 8 bytes more for its end.
    bytes_a_word = (peak(many, False) - peak(few, False)) / (many - few)
    assert bytes_a_word == pytest.approx(4 + 8 / 50, abs=0.5)
    assert abs(peak(many, True) - peak(few, True)) < 100_000


def test_gzipped_text_is_read_by_its_content(tmp_path):
    path = tmp_path / "text.txt"  # not called .gz
    path.write_bytes(gzip.compress(b"the cat\nend"))
    assert list(read_sentences(path)) == [["the", "cat"], ["end"]]
    path.write_bytes(gzip.compress(b"the cat\n" * 999)[:-9])
    with pytest.raises(ValueError, match="damaged gzip file"):
        list(read_sentences(path))


def test_progress_hears_how_many_words_were_read(monkeypatch):
    monkeypatch.setattr(corpus_module, "RUN", 10)
    seen = []
    encode_corpus([["a"] * 4] * 20, progress=seen.append)
    assert seen == [12, 24, 36, 48, 60, 72]
