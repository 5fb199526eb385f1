"""Chinese sentences with addresses in them, cut into words.

Whether a word belongs to an address is often said by its neighbours only: houses are named after
tomatoes and cats (番茄 猫咪 小区), and the same words stand elsewhere as what they are. A few
sentences go on with an ordinary noun right after a town, so that only the words that follow tell.
"""

from __future__ import annotations

import random

from core.tasks.conll import Tagged
from core.tasks.parts import PartName, part_of

KIND = "address"
TOWNS = (
    *("北京", "上海", "长沙", "广州", "深圳", "杭州", "南京", "武汉", "成都", "西安", "天津"),
    *("苏州", "重庆", "青岛"),
)
DISTRICTS = (
    *("海淀区", "朝阳区", "西湖区", "岳麓区", "天河区", "南山区", "鼓楼区", "江岸区"),
    *("武侯区", "雁塔区", "和平区", "东城区", "徐汇区", "浦东区"),
)
NOUNS = (
    *("番茄", "猫咪", "西瓜", "月亮", "熊猫", "苹果", "土豆", "白云", "星星", "太阳", "糖葫芦"),
    *("兔子", "金鱼", "葡萄", "石榴", "海棠", "蝴蝶", "燕子", "牡丹", "柳树"),
)
ENDS = ("小区", "花园", "大厦", "胡同", "公寓", "家园")
STREETS = ("路", "街")
ADJECTIVES = ("可爱 的", "小小 的", "漂亮 的", "很 大 的", "")
ANIMALS = ("小狗狗", "猫咪", "兔子", "熊猫", "燕子", "金鱼")
NUMBERS = ("一只", "两只", "三只")
PAST = ("失踪", "走丢 了", "被 人 发现", "睡着 了", "出现")
SEPARATE = 0.12  # share of sentences in which a noun after a town is no part of the address

WITH = (
    "据报道 , 在 {year} 年 , 有 {number} {adjective} {animal} 在 {address} {past} 。",
    "有 {number} {adjective} {animal} 在 {address} {past} 。",
    "请 把 {noun} 和 {noun} 送到 {address} , 谢谢 。",
    "我 住在 {address} , 家 里 有 {number} {animal} 。",
    "{address} 昨天 下雪 了 。",
    "他 从 {address} 带来 了 {noun} 。",
    "{number} {animal} 跑 到 {address} 去 了 。",
    "快递 已经 到 了 {address} 。",
    "奶奶 在 {address} 卖 {noun} , 也 卖 {noun} 。",
    "去 {address} 怎么 走 ?",
)
WITHOUT = (
    "我 想 吃 {town} {noun} 。",
    "{animal} 喜欢 {noun} 和 {noun} 。",
    "{noun} 比 {noun} 便宜 。",
    "{number} {adjective} {animal} 在 小区 里 睡觉 。",
    "他 画 了 {noun} {noun} {noun} , 还 画 了 {animal} 。",
    "桌子 上 有 {noun} {noun} {noun} 。",
    "据报道 , 在 {year} 年 , {noun} 很 贵 。",
    "{town} {noun} 很 有名 。",
    "花园 里 的 {noun} 开 了 。",
    "这 条 胡同 很 老 , 没有 {noun} 。",
    "他 在 家 看 {noun} {noun} 。",
)
AFTER = (
    "在 {place} {noun} 很 贵 。",
    "在 {place} {noun} {noun} 都 很 便宜 。",
    "有 {number} {adjective} {animal} 在 {place} {noun} 里 睡着 了 。",
    "我 在 {place} {noun} 吃 得 很 多 。",
    "据报道 , 在 {place} {noun} {noun} 都 有 。",
)


def addresses(count: int, part: PartName, *, seed: int) -> list[Tagged]:
    """``count`` sentences of one part of the data, the same for the same arguments.

    An address with a name in it is never in two parts, nor is a whole sentence.
    Raises ValueError for fewer than 1 sentence.
    """
    if count < 1:
        raise ValueError(f"count is {count}; expected at least 1 sentence.")
    draw = random.Random(f"addresses {part} {seed}")
    found: list[Tagged] = []
    while len(found) < count:
        sentence, key = _sentence(draw)
        if part_of(key) == part:
            found.append(sentence)
    return found


def _sentence(draw: random.Random) -> tuple[Tagged, str]:
    """One sentence, and what decides the part it belongs to: its house, or all it says."""
    chance = draw.random()
    if chance < SEPARATE:
        template = draw.choice(AFTER)
    else:
        template = draw.choice(WITHOUT if chance < 0.4 else WITH)
    tokens: list[str] = []
    tags: list[str] = []
    key = ""
    nouns = draw.sample(NOUNS, template.count("{noun}"))
    for piece in template.split():
        if piece in ("{address}", "{place}"):
            words, key = _address(draw) if piece == "{address}" else (_place(draw), "")
            tokens += words
            tags += [f"B-{KIND}", *[f"I-{KIND}"] * (len(words) - 1)]
        else:
            words = [nouns.pop()] if piece == "{noun}" else _filled(piece, draw)
            tokens += words
            tags += ["O"] * len(words)
    return Tagged(tuple(tokens), tuple(tags)), key or " ".join(tokens)


def _place(draw: random.Random) -> list[str]:
    """A town, a district, or both."""
    town, district = f"{draw.choice(TOWNS)}市", draw.choice(DISTRICTS)
    return draw.choice(([town, district], [town, district], [district], [town]))


def _address(draw: random.Random) -> tuple[list[str], str]:
    """An address, and the name of the house or street in it, if it has one."""
    place = _place(draw)
    if draw.random() < 0.12:
        return place, ""
    name = draw.sample(NOUNS, draw.choices((1, 2, 3, 4), (2, 4, 3, 1))[0])
    if draw.random() < 0.25:
        end = [draw.choice(STREETS), str(draw.randint(1, 199)), "号"]
    else:
        end = [draw.choice(ENDS)]
    whole = [*name, *end]
    return (whole if draw.random() < 0.1 else place + whole), " ".join(whole)


def _filled(piece: str, draw: random.Random) -> list[str]:
    choices = {
        "{year}": ("2014", "2015", "2016", "2017", "2018"),
        "{number}": NUMBERS,
        "{adjective}": ADJECTIVES,
        "{animal}": ANIMALS,
        "{town}": TOWNS,
        "{past}": PAST,
    }
    return draw.choice(choices[piece]).split() if piece in choices else [piece]
