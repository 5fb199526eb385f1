import gzip
import os

import numpy as np
import pytest
from safetensors.numpy import save_file

from core.embeddings import describe_vectors, load_vectors, open_vectors
from core.embeddings.formats import cache, loading

ARRAY = np.arange(12, dtype=np.float32).reshape(4, 3)


def write_npy(folder, array=ARRAY):
    np.save(folder / "table.npy", array)
    return folder / "table.npy"


@pytest.mark.parametrize("beside", ["table.txt", "table.vocab", "metadata.tsv", "table.words.gz"])
def test_an_array_takes_its_words_from_the_list_beside_it(tmp_path, beside):
    path = write_npy(tmp_path)
    data = b"a\nb c\nd\ne\n"
    (tmp_path / beside).write_bytes(gzip.compress(data) if beside.endswith("gz") else data)
    vectors = load_vectors(path)
    assert vectors.words == ["a", "b c", "d", "e"]
    np.testing.assert_array_equal(vectors.vectors, ARRAY)


@pytest.mark.parametrize("kind", [np.float16, np.float64, np.int8, ">f4"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_of_any_real_kind_become_float32(tmp_path, kind, order):
    path = write_npy(tmp_path, np.array(ARRAY.astype(kind), order=order))
    (tmp_path / "table.txt").write_text("a\nb\nc\nd")
    vectors = load_vectors(path, limit=3)
    np.testing.assert_array_equal(vectors.vectors, ARRAY[:3])
    assert vectors.vectors.dtype == np.float32
    assert vectors.words == ["a", "b", "c"]


def test_a_projectors_pair_of_files(tmp_path):
    (tmp_path / "tensors.tsv").write_text("\n".join("\t".join(map(str, r)) for r in ARRAY))
    (tmp_path / "metadata.tsv").write_text("id\tword\tcount\n0\tthe\t9\n1\tcat\t8\n2\tdog\n3\t\t1")
    opened = open_vectors(tmp_path / "tensors.tsv")
    assert not opened.description.has_words
    assert opened.vectors.words == ["the", "cat", "dog", ""]
    np.testing.assert_array_equal(opened.vectors.vectors, ARRAY)
    (tmp_path / "others.txt").write_text("word\nw\nx\ny\nz\n")
    named = load_vectors(tmp_path / "tensors.tsv", words=tmp_path / "others.txt")
    assert named.words == ["w", "x", "y", "z"]


@pytest.mark.parametrize("heading", ["", "word\tx\ty\tz\n"])
def test_a_tsv_with_its_words(tmp_path, heading):
    rows = "\n".join(f"new {n}\t" + "\t".join(map(str, r)) for n, r in enumerate(ARRAY))
    (tmp_path / "t.tsv").write_text(heading + rows)
    vectors = load_vectors(tmp_path / "t.tsv")
    assert vectors.words == ["new 0", "new 1", "new 2", "new 3"]
    np.testing.assert_array_equal(vectors.vectors, ARRAY)


def test_any_safetensors_file_with_one_table(tmp_path):
    tensors = {"embedding.weight": ARRAY.astype(np.float16), "bias": np.zeros(3)}
    save_file(tensors, tmp_path / "m.safetensors")
    (tmp_path / "m.txt").write_text("a\nb\nc\nd\n")
    vectors = load_vectors(tmp_path / "m.safetensors", limit=2)
    assert vectors.words == ["a", "b"]
    np.testing.assert_array_equal(vectors.vectors, ARRAY[:2])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (None, r"without words; give their list with words=\.\.\., or put it beside .* table\.txt"),
        ("a\nb\n", "has 2 words for 4 vectors"),
        ("a\n" * 9, "has more words for 4 vectors"),
    ],
)
def test_words_that_do_not_fit_are_refused(tmp_path, words, message):
    path = write_npy(tmp_path)
    if words:
        (tmp_path / "table.txt").write_text(words)
    with pytest.raises(ValueError, match=message):
        load_vectors(path)


def test_a_description_needs_no_rows(tmp_path):
    path = tmp_path / "v.txt"
    path.write_text("4 3\n" + "\n".join(f"w{n} 1 2 3" for n in range(4)))
    form = describe_vectors(path)
    assert (form.kind, form.rows, form.size, form.memory) == ("text", 4, 3, 48)
    path.write_text("the 0.1 0.2\n")
    form = describe_vectors(path)
    assert (form.kind, form.rows, form.size, form.memory) == ("text", None, 2, None)
    path.write_bytes(gzip.compress(b"1 2\nw \x00\x00\x80\x3f\x00\x00\x00\x40"))
    form = describe_vectors(path)
    assert (form.kind, form.gzipped, form.size) == ("binary", True, 2)


