"""Files of tagged sentences: what is read, and what is refused where."""

from pathlib import Path

import pytest

from core.tasks import conll
from core.tasks.conll import Tagged, parse_conll, parse_tags, read_conll, written

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
        ("a\tB-x\n\nb\tNOUN\n", "line 3: The tag is 'NOUN'"),
        ("# nothing\n\n", "holds no sentence"),
        ("", "holds no sentence"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, message):
    with pytest.raises(ValueError, match=message):
        parse_conll(text)


def test_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(conll, "TAG_SENTENCE_TOKENS", 3)
    with pytest.raises(ValueError, match="line 4: more than 3 tokens in one sentence"):
        parse_conll("a\tO\n" * 5)
    monkeypatch.setattr(conll, "TAG_KINDS", 1)
    with pytest.raises(ValueError, match="line 3: more than 1 different tags"):
        parse_conll("a\tO\n\nb\tB-x\n")
    monkeypatch.setattr(conll, "TAG_TOKENS", 2)
    with pytest.raises(ValueError, match="line 5: more than 2 tokens"):
        parse_conll("a\tO\n\n" * 3)


def test_files(tmp_path):
    file = tmp_path / "mine.conll"
    file.write_bytes("\ufeffa\tO\n".encode())
    assert read_conll(file) == [Tagged(("a",), ("O",))]
    with pytest.raises(ValueError, match=r"mine\.conll has more than 3 bytes"):
        read_conll(file, max_bytes=3)
    file.write_bytes(b"a\tO\n\xff\xfe\tO\n")
    with pytest.raises(ValueError, match=r"mine\.conll is not UTF-8 .*in line 2, is 0xff"):
        read_conll(file)
    with pytest.raises(FileNotFoundError):
        read_conll(tmp_path / "none")


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("#LetsGo\tB-group", ("#LetsGo", "B-group")),
        ("#\tO", ("#", "O")),
        ("#1 fan\tO", ("#1 fan", "O")),
    ],
)
def test_a_token_that_begins_with_a_hash_is_a_token_also_where_a_sentence_begins(line, row):
    text = f"# source = tweets\n{line}\nwe\tO\n\nwe\tO\n{line}\n"
    found = parse_tags(text)
    assert found.comments == 1
    assert found.sentences[0] == Tagged((row[0], "we"), (row[1], "O"))
    assert found.sentences[1] == Tagged(("we", row[0]), ("O", row[1]))


def test_a_hash_parted_by_a_blank_is_a_token_where_blanks_part_the_columns():
    found = parse_tags("# O\nYork B-to\n\n# id 7\nhi O\n")
    assert found.comments == 1
    assert found.sentences == [Tagged(("#", "York"), ("O", "B-to")), Tagged(("hi",), ("O",))]


def test_no_line_inside_a_sentence_vanishes():
    with pytest.raises(ValueError, match="line 2: '# note' is not a token and its tag"):
        parse_conll("a\tO\n# note\nb\tO\n")


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\f", "\v", "\u00a0", "\x1c"])
def test_a_token_keeps_signs_that_end_lines_elsewhere(sign):
    tokens = (f"a{sign}b", sign, f"{sign}c", f"d{sign}")
    sentence = Tagged(tokens, ("B-x", "O", "I-x", "O"))
    assert parse_conll(written([sentence])) == [sentence]
    with_blanks = "".join(f"{token} {tag}\n" for token, tag in zip(*sentence))
    assert parse_conll(with_blanks) == [sentence]


UNIVERSAL = """# sent_id = 1
# text = Vámonos al mar
1-2\tVámonos\t_\t_\t_\t_\t_\t_\t_\t_
1\tVamos\tir\tVERB\t_\t_\t0\troot\t_\t_
2\tnos\tnosotros\tPRON\t_\t_\t1\tobj\t_\t_
2.1\tya\tya\tADV\t_\t_\t_\t_\t_\t_
3\t#mar\tmar\tNOUN\t_\t_\t1\tobl\t_\t_

"""


def test_universal_dependencies_give_forms_and_parts_of_speech():
    found = parse_tags(UNIVERSAL)
    assert (found.universal, found.scheme, found.comments) == (True, "tags", 2)
    assert found.sentences == [Tagged(("Vamos", "nos", "#mar"), ("S-VERB", "S-PRON", "S-NOUN"))]


def test_texts_of_other_encodings(tmp_path):
    for codec in ("gb18030", "utf-16"):
        file = tmp_path / codec
        file.write_bytes("北\tB-to\n京\tI-to\n，\tO\n".encode(codec))
        assert read_conll(file) == [Tagged(("北", "京", "，"), ("B-to", "I-to", "O"))]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x" * 30_000_000 + "\tO\n", "line 1: more than 64,064 characters in one line"),
        ("x " * 15_000_000, "line 1: more than 64,064 characters in one line"),
        ("x" * 2000 + "\tO\n", "line 1: more than 1,000 characters in one token"),
        ("#" * 30_000_000 + "\n", "holds no sentence"),
        ("\n" * 1_000_000 + "a\tO\nb\n", "line 1000002: 'b' is not a token"),
    ],
)
def test_what_is_far_too_long_is_refused_at_once(text, message):
    with pytest.raises(ValueError, match=message):
        parse_conll(text)


@pytest.mark.skipif(not ATIS.exists(), reason="the ATIS sentences are not here")
def test_atis():
    sentences = read_conll(ATIS)
    assert len(sentences) == 893
    assert all(sentence.tokens[0] == "BOS" for sentence in sentences)
