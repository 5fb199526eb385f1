"""The page that tags words: every part opens, what is typed is answered, nothing is run."""

from __future__ import annotations

import json
import re
import threading

import pytest
import torch
from streamlit.testing.v1 import AppTest

from core.tasks.conll import written
from core.tasks.tickets import tickets
from explorer import reading_job
from explorer.charts.gallery_tagging import atis_figure, kinds_figure
from explorer.gallery import tagging_atis, tagging_file
from explorer.gallery.common import models_of
from explorer.gallery.tagging_addresses import ahead_found, looks_ahead
from explorer.gallery.tagging_answers import answer, joiner, slots_of
from explorer.gallery.tagging_tickets import table_html
from explorer.gallery.tagging_what_if import NOWHERE, variants, verdict
from explorer.gallery.tagging_words import sentence_html
from explorer.jobs import Progress
from explorer.language import LANGUAGES, texts_of
from explorer.models import load_applied
from explorer.views.tagging import PARTS
from tests.explorer.pages import open_page, shown

DOCUMENT = "I wish to go to Changsha from Beijing on December 12th"
CHINESE = "我想十二月十二日从北京去长沙"
HOSTILE = "<img src=x onerror=alert(1)> to </b><script>1</script> `k` **m** $x$"
SWAPPED = "I wish to go to Beijing from Changsha on December 12 th"


