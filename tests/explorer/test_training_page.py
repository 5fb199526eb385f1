"""The training page: its sentences about one step and about a word's way say what is true."""

from __future__ import annotations

import numpy as np
import pytest

from core.embeddings.moves import explain_movement
from explorer.language import LANGUAGES, texts_of
from explorer.lens import lens_step
from explorer.training_controls import CLEAR, Chosen, _between
from explorer.trainings import shipped_replay, shipped_training
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
    replay, choice = shipped_replay(language), Chosen(shipped_training(language), None)
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
