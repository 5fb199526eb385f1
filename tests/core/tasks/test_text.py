"""Texts as tasks: the split, the streams, and clear words about files that will not do."""

import pytest
import torch

from core.tasks import IGNORED, TextTask
from core.tasks.streams import LENGTH, SHORTEST, read_through


def test_the_vocabulary_and_the_split():
    task = TextTask.of("床前明月光，床前", validation=0.25)
    assert task.vocabulary.tokens == tuple(sorted("床前明月光，"))
    assert "".join(task.vocabulary.decode(task.train.tolist())) == "床前明月光，"
    assert "".join(task.vocabulary.decode(task.validation.tolist())) == "床前"
    assert task.note is None


def test_at_most_fifty_thousand_characters_are_held_out():
    task = TextTask.of("ab" * 400_000, validation=0.5)
    assert len(task.validation) == 50_000
    assert len(task.train) == 750_000


def test_line_ends_are_one_character():
    assert TextTask.of("a\r\nb\rc\n").vocabulary.tokens == ("\n", "a", "b", "c")


def test_batches_are_contiguous_streams_that_continue():
    text = "".join(chr(0x4E00 + place) for place in range(100))
    task = TextTask.of(text, validation=0)
    size, length = 3, 8
    streams = [[] for _ in range(size)]
    for step in range(4):  # 99 // 3 = 33 steps a stream, four whole batches
        batch = task.batch(step, size, length)
        assert batch.inputs.shape == batch.targets.shape == (length, size)
        assert batch.continues == (step > 0)
        for column, stream in enumerate(streams):
            stream += batch.inputs[:, column].tolist()
            assert (batch.targets[:, column] == batch.inputs[:, column] + 1).all()
    assert [stream[0] for stream in streams] == [0, 33, 66]
    assert all(stream == list(range(stream[0], stream[0] + 32)) for stream in streams)
    again = task.batch(4, size, length)
    assert not again.continues
    assert torch.equal(again.inputs, task.batch(0, size, length).inputs)


def test_a_text_too_short_for_the_batch_says_what_is_needed():
    task = TextTask.of("abcdefghij", validation=0)
    assert task.batch(0, 3, 3).inputs.shape == (3, 3)
    with pytest.raises(ValueError, match=r"has 10 characters .* need at least 13"):
        task.batch(0, 3, 4)


def test_rare_characters_beyond_the_limit_are_read_but_not_asked_for():
    task = TextTask.of("aaaabbbccd", validation=0, max_characters=2)
    assert task.vocabulary.tokens == ("a", "b")
    assert task.left_out == 2
    assert "4 different characters; the 2 most frequent" in task.note
    batch = task.batch(0, 1, 9)
    assert batch.inputs[:, 0].tolist() == [0, 0, 0, 0, 1, 1, 1, 2, 2]
    assert batch.targets[:, 0].tolist() == [0, 0, 0, 1, 1, 1, IGNORED, IGNORED, IGNORED]


@pytest.mark.parametrize("size", [2, 100, 2 * SHORTEST + 1, 20_000])
def test_reading_through_asks_for_every_character_once(size):
    ids = torch.arange(size)
    batches = list(read_through(ids, size))
    streams = batches[0].inputs.shape[1]
    asked = torch.cat([batch.targets.flatten() for batch in batches])
    assert asked.unique().tolist() == list(range(1, streams * ((size - 1) // streams) + 1))
    assert len(asked) == len(asked.unique()) > size - 1 - streams
    assert [batch.continues for batch in batches] == [False] + [True] * (len(batches) - 1)
    assert all(len(batch.inputs) <= LENGTH for batch in batches)


def test_reading_through_nothing_gives_nothing():
    assert list(read_through(torch.tensor([3]), 5)) == []


def test_the_fingerprint_is_that_of_the_data():
    assert TextTask.of("abcabc").fingerprint == TextTask.of("abcabc", name="x").fingerprint
    assert TextTask.of("abcabc").fingerprint != TextTask.of("abcacb").fingerprint
    assert TextTask.of("abcabc").fingerprint != TextTask.of("xbcxbc").fingerprint


def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path):
    path = tmp_path / "诗.txt"
    path.write_bytes("\ufeff春眠不觉晓".encode())
    task = TextTask.read(path, validation=0)
    assert task.name == "诗"
    assert task.vocabulary.tokens == tuple(sorted("春眠不觉晓"))


@pytest.mark.parametrize("codec", ["gbk", "utf-16"])
def test_a_file_in_another_encoding_is_the_same_text(codec, tmp_path):
    path = tmp_path / "poem.txt"
    path.write_bytes("春眠不觉晓，处处闻啼鸟".encode(codec))
    assert TextTask.read(path).fingerprint == TextTask.of("春眠不觉晓，处处闻啼鸟").fingerprint


def test_a_file_in_no_known_encoding_names_the_byte(tmp_path):
    path = tmp_path / "latin.txt"
    path.write_bytes("Löwe".encode("latin-1"))
    with pytest.raises(ValueError, match=r"latin\.txt is not UTF-8 text .*: byte 2, in line 1"):
        TextTask.read(path)


@pytest.mark.parametrize("content", [b"", b" \n\t", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path, content):
    path = tmp_path / "empty.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="empty"):
        TextTask.read(path)


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(FileNotFoundError):
        TextTask.read(tmp_path / "none.txt")


def test_an_oversized_file_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr("core.tasks.text.TEXT_FILE_BYTES", 3)
    path = tmp_path / "big.txt"
    path.write_text("abcd")
    with pytest.raises(ValueError, match="4 bytes; expected at most 3"):
        TextTask.read(path)


@pytest.mark.parametrize("text", ["", "a", "aaaa"])
def test_a_text_with_nothing_to_learn_is_refused(text):
    with pytest.raises(ValueError, match="at least two different"):
        TextTask.of(text)


@pytest.mark.parametrize(
    "options", [{"validation": 1.0}, {"validation": -0.1}, {"max_characters": 1}]
)
def test_options_out_of_range_are_refused(options):
    with pytest.raises(ValueError, match="expected"):
        TextTask.of("abc", **options)
