"""Values for a parameter of an address, by what the page takes it for."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

NUMBERS = (
    "0", "-1", "1", "2", "7", "63", "255", "999", "1000", "99999", "1000000", "2147483648",
    "9" * 40, "1e9", "1e309", "-0.0", "0.5", "nan", "inf", "0x10", "1_000", "٣", "²", "+3", " 4 ",
)  # fmt: skip
TEXTS = (
    "",
    " ",
    "\n\n\t",
    "a",
    "namaska",
    "na" * 200,
    "x" * 20_000,
    "国王",
    "我们" * 3000,
    "🙂👩‍👩‍👧‍👦",
    "e" + "\u0301" * 5000,
    "\u202eabc\u0000\ufffe\u2028",
    "<img src=x onerror=alert(1)> $x$ :red[x] `k` **m** [a](b)",
    "../../etc/passwd",
    "{}{0}{__class__}%s%n",
    '{"a":' * 500,
    "avg(" * 200,
    "king - queen + " * 300 + "king",
    "1-" + "9" * 30,
    "1,2,3;4",
    "; ".join("abc" for _ in range(3000)),
    ".".join(map(str, range(2000))),
    "(((((((((a*b)",
    "((a+)+)+$" + "a" * 40 + "!",
    "True",
    "None",
    "undefined",
)


# Blocks of Unicode: Latin, Chinese, marks that combine, pictures, controls.
BLOCKS = ((0x20, 0x7F), (0x20, 0x7F), (0x4E00, 0x9FFF), (0x300, 0x370), (0x1F300, 0x1F6FF), (0, 32))


def value_for(rng: Random, default: str, allowed: Collection[str] | None) -> str:
    """A value as a page might get it: mostly of the right type, often at or beyond its limits."""
    draw = rng.random()
    if allowed and draw < 0.7:
        return str(rng.choice(list(allowed)))
    if _is_number(default) and draw < 0.85:
        return rng.choice(NUMBERS)
    if draw < 0.9:
        return rng.choice(TEXTS)
    if draw < 0.95:
        return rng.choice(NUMBERS)
    blocks = rng.choices(BLOCKS, k=rng.randrange(1, 300))
    return "".join(chr(rng.randrange(*block)) for block in blocks)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
