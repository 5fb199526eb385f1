"""Taggers: batches, score, baseline, learning, and files that come back."""

import pytest
import torch
from torch.nn import functional

from core.applications import Applied, Draws, load_applied, new_network, save_applied
from core.applications.registry import application_class
from core.applications.tagging import Addresses, Slots, Tickets, corpora, found_slots
from core.networks.architecture import Architecture
from core.networks.reader import PADDING
from core.tasks import IGNORED
from core.tasks.conll import Tagged, written
from core.tasks.tickets import tickets
from core.training.loop import train
from core.training.settings import TrainingSettings

DOCUMENT = "I wish to go to Changsha from Beijing on December 12th"
SMALL = Architecture("lstm", hidden_size=24, embedding_size=16)
FILE = [*tickets(120, "en", "train", seed=2), *tickets(120, "zh", "train", seed=2)]


@pytest.fixture(scope="module", autouse=True)
def few():
    """Fewer sentences, so that every test is a matter of seconds."""
    before = dict(corpora.COUNTS)
    corpora.COUNTS.update(train=700, validation=60, test=200)
    yield
    corpora.COUNTS.update(before)


@pytest.fixture(scope="module")
def learned(few):
    torch.set_num_threads(1)
    application = Tickets()
    model = new_network(application, SMALL, seed=1)
    settings = TrainingSettings(steps=300, batch=32, learning_rate=2e-2, seed=1, validate=300)
    snapshots = list(train(model, application, settings))
    return application, model.eval(), snapshots


