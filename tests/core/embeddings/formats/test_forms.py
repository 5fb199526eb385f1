"""Forms that are easily taken for others, and rows that are items of their own."""

from __future__ import annotations

import gzip
import json
import time

import numpy as np
import pytest
import torch
from gensim.models import KeyedVectors
from safetensors.torch import save_file

from core.embeddings import WordVectors, describe_vectors, load_vectors, open_vectors

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("limit", [1, 1000, 4999, 5000, None])
def test_a_part_of_a_binary_file_is_what_gensim_reads(tmp_path, limit):
    path = tmp_path / "v.bin"
    table = RANDOM.normal(size=(5000, 100)).astype(np.float32)
    WordVectors([f"w{at}" for at in range(5000)], table).save(path)
    theirs = KeyedVectors.load_word2vec_format(path, binary=True, limit=limit)
    ours = load_vectors(path, limit, cache=False)
    assert ours.words == theirs.index_to_key
    np.testing.assert_array_equal(ours.vectors, theirs.vectors)


TEXTS = {
    "first word has a space": "3 3\nnew york 0.125730 -0.132105 0.640423\nking 1 2 3\nthe 0 1 2\n",
    "text called bin": "3 3\nthe 0.125730 -0.132105 0.640423\nking 1 2 3\na 0 1 2\n",
    "no line feed in sight": "2 40\nthe " + "1.5 " * 40 + "\na " + "2.5 " * 40,
}


@pytest.mark.parametrize("name", ["v.txt", "v.bin", "v"])
@pytest.mark.parametrize("limit", [2, None])
@pytest.mark.parametrize("what", TEXTS)
def test_text_is_never_taken_for_binary(tmp_path, what, limit, name):
    path = tmp_path / name
    path.write_text(TEXTS[what])
    opened = open_vectors(path, limit)
    assert opened.description.kind == "text"
    first = TEXTS[what].split("\n")[1].rstrip().rsplit(" ", opened.vectors.size)
    assert opened.vectors.words[0] == first[0]
    assert opened.vectors.vectors[0].tolist() == np.float32(first[1:]).tolist()


def test_decimal_commas_are_named(tmp_path):
    path = tmp_path / "v.txt"
    path.write_text("2 2\nthe 0,125730 -0,132105\nking 1,3 0,9\n")
    for limit in (1, None):
        with pytest.raises(ValueError, match=r"its number 1 is '0,125730'.*decimal point"):
            open_vectors(path, limit)


@pytest.mark.parametrize("seed", range(5))
def test_binary_is_binary_whatever_its_name(tmp_path, seed):
    random = np.random.default_rng(seed)
    words = ["the", "中文", "a.b", "1"]
    table = random.normal(size=(4, 3)).astype(np.float32)
    WordVectors(words, table).save(tmp_path / "v.bin")
    (tmp_path / "v.bin").rename(tmp_path / "v.txt")
    found = load_vectors(tmp_path / "v.txt")
    assert found.words == words
    np.testing.assert_array_equal(found.vectors, table)


