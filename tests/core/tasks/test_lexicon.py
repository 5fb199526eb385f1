"""Words as a tagger reads them."""

import pytest

from core.tasks.lexicon import Lexicon, counts, normal

KNOWN = Lexicon.of(
    [
        ("我", "住在", "北京市", "海淀区", "朝阳区", "番茄", "猫咪", "小区", "2016"),
        ("From", "don't"),
    ]
)


def test_case_and_digits_do_not_matter():
    assert normal("From") == "from"
    assert normal("9:45") == "0:00"
    assert normal("，") == ","
    assert normal("２０") == "00"
    assert KNOWN.encode(["FROM", "1999"]) == KNOWN.encode(["from", "2016"])
    assert counts([("A", "a", "7")]) == {"a": 2, "0": 1}


def test_an_unknown_chinese_word_is_read_by_its_ending():
    ending = KNOWN.vocabulary.ids["…区"]
    assert KNOWN.encode(["岳麓区"]) == [ending] == [KNOWN.hidden_id("海淀区")]
    assert "…市" not in KNOWN.vocabulary, "only one word ends so"
    assert KNOWN.encode(["长沙市", "boston", "区"]) == [len(KNOWN)] * 3


def test_texts_are_cut_into_words():
    assert KNOWN.split("我住在海淀区番茄猫咪小区。") == [
        *("我", "住在", "海淀区", "番茄", "猫咪", "小区", "。"),
    ]
    assert KNOWN.split("我住在岳麓区番茄小区") == ["我", "住在", "岳麓区", "番茄", "小区"]
    assert KNOWN.split("他 住在 糖葫芦 小区") == ["他", "住在", "糖葫芦", "小区"]
    assert KNOWN.split("I don't leave at 9:30, Dec 12th!") == [
        *("I", "don't", "leave", "at", "9:30", ",", "Dec", "12", "th", "!"),
    ]
    assert KNOWN.split("  ") == []


def test_nothing_is_lost_when_a_text_is_cut():
    text = "从𠮷野家，到2016年番茄é🙂_小小区的区"
    assert "".join(KNOWN.split(text)) == text


def test_a_lexicon_can_be_made_of_its_own_words():
    again = Lexicon(KNOWN.vocabulary.tokens)
    words = ["我", "岳麓区", "nowhere", "2020"]
    assert again.encode(words) == KNOWN.encode(words)


def test_too_many_words_are_refused(monkeypatch):
    monkeypatch.setattr("core.tasks.lexicon.MAX_WORDS", 2)
    with pytest.raises(ValueError, match="3 words; expected at most 2"):
        Lexicon(["a", "b", "c"])