def html_of(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens(part: str, language: str) -> None:
    texts = texts_of(language)
    app = open_page("tagging", lang=language, tag_part=part)
    assert problems(app) == []
    assert app.markdown[0].value == f"# {texts('nav.tagging')}"
    assert texts.lesson("tagging").strip() in [one.value for one in app.markdown]


@pytest.mark.parametrize(("language", "text"), [("en", DOCUMENT), ("zh", CHINESE)])
def test_the_sentence_of_the_course_is_understood(language: str, text: str) -> None:
    app = open_page("tagging", lang=language)
    assert app.text_area(key="tag_sentence").value == text
    slots = re.findall(r"<strong>(.*?)</strong>", html_of(app))
    wanted = {"en": "December 12th, Beijing, Changsha", "zh": "十二月十二日, 北京, 长沙"}
    assert ", ".join(slots) == wanted[language]


def test_an_own_sentence_is_answered_and_kept_in_the_address() -> None:
    app = open_page("tagging")
    own = "On Friday I have to travel from Oslo to New York"
    app.text_area(key="tag_sentence").set_value(own).run()
    assert problems(app) == []
    assert re.findall(r"<strong>(.*?)</strong>", html_of(app)) == ["Friday", "Oslo", "New York"]
    assert app.query_params["tag_sentence"] == own


@pytest.mark.parametrize("part", ["tickets", "addresses"])
def test_what_is_typed_is_only_ever_text(part: str) -> None:
    name = {"tickets": "tag_sentence", "addresses": "tag_address"}[part]
    app = open_page("tagging", tag_part=part, **{name: HOSTILE})
    assert problems(app) == []
    found = html_of(app)
    assert "<script>1" not in found
    assert "<img" not in found
    assert "&lt;" in found


def test_a_text_without_words_is_told_of() -> None:
    app = open_page("tagging", tag_sentence="to " * 80)
    assert problems(app) == []
    app.text_area(key="tag_sentence").set_value("  ").run()
    assert problems(app) == []


@pytest.mark.parametrize("text", [DOCUMENT, CHINESE])
def test_what_if(text: str) -> None:
    words = answer("tickets-lstm", text)
    found = variants(words)
    assert set(found) == {"swapped", "cues", "unknown", "shuffled"}
    if text == DOCUMENT:
        assert found["swapped"] == SWAPPED
        assert found["cues"] == "I wish to go from Changsha to Beijing on December 12 th"
        assert NOWHERE[False] in found["unknown"]
    exchanged = answer("tickets-bilstm", found["cues"])
    assert verdict(answer("tickets-bilstm", text), exchanged, "cues") == "followed"
    before, after = slots_of(words), slots_of(answer("tickets-lstm", found["swapped"]))
    assert (before["from"][0], before["to"][0]) == (after["to"][0], after["from"][0])
    assert verdict(words, answer("tickets-lstm", found["swapped"]), "swapped") == "followed"
    assert verdict(words, words, "swapped") == "astray"
    assert verdict(words, words, "shuffled") == "unchanged"
    assert sorted("".join(found["shuffled"].split())) == sorted(
        "".join(joiner(words).join(word[0] for word in words).split())
    )


def test_nothing_is_asked_that_a_sentence_does_not_allow() -> None:
    assert variants([("Hello", "O", 1.0), ("there", "O", 1.0)]) == {}


def test_every_network_stands_in_the_table_with_its_score() -> None:
    texts = texts_of("en")
    table = table_html(models_of("tickets"), DOCUMENT, texts)
    assert table.count("<tr>") == len(models_of("tickets")) + 2
    assert texts("baseline.usual-tag") in table


def test_the_networks_see_what_their_build_allows() -> None:
    app = open_page("tagging", lang="zh", tag_part="addresses")
    rows = re.findall(r"<tr aria-label=.*?</tr>", html_of(app), re.DOTALL)
    unseen = [row.count('class="unseen"') for row in rows]
    words = rows[0].count("<td") - 1
    assert unseen[0] == words - 3, "the short convolution sees three words"
    assert unseen[-1] == 0, "both directions see everything"
    assert 0 < unseen[2] < words
    other = open_page("tagging", lang="zh", tag_part="addresses", tag_word="2")
    assert html_of(other) != html_of(app)


def test_a_file_is_described(tmp_path) -> None:
    text = written(tickets(40, "en", "train", seed=1))
    app = open_page("tagging", tag_part="file")
    app.file_uploader(key="tag-file").set_value(("mine.conll", text.encode(), "text/plain")).run()
    assert problems(app) == []
    assert any("mine\\.conll" in line and "40 sentences" in line for line in shown(app))


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_a_file_is_written_is_said(language: str) -> None:
    texts = texts_of(language)
    app = open_page("tagging", lang=language, tag_part="file")
    data = "# from tweets\n#\tO\n北\tB-to\n大\tM-to\n京\tE-to\n".encode("gb18030")
    app.file_uploader(key="tag-file").set_value(("mine.txt", data, "text/plain")).run()
    assert problems(app) == []
    said = " ".join(
        [
            texts("tagging.scheme_BMES"),
            texts("tagging.comments", count="1"),
            texts("own_text.read_as", encoding="GB18030"),
        ]
    )
    assert said in [caption.value for caption in app.caption]


def test_a_file_that_takes_long_is_read_in_the_background(monkeypatch) -> None:
    free = threading.Event()

    def slow(name: str, data: bytes, progress: Progress) -> None:
        free.wait(20)
        raise ValueError("read at last")

    monkeypatch.setattr(tagging_file, "describe_file", slow)
    monkeypatch.setattr(reading_job, "AT_ONCE", 0.05)
    app = open_page("tagging", tag_part="file")
    app.file_uploader(key="tag-file").set_value(("slow.txt", b"slow\tO\n", "text/plain")).run()
    texts = texts_of("en")
    assert problems(app) == []
    assert texts("reading.stop") in [button.label for button in app.button]
    free.set()
    monkeypatch.setattr(reading_job, "AT_ONCE", 20.0)
    app.run()
    assert "read at last" in app.error[0].value


def test_a_file_that_is_none_is_told_of_with_its_line() -> None:
    app = open_page("tagging", tag_part="file")
    app.file_uploader(key="tag-file").set_value(("bad.txt", b"a\tO\nb\n", "text/plain")).run()
    assert problems(app) == []
    assert any("line 2" in line for line in shown(app))


def test_the_page_does_without_atis(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(tagging_file, "SHARED", tmp_path)
    monkeypatch.setattr(tagging_atis, "results", lambda: None)
    app = open_page("tagging", tag_part="file")
    assert problems(app) == []
    texts = texts_of("en")
    assert texts("tagging.no_file") in shown(app)
    assert texts("tagging.atis_none") in shown(app)


def test_the_results_on_atis_are_those_of_the_benchmark() -> None:
    found = json.loads(tagging_atis.RESULTS.read_text("utf-8"))
    assert [model["name"] for model in found["models"]] == [
        "elman", "jordan", "lstm", "gru", "bilstm",
    ]  # fmt: skip
    for model in found["models"]:
        assert len(model["f1"]) == len(model["seeds"]) == len(model["seconds"]) == 3
        assert found["baseline"] < min(model["f1"]) < 1
        assert max(model["seconds"]) <= 600


def test_charts_show_every_number() -> None:
    labels = ("run", "mean", "reported", "F1")
    figure = atis_figure({"a": [94.0, 95.0], "<b>": [96.0]}, {"c": 95.5}, labels, dark=False)
    runs, means, others = figure.data
    assert list(runs.x) == [94.0, 95.0, 96.0]
    assert list(means.x) == [94.5, 96.0]
    assert list(others.x) == [95.5]
    assert "<b>" not in str(runs.y)
    bars = kinds_figure({"city": 5, "time": 2}, "phrases", dark=True).data[0]
    assert list(bars.x) == [5, 2]


def test_words_are_spoken_with_their_tags() -> None:
    texts = texts_of("en")
    markup = sentence_html([("to", "O", 1.0), ('R"ome', "B-to", 0.75)], texts)
    assert 'aria-label="to, R&quot;ome: To 75%"' in markup


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_score_stands_beside_how_far_a_network_looks_ahead(language: str) -> None:
    """Sight is measured: a word is changed, and the tags of those before it are compared."""
    texts = texts_of(language)
    models = models_of("addresses")
    sights = {model.id: looks_ahead(model) for model in models}
    tokens = 24
    for model in models:
        applied = load_applied(model.id)
        torch.manual_seed(0)
        inputs = torch.randint(0, 20, (tokens, 1))
        other = inputs.clone()
        other[-1] = 21
        with torch.no_grad():
            answers = [applied.model.eval()(one)[0][:, 0] for one in (inputs, other)]
        changed = (answers[0] != answers[1]).any(-1).nonzero().flatten()
        furthest = tokens - 1 - int(changed.min())
        expected = sights[model.id]
        assert furthest == (tokens - 1 if expected is None else expected), model.id
    said = ahead_found(models, texts)
    order = [said.index(f"{100 * model.score:.1f}%") for model in models if sights[model.id] == 0]
    assert max(order) < said.index(texts("tagging.ahead_all"))
    assert said in shown(open_page("tagging", lang=language, tag_part="addresses"))
