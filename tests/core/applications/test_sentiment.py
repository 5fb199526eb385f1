"""Sentences to verdicts: encoding, what is learned, and what is answered on the way."""

import numpy as np
import pytest
import torch

from core.applications import Applied, Draws, load_applied, new_network, save_applied
from core.applications.sentiment import LABELS, OnSentence, Sentiment
from core.networks.architecture import Architecture
from core.tasks.sentiment import LANGUAGES, corpus, tokenize
from tests.core.applications.reading import learned

SMALL = Architecture("gru", hidden_size=24, embedding_size=12)


@pytest.fixture(scope="module", params=LANGUAGES)
def trained(request):
    application = Sentiment(request.param)
    return application, learned(application, SMALL, steps=400, rate=1.5e-2)


def fresh(cell: str, **options) -> tuple[Sentiment, torch.nn.Module]:
    application = Sentiment("en")
    architecture = Architecture(cell, hidden_size=6, embedding_size=4, **options)
    return application, new_network(application, architecture, seed=3).eval()


@pytest.mark.slow
def test_a_small_network_beats_counting_by_far_on_held_out_sentences(trained):
    application, model = trained
    baseline = application.baseline
    assert baseline.name == "word-counts"
    assert 0.5 < baseline.score < 0.75
    assert application.measure(model, "test").score > baseline.score + 0.15


def test_what_counting_cannot_see_is_order(trained):
    application, _ = trained
    counting = application.baseline_by_kind()
    assert counting["local"] > counting["order"] + 0.15
    assert abs(counting["contrast"] - 0.5) < 0.15


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_convolution_judges_by_local_words_and_guesses_where_clauses_are_compared(language):
    application = Sentiment(language)
    narrow = Architecture("convolution", hidden_size=32, embedding_size=12, window=1)
    shares = application.by_kind(learned(application, narrow, steps=1200))
    assert shares["local"] > 0.97
    assert shares["contrast"] < 0.7


def test_the_score_is_the_share_of_right_answers(trained):
    application, model = trained
    some = application.corpus.test[::25]
    right = [application.answer(model, one.text).label == one.label for one in some]
    kinds = application.by_kind(model)
    whole = application.measure(model, "test").score
    assert np.mean(right) == pytest.approx(whole, abs=0.1)
    counts = dict.fromkeys(kinds, 0)
    for one in application.corpus.test:
        counts["local" if one.local else "order"] += 1
    mean = sum(kinds[group] * counts[group] for group in ("local", "order"))
    assert mean / len(application.corpus.test) == pytest.approx(whole, abs=1e-6)


@pytest.mark.parametrize("cell", ["lstm", "elman", "jordan", "mgu"])
def test_the_last_answer_on_the_way_is_the_answer(cell):
    application, model = fresh(cell)
    text = application.examples[0]
    answer = application.answer(model, text)
    tokens, ids = application.encode(text)
    assert answer.after.shape == (len(tokens), 3)
    np.testing.assert_allclose(answer.after[-1], answer.probabilities, atol=1e-6)
    np.testing.assert_allclose(answer.after.sum(1), 1, atol=1e-5)
    with torch.no_grad():  # each is what the network says to the sentence cut off there
        cut = torch.softmax(model(ids[:5])[0], -1)[0]
    np.testing.assert_allclose(answer.after[4], cut, atol=1e-6)
    assert answer.label == LABELS[int(np.argmax(answer.probabilities))]


def test_in_both_directions_the_last_answer_is_the_networks_own():
    application, model = fresh("lstm", bidirectional=True)
    _, ids = application.encode(application.examples[0])
    with torch.no_grad():
        expected = torch.softmax(model(ids)[0], -1)[0]
    answer = application.answer(model, application.examples[0])
    np.testing.assert_allclose(answer.after[-1], expected, atol=1e-6)


def test_padding_changes_no_answer():
    application, model = fresh("lstm", bidirectional=True)
    batch = application.batch(0, Draws(batch=8))
    assert len(set(batch.lengths.tolist())) > 1
    with torch.no_grad():
        together = model(batch.ids, batch.lengths)[0]
        for column, length in enumerate(batch.lengths):
            alone = model(batch.ids[:length, column : column + 1])[0]
            torch.testing.assert_close(together[column], alone[0])


