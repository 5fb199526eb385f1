"""What ticket sentences are made of, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Words:
    """Words parted by blanks; what stands in braces is filled in.

    clear: templates in which a city's part has been said when it comes. late: those in which
        it is said only afterwards, so that a network that reads on helps. late_share: how many
        of the sentences are such.
    times: a word before, which is not part of the time, and the phrase.
    """

    cities: tuple[str, ...]
    openings: tuple[str, ...]
    endings: tuple[str, ...]
    hesitations: tuple[str, ...]
    clear: tuple[str, ...]
    late: tuple[str, ...]
    times: tuple[tuple[str, str], ...]
    parts: Mapping[str, tuple[str, ...]]
    late_share: float = 0.12

    @cached_property
    def templates(self) -> tuple[str, ...]:
        """The clear ones, then the late ones."""
        return (*self.clear, *self.late)

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """How often each template is taken."""
        early, late = len(self.clear), len(self.late)
        each = (1 - self.late_share) / early, self.late_share / late
        return (*[each[0]] * early, *[each[1]] * late)


MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ENDINGS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}

ENGLISH = Words(
    cities=(
        *("Beijing", "Changsha", "Shanghai", "Wuhan", "Nanjing", "Xiamen", "Chengdu", "Lhasa"),
        *("Paris", "London", "Berlin", "Madrid", "Rome", "Vienna", "Oslo", "Athens", "Cairo"),
        *("Boston", "Denver", "Seattle", "Dallas", "Toronto", "Sydney", "Tokyo", "Kyoto"),
        *("New York", "Hong Kong", "Los Angeles", "San Francisco", "Buenos Aires"),
    ),
    openings=("", "", "", "hello ,", "please ,", "well ,", "good morning ,", "excuse me ,"),
    endings=("", "", "", "", ".", "please", ", please", ", thank you .", ", if there are seats"),
    hesitations=(
        *("", "", "", "", "", "", "um ,", "let me see ,", "the lovely city of"),
        *("the old town of", "well , of course ,", "what was it called , yes ,"),
    ),
    clear=(
        "I wish to go to {um} {to} from {um} {from} {time}",
        "I wish to go from {um} {from} to {um} {to} {time}",
        "I want a ticket from {um} {from} to {um} {to} {time}",
        "I want a ticket to {um} {to} from {um} {from} {time}",
        "{time} I have to travel from {um} {from} to {um} {to}",
        "{time} I have to travel to {um} {to} , starting from {um} {from}",
        "is there a train to {um} {to} that leaves {um} {from} {time} ?",
        "is there a train that leaves {um} {from} {time} and goes to {um} {to} ?",
        "I would like to leave {um} {from} {time} and arrive in {um} {to}",
        "I would like to arrive in {um} {to} {time} , coming from {um} {from}",
        "book me a seat to {um} {to} {time}",
        "book me a seat from {um} {from} {time}",
        "a ticket to {um} {to} from {um} {from} , {time}",
        "my destination is {um} {to} , and I start in {um} {from} {time}",
        "I start in {um} {from} {time} , and my destination is {um} {to}",
        "I am calling from {other} , I need to go to {um} {to} from {um} {from} {time}",
        "I am calling from {other} and want to go from {um} {from} to {um} {to} {time}",
        "my sister lives in {other} , but I want to go to {um} {to} from {um} {from} {time}",
        "my birthday is {day} , so {time} I want to go from {um} {from} to {um} {to}",
        "{day} is my birthday , so I want to go to {um} {to} {time}",
        "not via {other} : from {um} {from} to {um} {to} {time}",
        "not via {other} : to {um} {to} from {um} {from} {time}",
        "how far is {other} from here ? I want to leave {um} {from} {time} for {um} {to}",
        "is it raining in {other} ?",
        "I was born in {other} {day}",
        "what time is it in {other} ?",
    ),
    late=(
        "{from} is where I start , {to} is where I want to be {time}",
        "{to} is where I want to be {time} , {from} is where I start",
        "{from} to {to} {time}",
        "{to} from {from} {time}",
    ),
    times=(
        ("on", "{month} {date}"),
        ("on", "{month} {date}"),
        ("on", "the {date} of {month}"),
        ("on", "{weekday}"),
        ("on", "{weekday} {daytime}"),
        ("", "next {weekday}"),
        ("", "tomorrow"),
        ("", "tomorrow {daytime}"),
        ("", "tonight"),
        ("at", "{clock}"),
        ("at", "{hour} o'clock"),
        ("", "tomorrow at {clock}"),
        ("on", "{month} {date} at {clock}"),
    ),
    parts={
        "{month}": MONTHS,
        "{date}": tuple(f"{day} {ENDINGS.get(day, 'th')}" for day in range(1, 32)),
        "{weekday}": WEEKDAYS,
        "{daytime}": ("morning", "afternoon", "evening", "night"),
        "{clock}": tuple(f"{hour}:{minute:02}" for hour in range(24) for minute in range(0, 60, 5)),
        "{hour}": ("six", "seven", "eight", "nine", "ten", "eleven", "two", "three", "four"),
    },
)

NUMERALS = "一二三四五六七八九"
DAYS = (
    *NUMERALS, "十", *(f"十{n}" for n in NUMERALS),
    "二十", *(f"二十{n}" for n in NUMERALS), "三十", "三十一",
)  # fmt: skip
HOURS = (*NUMERALS[5:], "十", "十一", "十二", "两", "三", "四")

CHINESE = Words(
    cities=(
        *("北京", "长沙", "上海", "武汉", "南京", "厦门", "成都", "拉萨", "广州", "深圳", "杭州"),
        *("重庆", "西安", "天津", "苏州", "青岛", "昆明", "沈阳", "郑州", "济南", "哈尔滨"),
        *("大连", "桂林", "贵阳", "兰州", "太原", "合肥", "福州", "南昌", "海口"),
    ),
    openings=("", "", "", "你好 ,", "请问 ,", "麻烦 你 ,", "早上 好 ,", "喂 ,"),
    endings=("", "", "", "。", "。", ", 谢谢 。", ", 有 座位 吗 ?", ", 拜托 了"),
    hesitations=(
        *("", "", "", "", "", "", "嗯 ,", "那个 ,", "美丽 的", "古城"),
        *(", 让 我 想想 ,", ", 叫 什么 来着 , 对 了 ,"),
    ),
    clear=(
        "我 想 {time} 从 {um} {from} 去 {um} {to}",
        "我 想 {time} 去 {um} {to} , 从 {um} {from} 出发",
        "我 要 一 张 从 {um} {from} 到 {um} {to} 的 票 , {time} 的",
        "我 要 一 张 去 {um} {to} 的 票 , 从 {um} {from} 走 , {time}",
        "请 帮 我 订 {time} 从 {um} {from} 到 {um} {to} 的 车票",
        "{time} 我 得 从 {um} {from} 到 {um} {to}",
        "{time} 我 得 到 {um} {to} , 从 {um} {from} 动身",
        "有 没有 {time} 离开 {um} {from} 去 {um} {to} 的 火车 ?",
        "有 没有 去 {um} {to} 的 火车 , {time} 离开 {um} {from} ?",
        "我 的 目的地 是 {um} {to} , 出发地 是 {um} {from} , 时间 是 {time}",
        "我 的 出发地 是 {um} {from} , 目的地 是 {um} {to} , 时间 是 {time}",
        "我 要 一 张 {time} 去 {um} {to} 的 票",
        "{time} 从 {um} {from} 走 的 票 还 有 吗 ?",
        "我 在 {other} 打 电话 , 想 {time} 从 {um} {from} 去 {um} {to}",
        "我 在 {other} 打 电话 , 想 {time} 去 {um} {to} , 从 {um} {from} 出发",
        "我 姐姐 住 在 {other} , 可是 我 想 去 {um} {to} , {time} 从 {um} {from} 走",
        "{day} 是 我 的 生日 , 所以 我 想 {time} 去 {um} {to}",
        "我 的 生日 是 {day} , 我 想 {time} 从 {um} {from} 去 {um} {to}",
        "不要 经过 {other} , 从 {um} {from} 到 {um} {to} , {time}",
        "{other} 下雨 了 吗 ?",
        "我 {day} 生 在 {other}",
        "现在 {other} 几 点 ?",
    ),
    late=(
        "{from} 出发 , {to} 下车 , {time}",
        "{to} 下车 , {from} 出发 , {time}",
        "{from} 到 {to} , {time}",
        "{to} 是 我 要 去 的 地方 , {from} 是 我 动身 的 地方 , {time}",
        "{from} 是 我 动身 的 地方 , {to} 是 我 要 去 的 地方 , {time}",
    ),
    times=(
        ("", "{month} {date}"),
        ("", "{month} {date}"),
        ("", "{number} 月 {figure} 日"),
        ("", "{number} 月 {figure} 号"),
        ("", "{week} {weekday}"),
        ("", "{weekday} {daytime}"),
        ("", "{near}"),
        ("", "{near} {daytime}"),
        ("", "{near} {daytime} {hour}"),
        ("", "{daytime} {hour}"),
        ("", "{month} {date} {daytime}"),
        ("", "{near} {clock}"),
    ),
    parts={
        "{month}": tuple(f"{month}月" for month in (*NUMERALS, "十", "十一", "十二")),
        "{date}": tuple(f"{day}{mark}" for day in DAYS for mark in "日号"),
        "{number}": tuple(map(str, range(1, 13))),
        "{figure}": tuple(map(str, range(1, 32))),
        "{week}": ("下周", "这周"),
        "{weekday}": tuple(f"星期{day}" for day in "一二三四五六日"),
        "{near}": ("今天", "明天", "后天"),
        "{daytime}": ("早上", "上午", "下午", "晚上"),
        "{hour}": tuple(f"{hour}点{half}" for hour in HOURS for half in ("", "半")),
        "{clock}": tuple(f"{hour}:{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45)),
    },
)
