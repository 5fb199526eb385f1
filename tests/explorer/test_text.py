"""The labels: the same in both languages, all there, none left over."""

import ast
import re
from collections.abc import Iterator
from string import Formatter

import pytest

from core.applications import REGISTRY
from core.training.shelf import shipped_models
from explorer.language import FOLDER, LANGUAGES, Texts, preferred, texts_of
from explorer.players.bundle import PLAYERS

# Methods of JavaScript strings: `text` is also the name of a string here and there.
STRING_METHODS = {"length", "split", "includes", "replace", "slice", "startsWith", "trim"}


def labels(language: str) -> dict[str, str]:
    """Every label of a language by its dotted key."""
    tables = texts_of(language).labels
    return {
        f"{table}.{key}": label
        for table, entries in tables.items()
        for key, label in entries.items()
    }


def syntax() -> Iterator[ast.AST]:
    """Every piece of the app's Python."""
    for path in sorted(FOLDER.rglob("*.py")):
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def asked_by_python() -> Iterator[re.Pattern[str]]:
    """Every key, or pattern of keys, that the app asks ``texts(...)`` for in so many words."""
    for node in syntax():
        match node:
            case ast.Call(func=ast.Name(id="texts"), args=[key, *_]):
                yield from patterns(key)


def mentioned_in_python() -> Iterator[re.Pattern[str]]:
    """The same for every string: a key may be chosen in one place and asked for in another."""
    for node in syntax():
        yield from patterns(node)
        match node:
            case ast.Call(func=ast.Attribute(attr="section"), args=[table]):
                yield from (re.compile(p.pattern + r"\..*") for p in patterns(table))


def patterns(key: ast.AST) -> Iterator[re.Pattern[str]]:
    """What a string can be: f-strings and choices give several keys, a variable any."""
    if isinstance(key, ast.IfExp):
        yield from patterns(key.body)
        yield from patterns(key.orelse)
    elif isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield re.compile(re.escape(key.value))
    elif isinstance(key, ast.JoinedStr) and not isinstance(key.values[0], ast.FormattedValue):
        parts = (re.escape(p.value) if isinstance(p, ast.Constant) else "[^.]+" for p in key.values)
        yield re.compile("".join(parts))


def players() -> str:
    """All the browser-side code."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(PLAYERS.glob("*.js")))


def asked_by_players() -> Iterator[re.Pattern[str]]:
    """Every key, or pattern of keys, that the players read from ``text``."""
    code = players()
    for name in set(re.findall(r"(?<!/)\b(?:unknownT|t)ext\.([a-z]\w*)", code)) - STRING_METHODS:
        yield re.compile(name)
    for template in set(re.findall(r"\btext\[`([^`]*)`\]", code)):
        yield re.compile(re.sub(r"\$\{[^}]*\}", r"\\w+", template))


def test_both_languages_have_the_same_keys() -> None:
    english, chinese = labels("en"), labels("zh")
    assert english.keys() == chinese.keys()
    assert all(label.strip() for key, label in english.items() if key != "caption.gap")


@pytest.mark.parametrize("key", sorted(labels("en")))
def test_both_languages_fill_in_the_same_values(key: str) -> None:
    fields = [
        sorted(name for _, name, _, _ in Formatter().parse(labels(language)[key]) if name)
        for language in LANGUAGES
    ]
    assert fields[0] == fields[1]


def test_every_label_that_the_app_asks_for_is_there() -> None:
    asked = list(asked_by_python())
    assert len(asked) > 40
    known = labels("en")
    assert [p.pattern for p in asked if not any(map(p.fullmatch, known))] == []


def test_every_label_that_the_players_ask_for_is_there() -> None:
    asked = list(asked_by_players())
    assert len(asked) > 60
    known = texts_of("en").section("player")
    assert [p.pattern for p in asked if not any(map(p.fullmatch, known))] == []


def test_no_label_is_left_over() -> None:
    # A player may keep a key in a table and look it up later, so there any mention counts.
    mentioned = set(re.findall(r"\w+", players()))
    in_players, in_app = list(asked_by_players()), list(mentioned_in_python())

    def is_used(key: str) -> bool:
        table, name = key.split(".")
        if table == "player":
            return name in mentioned or any(p.fullmatch(name) for p in in_players)
        return any(p.fullmatch(key) for p in in_app)

    assert [key for key in labels("en") if not is_used(key)] == []


def test_every_corpus_and_application_and_nothing_else_has_a_name() -> None:
    corpora = {model.corpus for model in shipped_models()}
    assert set(texts_of("en").section("corpus")) == corpora | set(REGISTRY)


def test_a_missing_label_is_named() -> None:
    with pytest.raises(KeyError, match=r"explorer/text/zh\.toml has no 'nav\.nowhere'"):
        texts_of("zh")("nav.nowhere")
    with pytest.raises(KeyError, match=r"no 'nav\.home\.deeper'"):
        texts_of("en")("nav.home.deeper")


def test_values_are_filled_in() -> None:
    texts = Texts("en", {"a": {"b": "{x} of {y}"}})
    assert texts("a.b", x=1, y="{z}") == "1 of {z}"
    assert texts("a.b") == "{x} of {y}"


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("ZH-Hant-TW", "zh"),
        ("en-GB", "en"),
        ("de", "en"),
        (None, "en"),
    ],
)
def test_any_chinese_browser_begins_in_chinese(locale: str | None, language: str) -> None:
    assert preferred(locale) == language


def test_chinese_labels_are_chinese() -> None:
    # Names, signs and formulas are the same in both languages; words in a row are not.
    words = re.compile(r"[a-z]{2,} [a-z]{2,}")
    same = [key for key, label in labels("en").items() if labels("zh")[key] == label]
    assert [key for key in same if words.search(labels("en")[key])] == []