def test_batches_are_training_sentences_with_some_open_words_unknown():
    application = Sentiment("en")
    unknown = len(application.tokens)
    train = {one.text: one.label for one in application.corpus.train}
    seen = hidden = 0
    for step in range(4):
        batch = application.batch(step, Draws(batch=16, seed=2))
        again = application.batch(step, Draws(batch=16, seed=2))
        torch.testing.assert_close(batch.ids, again.ids)
        for column, length in enumerate(batch.lengths):
            ids = batch.ids[:length, column].tolist()
            words = [application.tokens[at] if at < unknown else "?" for at in ids]
            hidden += words.count("?")
            fits = [
                text
                for text, label in train.items()
                if label == LABELS[batch.labels[column]] and fit(text.split(), words, application)
            ]
            seen += bool(fits)
    assert seen == 64
    assert hidden > 10


def fit(sentence: list[str], read: list[str], application: Sentiment) -> bool:
    """Whether ``read`` is the sentence with some open words replaced by "?"."""
    openly = application.corpus.open_words
    return len(sentence) == len(read) and all(
        word == found or (found == "?" and word in openly)
        for word, found in zip(sentence, read, strict=True)
    )


def test_words_never_seen_are_marked_and_read_as_nothing():
    application, model = fresh("lstm")
    answer = application.answer(model, "The zorgon was good.")
    assert isinstance(answer, OnSentence)
    assert answer.tokens == ("the", "zorgon", "was", "good", ".")
    assert answer.unknown == (1,)
    other = application.answer(model, "the quux was good .")
    np.testing.assert_array_equal(answer.after, other.after)


@pytest.mark.parametrize("loss_at", ["last", "every", None])
@pytest.mark.parametrize("cell", ["lstm", "gru-original", "jordan"])
def test_a_recording_holds_the_answers_on_the_way(cell, loss_at):
    application, model = fresh(cell)
    (trace,) = application.read(model, application.examples[0], loss_at=loss_at).values()
    answer = application.answer(model, application.examples[0])
    assert trace.tokens == list(answer.tokens)
    assert trace.data["class"].values.tolist() == list(LABELS)
    assert trace.settings["predicts"] == "here"
    np.testing.assert_allclose(trace["prediction"].values[:, 0], answer.after, atol=1e-6)
    assert ("grad_hidden" in trace) == (loss_at is not None)


def test_a_convolution_has_nothing_to_record_and_no_answers_on_the_way():
    application, model = fresh("convolution", window=1)
    assert application.read(model, application.examples[0]) == {}
    assert application.answer(model, application.examples[0]).after.shape == (1, 3)


@pytest.mark.parametrize("text", ["", "  \n", "word " * 301])
def test_what_is_no_sentence_is_refused(text):
    application, model = fresh("gru")
    with pytest.raises(ValueError, match="expected 1 to 300"):
        application.answer(model, text)


def test_a_file_gives_the_same_answers_without_the_data(tmp_path):
    application, model = fresh("lstm")
    made = Applied("a", application, model.architecture, model)
    again = load_applied(save_applied(tmp_path / "a.safetensors", made))
    one, other = made.answer(application.examples[1]), again.answer(application.examples[1])
    np.testing.assert_array_equal(one.after, other.after)
    assert again.application.fingerprint == application.fingerprint


@pytest.mark.parametrize(
    "description",
    [
        {},
        {"language": "de", "tokens": ["a"]},
        {"language": "en", "tokens": ["a", "a"]},
        {"language": "en", "tokens": [""]},
        {"language": "en", "tokens": "abc"},
        {"language": "en", "tokens": []},
        {"language": "en", "tokens": ["a"], "more": 1},
    ],
)
def test_a_strange_description_is_refused(description):
    with pytest.raises(ValueError, match=r"tokens|expected"):
        Sentiment.restore(description)


def test_networks_that_make_no_sense_are_refused():
    application = Sentiment("zh")
    with pytest.raises(ValueError, match="cannot use the cell 'perceptron'"):
        application.network(Architecture("perceptron"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_vocabulary_is_that_of_the_training_sentences(language):
    words = {t for one in corpus(language).train for t in tokenize(one.text, language)}
    assert set(Sentiment(language).tokens) == words
