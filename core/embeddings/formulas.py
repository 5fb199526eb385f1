"""Formulas of words, such as ``avg(paris, rome) - avg(france, italy)``: read, never evaluated.

A formula is read by the small grammar below into a tree of sums, products and words; nothing in
it can name anything but words, and nothing is handed to Python.

    formula = term   { ("+" | "-") term }
    term    = factor { ("*" | "/") factor }
    factor  = { "+" | "-" } primary
    primary = number | word | "quoted word" | "(" formula ")"
            | ("avg" | "unit") "(" formula { "," formula } ")"

A word is written as it is unless it has spaces or signs of the grammar in it, or looks like a
number: then it stands in quotation marks, ``"new york" - "1984"``. The full-width signs of
Chinese are read as their narrow forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 500
"""Characters of a formula that are read."""
DEEPEST = 40
"""Brackets and signs that may stand inside each other."""

FUNCTIONS = ("avg", "unit")

_WIDE = str.maketrans("（），＋－−×＊／÷　", "(),+--**// ")
_CLOSING = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』", "《": "》"}
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE]\d+)?|\.\d+", re.ASCII)
_WORD = re.compile(r"[^\s+\-*/(),\"“”「」『』《》]+")


class FormulaError(ValueError):
    """A formula that cannot be read; says where and why.

    Parameters
    ----------
    problem
        One of "empty", "long", "deep", "word", "end", "sign", "close", "quote", "extra",
        "function", so that a page can say it in its own language.
    position
        Place of the first character that does not fit, counted from 0.
    found
        What stands there.
    """

    def __init__(self, problem: str, position: int, found: str, message: str) -> None:
        super().__init__(f"{message} (position {position + 1} of the formula)")
        self.problem = problem
        self.position = position
        self.found = found


@dataclass(frozen=True)
class Number:
    """A number, which scales what it is multiplied with."""

    value: float
    position: int


@dataclass(frozen=True)
class Word:
    """A word, which stands for its vector."""

    text: str
    position: int


@dataclass(frozen=True)
class Operation:
    """``+ - * /`` of two formulas, ``-`` of one, or a function of several."""

    sign: str
    parts: tuple[Formula, ...]
    position: int


Formula = Number | Word | Operation


def parse(text: str) -> Formula:
    """The tree of a formula.

    Raises
    ------
    FormulaError
        The text is no formula; the error has the position.
    """
    if len(text) > LONGEST:
        raise FormulaError(
            "long", LONGEST, "", f"{len(text)} characters came; at most {LONGEST} are read"
        )
    reader = _Reader(list(_tokens(text)), len(text))
    if reader.kind == "end":
        raise FormulaError("empty", 0, "", "the formula is empty; write for example king - man")
    formula = reader.formula()
    if reader.kind != "end":
        raise reader.error("extra", "put a sign such as + or - before it")
    return formula


def words_of(formula: Formula) -> Iterator[Word]:
    """Every word of a formula, from left to right, as often as it stands there."""
    if isinstance(formula, Word):
        yield formula
    elif isinstance(formula, Operation):
        for part in formula.parts:
            yield from words_of(part)


def written(word: str) -> str:
    """A word as it can stand in a formula: in quotation marks where it has to be."""
    simple = _WORD.fullmatch(word) and not _NUMBER.fullmatch(word) and word[0] not in _CLOSING
    if simple and word == word.translate(_WIDE) and word not in FUNCTIONS:
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@dataclass(frozen=True)
class _Token:
    kind: str  # "number", "word", "quoted", "end", or the sign itself
    text: str
    position: int


def _tokens(text: str) -> Iterator[_Token]:
    narrow = text.translate(_WIDE)
    position = 0
    while position < len(narrow):
        sign = narrow[position]
        if sign.isspace():
            position += 1
        elif sign in "+-*/(),":
            yield _Token(sign, sign, position)
            position += 1
        elif sign in _CLOSING:
            quoted, end = _quoted(text, position)
            yield _Token("quoted", quoted, position)
            position = end
        elif (match := _WORD.match(narrow, position)) is None:
            raise FormulaError("sign", position, sign, f"{sign!r} has no place here")
        else:
            kind = "number" if _NUMBER.fullmatch(match[0]) else "word"
            yield _Token(kind, match[0], position)
            position = match.end()
    yield _Token("end", "", len(text))


def _quoted(text: str, start: int) -> tuple[str, int]:
    """What stands in the quotation marks that open at ``start``, and the place after them."""
    closing = _CLOSING[text[start]]
    found, position = [], start + 1
    while position < len(text) and text[position] != closing:
        # A backslash takes the mark or the backslash after it literally.
        if text[position] == "\\" and text[position + 1 : position + 2] in (closing, "\\"):
            position += 1
        found.append(text[position])
        position += 1
    if position >= len(text):
        raise FormulaError(
            "quote", start, text[start], f"the quotation mark {text[start]} is never closed"
        )
    if not found:
        raise FormulaError("word", start, text[start] + closing, "there is no word between them")
    return "".join(found), position + 1


class _Reader:
    """One method for each rule of the grammar; each begins at the token it reads first."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.place].kind

    def take(self) -> _Token:
        token = self.tokens[self.place]
        self.place += 1
        return token

    def error(self, problem: str, remedy: str) -> FormulaError:
        token = self.tokens[self.place]
        what = f"{token.text!r} is not expected here" if token.text else "the formula ends too soon"
        return FormulaError(problem, token.position, token.text, f"{what}; {remedy}")

    def formula(self) -> Formula:
        left = self.term()
        while self.kind in ("+", "-"):
            sign = self.take()
            left = Operation(sign.text, (left, self.term()), sign.position)
        return left

    def term(self) -> Formula:
        left = self.factor()
        while self.kind in ("*", "/"):
            sign = self.take()
            left = Operation(sign.text, (left, self.factor()), sign.position)
        return left

    def factor(self) -> Formula:
        minus = None
        while self.kind in ("+", "-"):
            sign = self.take()
            if sign.text == "-":
                minus = None if minus else sign
        primary = self.primary()
        return primary if minus is None else Operation("-", (primary,), minus.position)

    def primary(self) -> Formula:
        if self.kind == "number":
            token = self.take()
            return Number(float(token.text), token.position)
        if self.kind == "(":
            opening = self.take()
            (inside,) = self.inside(opening, several=False)
            return inside
        if self.kind in ("word", "quoted"):
            token = self.take()
            if self.kind != "(":
                return Word(token.text, token.position)
            return self.call(token)
        problem = "end" if self.kind == "end" else "word"
        raise self.error(problem, "a word, a number or a bracket was expected")

    def call(self, name: _Token) -> Formula:
        if name.kind == "quoted" or name.text not in FUNCTIONS:
            known = " and ".join(FUNCTIONS)
            raise FormulaError(
                "function",
                name.position,
                name.text,
                f"{name.text!r} is no function; {known} are. Put a sign between word and bracket",
            )
        parts = self.inside(self.take(), several=name.text == "avg")
        return Operation(name.text, tuple(parts), name.position)

    def inside(self, opening: _Token, *, several: bool) -> list[Formula]:
        """What stands between brackets, up to and with the closing one."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(
                "deep", opening.position, "(", f"brackets stand more than {DEEPEST} deep"
            )
        parts = [self.formula()]
        while several and self.kind == ",":
            self.take()
            parts.append(self.formula())
        if self.kind != ")":
            raise self.error("close", f"the bracket of position {opening.position + 1} is open")
        self.take()
        self.depth -= 1
        return parts