@pytest.mark.parametrize("codec", ["gb18030", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("header", ["", "3 2\n"])
@pytest.mark.parametrize("pack", [False, True])
def test_texts_in_other_encodings(tmp_path, codec, header, pack):
    text = header + "国王 1 2\n王后 3 4\n北京 5 6\n"
    path = tmp_path / "v.txt"
    path.write_bytes(gzip.compress(text.encode(codec)) if pack else text.encode(codec))
    opened = open_vectors(path)
    assert opened.vectors.words == ["国王", "王后", "北京"]
    assert opened.vectors["北京"].tolist() == [5, 6]
    assert opened.description.codec == ("utf-8" if codec == "utf-8-sig" else codec)


def test_packed_counts_and_one_hot_vectors_open(tmp_path):
    path = tmp_path / "onehot.txt.gz"
    with gzip.open(path, "wt") as file:
        for row in range(1500):
            file.write(f"w{row} " + " ".join("01"[row == at] for at in range(1500)) + "\n")
    np.testing.assert_array_equal(load_vectors(path).vectors, np.eye(1500))


def test_bfloat16_is_read(tmp_path):
    table = torch.randn(5, 3, generator=torch.Generator().manual_seed(0)).to(torch.bfloat16)
    save_file({"embedding": table}, tmp_path / "m.safetensors")
    (tmp_path / "m.txt").write_text("a\nb\nc\nd\ne\n")
    found = load_vectors(tmp_path / "m.safetensors")
    np.testing.assert_array_equal(found.vectors, table.float().numpy())


def test_rows_are_items_and_labels_may_repeat(tmp_path):
    table = RANDOM.normal(size=(10_000, 5)).astype(np.float32)
    np.save(tmp_path / "digits.npy", table)
    labels = [str(row % 10) for row in range(10_000)]
    (tmp_path / "digits_metadata.tsv").write_text("\n".join(labels) + "\n")
    opened = open_vectors(tmp_path / "digits.npy")
    assert list(opened.labels) == labels
    assert (opened.duplicates, opened.repeated) == ((), 9990)
    assert opened.vectors.words[:11] == [*"0123456789", "0 (2)"]
    assert len(set(opened.vectors.words)) == 10_000
    np.testing.assert_array_equal(opened.vectors.vectors, table)


def test_items_of_a_tsv_keep_their_rows_too(tmp_path):
    path = tmp_path / "iris.tsv"
    path.write_text("".join(f"kind{row // 50}\t{row}\t1\n" for row in range(150)))
    opened = open_vectors(path)
    assert len(opened.vectors) == 150
    assert opened.labels[149] == "kind2"
    assert opened.vectors["kind2 (50)"].tolist() == [149, 1]


def test_a_name_that_looks_counted_is_not_given_twice(tmp_path):
    np.save(tmp_path / "v.npy", np.eye(4))
    (tmp_path / "v.txt").write_text("a\na\na (2)\na\n")
    opened = open_vectors(tmp_path / "v.npy")
    assert list(opened.labels) == ["a", "a", "a (2)", "a"]
    assert len(set(opened.vectors.words)) == 4


def test_words_of_the_text_that_an_array_was_made_of(tmp_path):
    table = RANDOM.normal(size=(3, 4)).astype(np.float32)
    np.save(tmp_path / "glove.npy", table)
    words = ["the", "new york", "queen"]
    rows = [f"{w} {' '.join(f'{x:.4f}' for x in v)}\n" for w, v in zip(words, table)]
    for header in ("", "3 4\n"):
        (tmp_path / "glove.txt").write_text(header + "".join(rows))
        opened = open_vectors(tmp_path / "glove.npy")
        assert opened.vectors.words == words
        assert opened.words_from == tmp_path / "glove.txt"


def test_a_single_column_may_have_any_heading(tmp_path):
    np.save(tmp_path / "v.npy", np.eye(3))
    (tmp_path / "v.txt").write_text("species\na\nb\nc\n")
    assert load_vectors(tmp_path / "v.npy").words == ["a", "b", "c"]


def test_metadata_in_gb18030_and_its_columns(tmp_path):
    np.save(tmp_path / "v.npy", np.eye(3))
    table = "年份\tword\n1\t国王\n2\t国王\n3\t王后\n"
    (tmp_path / "v_metadata.tsv").write_bytes(table.encode("gb18030"))
    opened = open_vectors(tmp_path / "v.npy")
    assert opened.labels == ("国王", "国王", "王后")
    assert opened.columns == {"年份": ["1", "2", "3"]}


def test_metadata_beside_words_is_read_to_where_it_is_needed(tmp_path):
    (tmp_path / "v.txt").write_text("".join(f"{word} 1 2 3\n" for word in "abcdef"))
    columns = "word\tkind\n" + "".join(f"{word}\tletter\n" for word in "fedcba")
    (tmp_path / "m.tsv").write_text(columns + "x\ty\n" * 1000)
    opened = open_vectors(tmp_path / "v.txt", words=tmp_path / "m.tsv")
    assert opened.columns == {"kind": ["letter"] * 6}


def test_a_packed_word_list_of_one_endless_line_is_refused_early(tmp_path):
    (tmp_path / "v.txt").write_text("".join(f"{word} 1 2 3\n" for word in "abcdef"))
    (tmp_path / "m.tsv.gz").write_bytes(gzip.compress(b"1" * 100_000_000, 9) * 20)  # 2 GB
    started = time.process_time()
    with pytest.raises(ValueError, match="does not end within 4,194,304 bytes"):
        open_vectors(tmp_path / "v.txt", words=tmp_path / "m.tsv.gz")
    assert time.process_time() - started < 5


def test_notes_and_columns_come_from_the_cache_too(tmp_path, monkeypatch):
    monkeypatch.setattr("core.embeddings.formats.loading.WORTH_KEEPING", 1)
    path = tmp_path / "v.txt"
    path.write_text("a 1 2\nb 3\nc 4 5\n")
    first, second = open_vectors(path), open_vectors(path)
    assert isinstance(second.vectors.vectors.base, np.memmap)
    assert second.notes == first.notes
    assert json.dumps(second.notes.to_json())
    assert second.notes.skipped == 1


def test_a_wide_row_is_refused_from_its_first_bytes(tmp_path):
    path = tmp_path / "v.txt"
    path.write_bytes(b"a " + b"1 " * 1_000_000 + b"\n")
    started = time.process_time()
    with pytest.raises(ValueError, match="at most 65,536 were expected"):
        describe_vectors(path)
    assert time.process_time() - started < 2
