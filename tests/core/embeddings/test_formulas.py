"""Formulas of words: what they mean, where they break, and that nothing else can happen."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.embeddings import formulas
from core.embeddings.formulas import (
    DEEPEST,
    LONGEST,
    FormulaError,
    Number,
    Operation,
    Word,
    parse,
    words_of,
    written,
)


def shape(tree: formulas.Formula) -> object:
    """The tree without positions: numbers and words as they are, operations as tuples."""
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Word):
        return tree.text
    return (tree.sign, *map(shape, tree.parts))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("king", "king"),
        ("king - man", ("-", "king", "man")),
        ("king-man+woman", ("+", ("-", "king", "man"), "woman")),
        ("a - b - c", ("-", ("-", "a", "b"), "c")),
        ("a - (b - c)", ("-", "a", ("-", "b", "c"))),
        ("2 * a + b / 4", ("+", ("*", 2.0, "a"), ("/", "b", 4.0))),
        ("a * 2 * 3", ("*", ("*", "a", 2.0), 3.0)),
        ("-a + b", ("+", ("-", "a"), "b")),
        ("--a", "a"),
        ("-+-+-a", ("-", "a")),
        ("a * -2", ("*", "a", ("-", 2.0))),
        ("avg(a)", ("avg", "a")),
        ("avg(a, b) - avg(c,d,e)", ("-", ("avg", "a", "b"), ("avg", "c", "d", "e"))),
        ("unit(a - b)", ("unit", ("-", "a", "b"))),
        ("avg", "avg"),
        ("unit - avg", ("-", "unit", "avg")),
        ("don't - o'clock", ("-", "don't", "o'clock")),
        ('"new york" - "1984"', ("-", "new york", "1984")),
        ("'x-ray' + “e-mail”", ("+", "x-ray", "e-mail")),
        (r'"a\"b" + "c\\d" + "e\f"', ("+", ("+", 'a"b', "c\\d"), r"e\f")),
        ("国王 － 男人 ＋ 女人", ("+", ("-", "国王", "男人"), "女人")),
        ("avg（巴黎，罗马）−「法国」", ("-", ("avg", "巴黎", "罗马"), "法国")),
        ("2×a ÷ 4", ("/", ("*", 2.0, "a"), 4.0)),
        ("1.5 * .5 * 2e1 * a", ("*", ("*", ("*", 1.5, 0.5), 20.0), "a")),
        ("3d + 1e", ("+", "3d", "1e")),
        ("__import__", "__import__"),
        ("a.b[0]; x=1 ", None),
    ],
)
def test_formulas_read_as_they_look(text: str, tree: object) -> None:
    if tree is None:
        with pytest.raises(FormulaError):
            parse(text)
    else:
        assert shape(parse(text)) == tree


@pytest.mark.parametrize(
    ("text", "problem", "position"),
    [
        ("", "empty", 0),
        ("   ", "empty", 0),
        ("king -", "end", 6),
        ("king man", "extra", 5),
        ("king 2", "extra", 5),
        ("* king", "word", 0),
        ("a + * b", "word", 4),
        ("(a - b", "close", 6),
        ("a - b)", "extra", 5),
        ("(a, b)", "close", 2),
        ("unit(a, b)", "close", 6),
        ("avg()", "word", 4),
        ("avg(a,)", "word", 6),
        ("a(b)", "function", 0),
        ("x + eval(b)", "function", 4),
        ('"avg"(b)', "function", 0),
        ('a - "b', "quote", 4),
        ('a - ""', "word", 4),
        ("a ”b", "sign", 2),
        ("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1), "deep", DEEPEST),
        ("a+" * LONGEST, "long", LONGEST),
    ],
)
def test_errors_say_where(text: str, problem: str, position: int) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert (caught.value.problem, caught.value.position) == (problem, position)
    assert f"position {position + 1}" in str(caught.value)


def test_words_come_in_their_order_with_positions() -> None:
    found = list(words_of(parse("b + 2 * (a - b)")))
    assert [(word.text, word.position) for word in found] == [("b", 0), ("a", 9), ("b", 13)]


def test_the_deepest_brackets_and_the_longest_formula_are_read() -> None:
    assert shape(parse("(" * DEEPEST + "a" + ")" * DEEPEST)) == "a"
    longest = "a+" * ((LONGEST - 1) // 2) + "a"
    assert len(list(words_of(parse(longest)))) == LONGEST // 2


PIECES = st.sampled_from(
    [*"+-*/(),\"'“”「」 \\.\t\n0129eE_[]{};:=%@!", "avg(", "unit(", "king", "国王", "__class__"]
)


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=40).map("".join)))
def test_any_text_is_a_formula_or_a_formula_error(text: str) -> None:
    try:
        places = [word.position for word in words_of(parse(text))]
    except FormulaError as error:
        places = [error.position - 1]
    assert all(-1 <= place < len(text) for place in places)


@given(st.text(min_size=1, max_size=20) | PIECES)
def test_every_word_can_be_written(word: str) -> None:
    assert shape(parse(f"{written(word)} - {written(word)}")) == ("-", word, word)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("king", "king"),
        ("don't", "don't"),
        ("国王", "国王"),
        ("new york", '"new york"'),
        ("1984", '"1984"'),
        ("x-ray", '"x-ray"'),
        ("avg", '"avg"'),
        ('a"b', r'"a\"b"'),
        ("（", '"（"'),
    ],
)
def test_quotation_marks_stand_only_where_they_must(word: str, text: str) -> None:
    assert written(word) == text


def test_the_reader_calls_nothing_that_could_run_a_formula() -> None:
    source = ast.parse(Path(formulas.__file__).read_text(encoding="utf-8"))
    called = {node.func.id for node in ast.walk(source) if isinstance(node, ast.Call)
              and isinstance(node.func, ast.Name)}  # fmt: skip
    assert not called & {"eval", "exec", "compile", "getattr", "__import__", "open"}
    assert {node.names[0].name for node in ast.walk(source) if isinstance(node, ast.Import)} == {
        "re"
    }


def test_trees_are_equal_when_their_texts_are() -> None:
    assert parse("a - b") == Operation("-", (Word("a", 0), Word("b", 4)), 2)
