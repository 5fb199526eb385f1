"""Numbers that the lessons state of vectors, of the gallery and of trainings, computed from what
they speak of."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.applications import new_network
from core.applications.morse import measure_on, messages_at, threshold_error
from core.embeddings.axes import direction
from core.embeddings.circle import principal_axes
from core.embeddings.grammar import showcase
from core.generation.filters import Filters
from core.tasks.next_letter import smallest_window
from core.tasks.sentiment import corpus
from core.training.by_heart import learn_by_heart
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
from explorer.models import load_applied
from explorer.space.sources import source_of
from explorer.words.settings import SMOOTHING
from tests.explorer.lesson_numbers import states


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


@pytest.mark.slow
def test_the_threshold_rule_is_better_at_clean_morse_and_falls_apart_first() -> None:
    """120 held-out messages for each level."""
    torch.set_num_threads(1)
    network, rule = {}, {}
    for level in (-9.0, -6.0, 0.0, 10.0):
        messages = messages_at(level, 120)
        network[level] = measure_on(load_applied("morse-lstm").model, messages).score
        rule[level] = threshold_error(messages)
    assert rule[-9.0] > network[-9.0]
    assert max(rule[0.0], rule[10.0]) < 0.015
    states(
        "signals",
        en="errs in about {rule:.0%} of the signs, the shipped network in {low} to {high}%",
        zh="字符错误率约 {rule:.0%}，随附的网络为 {low}% 到 {high}%",
        rule=(rule[0.0] + rule[10.0]) / 2,
        low=math.floor(100 * min(network[0.0], network[10.0])),
        high=math.ceil(100 * max(network[0.0], network[10.0])),
    )
    states(
        "signals",
        en="At −6 dB it is {rule:.0%} against {network:.0%}",
        zh="到 −6 dB 是 {rule:.0%} 对 {network:.0%}",
        rule=rule[-6.0],
        network=network[-6.0],
    )


def test_what_one_band_gains_over_the_whole() -> None:
    states(
        "signals",
        en="has {gain:.0f} dB more",
        zh="要高 {gain:.0f} dB",
        gain=10 * np.log10(2000 / 50),
    )


def test_a_date_is_longer_than_what_is_written_of_it() -> None:
    read = "the third of March 1998"
    said = load_applied("dates-gru-attention").application.expected(read)
    assert (said, len(said)) == ("1998-03-03", 10)
    states(
        "translate",
        en="has {count} letters, {said} has ten",
        zh="有 {count} 个字符，{said} 只有十个",
        count=len(read),
        said=said,
    )


def test_the_linear_rule_has_a_dozen_numbers_and_the_network_a_thousand() -> None:
    application = load_applied("sunspots-lstm").application
    assert len(application.rules["linear"].weights) + 1 == pytest.approx(12, abs=1)
    (model,) = (one for one in gallery_models() if one.id == "sunspots-lstm")
    assert 1000 <= model.parameters < 1500
    assert 300 <= len(application.series) < 320
    states("forecast", en="Three hundred numbers are very few", zh="三百个数实在太少")
    states(
        "forecast",
        en="with a dozen numbers in place of a thousand",
        zh="只用十来个数，而不是上千个",
    )


def test_three_letters_after_one_are_a_third_each_for_who_has_no_memory() -> None:
    word = "namaskar"
    learned = learn_by_heart(word, "perceptron", window=1)
    after_a = [row for row, letter in zip(learned.probabilities, word) if letter == "a"]
    assert all((row == after_a[0]).all() for row in after_a)  # the difference is exactly 0
    for follower in "msr":
        share = after_a[0][learned.vocabulary.encode(follower)[0]]
        assert share == pytest.approx(1 / 3, abs=0.02)
    states(
        "memoryless",
        en="After training it gives each of the three about a third",
        zh="训练之后它给三者各约三分之一的概率",
    )
    states(
        "memoryless",
        en="*{text}* needs {count} letters",
        zh="*{text}* 需要 {count} 个字母",
        text="she sells sea shells on the sea shore",
        count=smallest_window("she sells sea shells on the sea shore"),
    )


def test_temperature_raises_odds_to_a_power() -> None:
    logits = torch.log(torch.tensor([0.8, 0.2]))
    odds = {}
    for temperature in (1.0, 0.5, 2.0):
        shares = Filters(temperature=temperature)(logits).tempered
        odds[temperature] = float(shares[0] / shares[1])
    states(
        "generate",
        en="odds are {a:.0f} to 1, $T = 0.5$ makes them {b:.0f} to 1 and $T = 2$ makes them "
        "{c:.0f} to 1",
        zh="若是 {a:.0f} 比 1，$T = 0.5$ 时变为 {b:.0f} 比 1，$T = 2$ 时变为 {c:.0f} 比 1",
        a=odds[1.0],
        b=odds[0.5],
        c=odds[2.0],
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_plane_of_one_hot_codes_keeps_little(language: str) -> None:
    """Of the twenty words that the page begins with: no direction is better than another."""
    count = sum(len(group) for group in showcase(language))
    kept = principal_axes(np.eye(count)).shares[:2].sum()
    assert kept == pytest.approx(0.1, abs=0.02)
    states("words", en="with one-hot codes about a tenth", zh="独热编码只有一成左右")


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
