"""Files: what they hold before and after opening, and why they are refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from core.embeddings.formats.word_list import read_columns
from explorer.language import texts_of
from explorer.space import candidates
from explorer.space.candidates import look_at, look_at_all, open_candidate
from explorer.space.settings import facts_line
from explorer.space.uploads import FOLDER, describe, local_files

EN = texts_of("en")
ROWS = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32).round(4)
WORDS = ("king", "queen", "<b>", "=1+1", "国王", "w5")
TEMPORARY = object()


def glove(path: Path, words: tuple[str, ...] = WORDS, rows: np.ndarray = ROWS) -> Path:
    lines = [f"{word} {' '.join(map(str, row))}\n" for word, row in zip(words, rows.tolist())]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_a_text_is_described_before_and_after_it_is_opened(tmp_path: Path) -> None:
    rows = ROWS.copy()
    rows[2], rows[3, 1] = 0, np.nan
    path = glove(tmp_path / "0-g.txt", ("king", "queen", "a", "b", "king", "c"), rows)
    found = look_at("g.txt", path, folder=TEMPORARY)
    assert (found.form.kind, found.rows, found.about, found.form.size) == ("text", None, 6, 3)
    assert "about 6 rows of 3 numbers" in describe(found, EN)
    assert found.limits == [None]
    source = open_candidate(found, None)
    assert source.vectors.words == ["king", "queen", "a", "b", "c"]
    assert source.usable.tolist() == [0, 1, 4]
    line = facts_line(source, EN)
    assert "5 × 3" in line
    for fact in ("facts_duplicates", "facts_not_finite", "facts_zero"):
        assert EN(f"space.{fact}", count=1) in line
    assert source.name == "g.txt"
    assert source.first_word == "king"


def test_the_same_content_has_the_same_id(tmp_path: Path) -> None:
    one = glove(tmp_path / "a.txt")
    other = glove(tmp_path / "b.txt")
    changed = glove(tmp_path / "c.txt", rows=ROWS + 1)
    ids = [
        open_candidate(look_at("x", p, folder=TEMPORARY), None).id for p in (one, other, changed)
    ]
    assert ids[0] == ids[1] != ids[2]
    assert open_candidate(look_at("x", one, folder=TEMPORARY), 2).id == f"{ids[0]}-2"


def test_a_bad_line_is_named_with_the_readers_file(tmp_path: Path) -> None:
    path = glove(tmp_path / "0-secret.txt")
    path.write_text(path.read_text() + "short 1 2\n")
    source = open_candidate(look_at("mine.txt", path, folder=TEMPORARY), None)
    assert len(source.vectors) == 6
    assert source.facts.listed == ("line 7 has 2 numbers where 3 were expected: 'short 1 2'",)
    assert EN("space.facts_skipped", count=1) in facts_line(source, EN)
    path.write_text("king 1 2 3\n" + "short 1 2\n" * 2)
    with pytest.raises(ValueError, match=r"^mine\.txt: line 2 has 2 numbers") as caught:
        open_candidate(look_at("mine.txt", path, folder=TEMPORARY), None)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x80\x04\x95cposix\nsystem\n", "could run code"),
        (b"", "is empty"),
        (b"hello there\nthis is prose\n", "not a vectors file"),
        (b"900000 300\nking 1 2 3\n", "do not fit"),
    ],
)
def test_what_is_no_vectors_file_is_refused_at_once(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    path = tmp_path / "0-x.txt"
    path.write_bytes(data)
    found = look_at("mine_*.txt", path)
    assert found.form is None
    assert reason in found.refused
    assert str(tmp_path) not in found.refused
    assert r"mine\_\*\.txt" in describe(found, EN)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_projectors_pair_is_told_apart(tmp_path: Path, order: tuple[int, int]) -> None:
    vectors, words = tmp_path / "0-v.tsv", tmp_path / "1-m.tsv"
    np.savetxt(vectors, ROWS, delimiter="\t")
    table = ["word\tkind\tyear", *(f"{word}\tk{n % 2}\t{n}" for n, word in enumerate(WORDS))]
    words.write_text("\n".join(table) + "\n", encoding="utf-8")
    files = [("v.tsv", vectors), ("m.tsv", words)]
    (found,) = look_at_all([files[one] for one in order], TEMPORARY)
    assert (found.name, found.words, found.words_name) == ("v.tsv", words, "m.tsv")
    assert EN("space.found_words", name=r"m\.tsv") in describe(found, EN)
    source = open_candidate(found, None)
    assert list(source.vectors.words) == list(WORDS)
    np.testing.assert_allclose(source.vectors.vectors, ROWS, rtol=1e-6)
    assert source.metadata == {"kind": ["k0", "k1"] * 3, "year": list("012345")}


def test_numpy_with_a_list_of_words(tmp_path: Path) -> None:
    vectors, words = tmp_path / "0-v.npy", tmp_path / "1-w.txt"
    np.save(vectors, ROWS)
    words.write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    (pair,) = look_at_all([("w", words), ("v.npy", vectors)], TEMPORARY)
    source = open_candidate(pair, None)
    assert list(source.vectors.words) == list(WORDS)
    assert source.metadata == {}
    alone = look_at("v.npy", vectors)
    assert EN("space.found_no_words") in describe(alone, EN)


def test_what_takes_too_much_memory_is_opened_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = glove(tmp_path / "g.txt")
    monkeypatch.setattr(candidates, "VECTORS_MEMORY", 4 * 3 * 4)
    monkeypatch.setattr(candidates, "LIMITS", (2, 3, 5))
    found = look_at("g.txt", path, folder=TEMPORARY)
    assert found.limits == [2, 3]
    assert len(open_candidate(found, found.limits[-1]).vectors) == 3
    monkeypatch.setattr(candidates, "VECTORS_MEMORY", 1 << 20)
    assert found.limits == [2, 3, 5, None]


def test_a_gzipped_text_is_taken_for_much_larger(tmp_path: Path) -> None:
    path = tmp_path / "g.txt.gz"
    path.write_bytes(gzip.compress(glove(tmp_path / "g.txt").read_bytes()))
    found = look_at("g.txt.gz", path, folder=TEMPORARY)
    assert found.memory == 20 * path.stat().st_size
    assert "gzip" in describe(found, EN)
    assert len(open_candidate(found, None).vectors) == 6


def test_metadata_follows_the_words_whatever_their_order(tmp_path: Path) -> None:
    path = tmp_path / "m.tsv"
    path.write_text("year\tword\n1\tb\n2\ta\n3\tb\n4\n5\tc\textra\n", encoding="utf-8")
    assert read_columns(path, ["a", "b", "d"]) == {"year": ["2", "1", ""]}


def test_every_file_is_looked_at_and_the_last_comes_first(tmp_path: Path) -> None:
    first, second = glove(tmp_path / "0-a.txt"), glove(tmp_path / "1-b.txt", rows=ROWS + 1)
    third = tmp_path / "2-c.txt"
    third.write_text("this is prose, no vectors\n")
    picture = tmp_path / "3-p.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    files = [("a.txt", first), ("b.txt", second), ("p.png", picture)]
    found = look_at_all(files, TEMPORARY)
    assert [one.name for one in found] == ["p.png", "b.txt", "a.txt"]
    assert [bool(one.refused) for one in found] == [True, False, False]
    # A list that could be for either is for none, and is said to be no vectors.
    found = look_at_all([*files[:2], ("c.txt", third)], TEMPORARY)
    assert [one.words for one in found] == [None, None, None]


def test_arrays_take_the_lists_of_their_names(tmp_path: Path) -> None:
    files = []
    for number, name in enumerate(("one", "two")):
        np.save(tmp_path / f"{name}.npy", ROWS + number)
        (tmp_path / f"{name}_metadata.tsv").write_text("\n".join(f"{name}{at}" for at in range(6)))
        files += [(f"{name}.npy", tmp_path / f"{name}.npy")]
        files += [(f"{name}_metadata.tsv", tmp_path / f"{name}_metadata.tsv")]
    found = look_at_all(files, TEMPORARY)
    assert [one.words_name for one in found] == ["two_metadata.tsv", "one_metadata.tsv"]
    for one, first in zip(found, ("two0", "one0"), strict=True):
        assert open_candidate(one, None).vectors.words[0] == first


def test_an_array_of_the_server_takes_the_list_beside_it(tmp_path: Path) -> None:
    np.save(tmp_path / "d.npy", ROWS)
    (tmp_path / "d.txt").write_text("\n".join(WORDS), encoding="utf-8")
    found = look_at("d.npy", tmp_path / "d.npy")
    assert found.words_name == "d.txt"
    assert list(open_candidate(found, None).vectors.words) == list(WORDS)


def test_repeated_labels_are_rows_of_their_own(tmp_path: Path) -> None:
    np.save(tmp_path / "d.npy", ROWS)
    (tmp_path / "d.tsv").write_text("digit\tsplit\n" + "7\ta\n" * 3 + "1\tb\n" * 3)
    files = [("d.npy", tmp_path / "d.npy"), ("d.tsv", tmp_path / "d.tsv")]
    source = open_candidate(look_at_all(files, TEMPORARY)[0], None)
    assert [source.label(row) for row in range(6)] == list("777111")
    assert len(source.vectors) == 6
    assert EN("space.facts_repeated", count=4) in facts_line(source, EN)


def test_files_of_the_server_are_offered_only_where_a_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(FOLDER, raising=False)
    assert local_files() == {}
    glove(tmp_path / "b.vec")
    glove(tmp_path / "a.txt")
    (tmp_path / "notes.md").write_text("no")
    (tmp_path / "folder.txt").mkdir()
    monkeypatch.setenv(FOLDER, str(tmp_path))
    assert list(local_files()) == ["a.txt", "b.vec"]
    monkeypatch.setenv(FOLDER, str(tmp_path / "nowhere"))
    assert local_files() == {}
