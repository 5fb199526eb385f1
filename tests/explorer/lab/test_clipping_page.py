"""The page about clipping: it trains in the background, and says what was measured."""

from __future__ import annotations

import math

import pytest
from streamlit.testing.v1 import AppTest

from core.training.clipping import ExplodingTask, Update, clip, start_gradient, train
from explorer.jobs import Jobs
from explorer.lab import clipping_runs
from explorer.lab.clipping import control, training_caption
from explorer.lab.clipping_runs import (
    KINDS,
    SLOWER,
    Settings,
    clipped_share,
    has_ended,
    has_failed,
    last_loss,
    start,
)
from explorer.language import LANGUAGES, texts_of
from explorer.views.clipping import PARTS
from tests.explorer.pages import open_page

QUICK = ExplodingTask(steps=8, units=8, batch=4, updates=30)


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


@pytest.fixture(autouse=True)
def quick_jobs(monkeypatch: pytest.MonkeyPatch) -> Jobs:
    """Jobs of these tests' own, so that no other test waits for their trainings."""
    own = Jobs()
    monkeypatch.setattr(clipping_runs, "jobs", lambda: own)
    return own


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens(part: str, language: str) -> None:
    texts = texts_of(language)
    app = open_page("clipping", lang=language, clip_part=part)
    assert problems(app) == []
    assert app.markdown[0].value == f"# {texts('nav.clipping')}"
    assert texts.lesson("clipping").strip() in [one.value for one in app.markdown]
    assert len(app.get("plotly_chart")) == (2 if part == "vanish" else 1)


def test_the_numbers_part_says_what_clipping_does_to_the_first_gradient() -> None:
    app = open_page("clipping", lang="en", clip_part="numbers", clip_norm="0.3", clip_value="0.03")
    gradient = start_gradient(ExplodingTask()).numbers
    cut = int((gradient.abs() > 0.03).sum())
    (by_value,) = clip([gradient], "value", 0.03)
    assert f"By value {cut} of them are cut: length {float(by_value.norm()):.3g}" in said(app)
    assert "length 0.3, direction unchanged" in said(app)


def test_the_steps_keep_their_ratio() -> None:
    app = open_page("clipping", lang="en", clip_part="vanish", clip_small="0.5", clip_norm="0.1")
    sizes = start_gradient(ExplodingTask(radius=0.5)).by_step.norm(dim=(1, 2))
    ratio = f"{float(sizes[1] / sizes[-1]):.2e}".replace("e-0", "e-")
    assert f"{ratio} times before, {ratio} times after" in said(app)
    app.select_slider(key="clip_small").set_value("0.7").run()
    assert app.query_params["clip_small"] == "0.7"
    assert ratio not in said(app)


def test_what_a_part_does_not_use_is_not_offered_and_not_forgotten() -> None:
    app = open_page("clipping", lang="en", clip_part="vanish", clip_radius="1.5")
    assert "clip_radius" not in [slider.key for slider in app.select_slider]
    assert app.query_params["clip_radius"] == "1.5"
    app.button_group(key="clip_part").set_value("numbers").run()
    assert app.select_slider(key="clip_radius").value == "1.5"


def test_the_choices_are_in_the_address() -> None:
    app = open_page("clipping", lang="en", clip_part="numbers", clip_seed="3", clip_norm="7")
    assert problems(app) == []
    assert app.select_slider(key="clip_seed").value == "3"
    assert app.select_slider(key="clip_norm").value == "1"  # 7 is not offered
    app.select_slider(key="clip_norm").set_value("3").run()
    assert app.query_params["clip_norm"] == "3"
    assert app.query_params["clip_seed"] == "3"
    app.select_slider(key="clip_norm").set_value("1").run()
    assert "clip_norm" not in app.query_params


def test_a_training_in_the_background_is_the_training() -> None:
    settings = Settings(QUICK, norm=0.2, value=0.05)
    job = start(settings, "norm").wait(30)
    assert job.result == list(train(QUICK, "norm", 0.2))
    assert start(settings, "norm") is job
    assert start(settings, "value") is not job


def test_the_unclipped_training_is_shared_by_all_thresholds() -> None:
    one, other = (Settings(QUICK, norm=norm, value=0.1) for norm in (0.3, 1.0))
    assert start(one, "none") is start(other, "none")
    assert start(one, "norm") is not start(other, "norm")


def test_what_came_of_a_training() -> None:
    fine = [Update(1.0, 2.0, 1.0), *[Update(0.5, 0.8, 0.8)] * 19]
    assert not has_failed(fine)
    assert last_loss(fine) == 0.5
    assert clipped_share(fine) == pytest.approx(0.05)
    broken = [*fine, Update(math.inf, math.inf, math.inf)]
    assert has_failed(broken)
    assert last_loss(broken) == math.inf


@pytest.mark.parametrize("language", LANGUAGES)
def test_clipping_is_compared_with_a_lower_rate(language: str) -> None:
    texts = texts_of(language)
    settings = Settings(QUICK, norm=0.2, value=0.05)
    runs = {kind: start(settings, kind).wait(60).result for kind in KINDS}
    task = settings.task_of("slow")
    assert (task.learning_rate, task.updates) == (QUICK.learning_rate / SLOWER, 30 * SLOWER)
    assert runs["slow"] == list(train(task, "none", 0.0))
    assert has_ended(runs["slow"], task)
    said = training_caption(settings, runs, texts)
    assert control(runs["slow"], runs["norm"], texts) in said
    slow, clipped = [Update(0.01, 1, 1)] * 300, [Update(0.04, 1, 1)] * 30
    ended = texts("clipping.control_below", times=SLOWER, slow="0.01", clipped="0.04")
    assert control(slow, clipped, texts) == ended
    assert control(clipped, slow, texts) != ended
    broken = [Update(math.inf, math.inf, math.inf)]
    assert control(broken, clipped, texts) == texts("clipping.control_fails", times=SLOWER)


def test_a_training_at_work_is_said_to_be() -> None:
    settings, texts = Settings(QUICK, norm=0.2, value=0.05), texts_of("en")
    runs = {"norm": list(train(QUICK, "norm", 0.2)), "slow": [Update(1, 1, 1)] * 7}
    said = training_caption(settings, runs, texts)
    assert "7 updates so far" in said
    assert "by norm" in said.lower()
    assert "lower rate" not in said
