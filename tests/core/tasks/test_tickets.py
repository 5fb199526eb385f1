"""Ticket sentences: every label against rules that know nothing of the grammar."""

import re

import pytest

from core.tasks.chunks import chunks
from core.tasks.parts import PARTS
from core.tasks.ticket_words import CHINESE, ENGLISH
from core.tasks.tickets import LANGUAGES, SLOTS, tickets

DRAWN = {
    (language, part): tickets(600, language, part, seed=3)
    for language in LANGUAGES
    for part in PARTS
}
CITY = {"en": f"({'|'.join(ENGLISH.cities)})", "zh": f"({'|'.join(CHINESE.cities)})"}
UM = {
    "en": "(?:um , |let me see , |the lovely city of |the old town of |well , of course , "
    "|what was it called , yes , )?",
    "zh": "(?:嗯 , |那个 , |美丽 的 |古城 |, 让 我 想想 , |, 叫 什么 来着 , 对 了 , )?",
}
# What a person would say marks a city, before it or after it. A call from somewhere is none.
FROM = {
    "en": (r"(?<!calling )\bfrom {um}{city}", r"\bleaves? {um}{city}", r"I start in {um}{city}",
           r"{city} is where I start", r"^(?:[a-z ]+, )?{city} to [A-Z]"),
    "zh": (r"(?:从|离开|出发地 是) {um}{city}", r"{city} (?:出发|是 我 动身)",
           r"(?:^|[,喂] ){city} 到 "),
}  # fmt: skip
TO = {
    "en": (r"\b(?:go|travel|goes|ticket|seat|train|via \S+ :|via \S+ \S+ :) to {um}{city}",
           r"from [^,:?]*(?:{um})(?:{city_}) to {um}{city}",
           r"^(?:[a-z ]+, )?(?:{city_}) to {city}",
           r"destination is {um}{city}", r"arrive in {um}{city}", r" for {um}{city}",
           r"{city} is where I want", r"^(?:[a-z ]+, )?{city} from [A-Z]"),
    "zh": (r"(?:去|目的地 是) {um}{city}", r"(?<!住 )到 {um}{city}",
           r"{city} (?:下车|是 我 要 去)"),
}  # fmt: skip


def cities(patterns, text, language):
    found = set()
    for pattern in patterns[language]:
        filled = pattern.format(
            um=UM[language], city=CITY[language], city_=CITY[language].strip("()")
        )
        found |= {match.group(match.lastindex) for match in re.finditer(filled, text)}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_cities_are_labelled_as_what_stands_around_them_says(language):
    both = 0
    for part in PARTS:
        for sentence in DRAWN[language, part]:
            text = " ".join(sentence.tokens)
            slots = {
                slot: {
                    " ".join(sentence.tokens[phrase.start : phrase.stop])
                    for phrase in chunks(sentence.tags)
                    if phrase.kind == slot
                }
                for slot in SLOTS
            }
            assert slots["from"] == cities(FROM, text, language), text
            assert slots["to"] == cities(TO, text, language), text
            assert all(len(found) <= 1 for found in slots.values())
            both += bool(slots["from"] and slots["to"])
    assert both > 1000


MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
TIME = {
    "en": rf"{MONTHS}|\w+day|tomorrow|tonight|\d+:\d+|o'clock|\d+|morning|night",
    "zh": r"月|星期\S|[今明后]天|\d+:\d+|\S+点半?|[下这]周|[早晚]上|[上下]午",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_times_are_times_and_a_birthday_is_no_journey(language):
    seen = 0
    for sentence in DRAWN[language, "train"]:
        text = " ".join(sentence.tokens)
        for phrase in chunks(sentence.tags):
            words = " ".join(sentence.tokens[phrase.start : phrase.stop])
            if phrase.kind == "time":
                assert re.search(TIME[language], words), text
                seen += 1
        if re.search("raining|下雨", text):
            assert set(sentence.tags) == {"O"}
        if words_of_birthday := re.search("birthday is (.+?) ,|生日 是 (.+?) ,", text):
            first = next(word for word in words_of_birthday.groups() if word).split()[0]
            assert sentence.tags[sentence.tokens.index(first)] == "O"
    assert seen > 300


def test_the_parts_share_no_pair_of_cities_and_no_sentence():
    for language in LANGUAGES:
        pairs, texts = {}, {}
        for part in PARTS:
            pairs[part], texts[part] = set(), set()
            for tokens, tags in DRAWN[language, part]:
                found = {phrase.kind: tokens[phrase.start : phrase.stop] for phrase in chunks(tags)}
                texts[part].add(tokens)
                if "from" in found and "to" in found:
                    pairs[part].add(frozenset((found["from"], found["to"])))
        for one, other in (("train", "test"), ("train", "validation"), ("validation", "test")):
            assert pairs[one]
            assert not pairs[one] & pairs[other]
            assert not texts[one] & texts[other]


def test_position_does_not_decide():
    """Either city comes first, and so does the time."""
    for language in LANGUAGES:
        firsts = [next((t[2:] for t in s.tags if t != "O"), "") for s in DRAWN[language, "train"]]
        for slot in SLOTS:
            assert firsts.count(slot) > 50


def test_the_same_arguments_give_the_same_sentences():
    assert tickets(20, "zh", "test", seed=5) == tickets(20, "zh", "test", seed=5)
    assert tickets(20, "zh", "test", seed=5) != tickets(20, "zh", "test", seed=6)


def test_bad_arguments():
    with pytest.raises(ValueError, match="count is 0"):
        tickets(0, "en", "train", seed=0)
    with pytest.raises(ValueError, match="'fr'; choose one of en, zh"):
        tickets(1, "fr", "train", seed=0)
