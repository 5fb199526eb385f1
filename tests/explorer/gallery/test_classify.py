"""The page of verdicts: colours, windows and scores are those of the networks."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from core.tasks.digits import digits
from core.tasks.sentiment import KINDS, corpus
from explorer.captions import spoken
from explorer.charts.gallery_classify import confusion
from explorer.gallery.classify_digit import confused, rows_caption
from explorer.gallery.classify_scores import (
    PARTS,
    counted,
    fall,
    finding,
    measured,
    scores_of,
    scores_table,
)
from explorer.gallery.classify_sentence import per_step, sentence_caption, standing
from explorer.gallery.classify_windows import strongest, windows_of
from explorer.gallery.common import models_of
from explorer.language import LANGUAGES, texts_of
from explorer.models import load_applied
from tests.explorer.pages import arrays_of, open_page, payload, shown, spec

TEXT = {
    "en": "ann thought the tea would be bad , but it was zorgon good .",
    "zh": "小红今天不开心了。",
}


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


def pair(language: str):
    models = models_of("sentiment", language=language)
    return next(m for m in models if m.recurrent), next(m for m in models if not m.recurrent)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["sentence", "digit"])
def test_every_part_opens(part: str, language: str) -> None:
    app = open_page("classify", lang=language, verdict_part=part)
    texts = texts_of(language)
    assert problems(app) == []
    assert app.markdown[0].value == f"# {texts('nav.classify')}"
    assert texts.lesson("classify").strip() in [one.value for one in app.markdown]
    assert spec(app)["text"] == dict(texts.section("player"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_readers_sentence_is_judged_at_once(language: str) -> None:
    app = open_page("classify", lang=language, sentence=TEXT[language])
    assert problems(app) == []
    rnn, _ = pair(language)
    answer = load_applied(rnn.id).answer(TEXT[language])
    arrays = arrays_of(payload(app))
    assert spec(app)["tokens"] == list(answer.tokens)
    assert spec(app)["unknown"] == list(answer.unknown)
    np.testing.assert_allclose(arrays["curve.positive"], answer.after[:, 2], atol=1e-6)
    moves = np.diff(arrays["stand.rnn"], prepend=0)
    np.testing.assert_allclose(arrays["move.rnn"], moves / np.abs(moves).max(), atol=1e-5)


def test_what_was_never_seen_is_named() -> None:
    app = open_page("classify", lang="en", sentence=TEXT["en"])
    assert spec(app)["unknown"] == [11]
    assert "zorgon" in spec(app)["panels"][0]["alt"]


def test_a_page_of_one_language_judges_the_other() -> None:
    app = open_page("classify", lang="en", verdict_in="zh", sentence=TEXT["zh"])
    assert problems(app) == []
    assert spec(app)["tokens"] == list(TEXT["zh"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_windows_account_for_the_verdict_of_the_convolution(language: str) -> None:
    """Their sum and the biases are the difference of the logits, and cutting a sentence down to
    one window leaves its value."""
    _, beside = pair(language)
    network = load_applied(beside.id)
    answer = network.answer(TEXT[language])
    found = windows_of(network, answer.tokens)
    with torch.no_grad():
        logits = network.model(network.application.encode(TEXT[language])[1])[0][0]
        bias = network.model.read_out.bias.numpy()
    expected = float(logits[2] - logits[0])
    total = sum(window.value for window in found) + float(bias[2] - bias[0])
    assert total == pytest.approx(expected, abs=1e-4)
    assert per_step(found, len(answer.tokens)).sum() == pytest.approx(
        sum(window.value for window in found)
    )
    for window in found:
        assert window.last - window.first <= 2 * beside.window
    best = strongest(found, 2)
    assert all(abs(window.value) <= abs(best[0].value) for window in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_caption_says_both_verdicts(language: str) -> None:
    rnn, beside = pair(language)
    answers = {m.id: load_applied(m.id).answer(TEXT[language]) for m in (rnn, beside)}
    texts = texts_of(language)
    found = windows_of(load_applied(beside.id), answers[beside.id].tokens)
    caption = sentence_caption(rnn, beside, answers, found, texts)
    stand = standing(answers[rnn.id])
    moves = np.abs(np.diff(stand, prepend=0))
    leads = [lead.move["time"] for lead in caption if not isinstance(lead, str)]
    assert leads[0] == int(moves.argmax())
    for answer in answers.values():
        assert texts(f"classify.{answer.label}") in spoken(caption)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_networks_show_what_the_lesson_says(language: str) -> None:
    rnn, beside = pair(language)
    memory, windows = measured(rnn.id, "test"), measured(beside.id, "test")
    words = counted(language, "test")
    assert min(memory["local"], memory["order"], windows["local"]) > 0.97
    assert windows["contrast"] < 0.7
    assert words["order"] < 0.65 < words["local"] < windows["local"]
    score = (memory["local"] + memory["order"]) / 2
    assert score == pytest.approx(rnn.score, abs=0.02)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_has_a_row_for_every_kind(language: str) -> None:
    texts = texts_of(language)
    shares = dict.fromkeys((*KINDS, "local", "order"), 0.5)
    for part in PARTS:
        lines = scores_table({"a": shares, "b": shares}, language, part, texts).splitlines()
        assert len(lines) == 2 + len(KINDS) + 2
        assert {line.count("|") for line in lines} == {5}


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_scores_are_shown_and_are_those_of_answering_sentence_by_sentence(language) -> None:
    texts = texts_of(language)
    models = pair(language)
    columns = {part: scores_of(language, models, part, texts) for part in PARTS}
    name = list(columns["test"])[1]
    network = load_applied(models[0].id)
    for part in PARTS:
        some = getattr(corpus(language), part)[::7]
        right = np.mean([network.answer(one.text).label == one.label for one in some])
        assert columns[part][name]["all"] == pytest.approx(right, abs=0.08)
    known, fresh = (columns[part][name] for part in PARTS)
    assert known["all"] == pytest.approx(models[0].score, abs=1e-4)
    assert fresh["all"] < known["all"]
    said = finding(columns, texts)
    assert f"{100 * known['all']:.1f}%" in said
    assert f"{100 * fresh['all']:.1f}%" in said
    worst = max(KINDS, key=lambda kind: known[kind] - fresh[kind])
    assert texts(f"classify.kind_{worst}") in fall(name, columns, texts)
    page = "\n".join(shown(open_page("classify", lang=language)))
    for part in PARTS:
        assert corpus(language).example("double", part).text.rstrip(" .。") in page


def test_a_digit_is_read_row_by_row() -> None:
    app = open_page("classify", lang="en", verdict_part="digit", digit_image="23")
    assert problems(app) == []
    arrays = arrays_of(payload(app))
    np.testing.assert_array_equal(arrays["digit"], digits("test").images[23])
    assert spec(app)["steps"] == 8
    np.testing.assert_allclose(arrays["guess"].sum(1), 1, atol=1e-5)
    models = models_of("digit-rows")
    assert {f"same.{model.id}" for model in models} <= set(arrays)


@pytest.mark.parametrize("number", ["-3", "many", "100000"])
def test_a_number_of_no_image_is_refused_in_words(number: str) -> None:
    app = open_page("classify", lang="en", verdict_part="digit", digit_image=number)
    assert problems(app) == []
    refused = texts_of("en")("gallery.refused").rstrip(".")
    assert any(refused in said for said in shown(app))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_caption_says_from_which_row_on_it_was_sure(language: str) -> None:
    (model, *_) = models_of("digit-rows")
    answer = load_applied(model.id).answer("7")
    (lead,) = (
        one for one in rows_caption(model, answer, texts_of(language)) if not isinstance(one, str)
    )
    guesses = answer.after.argmax(-1)
    settled = lead.move["time"]
    assert (guesses[settled:] == guesses[-1]).all()
    assert settled == 0 or guesses[settled - 1] != guesses[-1]


def test_the_confusion_counts_every_test_image() -> None:
    (model, *_) = models_of("digit-rows")
    table = confused(model.id)
    assert table.sum() == len(digits("test"))
    assert table.trace() / table.sum() == pytest.approx(model.score, abs=1e-4)
    figure = confusion(table, dark=True, texts=texts_of("en").section("classify"))
    np.testing.assert_array_equal(figure.data[0].customdata, table)
