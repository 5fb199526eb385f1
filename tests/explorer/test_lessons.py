"""The lessons are complete, say the same in both languages, and survive Streamlit's Markdown."""

import re
from pathlib import Path

import pytest

from explorer.language import LANGUAGES, texts_of

LESSONS = Path(__file__).resolve().parents[2] / "explorer" / "lessons"
VIEWS = Path(__file__).resolve().parents[2] / "explorer" / "views"
PAGES = sorted(path.stem for path in VIEWS.glob("[a-z]*.py"))
TOUR = ("cell", "unrolled", "states", "gradients")
EVERY = [(language, page) for language in LANGUAGES for page in PAGES]
HAN = "[\u4e00-\u9fff]"
BOLD = re.compile(r"(?P<before>^|.)\*\*(?P<inside>.+?)\*\*(?P<after>.|$)")

every_lesson = pytest.mark.parametrize(("language", "page"), EVERY)
every_page = pytest.mark.parametrize("page", PAGES)


def read(language: str, page: str) -> str:
    return (LESSONS / language / f"{page}.md").read_text(encoding="utf-8")


def without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", text)


def headings(text: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) \S", text, flags=re.M)]


def displays(text: str) -> list[str]:
    """The displayed formulas without the words in them and without spaces."""
    found = re.findall(r"^\$\$\n(.*?)\n\$\$$", text, flags=re.M | re.S)
    return [re.sub(r"\\text\{[^}]*\}|[\s,]", "", formula) for formula in found]


def opens_and_closes(before: str, inside: str, after: str) -> bool:
    """CommonMark's rule: ** beside a letter outside may not touch punctuation inside."""
    opens = inside[0].isalnum() or not before.isalnum()
    closes = inside[-1].isalnum() or not after.isalnum()
    return opens and closes


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("**更新门。** 这里", True),
        ("它**保留**旧状态", True),
        ("**更新门。**这里", False),
        ("它**“保留”** 旧状态", False),
    ],
)
def test_the_rule_for_bold_tells_broken_from_sound(text, sound):
    assert opens_and_closes(**BOLD.search(text).groupdict()) is sound


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_one_lesson_for_each_page_and_nothing_else(language):
    assert sorted(path.name for path in (LESSONS / language).iterdir()) == sorted(
        f"{page}.md" for page in PAGES
    )


@every_page
def test_both_languages_have_the_same_headings(page):
    english, chinese = headings(read("en", page)), headings(read("zh", page))
    assert english == chinese
    assert len(english) >= 4
    assert set(english) <= {2, 3}, "headings start at ##: the page's title is the only #"


@every_page
def test_both_languages_show_the_same_formulas(page):
    english = displays(read("en", page))
    assert english == displays(read("zh", page))
    # Home is there at once: a formula would bring a quarter of a megabyte to draw it.
    assert bool(english) is (page != "home")
    assert ("$" in read("en", page)) is (page != "home")


@every_page
def test_both_languages_have_as_many_list_items(page):
    english, chinese = (
        re.findall(r"^(\d+\.|-) ", read(language, page), flags=re.M) for language in ("en", "zh")
    )
    assert english == chinese


@every_page
def test_the_lessons_are_long_enough_to_teach_something(page):
    prose = re.sub(r"\$\$.*?\$\$", "", read("en", page), flags=re.S)
    assert len(re.findall(r"[A-Za-z]{2,}", prose)) > 300
    assert len(re.findall(HAN, read("zh", page))) > 500


@every_lesson
def test_no_html_and_nothing_left_to_do(language, page):
    text = read(language, page)
    assert not re.search(r"</?[A-Za-z!]", text)
    assert not re.search(r"TODO|FIXME|https?://", text)


@every_lesson
def test_formulas_begin_and_end(language, page):
    text = without_code(read(language, page))
    fences = [line for line in text.splitlines() if "$$" in line]
    assert fences == ["$$"] * len(fences), "display fences stand alone on their line"
    assert len(fences) == 2 * len(displays(text))
    for line in text.splitlines():
        assert line == "$$" or line.count("$") % 2 == 0, line
    for formula in re.findall(r"\$\$(.*?)\$\$", text, flags=re.S):
        assert formula.count("{") == formula.count("}"), formula
        assert formula.count(r"\begin") == formula.count(r"\end"), formula


@every_lesson
def test_emphasis_is_closed_where_markdown_can_see_it(language, page):
    text = re.sub(r"\$[^$]*\$", "", without_code(read(language, page)))
    for line in text.splitlines():
        assert line.count("**") % 2 == 0, line
        assert line.count("*") % 2 == 0, line
        for bold in BOLD.finditer(line):
            assert opens_and_closes(**bold.groupdict()), bold[0]


@every_page
def test_each_language_keeps_to_its_punctuation(page):
    chinese = without_code(re.sub(r"\$[^$]*\$", "", read("zh", page)))
    assert not re.search(rf"{HAN}[,.;:?!()]|[,.;:?!()]{HAN}", chinese.replace(". ", ""))
    assert not re.search(f"{HAN}|[，。；：？！（）]", read("en", page))


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_leads_to_every_page_by_its_name_in_the_menu(language):
    texts = texts_of(language)
    places = [read(language, "home").find(f"**{texts(f'nav.{page}')}**") for page in TOUR]
    assert -1 not in places
    assert places == sorted(places)


@every_lesson
def test_the_app_reads_the_same_text(language, page):
    assert texts_of(language).lesson(page) == read(language, page)
