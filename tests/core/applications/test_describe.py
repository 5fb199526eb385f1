"""Images of digits spelled out: labels, parts, learning, and inputs as people write them."""

import numpy as np
import pytest
import torch

from core.applications import Applied, Draws, load_applied, new_network, save_applied
from core.applications.describe import (
    NOISE,
    ChineseDigits,
    EnglishDigits,
    image_of,
    written_image,
)
from core.applications.writing import MARKS
from core.networks.architecture import Architecture
from core.networks.encoder_decoder import END
from core.tasks.digit_names import CHINESE, ENGLISH
from core.tasks.digits import all_digits, digits
from core.training.loop import train
from core.training.settings import TrainingSettings

BOTH = (EnglishDigits, ChineseDigits)


def network(application, cell="gru"):
    return new_network(application, Architecture(cell, 6, embedding_size=4), 1).eval()


def test_names_are_those_of_the_digits():
    assert [len(ENGLISH[digit]) for digit in (2, 4, 7)] == [3, 4, 5]
    assert [ENGLISH.index(word) for word in ("zero", "three", "nine")] == [0, 3, 9]
    assert CHINESE[7] == "数字七，读作qī"
    assert [name[2] for name in CHINESE] == list("零一二三四五六七八九")
    assert len(set(CHINESE)) == len(set(ENGLISH)) == 10


@pytest.mark.parametrize("kind", BOTH)
def test_every_image_of_a_batch_is_one_to_learn_from_with_its_own_name(kind):
    application = kind()
    known = all_digits()
    whole = {
        image.tobytes(): label for image, label in zip(known.images, known.labels, strict=True)
    }
    held_out = {image.tobytes() for part in ("validation", "test") for image in digits(part).images}
    names = dict(enumerate(ENGLISH if kind is EnglishDigits else CHINESE))
    for step in range(4):
        pairs = application.drawn(step, Draws(batch=64))
        inputs, _ = application.take([text for text, _ in pairs])
        assert len(pairs) == 64
        for row, (_, name) in zip(inputs.numpy(), pairs, strict=True):
            assert row.tobytes() not in held_out
            assert name == names[whole[row.tobytes()]]


def test_a_batch_is_what_was_drawn_with_noise_and_the_same_every_time():
    application, draws = EnglishDigits(), Draws(seed=2, batch=64)
    batch, pairs = application.batch(3, draws), application.drawn(3, draws)
    clean, _ = application.take([text for text, _ in pairs])
    noise = batch.inputs - clean
    assert noise.std() == pytest.approx(NOISE, rel=0.05)
    assert abs(noise.mean()) < 0.02
    assert torch.equal(batch.inputs, application.batch(3, draws).inputs)
    for column, (_, name) in enumerate(pairs):
        said = [token for token in batch.targets[:, column].tolist() if token > END]
        assert "".join(application.target.decode(said)) == name


@pytest.mark.parametrize(("kind", "steps"), [(EnglishDigits, 220), (ChineseDigits, 700)])
@pytest.mark.slow
def test_it_learns_in_seconds_and_beats_the_nearest_mean_image(kind, steps):
    torch.set_num_threads(1)
    application = kind()
    model = new_network(application, Architecture("gru", 48, embedding_size=8), 1)
    settings = TrainingSettings(
        steps=steps, batch=64, learning_rate=1e-2, every=steps, validate=1000
    )
    for _ in train(model, application, settings):
        pass
    assert application.baseline.score == pytest.approx(0.9136, abs=0.01)
    assert application.measure(model, "test").score > application.baseline.score + 0.01


def test_the_baseline_is_the_nearest_mean_image():
    from sklearn.neighbors import NearestCentroid

    learned, asked = digits("train"), digits("test")
    flat = [part.images.reshape(len(part), -1) for part in (learned, asked)]
    known = NearestCentroid().fit(flat[0], learned.labels).score(flat[1], asked.labels)
    assert EnglishDigits().baseline.score == pytest.approx(known)


@pytest.mark.parametrize("kind", BOTH)
def test_a_number_and_its_pixels_are_the_same_input(kind):
    application = kind()
    model = network(application)
    image = digits("test").images[7]
    by_number, by_pixels = (application.answer(model, t) for t in ("7", written_image(image)))
    assert by_number["steps"] == by_pixels["steps"]
    label = digits("test").labels[7]
    assert by_number["expected"] == (ENGLISH if kind is EnglishDigits else CHINESE)[label]
    assert by_pixels["expected"] is None


def test_an_image_as_text_is_the_image():
    ink = np.arange(64) % 17
    np.testing.assert_array_equal(image_of(written_image(ink / 16)) * 16, ink)
    np.testing.assert_array_equal(image_of(", ".join(map(str, ink))) * 16, ink)


@pytest.mark.parametrize(
    "text", ["", "seven", "-1", "99999", "9999", "1 2 3", " ".join(["17"] * 64), "1.5 " * 64]
)
def test_what_is_no_image_is_refused(text):
    with pytest.raises(ValueError, match="is no image; expected the number of a test image"):
        EnglishDigits().answer(network(EnglishDigits()), text)


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("cell", ["gru", "lstm", "mgu"])
def test_the_recording_starts_in_the_state_that_the_image_gave(kind, cell):
    application = kind()
    model = network(application, cell)
    traces = application.read(model, "7")
    assert list(traces) == ["decoder"]
    trace = traces["decoder"]
    begun = model.start(torch.tensor(image_of("7"))[None]).state[0][0, 0]
    np.testing.assert_allclose(
        trace["initial_hidden"].values[0, 0, 0, 0], begun.detach().numpy(), rtol=1e-5
    )
    assert trace["prediction"].dims == ("time", "batch", "class")
    assert trace.tokens[0] == MARKS[0]


@pytest.mark.parametrize("kind", BOTH)
def test_a_network_comes_back_from_its_file(kind, tmp_path):
    application = kind()
    architecture = Architecture("lstm", 6, embedding_size=4)
    applied = Applied("x", application, architecture, new_network(application, architecture, 1))
    back = load_applied(save_applied(tmp_path / "x.safetensors", applied))
    assert back.answer("7") == applied.answer("7")
    for change in ({"target": []}, {"target": ["a"]}, {"teacher_forcing": "1"}):
        with pytest.raises(ValueError, match="expected"):
            kind.restore(application.describe() | change)


@pytest.mark.parametrize("options", [{"bidirectional": True}, {"attention": True}])
def test_what_needs_a_sequence_to_read_is_refused(options):
    with pytest.raises(ValueError, match="seen once"):
        EnglishDigits().network(Architecture("gru", 6, **options))


def test_the_jordan_network_is_refused():
    with pytest.raises(ValueError, match="no hidden state"):
        EnglishDigits().network(Architecture("jordan", 6))
