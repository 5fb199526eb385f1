"""Dates and numbers: labels, held-out parts, learning, answers, and what is recorded."""

import datetime

import pytest
import torch

from core.applications import (
    Applied,
    Draws,
    application_class,
    load_applied,
    new_network,
    save_applied,
)
from core.applications.translation import Dates, Numbers
from core.applications.writing import END_SIGN, IGNORED, MARKS, START_SIGN
from core.networks.architecture import Architecture
from core.networks.encoder_decoder import END, START, Start, Writer, Written
from core.tasks.date_reading import read_date
from core.tasks.number_reading import read_chinese, read_english
from core.training.loop import train
from core.training.settings import TrainingSettings

BOTH = (Dates, Numbers)
SMALL = Architecture("gru", 6, embedding_size=4)


def network(application, **options):
    architecture = Architecture(**({"cell": "gru", "hidden_size": 6} | options))
    return new_network(application, architecture, 1).eval()


@pytest.mark.parametrize("kind", BOTH)
def test_a_batch_holds_what_was_drawn_and_is_the_same_in_any_order(kind):
    application, draws = kind(), Draws(seed=3, batch=8)
    late, early = application.batch(5, draws), application.batch(2, draws)
    assert torch.equal(application.batch(5, draws).inputs, late.inputs)
    assert late.inputs.shape != early.inputs.shape or not torch.equal(late.inputs, early.inputs)
    for column, (text, answer) in enumerate(application.drawn(5, draws)):
        ids = late.inputs[: late.lengths[column], column].tolist()
        assert application.source.decode(ids) == application.source_tokens(text)
        target = late.targets[:, column]
        said = [token for token in target.tolist() if token != IGNORED]
        assert said[-1] == END
        assert "".join(application.target.decode(said[:-1])) == answer
        assert (target[len(said) :] == IGNORED).all()
    other = application.batch(5, Draws(seed=4, batch=8))
    assert other.inputs.shape != late.inputs.shape or not torch.equal(other.inputs, late.inputs)


def test_labels_of_the_batches_by_rules_of_their_own():
    for text, answer in Dates().drawn(0, Draws(batch=300)):
        assert read_date(text) == datetime.date.fromisoformat(answer)
    for text, answer in Numbers().drawn(0, Draws(batch=300)):
        assert read_english(text) == read_chinese(answer)


@pytest.mark.parametrize("kind", BOTH)
def test_nothing_held_out_is_ever_drawn(kind):
    application = kind()
    learned = {
        answer for step in range(40) for _, answer in application.drawn(step, Draws(batch=200))
    }
    parts = [{answer for _, answer in application.pairs(part)} for part in ("validation", "test")]
    assert not learned & (parts[0] | parts[1])
    assert not parts[0] & parts[1]


@pytest.mark.parametrize("kind", BOTH)
def test_every_token_of_the_data_is_known(kind):
    application = kind()
    pairs = [*application.drawn(0, Draws(batch=3000)), *application.pairs("test")]
    for text, answer in pairs:
        assert application.unknown(text) == []
        assert all(sign in application.target for sign in answer)


@pytest.mark.parametrize("attention", [True, False])
def test_it_learns_in_seconds(attention):
    """From nothing to answers without a mistake; the shipped models show how far it goes."""
    torch.set_num_threads(1)
    application = Numbers()
    architecture = Architecture("gru", 24, embedding_size=12, attention=attention)
    model = new_network(application, architecture, 1)
    before = application.measure(model)
    settings = TrainingSettings(steps=150, batch=32, learning_rate=1e-2, every=50, validate=1000)
    losses = [snapshot.loss for snapshot in train(model, application, settings)]
    after = application.measure(model)
    assert losses[-1] < 0.7 * losses[0]
    assert after.loss < 0.6 * before.loss
    assert after.score > before.score


