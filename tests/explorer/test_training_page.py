"""The training page: its sentences about one step and about a word's way say what is true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.embeddings import load_vectors
from core.embeddings.grammar import generate_corpus
from core.embeddings.moves import explain_movement
from explorer.jobs import Progress, jobs
from explorer.language import LANGUAGES, texts_of
from explorer.lens import lens_step
from explorer.training_controls import CLEAR, _between
from explorer.training_corpora import own_corpus, own_id
from explorer.training_home import script
from explorer.training_settings import EPOCHS, MIN_COUNTS, SUBSAMPLES, Chosen, suggested
from explorer.trainings import SHIPPED, shipped_finished, shipped_replay, shipped_training, train
from tests.explorer.pages import open_page, shown


def said_on(app) -> list[str]:
    """What the page says, without the signs that keep Markdown from reading it."""
    return [one.replace("\\", "") for one in shown(app)]


every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_language
def test_the_lens_speaks_of_a_pair_against_noise_not_of_a_words_probability(language) -> None:
    """σ(score) and the softmax over all words are far apart."""
    replay = shipped_replay(language)
    here, there = {"en": ("king", "crown"), "zh": ("国王", "王冠")}[language]
    hidden = replay.vectors[2, replay.words.index(here)].astype(float)
    scores = replay.output_vectors[2].astype(float) @ hidden
    score = scores[replay.words.index(there)]
    sigmoid = 1 / (1 + np.exp(-score))
    softmax = np.exp(score - np.logaddexp.reduce(scores))
    step, _ = lens_step(replay, 2, here, there, 5, 0)
    assert step.probabilities[0] == pytest.approx(sigmoid, rel=1e-9)
    assert sigmoid > 5 * softmax
    app = open_page("training", lang=language, part="lens")
    assert not app.exception
    (said,) = [one for one in said_on(app) if "σ" in one and f"{sigmoid:.3f}" in one]
    noise = {"en": "not the probability of", "zh": "不是“王冠”在全部词中的概率"}[language]
    assert noise in said


@every_language
def test_an_account_that_points_elsewhere_is_not_shown(language) -> None:
    texts = texts_of(language)
    app = open_page("training", lang=language)
    assert not app.exception
    replay, choice = shipped_replay(language), Chosen(shipped_training(language))
    word = {"en": "king", "zh": "国王"}[language]
    last = len(replay) - 2  # the page opens on the last snapshot: the way to it from the one before
    movement = explain_movement(
        replay,
        word,
        last,
        _between(choice, replay, last),
        window=choice.training.window,
        negatives=choice.training.negatives,
    )
    agreement = f"{movement.agreement:.2f}"
    (said,) = [one for one in said_on(app) if agreement in one and word in one]
    unclear = movement.agreement < CLEAR
    assert (texts("training.moved_unclear")[-30:] in said) == unclear
    assert (len(app.dataframe) == 0) == unclear


def own_text(words: int, seed: int = 5) -> str:
    """English sentences of the grammar as a reader's text."""
    return "\n".join(" ".join(one) + "." for one in generate_corpus("en", words, seed=seed))


@every_language
def test_an_own_text_is_trained_with_settings_that_suit_it_and_taken_home(language) -> None:
    texts = texts_of(language)
    app = open_page("training", lang=language, corpus="own")
    assert texts("training.no_text") in [info.value for info in app.info]
    text = own_text(3_000, seed=len(language) + ord(language[0]))  # what was trained once is there
    app.text_area(key="corpus_text").set_value(text).run()
    reading = jobs().find(("corpus", own_id(text)))
    assert reading is not None
    reading.wait(120)  # others may be at work before it
    app.run()
    assert not app.exception
    assert app.select_slider(key="w2v_epochs").value == "100"
    assert app.select_slider(key="w2v_min_count").value == "2"
    app.select_slider(key="w2v_epochs").set_value("3").run()
    assert app.query_params["w2v_epochs"] == "3"
    few = texts("training.warn_few-epochs", epochs="3", suggested="100")
    assert few in [warning.value for warning in app.warning]
    app.select_slider(key="w2v_size").set_value("10").run()
    (start,) = [one for one in app.button if one.label == texts("training.start")]
    start.click().run()
    training = replace(suggested(own_corpus(text)), epochs=3, size=10)
    job = jobs().find(training.key)
    assert job is not None
    finished = job.wait(120).result
    app.run()
    assert not app.exception
    assert len(finished.vectors) > len(finished.replay.words) * 0.9
    assert texts("training.home_help", words=f"{len(finished.vectors):,}") in said_on(app)
    (space,) = [one for one in app.button if one.label == texts("training.to_space")]
    space.click().run()
    assert not app.exception
    assert app.selectbox(key="vectors").value == f"training-{training.key}"


def test_the_python_that_is_taken_home_makes_the_same_vectors(tmp_path, monkeypatch) -> None:
    text = own_text(3_000)
    corpus = own_corpus(text)
    training = replace(suggested(corpus), epochs=2, size=8)
    finished = train(training, corpus, Progress())
    (tmp_path / "corpus.txt").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(script(Chosen(training, corpus), texts_of("zh")), {})
    again = load_vectors(tmp_path / "vectors.txt")
    assert list(again.words) == list(finished.vectors.words)
    np.testing.assert_array_equal(again.vectors, finished.vectors.vectors)


def test_a_training_that_is_ended_keeps_what_it_learned() -> None:
    corpus = own_corpus(own_text(20_000))
    progress = Progress()
    progress.enough.set()
    finished = train(replace(suggested(corpus), size=8), corpus, progress)
    assert finished.replay.words_seen[-1] < corpus.words
    assert np.isfinite(finished.vectors.vectors).all()


def test_settings_follow_the_corpus_on_the_steps_of_the_sliders() -> None:
    short, longer = (own_corpus(own_text(words)) for words in (2_500, 100_000))
    assert suggested(short).epochs > suggested(longer).epochs
    assert suggested(short).min_count < suggested(longer).min_count
    for one in (suggested(short), suggested(longer)):
        assert str(one.epochs) in EPOCHS
        assert str(one.min_count) in MIN_COUNTS
        assert f"{one.subsample:.5g}" in [f"{float(step):.5g}" for step in SUBSAMPLES]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_replays_answer_king_minus_man_plus_woman(name) -> None:
    """For both models and languages: the answer at rank 1, the question's words left out."""
    finished = shipped_finished(SHIPPED[name])
    a, b, c, d = {"en": ("man", "king", "woman", "queen"), "zh": ("男人", "国王", "女人", "女王")}[
        SHIPPED[name].corpus
    ]
    assert finished.vectors.analogy(a, b, c, k=1)[0][0] == d
    assert finished.replay.scores["analogies"][-1] > 0.4