def test_a_batch_holds_whole_sentences_with_their_tags():
    application = Slots(sentences=FILE)
    sentences = application.sentences.train
    seen = []
    size = 16
    for step in range(-(-len(sentences) // size)):
        batch = application.batch(step, Draws(seed=3, batch=size))
        for column, length in enumerate(batch.lengths.tolist()):
            assert (batch.inputs[length:, column] == PADDING).all()
            assert (batch.targets[length:, column] == IGNORED).all()
            seen.append(tuple(application.tags[k] for k in batch.targets[:length, column]))
    assert sorted(seen) == sorted(sentence.tags for sentence in sentences)


def test_batches_depend_on_nothing_but_their_number():
    one, other = Slots(sentences=FILE), Slots(sentences=FILE)
    draws = Draws(seed=3, batch=8)
    later = one.batch(9, draws)
    for step in (0, 9, 40):
        for a, b in zip(one.batch(step, draws), other.batch(step, draws)):
            assert torch.equal(a, b)
    assert not torch.equal(later.targets, one.batch(8, draws).targets)
    assert one.fingerprint == other.fingerprint != Slots(sentences=FILE[:200]).fingerprint


def test_rare_words_are_hidden_in_training_more_often_than_frequent_ones():
    often, rare = ("often", "O"), ("rare", "O")
    sentences = [Tagged(*zip(often, *([rare] if k == 0 else []))) for k in range(60)]
    sentences += [Tagged((a + b,), ("B-x",)) for a in "pqrst" for b in "abcdefghijkl"]
    application = Slots(sentences=sentences, test=sentences)
    ids = application.lexicon.vocabulary.ids
    unknown, counted = len(application.lexicon), {"often": 0, "all": 0, "rare": 0, "single": 0}
    for step in range(150):
        batch = application.batch(step, Draws(batch=200))
        counted["single"] += int((batch.inputs == unknown).sum())
        counted["often"] += int((batch.inputs == ids["often"]).sum())
        counted["all"] += int((batch.inputs != PADDING).sum())
    often_seen = sum(s.tokens.count("often") for s in application.sentences.train) * 150
    assert counted["often"] / often_seen > 0.97
    singles = counted["all"] - often_seen
    assert (counted["single"] - (often_seen - counted["often"])) / singles == pytest.approx(
        1 / 3, abs=0.03
    )


def test_the_loss_is_the_mean_over_words():
    application = Slots(sentences=FILE)
    model = new_network(application, SMALL, seed=2).eval()
    batch = application.batch(0, Draws(batch=5))
    mean, carried, steps = application.loss(model, batch)
    total = 0.0
    for column, length in enumerate(batch.lengths.tolist()):
        logits, _ = model(batch.inputs[:length, column : column + 1])
        total += functional.cross_entropy(
            logits[:, 0], batch.targets[:length, column], reduction="sum"
        ).item()
    assert steps == int(batch.lengths.sum())
    assert carried is None
    assert mean.item() == pytest.approx(total / steps, rel=1e-5)


def test_the_score_is_that_of_seqeval_on_its_own_answers(learned):
    metrics = pytest.importorskip("seqeval.metrics")
    application, model, _ = learned
    right, found = [], []
    with torch.no_grad():
        for sentence in application.sentences.test:
            ids = torch.tensor(application.lexicon.encode(sentence.tokens))[:, None]
            best = model(ids)[0][:, 0].argmax(-1).tolist()
            right.append(list(sentence.tags))
            found.append([application.tags[k] for k in best])
    measured = application.measure(model, "test")
    assert measured.score == pytest.approx(metrics.f1_score(right, found), abs=1e-12)


def test_the_baseline_is_the_usual_tag_of_each_word():
    train_part = [
        Tagged(("to", "a"), ("O", "B-to")),
        Tagged(("to", "A"), ("O", "B-to")),
        Tagged(("from", "a"), ("O", "B-from")),
    ]
    test = [Tagged(("from", "a", "new"), ("O", "B-from", "O")), Tagged(("a",), ("B-to",))]
    padding = [Tagged((f"x{k}",), ("O",)) for k in range(80)]
    baseline = Slots(sentences=train_part * 20 + padding, test=test).baseline
    assert baseline.name == "usual-tag"
    assert baseline.score == pytest.approx(0.5)


def test_it_learns_and_beats_the_usual_tag(learned):
    application, model, snapshots = learned
    measured = application.measure(model, "test")
    assert measured.score > application.baseline.score + 0.25
    assert snapshots[-1].score > application.baseline.score + 0.25
    assert snapshots[-1].loss < snapshots[0].loss / 3


def test_cities_are_told_by_their_place_in_the_sentence(learned):
    """The same two cities the other way round: a table of words could not."""
    application, model, _ = learned
    for there, here in (("Changsha", "Beijing"), ("Beijing", "Changsha")):
        answer = application.answer(model, DOCUMENT.replace("Changsha", "§").replace(
            "Beijing", here).replace("§", there))  # fmt: skip
        slots = {kind: words for kind, words, _ in found_slots(answer)}
        assert (slots["to"], slots["from"]) == (there, here)
        assert slots["time"] == "December 12 th"
        assert all(0 < share <= 1 for _, _, share in answer)


@pytest.mark.parametrize("kind", [Tickets, Addresses])
def test_it_comes_back_from_its_file(kind, tmp_path):
    application = kind()
    model = new_network(application, SMALL, seed=4).eval()
    path = save_applied(tmp_path / "m", Applied("x", application, SMALL, model))
    again = load_applied(path)
    assert type(again.application) is kind is application_class(kind.name)
    text = application.examples[0]
    assert again.answer(text) == application.answer(model, text)
    assert "sentences" not in again.application.__dict__, "restoring needs no data"


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "mine.conll"
    path.write_text(written(FILE), encoding="utf-8")
    application = Slots.from_files(path)
    assert Slots(text=written(FILE)).fingerprint == application.fingerprint
    parts = [{s.tokens for s in part} for part in application.sentences]
    assert sum(map(len, application.sentences)) == len(FILE)
    assert not parts[0] & (parts[1] | parts[2])
    assert not parts[1] & parts[2]
    given = Slots.from_files(path, path)
    assert given.sentences.test == FILE
    restored = Slots.restore(application.describe())
    assert restored.tags == application.tags
    with pytest.raises(ValueError, match="came without its sentences"):
        restored.batch(0, Draws())
    with pytest.raises(ValueError, match="expected some for each"):
        Slots(sentences=FILE[:1])


@pytest.mark.parametrize("cell", ["jordan", "lstm", "mgu"])
def test_a_recording_shows_the_tags(cell):
    application = Slots(sentences=FILE)
    both = cell != "jordan"
    architecture = Architecture(cell, 6, embedding_size=4, bidirectional=both)
    model = new_network(application, architecture, seed=4)
    (trace,) = application.read(model, DOCUMENT, loss_at="every").values()
    words, tags, shares = zip(*application.answer(model, DOCUMENT))
    assert tuple(trace.tokens) == words
    prediction = trace["prediction"].isel(batch=0)
    assert prediction.dims == ("time", "class")
    best = prediction.argmax("class").values
    assert tuple(prediction["class"].values[best]) == tags
    assert prediction.max("class").values == pytest.approx(shares, rel=1e-5)
    assert trace.settings["predicts"] == "here"
    assert "grad_hidden" in trace
    assert trace["hidden"].sizes["direction"] == 1 + both


def test_a_convolution_tags_but_has_nothing_to_record():
    application = Slots(sentences=FILE)
    architecture = Architecture("convolution", 6, embedding_size=4, window=1)
    model = new_network(application, architecture, seed=4)
    assert application.read(model, DOCUMENT) == {}
    before, after = (application.answer(model, f"{DOCUMENT} {word}") for word in ("to", "is"))
    assert before[:-2] == after[:-2]
    assert before[-2:] != after[-2:]


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ({}, "holds its words and its tags"),
        ({"words": ["a"], "tags": ["O"], "more": 1}, "holds its words and its tags"),
        ({"words": [], "tags": ["O"]}, "words are no list of different texts"),
        ({"words": ["a", "a"], "tags": ["O"]}, "words are no list of different texts"),
        ({"words": ["a"], "tags": ["O", 3]}, "tags are no list of different texts"),
        ({"words": ["a"], "tags": ["VERB"]}, "expected O, or B-"),
    ],
)
def test_rubbish_is_not_restored(description, message):
    with pytest.raises(ValueError, match=message):
        Tickets.restore(description)


def test_bad_inputs():
    application = Tickets()
    model = new_network(application, SMALL, seed=1)
    with pytest.raises(ValueError, match="The text has 0 words; expected 1 to 1000"):
        application.answer(model, "  ")
    with pytest.raises(ValueError, match="The text has 1001 words"):
        application.read(model, "to " * 1001)
    with pytest.raises(ValueError, match="without attention"):
        application.network(Architecture("lstm", attention=True))
    with pytest.raises(ValueError, match="tagging takes one of"):
        application.network(Architecture("perceptron"))
