"""The loop learns applications as it learns texts."""

from dataclasses import replace

import pytest
import torch

from core.applications import application_class, new_network
from core.networks.architecture import Architecture
from core.networks.tensor_file import read_tensors, write_tensors
from core.tasks import Namaskar, TextTask
from core.training.checkpoint import KIND, VERSION, load_checkpoint, save_checkpoint
from core.training.loop import new_model, train
from core.training.settings import TrainingSettings
from tests.core.training.test_loop import model_for

TEXT = "the cat sat on the mat and the dog sat on the cat. " * 30
SETTINGS = TrainingSettings(steps=12, batch=4, unroll=9, every=5, validate=10, seed=7)
TEXTS = application_class("next-character")(text=TEXT)
SHAPE = Architecture("lstm", 6, embedding_size=0)


@pytest.fixture
def saved(tmp_path):
    run = train(new_network(TEXTS, SHAPE, 7), TEXTS, SETTINGS)
    next(run)
    return save_checkpoint(tmp_path / "c.safetensors", run.checkpoint())


def test_a_text_as_an_application_is_learned_exactly_as_the_text_itself():
    """Two ways through the same loop: a task with its own model, and an application."""
    task = TextTask.of(TEXT)
    plain, applied = model_for(), new_network(TEXTS, SHAPE, 7)
    applied.load_state_dict(plain.state_dict())
    first, second = (
        list(train(plain, task, SETTINGS)),
        list(train(applied, TEXTS, SETTINGS)),
    )
    assert [s.loss for s in first] == [s.loss for s in second]
    for key, value in plain.state_dict().items():
        assert torch.equal(applied.state_dict()[key], value)
    assert [s.score for s in first] == [None] * 3
    assert second[-1].score == TEXTS.measure(applied).score
    assert second[-1].validation_loss == TEXTS.measure(applied).loss


def test_the_carried_state_and_the_description_are_checked(saved):
    other = application_class("next-character")(text=TEXT.replace("dog", "tac"))
    with pytest.raises(ValueError, match="other data"):
        train(new_network(other, SHAPE, 7), other, SETTINGS, resume=load_checkpoint(saved))
    again = application_class("next-character")(text=TEXT, title="other")
    with pytest.raises(ValueError, match="title was text and is now other"):
        train(new_network(again, SHAPE, 7), again, SETTINGS, resume=load_checkpoint(saved))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t, h: t.update({"carried.0": torch.zeros(1, 3, 6)}), "carried state"),
        (lambda t, h: t.pop("carried.0"), "carried state"),
        (lambda t, h: h.update(carried=[0]), "carried state"),
        (lambda t, h: h.update(carried={"a": 0, "b": 1}), "carried state"),
        (lambda t, h: t.pop("weights.read_out.bias"), "another network"),
        (lambda t, h: t.update({"weights.read_out.bias": torch.zeros(2)}), "another network"),
        (lambda t, h: t.pop("optimiser.read_out.bias.step"), "optimiser's state"),
        (lambda t, h: t.pop("random.cpu"), "kind of device"),
        (lambda t, h: h.update(application="adding"), "application was adding"),
        (lambda t, h: h.pop("description"), "description was None"),
    ],
)
def test_a_checkpoint_that_does_not_fit_is_refused(saved, change, message):
    tensors, header = read_tensors(saved, KIND, VERSION)
    change(tensors, header)
    write_tensors(saved, KIND, VERSION, tensors, header)
    with pytest.raises(ValueError, match=message):
        train(new_network(TEXTS, SHAPE, 7), TEXTS, SETTINGS, resume=load_checkpoint(saved))


def test_a_checkpoint_without_the_optimisers_name_is_of_adamw(tmp_path):
    """As files were before there was a choice."""
    run = train(model_for(), TextTask.of(TEXT), SETTINGS)
    next(run)
    path = save_checkpoint(tmp_path / "c.safetensors", run.checkpoint())
    tensors, header = read_tensors(path, KIND, VERSION)
    del header["training"]["optimizer"], header["carried"]
    write_tensors(path, KIND, VERSION, tensors, header)
    back = load_checkpoint(path)
    assert back.settings == SETTINGS
    assert len(list(train(model_for(), TextTask.of(TEXT), SETTINGS, resume=back))) == 2


def test_an_applications_checkpoint_has_no_text_model(saved):
    with pytest.raises(ValueError, match="model settings"):
        _ = load_checkpoint(saved).model_settings


def test_a_text_needs_its_own_kind_of_model():
    with pytest.raises(TypeError, match="SequenceModel; got Reader"):
        train(new_network(TEXTS, SHAPE, 7), Namaskar(), SETTINGS)


def test_dropout_and_seed_decide():
    adding = application_class("adding")(6)
    shape = replace(SHAPE, num_layers=2, dropout=0.4)
    found = []
    for seed in (3, 3, 4):
        model = new_network(adding, shape, 0)
        torch.manual_seed(len(found))  # nobody else's draws matter
        found.append([s.loss for s in train(model, adding, replace(SETTINGS, seed=seed))])
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_a_fresh_model_is_the_one_that_torchs_own_seed_gives():
    from core.networks import ModelSettings, SequenceModel

    settings = ModelSettings("lstm", 5, 4, embedding_size=3)
    torch.manual_seed(11)
    expected = SequenceModel(settings).state_dict()
    found = new_model(settings, 11).state_dict()
    assert all(torch.equal(found[key], expected[key]) for key in expected)
