"""Files of tagged sentences: what is read, and what is refused where."""

from pathlib import Path

import pytest

from core.tasks import conll
from core.tasks.conll import Tagged, parse_conll, read_conll, written

ATIS = Path(__file__).resolve().parents[4] / "shared" / "data" / "atis.test.conll"
TEXT = "# intent = flight\nfrom\tO\nNew\tB-from\nYork\tI-from\n\n\n#\tO\nto\tO\n"


def test_sentences_comments_and_blank_lines():
    assert parse_conll(TEXT) == [
        Tagged(("from", "New", "York"), ("O", "B-from", "I-from")),
        Tagged(("#", "to"), ("O", "O")),
    ]
    assert parse_conll(TEXT.replace("\n", "\r\n")) == parse_conll(TEXT)


def test_the_first_column_is_the_token_and_the_last_the_tag():
    text = "-DOCSTART- -X- -X- O\n\nWolff NNP B-NP B-PER\n, , O O\n"
    assert parse_conll(text) == [Tagged(("Wolff", ","), ("B-PER", "O"))]
    assert parse_conll("New York\tB-to\n") == [Tagged(("New York",), ("B-to",))]


def test_what_is_written_is_read_again():
    sentences = parse_conll(TEXT)
    assert parse_conll(written(sentences)) == sentences


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\tO\nb\n", "line 2: 'b' is not a token and its tag"),
        ("a\tO\n\nb\tNOUN\n", "line 3: The tag is 'NOUN'"),
        ("# nothing\n\n", "holds no sentence"),
        ("", "holds no sentence"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, message):
    with pytest.raises(ValueError, match=message):
        parse_conll(text)


def test_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(conll, "MAX_SENTENCE", 3)
    with pytest.raises(ValueError, match="line 4: more than 3 tokens in one sentence"):
        parse_conll("a\tO\n" * 5)
    monkeypatch.setattr(conll, "MAX_TAGS", 1)
    with pytest.raises(ValueError, match="line 3: more than 1 different tags"):
        parse_conll("a\tO\n\nb\tB-x\n")
    monkeypatch.setattr(conll, "MAX_TOKENS", 2)
    with pytest.raises(ValueError, match="line 5: more than 2 tokens"):
        parse_conll("a\tO\n\n" * 3)


def test_files(tmp_path):
    file = tmp_path / "mine.conll"
    file.write_bytes("\ufeffa\tO\n".encode())
    assert read_conll(file) == [Tagged(("a",), ("O",))]
    with pytest.raises(ValueError, match=r"mine\.conll has more than 3 bytes"):
        read_conll(file, max_bytes=3)
    file.write_bytes(b"a\tO\n\xff\xfe\tO\n")
    with pytest.raises(ValueError, match=r"mine\.conll, line 2: the bytes are not UTF-8"):
        read_conll(file)
    with pytest.raises(FileNotFoundError):
        read_conll(tmp_path / "none")


@pytest.mark.skipif(not ATIS.exists(), reason="the ATIS sentences are not here")
def test_atis():
    sentences = read_conll(ATIS)
    assert len(sentences) == 893
    assert all(sentence.tokens[0] == "BOS" for sentence in sentences)
