import sys
import unicodedata

import pytest

from core.embeddings import split_sentences, tokenize_chinese, tokenize_english
from core.embeddings.tokenize import composed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don\u2019t panic!", ["don't", "panic"]),
        ("rock'n'roll, 'quoted' O'Neil's", ["rock'n'roll", "quoted", "o'neil's"]),
        ("cafe\u0301 = café", ["café", "café"]),
        ("1,000 of 3.14kg, 10,000. 3rd", ["1,000", "of", "3.14kg", "10,000", "3rd"]),
        ("mother-in-law snake_case", ["mother", "in", "law", "snake", "case"]),
        ("naïve Straße Ωμέγα мир", ["naïve", "straße", "ωμέγα", "мир"]),
        ("... -- ''", []),
    ],
)
def test_english_words(text, words):
    assert tokenize_english(text) == words


def test_capitals_may_stay():
    assert tokenize_english("The US", lowercase=False) == ["The", "US"]
    assert tokenize_chinese("用GPU", unit="characters", lowercase=False) == ["用", "GPU"]


def test_chinese_characters_stand_alone_and_latin_words_stay_whole():
    text = "二〇二四年，GPT-4 don't 便宜3.14元。"
    assert tokenize_chinese(text, unit="characters") == [
        *"二〇二四年", "gpt", "4", "don't", "便", "宜", "3.14", "元",
    ]  # fmt: skip


def test_chinese_words():
    pytest.importorskip("rjieba")
    words = tokenize_chinese("我们在北京大学学习机器学习。")
    assert words == ["我们", "在", "北京大学", "学习", "机器", "学习"]


def test_the_segmenter_is_imported_only_when_words_are_wanted(monkeypatch):
    monkeypatch.setitem(sys.modules, "rjieba", None)
    assert tokenize_chinese("好天", unit="characters") == ["好", "天"]
    with pytest.raises(ModuleNotFoundError):
        tokenize_chinese("好天")


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="'letters' came"):
        tokenize_chinese("好", unit="letters")


def test_sentences_end_at_marks_and_line_ends():
    text = 'He said "no." Then 3.14 left.\nA line\r\n\n他说：“好。”然后走了？！真的'
    assert split_sentences(text) == [
        'He said "no."', "Then 3.14 left.", "A line", "他说：“好。”", "然后走了？", "真的",
    ]  # fmt: skip


def test_composing_is_unicodes_own_but_for_endless_marks():
    for text in ("cafe\u0301", "e\u0323\u0302" * 50, "\u1100\u1161", "q\u0307\u0323", "plain"):
        assert composed(text) == unicodedata.normalize("NFC", text)
    assert composed("a" + "\u0323" * 100_000) == unicodedata.normalize("NFC", "a" + "\u0323" * 30)
