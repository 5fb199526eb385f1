"""Chinese addresses: every label against a rule written for reading, not for drawing."""

import re

import pytest

from core.tasks.addresses import NOUNS, SEPARATE, addresses
from core.tasks.chunks import chunks
from core.tasks.conll import Tagged
from core.tasks.parts import PARTS

DRAWN = {part: addresses(1500, part, seed=3) for part in PARTS}
# A town or district, or both, and perhaps a house or a street that has a name; or these alone.
NAME = rf"(?:(?:{'|'.join(NOUNS)}) )+(?:(?:小区|花园|大厦|胡同|公寓|家园)|[路街] \d+ 号)"
ADDRESS = re.compile(rf"(?:\S+市 )?(?:\S+区 ){NAME}|(?:\S+市 )(?:\S+区 )?{NAME}|{NAME}|"
                     r"\S+市 \S{2,}区(?= )|\S+市(?= )|(?!小区)\S{2,}区(?= )")  # fmt: skip


def rule(sentence: Tagged) -> list[str]:
    return [found.group().strip() for found in ADDRESS.finditer(" ".join(sentence.tokens) + " ")]


def labelled(sentence: Tagged) -> list[str]:
    return [" ".join(sentence.tokens[p.start : p.stop]) for p in chunks(sentence.tags)]


def test_addresses_are_what_a_reader_would_say():
    for part in PARTS:
        for sentence in DRAWN[part]:
            assert labelled(sentence) == rule(sentence), " ".join(sentence.tokens)


def test_the_rule_knows_the_sentence_of_the_course():
    text = "有 一只 小狗狗 在 北京市 海淀区 番茄 猫咪 小区 失踪 。"
    assert rule(Tagged(tuple(text.split()), ())) == ["北京市 海淀区 番茄 猫咪 小区"]


def test_the_same_words_are_inside_and_outside_of_addresses():
    inside = {True: set(), False: set()}
    for sentence in DRAWN["train"]:
        for token, tag in zip(sentence.tokens, sentence.tags):
            if token in NOUNS:
                inside[tag != "O"].add(token)
    assert inside[True] == inside[False] == set(NOUNS)


def test_a_noun_after_a_town_is_sometimes_no_address():
    """There only the words that follow tell."""
    after = []
    for sentence in DRAWN["train"]:
        for place in range(1, len(sentence.tokens)):
            before = sentence.tokens[place - 1]
            if sentence.tokens[place] in NOUNS and re.fullmatch(r"..[市区]|\S{2,}区", before):
                after.append(sentence.tags[place] == "O")
    assert 0.5 * SEPARATE < sum(after) / len(after) < 3 * SEPARATE


def test_the_parts_share_no_named_address_and_no_sentence():
    def named(part):
        found = {one for s in DRAWN[part] for one in labelled(s)}
        return {re.sub(r"^(?:\S+市 )?(?:(?!小区)\S+区 )?", "", one) for one in found} - {""}

    def houses(part):
        return {one for one in named(part) if re.fullmatch(NAME, one)}

    for one, other in (("train", "test"), ("train", "validation"), ("validation", "test")):
        assert houses(one)
        assert not houses(one) & houses(other)
        assert not {s.tokens for s in DRAWN[one]} & {s.tokens for s in DRAWN[other]}


def test_the_same_arguments_give_the_same_sentences():
    assert addresses(20, "test", seed=5) == addresses(20, "test", seed=5)
    with pytest.raises(ValueError, match="count is 0"):
        addresses(0, "train", seed=0)