def test_what_was_found_is_told(tmp_path):
    path = tmp_path / "v.txt"
    path.write_text("a 1 2\nb 0 0\na 3 4\nc nan 1\nb 5 6\n")
    opened = open_vectors(path)
    assert opened.duplicates == ("a", "b")
    assert opened.zero_rows.tolist() == [1]
    assert opened.not_finite_rows.tolist() == [2]


def test_folders_missing_files_and_limits(tmp_path):
    with pytest.raises(ValueError, match="is a folder"):
        load_vectors(tmp_path)
    with pytest.raises(FileNotFoundError):
        load_vectors(tmp_path / "none.txt")
    with pytest.raises(ValueError, match="limit must be at least 1; 0 came"):
        load_vectors(write_npy(tmp_path), 0)


@pytest.fixture
def cached(tmp_path, monkeypatch):
    """A text file that is worth keeping, and a count of how often it is parsed."""
    monkeypatch.setattr(loading, "WORTH_KEEPING", 1)
    parsed = []
    real = loading.read_text
    monkeypatch.setattr(loading, "read_text", lambda *args: parsed.append(1) or real(*args))
    path = tmp_path / "v.txt"
    path.write_text("a 1 2\nb 3 4\na 5 6\nline\u2028end 7 8\n")
    return path, parsed


def test_the_second_opening_is_mapped_into_memory(cached):
    path, parsed = cached
    first, second = open_vectors(path), open_vectors(path)
    assert len(parsed) == 1
    assert second.vectors.words == first.vectors.words == ["a", "b", "line\u2028end"]
    assert second.duplicates == first.duplicates == ("a",)
    np.testing.assert_array_equal(second.vectors.vectors, first.vectors.vectors)
    assert isinstance(second.vectors.vectors.base, np.memmap)
    assert not second.vectors.vectors.flags.writeable
    assert second.vectors.nearest("a", 1) == first.vectors.nearest("a", 1)
    assert [p.name for p in path.parent.iterdir()] == ["v.txt"]


def test_a_changed_file_another_limit_or_no_cache_is_parsed_again(cached):
    path, parsed = cached
    load_vectors(path)
    load_vectors(path, cache=False)
    assert load_vectors(path, 1).words == ["a"]
    path.write_text("z 1 2\n")
    assert load_vectors(path).words == ["z"]
    os.utime(path, ns=(1, 1))
    load_vectors(path)
    assert len(parsed) == 5


def test_a_broken_cache_is_no_cache(cached):
    path, parsed = cached
    load_vectors(path)
    (entry,) = cache.cache_folder().iterdir()
    for damage in ("words.json", "vectors.npy"):
        (entry / damage).write_bytes(b"\x80broken")
        assert load_vectors(path).words[0] == "a"
    assert len(parsed) == 3


def test_a_cache_that_cannot_be_written_is_done_without(cached, monkeypatch):
    path, parsed = cached
    (path.parent / "file").write_text("in the way")
    monkeypatch.setenv("UNROLLED_CACHE", str(path.parent / "file" / "below"))
    assert load_vectors(path).words == load_vectors(path).words
    assert len(parsed) == 2


def test_the_cache_keeps_what_was_opened_last(cached, monkeypatch):
    path, _ = cached
    for number in range(4):
        other = path.with_name(f"v{number}.txt")
        other.write_text(path.read_text())
        load_vectors(other)
        (newest,) = (p for p in cache.cache_folder().iterdir() if p.stat().st_mtime_ns > 10)
        os.utime(newest, ns=(number, number))
    sizes = [sum(f.stat().st_size for f in p.iterdir()) for p in cache.cache_folder().iterdir()]
    assert len(sizes) == 4
    monkeypatch.setattr(cache, "MOST_BYTES", int(2.5 * sizes[0]))
    load_vectors(path)
    kept = sorted(p.stat().st_mtime_ns for p in cache.cache_folder().iterdir())
    assert len(kept) == 2
    assert kept[0] == 3


def test_the_cache_is_where_the_system_keeps_caches(monkeypatch, tmp_path):
    monkeypatch.delenv("UNROLLED_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(cache.sys, "platform", "linux")
    assert cache.cache_folder() == tmp_path / "unrolled" / "vectors"
