"""The translation page: what it sends to the browser is what the network does."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.applications.writing import END_SIGN, START_SIGN
from core.training.gallery.shelf import gallery_models
from explorer.captions import spoken
from explorer.charts.gallery_translate import attention_figure, lengths_figure, mistakes_figure
from explorer.gallery.translate import ASTRAY, ERRING
from explorer.gallery.translate_runs import (
    RATIOS,
    alternatives,
    by_length,
    held_out,
    translated,
)
from explorer.gallery.translate_stage import translate_caption, translate_stage
from explorer.language import LANGUAGES, texts_of
from explorer.models import load_applied
from tests.explorer.pages import arrays_of, open_page, shown, spec, spec_of

MODELS = [model for model in gallery_models() if model.shape == "out-of-step"]
IDS = [model.id for model in MODELS]
TEXTS = {"dates": "the third of March 1998", "numbers": "three hundred and five"}


def example(model) -> str:
    return TEXTS[model.application]


def test_there_are_networks_with_and_without_attention_for_each_task() -> None:
    kinds = {(model.application, model.attention) for model in MODELS}
    assert kinds == {(task, looks) for task in TEXTS for looks in (True, False)}


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_running_free_is_the_networks_own_answer(model) -> None:
    found = translated(model.id, example(model), 0.5, 3)
    answer = load_applied(model.id).answer(example(model))
    assert found.free.answer == answer["answer"]
    assert found.truth == answer["expected"]
    np.testing.assert_allclose(found.free.chance, [p for _, p in answer["steps"]], rtol=1e-4)
    assert found.free.fed == (START_SIGN, *found.free.said[:-1])
    assert set(found.free.given) <= {"start", "own", "wrong"}


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_with_a_teacher_every_step_is_fed_the_truth(model) -> None:
    found = translated(model.id, example(model), 1.0, 0)
    _, taught = found.lanes
    assert "".join(taught.fed) == START_SIGN + found.truth
    assert set(taught.given[1:]) == {"true"}
    right = [*found.truth, END_SIGN]
    assert [said == true for said, true in zip(taught.said, right, strict=True)] == list(
        taught.right
    )


def test_without_help_both_runs_are_the_same() -> None:
    for model in MODELS:
        free, taught = translated(model.id, example(model), 0.0, 0).lanes
        steps = min(len(free.fed), len(taught.fed))
        assert free.fed[:steps] == taught.fed[:steps]


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_states_are_those_of_the_recording(model) -> None:
    found = translated(model.id, example(model), 1.0, 0)
    traces = load_applied(model.id).read(example(model), loss_at=None)
    np.testing.assert_allclose(
        found.states, traces["encoder"]["hidden"].values[-1, :, :, 0], atol=1e-5
    )
    np.testing.assert_allclose(
        found.free.states, traces["decoder"]["hidden"].values[-1, 0, :, 0], atol=1e-5
    )
    assert (found.free.attention is not None) == model.attention
    if model.attention:
        np.testing.assert_allclose(
            found.free.attention, traces["decoder"]["attention"].values[:, 0], atol=1e-5
        )
        np.testing.assert_allclose(found.free.attention.sum(-1), 1, atol=1e-5)


def test_where_nobody_knows_the_truth_there_is_no_teacher() -> None:
    model = next(model for model in MODELS if model.application == "dates")
    found = translated(model.id, "3/4/1998", 1.0, 0)
    assert found.truth is None
    assert len(found.lanes) == 1
    assert set(found.free.right) == {None}
    assert found.free.loss is None


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_errors_do_not_shrink_without_help_and_the_score_is_the_models(model) -> None:
    torch.set_num_threads(1)
    found = held_out(model.id)
    assert found.wrong.shape[0] == len(RATIOS)
    assert found.wrong[-1].mean() >= found.wrong[0].mean() - 1e-3
    assert found.exact.mean() == pytest.approx(model.score, abs=0.05)
    rows = by_length(found)
    assert sum(count for _, _, count in rows) == len(found.exact)
    weighted = sum(share * count for _, share, count in rows) / len(found.exact)
    assert weighted == pytest.approx(found.exact.mean())


def test_the_beam_begins_with_the_best_and_holds_the_answer() -> None:
    model = MODELS[0]
    found = alternatives(model.id, example(model))
    chances = [chance for _, chance in found]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) <= 1 + 1e-6
    answer = load_applied(model.id).answer(example(model))
    assert dict(found)[answer["answer"]] == pytest.approx(answer["probability"], rel=1e-3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_stage_holds_both_networks(language: str) -> None:
    model = next(model for model in MODELS if model.attention)
    texts, found = texts_of(language), translated(model.id, example(model), 0.5, 2)
    data = translate_stage(found, 0.5, texts, {}, group="g")
    told, arrays = spec_of(data), arrays_of(data)
    assert told["steps"] == len(found.source) + max(len(lane.fed) for lane in found.lanes)
    assert told["translator"]["source"] == list(found.source)
    assert [lane["label"] for lane in told["translator"]["lanes"]] == [
        texts("translate.lane_free"),
        texts("translate.lane_taught", ratio="0.50"),
    ]
    assert arrays["source"].shape == found.states.shape
    for number, lane in enumerate(found.lanes):
        assert arrays[f"lane{number}"].shape[0] == len(lane.said)
        np.testing.assert_allclose(arrays[f"attention{number}"], lane.attention)
    assert found.free.answer in spoken(translate_caption(found, 0.5, texts))


@pytest.mark.parametrize("part", ["unrolled", "attention", "mistakes", "lengths", "beam"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_opens(language: str, part: str) -> None:
    app = open_page("translate", lang=language, translate_part=part)
    assert not app.exception
    if part == "unrolled":
        assert spec(app)["translator"]["lanes"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_cannot_be_read_is_refused_with_a_reason(language: str) -> None:
    long = "five " * 250
    app = open_page("translate", lang=language, translate_task="numbers", say_numbers=long[:299])
    assert not app.exception
    app = open_page("translate", lang=language, say_dates="1" * 250)
    assert not app.exception
    assert any("expected 1 to 200" in text for text in shown(app))


def test_own_input_comes_from_the_address_as_text() -> None:
    app = open_page("translate", say_dates="<b>4 may 2001</b>")
    assert not app.exception
    assert spec(app)["translator"]["source"][:3] == ["<", "b", ">"]
    assert spec(app)["translator"]["unknown"][:1] == [0]


def test_charts_show_tokens_as_they_are() -> None:
    weights = np.eye(2)
    figure = attention_figure(weights, ["<b>", " "], ["1", "2"], labels=("a", "b"), dark=False)
    assert figure.layout.xaxis.ticktext == ("&lt;b&gt;", "␣")
    np.testing.assert_array_equal(figure.data[0].z, weights)
    lines = mistakes_figure(np.array([[0.0, 0.5]]), ["<i>"], labels=("a", "b"), dark=True)
    assert lines.data[0].name == "&lt;i&gt;"
    assert list(lines.data[0].y) == [0, 50]
    bars = lengths_figure([("x", [("1–3", 0.25, 4)])], labels=("a", "b"), dark=True)
    assert list(bars.data[0].y) == [25]


def test_the_example_of_going_astray_does_and_is_held_out() -> None:
    assert ASTRAY in [text for text, _ in load_applied(ERRING).application.pairs("test")]
    free, taught = translated(ERRING, ASTRAY, 1.0, 0).lanes
    assert free.mistakes > taught.mistakes > 0
    assert "wrong" in free.given
    app = open_page("translate", lang="en", translate_dates="dates-lstm", say_dates="3 May 1998")
    texts = texts_of("en")
    (button,) = [one for one in app.button if one.label == texts("translate.erring")]
    button.click().run()
    assert not app.exception
    assert spec(app)["translator"]["source"] == list(ASTRAY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_opens_where_teacher_forcing_and_running_free_differ(language: str) -> None:
    app = open_page("translate", lang=language)
    assert not app.exception
    free, taught = spec(app)["translator"]["lanes"]
    assert free["said"][: len(taught["said"])] != taught["said"]
    mistakes = [lane["right"].count(False) for lane in (free, taught)]
    assert mistakes[0] > mistakes[1]
    assert "wrong" in free["given"]
