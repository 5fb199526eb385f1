import numpy as np
import pytest

from core.embeddings import WordVectors, load_vectors

VECTORS = WordVectors(("a", "b"), np.eye(2, dtype=np.float32))


@pytest.mark.parametrize("name", ["v.kv", "v", "v.txt.zip", "v.gz"])
def test_other_endings_are_refused(tmp_path, name):
    with pytest.raises(ValueError, match=r"\.txt, \.vec, \.bin or \.safetensors was expected"):
        VECTORS.save(tmp_path / name)


@pytest.mark.parametrize("word", ["new york", "", "a\tb", "a\nb"])
def test_words_that_a_form_cannot_hold_are_refused(tmp_path, word):
    vectors = WordVectors((word, "b"), np.eye(2, dtype=np.float32))
    for ending in (".txt", ".vec.gz", ".bin"):
        with pytest.raises(ValueError, match=r"save as \.safetensors instead"):
            vectors.save(tmp_path / f"v{ending}")
    assert list(tmp_path.iterdir()) == []
    vectors.save(tmp_path / "v.safetensors")
    assert load_vectors(tmp_path / "v.safetensors").words == [word, "b"]


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "v.txt"
    VECTORS.save(path)
    before = path.read_bytes()
    monkeypatch.setattr("core.embeddings.formats.saving._pieces", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        VECTORS.save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["v.txt"]


def test_the_same_vectors_give_the_same_packed_file(tmp_path):
    VECTORS.save(tmp_path / "one.txt.gz")
    VECTORS.save(tmp_path / "two.txt.gz")
    assert (tmp_path / "one.txt.gz").read_bytes() == (tmp_path / "two.txt.gz").read_bytes()


def test_many_rows_are_written_in_pieces(tmp_path):
    array = np.random.default_rng(0).standard_normal((20_000, 2)).astype(np.float32)
    vectors = WordVectors([f"w{row}" for row in range(20_000)], array)
    for ending in (".txt", ".bin"):
        vectors.save(tmp_path / f"v{ending}")
        found = load_vectors(tmp_path / f"v{ending}")
        assert found.words == vectors.words
        np.testing.assert_array_equal(found.vectors, array)