@pytest.mark.slow
def test_small_and_in_half_a_minute_it_beats_the_rule():
    torch.set_num_threads(1)
    application = Numbers()
    architecture = Architecture("gru", 32, embedding_size=16, bidirectional=True, attention=True)
    model = new_network(application, architecture, 1)
    settings = TrainingSettings(steps=500, batch=32, learning_rate=1e-2, every=500, validate=1000)
    for _ in train(model, application, settings):
        pass
    assert application.measure(model, "test").score > application.baseline.score + 0.3


@pytest.mark.parametrize("kind", BOTH)
def test_the_baseline_is_the_share_of_test_pairs_that_the_rule_gets_right(kind):
    found = kind().baseline
    assert 0.02 < found.score < 0.5


@pytest.mark.parametrize("ratio", [0.0, 0.5, 1.0])
def test_the_loss_is_the_surprise_at_the_truth(ratio):
    application = Dates(teacher_forcing=ratio)
    model, batch = network(application), application.batch(0, Draws(batch=4))
    loss = application.loss(model, batch)
    again = application.loss(model, batch)
    assert torch.equal(loss.mean, again.mean)
    assert loss.steps == int(batch.lengths.sum()) + 4 * 11  # ten signs of a date and the end
    if ratio == 1:
        taught = torch.cat((torch.full_like(batch.targets[:1], START), batch.targets[:-1]))
        chances = torch.log_softmax(model(batch.inputs, taught, batch.lengths).logits, dim=-1)
        by_hand = -chances.gather(-1, batch.targets[..., None]).mean()
        torch.testing.assert_close(loss.mean, by_hand)


def test_the_score_counts_answers_without_any_mistake():
    application = Dates()

    class Sure(Writer):
        """Writes one date whatever it reads."""

        def __init__(self, said):
            torch.nn.Module.__init__(self)
            self.said, self.weight = said, torch.nn.Parameter(torch.zeros(1))

        def start(self, inputs, lengths):
            return Start((torch.zeros(1, inputs.shape[1], 1),))

        def write(self, fed, start):
            step = start.state[0][0, 0, 0].long()
            places = torch.arange(step, step + len(fed)).clamp(max=len(self.said) - 1)
            logits = 50 * torch.nn.functional.one_hot(self.said[places], 13).float()
            logits = logits[:, None].expand(-1, fed.shape[1], -1)
            return Written(logits, (start.state[0] + len(fed),), None)

    answers = [answer for _, answer in application.pairs("test")]
    said = torch.tensor([*application.target.encode(answers[0]), END])
    expected = sum(answer == answers[0] for answer in answers) / len(answers)
    assert application.measure(Sure(said), "test").score == pytest.approx(expected)


@pytest.mark.parametrize("attention", [False, True])
@pytest.mark.parametrize("loss_at", ["last", "every", None])
def test_the_recording_is_of_the_run_that_gave_the_answer(attention, loss_at):
    application = Dates()
    model = network(application, attention=attention, bidirectional=True)
    answer = application.answer(model, "3 March 1998")
    traces = application.read(model, "3 March 1998", loss_at=loss_at)
    assert list(traces) == ["encoder", "decoder"]
    encoder, decoder = traces["encoder"], traces["decoder"]
    assert encoder.tokens == list("3 march 1998")
    written = [token for token, _ in answer["steps"]]
    assert decoder.tokens == [START_SIGN, *written[:-1]]
    assert encoder.data.sizes["direction"] == 2
    assert decoder.data.sizes["direction"] == 1
    chances = decoder["prediction"].values[:, 0]
    picked = [decoder.data["class"].values.tolist().index(token) for token in written]
    assert [chances[t, place] for t, place in enumerate(picked)] == pytest.approx(
        [chance for _, chance in answer["steps"]], rel=1e-4
    )
    assert decoder.settings["predicts"] == "next"
    assert "prediction" not in encoder
    assert ("grad_hidden" in encoder) == (loss_at is not None)
    if loss_at:  # what is said depends on what was read
        assert (abs(encoder["grad_hidden"]).sum() > 0).item()
    assert ("attention" in decoder) == attention
    if attention:
        weights = decoder["attention"]
        assert weights.dims == ("time", "batch", "source")
        assert weights["source"].values.tolist() == encoder.tokens
        assert weights.sum("source").values == pytest.approx(1)


