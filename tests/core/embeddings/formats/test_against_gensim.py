"""Every form of file, opened by gensim's own loader and by ours."""

import gzip

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.models.fasttext import FastText

from core.embeddings import WordVectors, load_vectors
from core.embeddings.formats import rows, text

WORDS = ["the", "naïve", "中文", "<b>", "=1+1", "\u200fright", '"', "NA", "null", "7", "a'b,c"]
WORDS.append("x" * 5000)
RANDOM = np.random.default_rng(0)
ARRAY = RANDOM.standard_normal((len(WORDS), 7)) * 10.0 ** np.arange(-3, 4)
ARRAY = ARRAY.astype(np.float32)
ORACLE = KeyedVectors(7)
ORACLE.add_vectors(WORDS, ARRAY)


def assert_same(ours: WordVectors, theirs: KeyedVectors):
    assert list(ours.words) == theirs.index_to_key
    assert ours.vectors.dtype == np.float32
    np.testing.assert_array_equal(ours.vectors, theirs.vectors)


def packed(path, pack):
    if not pack:
        return path
    target = path.with_name(path.name + ".gz")
    target.write_bytes(gzip.compress(path.read_bytes()))
    return target


@pytest.mark.parametrize("pack", [False, True])
@pytest.mark.parametrize("binary", [False, True])
def test_word2vec_files_that_gensim_wrote(tmp_path, binary, pack):
    path = tmp_path / ("vectors.bin" if binary else "vectors.txt")
    ORACLE.save_word2vec_format(str(path), binary=binary)
    path = packed(path, pack)
    assert_same(load_vectors(path), KeyedVectors.load_word2vec_format(str(path), binary=binary))


@pytest.mark.parametrize("pack", [False, True])
def test_glove_files(tmp_path, pack):
    path = tmp_path / "glove.txt"
    ORACLE.save_word2vec_format(str(path), write_header=False)
    path = packed(path, pack)
    theirs = KeyedVectors.load_word2vec_format(str(path), no_header=True)
    assert_same(load_vectors(path), theirs)


def test_fasttext_text_files_end_every_row_with_a_space(tmp_path):
    path = tmp_path / "model.vec"
    lines = [f"{word} {' '.join(map(repr, row.tolist()))} " for word, row in zip(WORDS, ARRAY)]
    path.write_text("\n".join([f"{len(WORDS)} 7", *lines, ""]), encoding="utf-8")
    assert_same(load_vectors(path), KeyedVectors.load_word2vec_format(str(path)))


def test_a_fasttext_model_is_refused_with_the_remedy(tmp_path):
    path = tmp_path / "model.bin"
    model = FastText([["a", "b"]] * 9, vector_size=4, min_count=1, epochs=1, bucket=10)
    from gensim.models.fasttext import save_facebook_model

    save_facebook_model(model, str(path))
    with pytest.raises(ValueError, match=r"fastText model; give the \.vec file"):
        load_vectors(path)


@pytest.mark.parametrize("ending", [".txt", ".vec", ".bin", ".txt.gz", ".bin.gz"])
def test_gensim_reads_what_we_save(tmp_path, ending):
    path = tmp_path / f"saved{ending}"
    WordVectors(WORDS, ARRAY).save(path)
    theirs = KeyedVectors.load_word2vec_format(str(path), binary=".bin" in ending)
    assert_same(WordVectors(WORDS, ARRAY), theirs)


@pytest.mark.parametrize("chunk", [100, 1000, 3333])
@pytest.mark.parametrize("limit", [None, 1, 37, 300, 10_000])
def test_chunks_and_limits(tmp_path, monkeypatch, chunk, limit):
    monkeypatch.setattr(text, "CHUNK", chunk)
    path = tmp_path / "many.txt"
    big = KeyedVectors(5)
    big.add_vectors([f"w{n}" for n in range(300)], np.random.default_rng(1).random((300, 5)))
    big.save_word2vec_format(str(path))
    theirs = KeyedVectors.load_word2vec_format(str(path), limit=limit)
    assert_same(load_vectors(path, limit), theirs)


def test_duplicates_keep_their_first_row(tmp_path):
    path = tmp_path / "twice.txt"
    path.write_text("4 2\na 1 2\nb 3 4\na 5 6\nc 7 8\n")
    theirs = KeyedVectors.load_word2vec_format(str(path))
    ours = load_vectors(path)
    assert list(ours.words) == theirs.index_to_key[:3] == ["a", "b", "c"]
    np.testing.assert_array_equal(ours.vectors, theirs.vectors[:3])


def test_the_slow_way_reads_the_same_numbers(tmp_path, monkeypatch):
    path = tmp_path / "vectors.txt"
    ORACLE.save_word2vec_format(str(path))
    fast = load_vectors(path)

    def stumble(*_):
        raise rows.pa.ArrowInvalid("stumbled")

    monkeypatch.setattr(rows, "_parse_fast", stumble)
    slow = load_vectors(path)
    assert list(slow.words) == list(fast.words)
    np.testing.assert_array_equal(slow.vectors, fast.vectors)
