"""Numbers that the lessons state, computed from what they speak of.

``states`` puts the computed values into the sentences of both languages and looks for them in the
lessons, so that a sentence whose number has drifted is not found, in either language.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.applications import new_network
from core.embeddings.axes import direction
from core.tasks.sentiment import corpus
from core.training.clipping import ExplodingTask, train
from core.training.gallery.recipes import recipes
from core.training.gallery.shelf import gallery_models
from core.training.loop import train as fit
from core.training.optimisers import MOMENTUM, make_optimiser
from core.training.settings import TrainingSettings
from explorer.gallery.classify_scores import measured
from explorer.gallery.forecast_errors import spread_of
from explorer.gallery.tagging_addresses import looks_ahead
from explorer.lab.clipping_runs import OFFERED, Settings, last_loss
from explorer.lab.gates_evidence import evidence_of
from explorer.lab.gates_reset import grus, own_text
from explorer.language import texts_of
from explorer.models import load_applied
from explorer.space.sources import source_of
from explorer.words.settings import SMOOTHING


def states(lesson: str, *, en: str, zh: str, **values: object) -> None:
    """The lesson says ``en`` and ``zh``, filled in with ``values``."""
    for language, template in (("en", en), ("zh", zh)):
        said = template.format(**values)
        assert said in texts_of(language).lesson(lesson), (lesson, language, said)


def f1(model: str) -> float:
    (found,) = (one for one in gallery_models() if one.id == model)
    return 100 * found.score


# Words and vectors


def test_orthogonal_axes_correlate() -> None:
    """The largest correlation with king - queen among all directions w orthogonal to it, d.

    With S the covariance of the words' unit vectors and P a basis of what is orthogonal to d,
    the best w solves (P'SP) w = P'Sd, and its squared correlation is d'SP w / d'Sd.
    """
    vectors = source_of("en").vectors
    unit = vectors.vectors / np.linalg.norm(vectors.vectors, axis=1, keepdims=True)
    d = direction("king - queen", vectors)
    d /= np.linalg.norm(d)
    covariance = np.cov(unit.astype(float), rowvar=False)
    basis = np.linalg.svd(d[None])[2][1:].T
    aside = basis.T @ covariance @ d
    best = basis @ np.linalg.solve(basis.T @ covariance @ basis, aside)
    assert abs(best @ d) < 1e-9
    correlation = np.corrcoef(unit @ best, unit @ d)[0, 1]
    squared = aside @ np.linalg.solve(basis.T @ covariance @ basis, aside) / (d @ covariance @ d)
    assert correlation == pytest.approx(np.sqrt(squared))
    states(
        "space",
        en="at exactly 90° to *king − queen* with which it correlates by {r:.2f}",
        zh="与 *king − queen* 恰成 90° 的轴里，有一条与它的相关系数达 {r:.2f}",
        r=correlation,
    )


def test_queen_is_first_even_among_the_questions_own_words() -> None:
    for language, (a, b, c, d) in {
        "en": ("man", "king", "woman", "queen"),
        "zh": ("男人", "国王", "女人", "女王"),
    }.items():
        vectors = source_of(language).vectors
        scores = vectors.analogy_scores(a, b, c, method="3cosadd")
        assert vectors.words[int(scores.argmax())] == d
    states("space", en="*queen* is first there too", zh="“女王”在那里也排第一")


def test_the_page_begins_with_smoothed_contexts() -> None:
    states(
        "words",
        en="The page begins with $\\alpha = {alpha}$",
        zh="页面默认取 $\\alpha = {alpha}$",
        alpha=SMOOTHING,
    )


# Networks of the gallery


def test_a_jordan_network_is_above_a_table_of_words_and_far_below_elman() -> None:
    (model,) = (one for one in gallery_models() if one.id == "tickets-jordan")
    numbers = {
        "jordan": f"{f1('tickets-jordan'):.1f}%",
        "table": f"{100 * model.baseline:.1f}%",
        "elman": f"{f1('tickets-elman'):.1f}%",
    }
    states(
        "tagging",
        en="it reaches an F₁ of {jordan}, where a table of the usual tag of each word reaches "
        "{table}; the Elman network, of the same size and with a state of its own, reaches {elman}",
        zh="它的 F₁ 只有 {jordan}，而按每个词最常见的标签查表也有 {table}；Elman 网络大小相同，"
        "但带着一个自己的状态，达到 {elman}",
        **numbers,
    )


@pytest.mark.parametrize(("language", "kind"), [("en", "plain"), ("zh", None)])
def test_a_new_grammar_is_harder_than_a_new_sentence(language: str, kind: str | None) -> None:
    known, fresh = (measured(f"sentiment-{language}-lstm", part) for part in ("test", "elsewhere"))
    numbers = {"known": f"{known['all']:.1%}", "fresh": f"{fresh['all']:.1%}"}
    if language == "en":
        en = "the English LSTM falls from {known} to {fresh}"
        zh = "英文的 LSTM 从 {known} 跌到 {fresh}"
    else:
        en, zh = "the Chinese one from {known} to {fresh}", "中文的从 {known} 跌到 {fresh}"
    states("classify", en=en, zh=zh, **numbers)
    if kind:
        en, zh = "judges only {plain} of the plain sentences right", "“直接评价”上只答对 {plain}"
        states("classify", en=en, zh=zh, plain=f"{fresh[kind]:.1%}")
        answer = load_applied("sentiment-en-lstm").answer("ann found the soup great .")
        assert answer.label == "neutral"
        found = [
            one.text
            for one in corpus("en").train
            if " found " in one.text and one.label != "neutral"
        ]
        assert found
        assert all(" never found " in text for text in found)


def test_both_ways_of_looking_ahead_solve_the_addresses() -> None:
    names = ("lstm", "elman", "convolution", "convolution-wide", "bilstm")
    scores = {name.replace("-", "_"): f"{f1(f'addresses-{name}'):.1f}%" for name in names}
    assert scores["convolution_wide"] == scores["bilstm"]
    ahead = {one.id: looks_ahead(one) for one in gallery_models() if one.application == "addresses"}
    assert ahead["addresses-lstm"] == ahead["addresses-elman"] == 0
    assert (ahead["addresses-convolution"], ahead["addresses-convolution-wide"]) == (1, 4)
    assert ahead["addresses-bilstm"] is None
    states(
        "tagging",
        en="an F₁ of {lstm} (LSTM) and {elman} (Elman); the convolution of three words looks one "
        "word ahead but not far back and reaches {convolution}; nine words, four of them ahead, "
        "and both directions, to the end, reach {bilstm} alike",
        zh="F₁ 为 {lstm}（LSTM）和 {elman}（Elman）；宽三个词的卷积向后看一个词，却看不远前面，"
        "为 {convolution}；宽九个词的卷积向后看四个词，双向网络一直看到句末，两者同样达到 {bilstm}",
        **scores,
    )


def one_step(model: str) -> float:
    (found,) = (one for one in gallery_models() if one.id == model)
    applied = load_applied(model)
    assert applied.application.measure(applied.model, "test").score == pytest.approx(
        found.score, abs=1e-3
    )
    return found.score


def test_which_networks_forecast_better_than_the_linear_rule_and_from_how_many_starts() -> None:
    application = load_applied("sunspots-lstm").application
    series = application.series
    found = application.rules["linear"].one_step(series.values, series.test_start)
    linear = np.sqrt(np.mean((found - series.values[series.test_start :]) ** 2))
    errors = {cell: one_step(f"sunspots-{cell}") for cell in ("lstm", "gru", "elman")}
    assert errors["gru"] < errors["lstm"] < linear < errors["elman"]
    states(
        "forecast",
        en="errs by {linear:.2f} one step ahead. The shipped LSTM ({lstm:.2f}) and GRU ({gru:.2f}) "
        "are a little better, the Elman network ({elman:.2f}) is not",
        zh="单步误差是 {linear:.2f}。自带的 LSTM（{lstm:.2f}）和 GRU（{gru:.2f}）略好，"
        "Elman 网络（{elman:.2f}）则不然",
        linear=linear,
        **errors,
    )
    spreads = {}
    for cell in errors:
        applied = load_applied(f"sunspots-{cell}")
        spreads[cell] = spread_of(applied.application, applied.model)
    won = {cell: spread.won("linear") for cell, spread in spreads.items()}
    states(
        "forecast",
        en="from {lstm} of {count} starts the LSTM errs less than the linear rule, the GRU from "
        "{gru}, the Elman network from {elman}",
        zh="{count} 个起点中，LSTM 有 {lstm} 个误差小于线性规则，GRU 有 {gru} 个，"
        "Elman 网络有 {elman} 个",
        count=len(spreads["lstm"].starts),
        **won,
    )


@pytest.mark.slow
def test_another_seed_can_turn_the_forecasts_round() -> None:
    torch.set_num_threads(1)
    recipe = recipes()["sunspots-lstm"]
    scores = []
    for seed in range(5):
        application = recipe.application()
        model = new_network(application, recipe.architecture, seed)
        for _ in fit(model, application, replace(recipe.training, seed=seed)):
            pass
        scores.append(application.measure(model, "test").score)
    states(
        "forecast",
        en="in their seed alone lie between {low:.2f} and {high:.2f}",
        zh="只有种子不同的五个 LSTM，误差在 {low:.2f} 到 {high:.2f} 之间",
        low=min(scores),
        high=max(scores),
    )


# Gates


def test_without_the_copy_little_of_the_far_past_is_left() -> None:
    """One dot of the table on the page for each shipped GRU, on its own examples."""
    left = [evidence_of(card.id, own_text(card), card).left["copy"][-1] for card in grus()]
    assert len(left) == 3
    states(
        "gates",
        en="only {low:.1%} to {high:.1%} of the dependence is left",
        zh="只剩 {low:.1%} 到 {high:.1%}",
        low=min(left),
        high=max(left),
    )


# Training


@pytest.mark.slow
def test_a_lower_rate_does_what_clipping_does() -> None:
    """Forty seconds: five seeds, 2400 updates each."""
    torch.set_num_threads(1)
    ends: dict[str, list[float]] = {"slow": [], "norm": []}
    for seed in OFFERED["clip_seed"]:
        settings = Settings(ExplodingTask(seed=int(seed)), norm=1.0, value=0.1)
        ends["slow"].append(last_loss(list(train(settings.task_of("slow"), "none", 0.0))))
        ends["norm"].append(last_loss(list(train(settings.task, "norm", settings.norm))))
    assert all(slow < norm for slow, norm in zip(ends["slow"], ends["norm"], strict=True))
    states(
        "clipping",
        en="ends at {a:.3f} to {b:.3f}, below clipping by norm at 0.1, which ends at {c:.3f} to "
        "{d:.3f}",
        zh="最后的损失为 {a:.3f} 到 {b:.3f}，低于学习率 0.1、按范数裁剪的 {c:.3f} 到 {d:.3f}",
        a=min(ends["slow"]),
        b=max(ends["slow"]),
        c=min(ends["norm"]),
        d=max(ends["norm"]),
    )


def test_sgd_has_momentum() -> None:
    optimiser = make_optimiser(torch.nn.Linear(1, 1), TrainingSettings(optimizer="sgd"))
    assert optimiser.param_groups[0]["momentum"] == MOMENTUM
    states("workshop", en="adds momentum {m}", zh="带 {m} 的动量", m=MOMENTUM)


def first_steps(optimizer: str, threshold: float, rate: float) -> float:
    """The length of the first update of a network whose gradient is clipped."""
    torch.manual_seed(0)
    model = torch.nn.RNN(3, 5)
    before = torch.nn.utils.parameters_to_vector(model.parameters()).detach().clone()
    optimiser = make_optimiser(model, TrainingSettings(optimizer=optimizer, learning_rate=rate))
    (100 * model(torch.randn(7, 1, 3))[0]).sum().backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), threshold)
    assert norm > threshold, "every update here is clipped"
    optimiser.step()
    after = torch.nn.utils.parameters_to_vector(model.parameters()).detach()
    return float((after - before).norm())


def test_when_all_is_clipped_rate_and_threshold_make_sgds_step_and_adams_is_the_rates() -> None:
    for threshold, rate in ((0.01, 0.1), (0.01, 1.0), (0.1, 0.1)):
        step = first_steps("sgd", threshold, rate)
        assert step == pytest.approx(rate * threshold, rel=1e-3)
    assert first_steps("adam", 1.0, 0.01) == pytest.approx(first_steps("adam", 0.1, 0.01), rel=0.01)
    assert first_steps("adam", 1.0, 0.1) == pytest.approx(10 * first_steps("adam", 1.0, 0.01), 0.01)
    states(
        "workshop",
        en="a clipped step has length $\\eta M$, rate times threshold",
        zh="被裁剪的一步长度为 $\\eta M$，即学习率乘阈值",
    )