@pytest.mark.parametrize("attention", [False, True])
def test_a_recording_can_be_kept_in_a_file(attention, tmp_path):
    from core.recording import Trace

    application = Numbers()
    traces = application.read(network(application, attention=attention), "three hundred and five")
    for name, trace in traces.items():
        trace.save(tmp_path / f"{name}.safetensors")
        back = Trace.load(tmp_path / f"{name}.safetensors")
        assert back.data.identical(trace.data)


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("options", [{}, {"attention": True, "bidirectional": True}])
def test_a_trained_network_comes_back_from_its_file(kind, options, tmp_path):
    application = kind(teacher_forcing=0.5)
    architecture = Architecture("lstm", 6, embedding_size=4, **options)
    applied = Applied("x", application, architecture, new_network(application, architecture, 1))
    back = load_applied(save_applied(tmp_path / "x.safetensors", applied))
    text = application.examples[0]
    assert back.answer(text) == applied.answer(text)
    assert back.application.describe() == application.describe()


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize(
    "change",
    [{"source": "abc"}, {"source": [1, 2]}, {"source": []}, {"target": ["a", "b"]},
     {"target": [*MARKS, "a", "a"]}, {"teacher_forcing": 2}, {"teacher_forcing": True},
     {"teacher_forcing": None}, {"source": ["x" * 99]}],
)  # fmt: skip
def test_strange_descriptions_are_refused(kind, change):
    description = kind().describe()
    assert kind.restore(description).describe() == description
    with pytest.raises(ValueError, match=r"expected|once"):
        kind.restore(description | change)


@pytest.mark.parametrize("kind", BOTH)
def test_examples_are_answered_and_bad_input_is_refused(kind):
    application = kind()
    model = network(application)
    for text in application.examples:
        found = application.answer(model, text)
        assert 0 <= found["probability"] <= 1
        assert found["unknown"] == []
    for text in ("", "   ", "five " * 300):
        with pytest.raises(ValueError, match="expected 1 to 200"):
            application.answer(model, text)


def test_what_is_not_known_is_named_and_has_no_truth():
    application = Dates()
    found = application.answer(network(application), "3 März 1998!")
    assert found["unknown"] == ["ä", "!"]
    assert found["expected"] is None
    assert application.expected("3 March 1998") == "1998-03-03"
    assert application.expected("3/4/1998") is None
    numbers = Numbers()
    assert numbers.unknown("three cats") == ["cats"]
    assert numbers.expected("three hundred and five") == "三百零五"
    assert numbers.expected("three cats") is None


def test_a_jordan_network_is_refused_with_the_reason():
    for name in ("dates", "numbers"):
        application = application_class(name)()
        assert "jordan" not in application.cells
        with pytest.raises(ValueError, match="no hidden state"):
            application.network(Architecture("jordan", 6))


def test_the_end_mark_is_no_part_of_an_answer():
    found = Dates().answer(network(Dates()), "3 March 1998")
    assert END_SIGN not in found["answer"]
    assert START_SIGN not in found["answer"]


def test_another_seed_or_data_is_another_fingerprint():
    assert Dates().fingerprint == Dates().fingerprint != Numbers().fingerprint


def test_an_answer_is_given_without_dropout_and_the_mode_is_kept():
    application = Dates()
    model = network(application, dropout=0.5)
    calm = application.answer(model, "3 March 1998")
    model.train()
    assert application.answer(model, "3 March 1998") == calm
    assert model.training


def test_a_network_that_does_not_write_is_refused():
    with pytest.raises(TypeError, match="expected one that writes"):
        Dates().answer(torch.nn.Linear(2, 2), "3 March 1998")
