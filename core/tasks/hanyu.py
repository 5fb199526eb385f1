"""A small Chinese of our own, the counterpart of ``grammar``: 汉语的小语法。

What there is to find in it: brackets （〔〕） and quotes 「『』」 that nest, numerals that say how
many sounds follow (叫了三声：汪汪汪), and measure words that must fit their noun across an
adjective (一条长长的鱼).
"""

from __future__ import annotations

import random

from core.tasks.sentences import in_lines, sentences

PEOPLE = ("老师", "学生", "妈妈", "爸爸", "姐姐", "弟弟", "医生", "小明", "小红", "奶奶")
PRONOUNS = ("我", "你", "他", "她", "我们")
PLACES = ("学校", "公园", "家里", "山上", "门口", "河边")
# measure word, its nouns, and what may be said of them
THINGS = (
    ("只", ("猫", "狗", "鸟", "羊", "兔子"), ("可爱的", "白色的", "小小的")),
    ("条", ("鱼", "蛇", "围巾", "裙子"), ("长长的", "漂亮的")),
    ("本", ("书", "词典"), ("有趣的", "新的", "旧的")),
    ("朵", ("花", "玫瑰"), ("白色的", "漂亮的", "红色的")),
    ("棵", ("树", "白菜"), ("小小的", "高高的")),
    ("杯", ("茶", "水", "牛奶"), ("热的", "凉的")),
    ("把", ("伞", "椅子"), ("红色的", "旧的", "新的")),
)
NUMERALS = "一两三四五六七八九"  # before a measure word two is 两, not 二
# who makes the sound, how it is counted, and the sound itself
SOUNDS = (
    ("小狗叫了", "声", "汪"),
    ("小猫叫了", "声", "喵"),
    ("青蛙叫了", "声", "呱"),
    ("小羊叫了", "声", "咩"),
    ("门铃响了", "下", "叮"),
    ("鼓响了", "下", "咚"),
    ("他笑了", "声", "哈"),
    ("她敲门敲了", "下", "砰"),
)
DOING = ("在睡觉", "在唱歌", "在看书", "回家了", "来了", "走了", "很高兴")
TAKES = ("看见了", "喜欢", "找到了", "画了", "想要")
QUOTES = (("「", "」"), ("『", "』"))
BRACKETS = (("（", "）"), ("〔", "〕"))
BRACKET_CHANCE = 0.35
LINE = 24


def hanyu_text(characters: int, *, seed: int) -> str:
    """At least ``characters`` characters of whole sentences, the same for the same seed.

    A line is broken after the sentence with which it holds ``LINE`` characters or more.
    Raises ValueError for fewer than 1 character.
    """
    return in_lines(sentences(_sentence, characters, seed), LINE, between="")


def _sentence(draw: random.Random) -> str:
    kind = draw.random()
    if kind < 0.3:
        return _sounds(draw)
    if kind < 0.55:
        return _spoken(draw)
    if kind < 0.75:
        return f"{draw.choice(PLACES)}有{_counted_noun(draw)}{_aside(draw, 0)}。"
    return f"{draw.choice(PEOPLE)}{_aside(draw, 0)}{_predicate(draw)}。"


def _sounds(draw: random.Random) -> str:
    """``小狗叫了三声：汪汪汪。``: as many sounds as the numeral says."""
    who, measure, sound = draw.choice(SOUNDS)
    times = draw.randint(1, len(NUMERALS))
    return f"{who}{NUMERALS[times - 1]}{measure}：{sound * times}。"


def _spoken(draw: random.Random, depth: int = 0) -> str:
    """``妈妈说：「我喜欢一朵白色的花。」``: inside the quotes people use pronouns."""
    opening, closing = QUOTES[depth]
    if depth == 0 and draw.random() < 0.3:
        inner = _spoken(draw, 1)
    else:
        inner = f"{draw.choice(PRONOUNS)}{_predicate(draw)}。"
    return f"{draw.choice(PEOPLE)}说：{opening}{inner}{closing}"


def _predicate(draw: random.Random) -> str:
    if draw.random() < 0.4:
        return draw.choice(DOING)
    return f"{draw.choice(TAKES)}{_counted_noun(draw)}{_aside(draw, 0)}"


def _counted_noun(draw: random.Random) -> str:
    """Numeral, measure word, perhaps an adjective, and a noun that the measure word fits."""
    measure, nouns, adjectives = draw.choice(THINGS)
    adjective = draw.choice(adjectives) if draw.random() < 0.4 else ""
    return f"{draw.choice(NUMERALS)}{measure}{adjective}{draw.choice(nouns)}"


def _aside(draw: random.Random, depth: int) -> str:
    """Nothing, or an aside in the brackets of its depth that may hold another."""
    if depth == len(BRACKETS) or draw.random() > BRACKET_CHANCE:
        return ""
    opening, closing = BRACKETS[depth]
    return f"{opening}旁边有{_counted_noun(draw)}{_aside(draw, depth + 1)}{closing}"
