"""Digits, whole and row by row."""

import numpy as np
import pytest
import torch

from core.applications import Applied, Draws, load_applied, new_network, save_applied
from core.applications.digit_images import DigitImage, DigitRows
from core.networks.architecture import Architecture
from core.tasks.digits import digits
from tests.core.applications.reading import learned

KINDS = (DigitRows, DigitImage)


def fresh(kind):
    application = kind()
    cell = "lstm" if kind is DigitRows else "perceptron"
    model = new_network(application, Architecture(cell, hidden_size=7), seed=2)
    return application, model.eval()


def test_the_baseline_is_that_of_scikit_learn():
    from sklearn.neighbors import NearestCentroid

    train, test = digits("train"), digits("test")
    model = NearestCentroid().fit(train.images.reshape(len(train), -1), train.labels)
    expected = model.score(test.images.reshape(len(test), -1), test.labels)
    assert DigitImage().baseline.score == pytest.approx(expected)


@pytest.mark.parametrize(
    ("kind", "architecture", "steps"),
    [
        (DigitImage, Architecture("perceptron", hidden_size=32), 300),
        (DigitRows, Architecture("gru", hidden_size=48), 500),
    ],
)
def test_it_beats_the_nearest_mean_image(kind, architecture, steps):
    application = kind()
    model = learned(application, architecture, steps=steps, batch=64)
    assert application.measure(model, "test").score > application.baseline.score + 0.02
    table = application.confusion(model)
    assert table.sum(1).tolist() == np.bincount(digits("test").labels).tolist()
    share = table.trace() / table.sum()
    assert application.measure(model, "test").score == pytest.approx(share)


def test_rows_are_read_from_top_to_bottom():
    images = digits("test").images[:3]
    rows = DigitRows().inputs(images)
    assert rows.shape == (8, 3, 8)
    for step in range(8):
        np.testing.assert_array_equal(rows[step], images[:, step])
    whole = DigitImage().inputs(images)
    np.testing.assert_array_equal(whole[0], images.reshape(3, 64))


def test_batches_are_training_images_with_their_labels():
    train = digits("train")
    batch = DigitRows().batch(3, Draws(batch=5, seed=1))
    for column, label in enumerate(batch.labels):
        image = batch.inputs[:, column].numpy()
        (place,) = np.flatnonzero((train.images == image).all((1, 2)))
        assert train.labels[place] == label


def test_the_loss_weighs_later_answers_more():
    application, model = fresh(DigitRows)
    batch = application.batch(0, Draws(batch=4))
    logits = model(batch.inputs)[0]
    each = [
        torch.nn.functional.cross_entropy(logits[step], batch.labels).item() for step in range(8)
    ]
    expected = np.average(each, weights=range(1, 9))
    assert application.loss(model, batch).mean.item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_is_named_by_its_number(kind):
    application, model = fresh(kind)
    answer = application.answer(model, " 7 ")
    test = digits("test")
    np.testing.assert_array_equal(answer.image, test.images[7])
    assert answer.truth == str(test.labels[7])
    assert sum(answer.probabilities) == pytest.approx(1, abs=1e-5)
    assert answer.label == answer.labels[int(np.argmax(answer.probabilities))]
    assert answer.after.shape == (application.steps, 10)
    for example in application.examples:
        application.answer(model, example)


@pytest.mark.parametrize("text", ["", "seven", "-1", "359", "1e3", "٣", "9" * 40])
def test_what_is_no_number_of_an_image_is_refused(text):
    application, model = fresh(DigitRows)
    with pytest.raises(ValueError, match="expected 0 to 358"):
        application.answer(model, text)


@pytest.mark.parametrize("loss_at", ["last", "every", None])
def test_a_recording_holds_the_answer_after_every_row(loss_at):
    application, model = fresh(DigitRows)
    (trace,) = application.read(model, "5", loss_at=loss_at).values()
    after = application.answer(model, "5").after
    np.testing.assert_allclose(trace["prediction"].values[:, 0], after, atol=1e-6)
    assert len(trace.tokens) == 8
    assert not set(trace.tokens) & set(trace.data["class"].values)  # a row is no answer


def test_a_whole_image_has_no_time_to_record():
    application, model = fresh(DigitImage)
    assert application.read(model, "5") == {}


@pytest.mark.parametrize("kind", KINDS)
def test_round_trip(kind, tmp_path):
    application, model = fresh(kind)
    made = Applied("a", application, model.architecture, model)
    again = load_applied(save_applied(tmp_path / "a.safetensors", made))
    assert again.answer("11").probabilities == made.answer("11").probabilities
    with pytest.raises(ValueError, match="expected an empty one"):
        kind.restore({"images": 1})


def test_networks_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="expected 'perceptron'"):
        DigitImage().network(Architecture("lstm"))
    with pytest.raises(ValueError, match="cannot use the cell 'convolution'"):
        DigitRows().network(Architecture("convolution"))
