"""Files of word pairs and analogies: told apart, and refused with the fitting reason."""

from __future__ import annotations

import pytest

from explorer.space import scores
from explorer.space.scores import read_score_file


def test_pairs_and_questions_are_told_apart() -> None:
    pairs = read_score_file("w.tsv", b"word1\tword2\tmean\nking\tqueen\t8.5\ncat\tcar\t1\n")
    assert pairs == [("king", "queen", 8.5), ("cat", "car", 1.0)]
    questions = read_score_file("q.txt", b": family\nking queen man woman\n: capital\na b c d\n")
    assert questions == {"family": [("king", "queen", "man", "woman")], "capital": [tuple("abcd")]}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b": family\nking queen man\n", r"line 2 of mine\.txt has 3 words"),
        (b"king queen man woman\nking queen\n", r"line 2 of mine\.txt has 2 words"),
        (b"king\tqueen\t8\nking\tqueen\tmany\n", r"line 2 of mine\.txt"),
        (b"\xff\xfc\x01", r"mine\.txt is not UTF-8"),
        (b"", r"mine\.txt holds no"),
    ],
)
def test_the_reason_fits_the_file(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_score_file("mine.txt", data)


def test_too_large_a_file_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scores, "SCORE_FILE_BYTES", 10)
    with pytest.raises(ValueError, match="11 bytes"):
        read_score_file("mine.txt", b"king queen ")
