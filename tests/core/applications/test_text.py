"""Texts as applications: the right target, the right score, and a network that beats counting."""

import importlib.util
import math

import pytest
import torch

from core.applications import Applied, Draws, load_applied, new_network, save_applied
from core.applications.text import NextCharacter, NextWord
from core.networks.architecture import Architecture
from core.tasks import IGNORED, grammar_text
from core.tasks.counting import mixed_bigram_bits

TEXT = grammar_text(30_000, seed=5)
SMALL = Architecture("gru", hidden_size=24, embedding_size=0)


def learned(application, architecture=SMALL, steps=250, unroll=32):
    """A network after a short training of its own, without the project's loop."""
    model = new_network(application, architecture, seed=1)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-2)
    draws, carried = Draws(batch=16, unroll=unroll), None
    for step in range(steps):
        loss, state, _ = application.loss(model, application.batch(step, draws), carried)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        carried = state.detach()
    return model.eval()


@pytest.fixture(scope="module")
def letters():
    application = NextCharacter(text=TEXT, title="letters")
    return application, learned(application)


@pytest.mark.parametrize("kind", [NextCharacter, NextWord])
def test_the_target_is_the_token_that_follows_in_the_text(kind):
    application = kind(text=TEXT, language="en")
    tokens = application.split(TEXT)
    batch = application.batch(1, Draws(batch=3, unroll=20))
    per_stream = (len(application.task.train) - 1) // 3
    decode = application.vocabulary.decode
    for stream in range(3):
        start = stream * per_stream + 20
        said = decode(batch.inputs[:, stream].tolist())
        asked = batch.targets[:, stream].tolist()
        assert [
            a for a, b in zip(said, tokens[start : start + 20]) if a != "\ufffd" and a != b
        ] == []
        follow = tokens[start + 1 : start + 21]
        assert all(i == IGNORED or decode([i]) == [b] for i, b in zip(asked, follow))
    assert batch.continues


def test_validation_and_test_are_apart_from_what_is_learned():
    application = NextCharacter(text=TEXT)
    task = application.task
    parts = [application._held_out(part) for part in ("validation", "test")]
    whole = torch.cat((task.train, *parts))
    assert "".join(application.vocabulary.decode(whole.tolist())) == TEXT
    assert len(task.train) == pytest.approx(0.9 * len(TEXT), abs=2)


def test_the_loss_goes_on_from_the_state_before():
    application = NextCharacter(text=TEXT)
    model = new_network(application, SMALL, seed=2)
    draws = Draws(batch=4, unroll=10)
    one, two = application.batch(0, draws), application.batch(1, draws)
    first = application.loss(model, one)
    second = application.loss(model, two, first.carried)
    logits, _ = model(torch.cat((one.inputs, two.inputs)))
    picked = logits.log_softmax(-1)[10:].gather(-1, two.targets[..., None])
    assert second.mean.item() == pytest.approx(-picked.mean().item(), rel=1e-5)
    assert second.steps == 40
    assert application.loss(model, two).mean.item() != pytest.approx(second.mean.item(), rel=1e-4)


def test_it_beats_counting_on_text_it_has_not_seen(letters):
    application, model = letters
    measured = application.measure(model, "test")
    assert measured.score == pytest.approx(measured.loss / math.log(2))
    held_out = application.task.validation[len(application.task.validation) // 2 :]
    counted = mixed_bigram_bits(application.task.train, held_out, len(application.vocabulary))
    assert application.baseline.score == pytest.approx(counted)
    assert measured.score < 0.9 * application.baseline.score


def test_words_are_learned_too():
    application = NextWord(text=TEXT)
    assert application.language == "en"
    model = learned(application, Architecture("gru", 24, embedding_size=16))
    assert application.measure(model, "test").score < 0.95 * application.baseline.score


def test_the_answer_is_the_likeliest_next_tokens(letters):
    application, model = letters
    answer = application.answer(model, "The cats sin")
    ids = application.encode("The cats sin")
    expected = model(ids)[0][-1, 0].softmax(-1)
    assert answer[0][0] == "g"
    assert [p for _, p in answer] == sorted((p for _, p in answer), reverse=True)
    for token, p in answer:
        assert p == pytest.approx(expected[application.vocabulary.ids[token]].item())
    with pytest.raises(ValueError, match="empty"):
        application.answer(model, "")


def test_the_recording_predicts_the_next_token(letters):
    application, model = letters
    text = "The owls (3: la"
    (trace,) = application.read(model, text).values()
    assert trace.tokens == list(text)
    assert trace.settings["predicts"] == "next"
    assert trace["prediction"].dims == ("time", "batch", "class")
    last = trace["prediction"].values[-1, 0]
    best = trace.data["class"].values[last.argmax()]
    assert application.answer(model, text)[0] == (best, pytest.approx(last.max()))
    assert "grad_hidden" in trace


def test_a_saved_network_needs_no_text(tmp_path, letters):
    application, model = letters
    path = save_applied(tmp_path / "a.safetensors", Applied("a", application, SMALL, model))
    again = load_applied(path)
    assert again.answer("The cats") == application.answer(model, "The cats")
    assert again.application.examples == application.examples
    with pytest.raises(ValueError, match="not kept with its network"):
        again.application.batch(0, Draws())


def test_a_corpus_can_be_learned_from_after_restoring():
    application = NextCharacter("grammar")
    again = NextCharacter.restore(application.describe())
    assert again.fingerprint == application.fingerprint
    description = application.describe() | {"tokens": ["a", "b"]}
    with pytest.raises(ValueError, match="other tokens"):
        NextCharacter.restore(description).batch(0, Draws())


def test_namaskar_is_scored_on_the_word_itself():
    application = NextCharacter("namaskar")
    assert application.baseline.score == pytest.approx(3 / 7 * math.log2(3))
    model = learned(application, Architecture("elman", 12, embedding_size=0), steps=300)
    assert application.measure(model, "test").score < 0.1


@pytest.mark.skipif(importlib.util.find_spec("rjieba") is None, reason="rjieba is not installed")
def test_chinese_is_cut_into_words():
    application = NextWord(text="小猫在看书。妈妈说：「我喜欢小猫。」\n" * 9)
    assert application.language == "zh"
    assert "小猫" in application.vocabulary


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "nothing to read"),
        ({"corpus": "novel"}, "No corpus is called 'novel'"),
        ({"corpus": "grammar", "text": "ab"}, "one of the two"),
        ({"text": "ab", "language": "fr"}, "language is 'fr'"),
    ],
)
def test_what_cannot_be_read_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        NextCharacter(**arguments)


def test_the_word_is_too_short_for_words():
    with pytest.raises(ValueError, match="choose one of grammar, chinese"):
        NextWord("namaskar")


@pytest.mark.parametrize(
    "architecture",
    [
        Architecture("lstm", bidirectional=True),
        Architecture("lstm", window=1),
        Architecture("convolution"),
    ],
)
def test_a_network_that_sees_what_it_predicts_is_refused(architecture):
    with pytest.raises(ValueError, match=r"choose|read by one of"):
        NextCharacter("namaskar").network(architecture)


@pytest.mark.parametrize(
    "change",
    [
        {"tokens": "abc"},
        {"tokens": ["a", 1]},
        {"tokens": ["a", "a"]},
        {"tokens": []},
        {"corpus": "novel"},
        {"language": "fr"},
        {"examples": [""]},
        {"more": 1},
        {"tokens": [str(n) for n in range(20_001)]},
    ],
)
def test_a_strange_description_is_refused(change):
    with pytest.raises(ValueError, match=r"."):
        NextCharacter.restore(NextCharacter("namaskar").describe() | change)
