"""The Chinese sentences, read character by character: 汉语的褒贬句。"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

PEOPLE = ("小明", "小红", "老师", "妈妈", "爸爸", "奶奶", "姐姐", "弟弟", "医生", "朋友")
NOUNS = (
    *("饭菜", "电影", "房间", "音乐", "花园", "酒店", "咖啡", "衣服", "服务", "游戏"),
    *("故事", "课程", "面条", "节目", "公园", "宿舍"),
)
PLACES = ("学校旁边的", "河边的", "车站附近的", "新开的", "山上的", "楼下的", "城里的", "网上的")
TIMES = ("今天", "昨天", "上周", "早上", "晚上", "周末")
POSITIVE = ("好", "棒", "精彩", "舒服", "干净", "漂亮", "有趣", "可爱", "出色")
NEGATIVE = ("差", "糟糕", "无聊", "难受", "脏", "难看", "乏味", "可怕", "吵闹")
GLAD, UPSET = ("开心", "高兴", "满意", "快乐"), ("难过", "生气", "失望", "伤心")
PLAIN = ("大", "小", "旧", "长", "安静", "普通", "暗")
LIKES, DISLIKES = ("喜欢", "夸奖", "称赞"), ("讨厌", "批评", "抱怨")
DOES = ("看见了", "去了", "说起了", "路过了", "找到了", "记得")
VERY = ("很", "真", "非常")
OPEN = frozenset("".join((*PEOPLE, *NOUNS, *PLACES, *TIMES))) - frozenset(
    "".join((*POSITIVE, *NEGATIVE, *GLAD, *UPSET, *LIKES, *DISLIKES, *PLAIN, *DOES, *VERY))
    + "的是了不没有人觉得认为说以结果虽然但过本来会其实，。从这么"
)


def plain(draw: Random, sign: int) -> str:
    """``河边的酒店很干净。``、``小明讨厌新开的课程。``、``今天妈妈很开心。``"""
    if draw.random() < 0.3:
        return f"{who(draw)}{draw.choice(LIKES if sign > 0 else DISLIKES)}{thing(draw)}。"
    if draw.random() < 0.3:
        return f"{who(draw)}{time(draw)}{draw.choice(VERY)}{mood(draw, sign)}。"
    return f"{time(draw)}{thing(draw)}{draw.choice(VERY)}{cue(draw, sign)}。"


def neutral(draw: Random, sign: int) -> str:
    """``姐姐昨天路过了楼下的公园。``、``城里的房间很小。``"""
    if draw.random() < 0.5:
        return f"{who(draw)}{time(draw)}{draw.choice(DOES)}{thing(draw)}。"
    return f"{time(draw)}{thing(draw)}{draw.choice(VERY)}{draw.choice(PLAIN)}。"


def together(draw: Random, sign: int) -> str:
    """``花园很漂亮，网上的故事也很有趣。``"""
    first = f"{thing(draw)}{draw.choice(VERY)}{cue(draw, sign)}"
    return f"{first}，{thing(draw)}也{draw.choice(VERY)}{cue(draw, sign)}。"


def negated(draw: Random, sign: int) -> str:
    """``小红今天不开心了。``: 转折的字就在旁边。"""
    if draw.random() < 0.5:
        return f"{who(draw)}{time(draw)}不{mood(draw, -sign)}了。"
    return f"{time(draw)}{thing(draw)}不{cue(draw, -sign)}。"


def far_negation(draw: Random, sign: int) -> str:
    """``老师不觉得河边的酒店干净。``、``没有人喜欢山上的宿舍。``"""
    turned = cue(draw, -sign)
    verb = draw.choice(LIKES if sign < 0 else DISLIKES)
    return draw.choice(
        (
            f"{who(draw)}不觉得{thing(draw)}{very(draw)}{turned}。",
            f"没有人说{thing(draw)}{very(draw)}{turned}。",
            f"{who(draw)}从来不认为{thing(draw)}{very(draw)}{turned}。",
            f"没有人{time(draw)}{verb}{thing(draw)}。",
        )
    )


def expectation(draw: Random, sign: int) -> str:
    """``弟弟以为电影会很无聊，结果很精彩。``"""
    expected, found = cue(draw, -sign), cue(draw, sign)
    turn = draw.choice(("结果", "其实"))
    return draw.choice(
        (
            f"{who(draw)}以为{thing(draw)}会{draw.choice(VERY)}{expected}，"
            f"{turn}{time(draw)}{draw.choice(VERY)}{found}。",
            f"{thing(draw)}{draw.choice(VERY)}{found}，"
            f"{who(draw)}本来以为{time(draw)}会{draw.choice(VERY)}{expected}。",
        )
    )


def contrast(draw: Random, sign: int) -> str:
    """``虽然房间很脏，昨天小明这么说，但是楼下的饭菜很好，……``: 主句说了算。"""
    return joined(draw, main=said(draw, sign), other=said(draw, -sign))


def scope(draw: Random, sign: int) -> str:
    """``……饭菜很好，……，但是……房间没有人觉得很好，……``

    两个分句里的词褒贬相同, 要看否定落在哪个分句。
    """
    if draw.random() < 0.5:
        return joined(draw, main=denied(draw, sign), other=said(draw, -sign))
    return joined(draw, main=said(draw, sign), other=denied(draw, -sign))


def joined(draw: Random, *, main: str, other: str) -> str:
    """Two clauses that disagree; the main clause is what the sentence says in the end."""
    return draw.choice(
        (f"虽然{other}，但是{main}。", f"{other}，不过{main}。", f"{main}，虽然{other}。")
    )


def said(draw: Random, sign: int) -> str:
    """A clause whose word of praise or blame is far from both of its ends."""
    where = f"{draw.choice(TIMES)}{draw.choice(PLACES)}{draw.choice(NOUNS)}"
    return f"{where}{draw.choice(VERY)}{cue(draw, sign)}，{source(draw)}"


def denied(draw: Random, sign: int) -> str:
    """The same said by nobody."""
    where = f"{draw.choice(TIMES)}{draw.choice(PLACES)}{draw.choice(NOUNS)}"
    return f"{where}没有人觉得{draw.choice(VERY)}{cue(draw, -sign)}，{source(draw)}"


def source(draw: Random) -> str:
    return f"{who(draw)}{draw.choice(TIMES)}这么{draw.choice(('说', '认为'))}"


def double(draw: Random, sign: int) -> str:
    """``没有人说新开的面条不好。``、``没有人不喜欢城里的公园。``"""
    word = cue(draw, sign)
    verb = draw.choice(LIKES if sign > 0 else DISLIKES)
    return draw.choice(
        (
            f"{who(draw)}不觉得{thing(draw)}{time(draw)}不{word}。",
            f"没有人说{thing(draw)}{time(draw)}不{word}。",
            f"没有人{time(draw)}不{verb}{thing(draw)}。",
        )
    )


def thing(draw: Random) -> str:
    """A noun, sometimes with a place before it."""
    return f"{draw.choice(PLACES) if draw.random() < 0.5 else ''}{draw.choice(NOUNS)}"


def who(draw: Random) -> str:
    return draw.choice(PEOPLE)


def time(draw: Random) -> str:
    return draw.choice(TIMES) if draw.random() < 0.4 else ""


def very(draw: Random) -> str:
    return draw.choice(("", *VERY))


def cue(draw: Random, sign: int) -> str:
    return draw.choice(POSITIVE if sign > 0 else NEGATIVE)


def mood(draw: Random, sign: int) -> str:
    return draw.choice(GLAD if sign > 0 else UPSET)


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
# Clauses joined by this can change places, and the label with them.
BUT, END = "，不过", "。"
