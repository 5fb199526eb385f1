"""The same characters in templates that no training sentence was made from: 另一套汉语句式。"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from core.tasks.sentiment.chinese import (
    DISLIKES,
    DOES,
    LIKES,
    NOUNS,
    PLACES,
    PLAIN,
    TIMES,
    VERY,
    cue,
    joined,
    said,
    source,
    thing,
    time,
    who,
)


def plain(draw: Random, sign: int) -> str:
    """``小明觉得电影很精彩。``、``妈妈昨天说起了精彩的节目。``"""
    return draw.choice(
        (
            f"{who(draw)}觉得{thing(draw)}{draw.choice(VERY)}{cue(draw, sign)}。",
            f"{who(draw)}说{thing(draw)}{time(draw)}{draw.choice(VERY)}{cue(draw, sign)}。",
            f"{who(draw)}{time(draw)}{draw.choice(DOES)}{cue(draw, sign)}的{draw.choice(NOUNS)}。",
        )
    )


def neutral(draw: Random, sign: int) -> str:
    """``姐姐说楼下的公园很小。``、``医生昨天路过了安静的公园。``"""
    return draw.choice(
        (
            f"{who(draw)}说{thing(draw)}{draw.choice(VERY)}{draw.choice(PLAIN)}。",
            f"{who(draw)}{time(draw)}{draw.choice(DOES)}{draw.choice(PLAIN)}的{draw.choice(NOUNS)}。",
        )
    )


def together(draw: Random, sign: int) -> str:
    """``花园很漂亮，也很干净。``、``小红喜欢电影，也喜欢公园。``"""
    first, second = (draw.choice(LIKES if sign > 0 else DISLIKES) for _ in range(2))
    very, nouns = draw.choice(VERY), draw.sample(NOUNS, 2)
    return draw.choice(
        (
            f"{thing(draw)}{very}{cue(draw, sign)}，也{draw.choice(VERY)}{cue(draw, sign)}。",
            f"{who(draw)}{first}{nouns[0]}，也{second}{nouns[1]}。",
        )
    )


def negated(draw: Random, sign: int) -> str:
    """``老师说电影不好。``、``河边的酒店其实不干净。``"""
    return draw.choice(
        (
            f"{who(draw)}说{thing(draw)}不{cue(draw, -sign)}。",
            f"{thing(draw)}{time(draw)}其实不{cue(draw, -sign)}。",
        )
    )


def far_negation(draw: Random, sign: int) -> str:
    """``没有人认为山上的宿舍很干净。``、``老师从来不说电影很好。``"""
    turned = f"{draw.choice(VERY)}{cue(draw, -sign)}"
    return draw.choice(
        (
            f"没有人认为{thing(draw)}{turned}。",
            f"{who(draw)}从来不说{thing(draw)}{turned}。",
            f"没有人觉得{thing(draw)}{time(draw)}会{turned}。",
        )
    )


def double(draw: Random, sign: int) -> str:
    """``没有人觉得新开的面条不好。``、``没有人认为小明不喜欢城里的公园。``"""
    verb = draw.choice(LIKES if sign > 0 else DISLIKES)
    return draw.choice(
        (
            f"没有人觉得{thing(draw)}{time(draw)}不{cue(draw, sign)}。",
            f"{who(draw)}从来不认为{thing(draw)}{time(draw)}不{cue(draw, sign)}。",
            f"没有人认为{who(draw)}不{verb}{thing(draw)}。",
        )
    )


def expectation(draw: Random, sign: int) -> str:
    """``弟弟认为电影会很无聊，其实很精彩。``、``虽然弟弟以为电影会很无聊，结果很精彩。``"""
    expected = f"会{draw.choice(VERY)}{cue(draw, -sign)}"
    found = f"{time(draw)}{draw.choice(VERY)}{cue(draw, sign)}"
    return draw.choice(
        (
            f"{who(draw)}认为{thing(draw)}{expected}，其实{found}。",
            f"结果{thing(draw)}{found}，{who(draw)}以为{expected}。",
            f"虽然{who(draw)}以为{thing(draw)}{expected}，结果{found}。",
        )
    )


def contrast(draw: Random, sign: int) -> str:
    """``小明说楼下的饭菜很好，但是城里的房间很脏。``: 连词搭配或开头是训练中没有的。"""
    main, other = said(draw, sign), said(draw, -sign)
    return draw.choice(
        (
            f"{who(draw)}说{other}，但是{main}。",
            f"虽然{other}，不过{main}。",
            f"{who(draw)}觉得{main}，虽然{other}。",
        )
    )


def scope(draw: Random, sign: int) -> str:
    """否定换了说法: ``小明不觉得……饭菜很好``。"""
    if draw.random() < 0.5:
        return joined(draw, main=denied(draw, sign), other=said(draw, -sign))
    return joined(draw, main=said(draw, sign), other=denied(draw, -sign))


def denied(draw: Random, sign: int) -> str:
    """A clause that somebody denies, in other words than those of the training sentences."""
    where = f"{draw.choice(TIMES)}{draw.choice(PLACES)}{draw.choice(NOUNS)}"
    verb = draw.choice(("不觉得", "从来不认为"))
    return f"{who(draw)}{verb}{where}{draw.choice(VERY)}{cue(draw, -sign)}，{source(draw)}"


PATTERNS: dict[str, Callable[[Random, int], str]] = {
    "plain": plain,
    "neutral": neutral,
    "together": together,
    "negated": negated,
    "far_negation": far_negation,
    "expectation": expectation,
    "double": double,
    "contrast": contrast,
    "scope": scope,
}
