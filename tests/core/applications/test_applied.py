"""A trained network in one file: back as it was, and nothing else gets in."""

import json
import struct

import pytest
import torch

from core.applications import Applied, application_class, load_applied, new_network, save_applied
from core.applications.registry import REGISTRY
from core.networks.architecture import Architecture

NAME = "adding"


@pytest.fixture
def applied():
    application = application_class(NAME).restore(application_class(NAME)().describe())
    architecture = Architecture("gru", 5)
    model = new_network(application, architecture, seed=3)
    return Applied("mine", application, architecture, model.eval(), {"seed": 3})


def test_what_was_saved_comes_back(applied, tmp_path):
    path = save_applied(tmp_path / "mine.safetensors", applied)
    back = load_applied(path)
    assert (back.name, back.architecture, back.info) == ("mine", applied.architecture, {"seed": 3})
    assert back.application.describe() == applied.application.describe()
    for name, weights in applied.model.state_dict().items():
        assert torch.equal(back.model.state_dict()[name], weights)
    assert not back.model.training


def test_the_same_seed_gives_the_same_network_and_leaves_torch_alone(applied):
    before = torch.get_rng_state()
    again = new_network(applied.application, applied.architecture, seed=3)
    other = new_network(applied.application, applied.architecture, seed=4)
    assert torch.equal(torch.get_rng_state(), before)
    first, second, third = (
        torch.cat([p.flatten() for p in model.parameters()])
        for model in (applied.model, again, other)
    )
    assert torch.equal(first, second)
    assert not torch.equal(first, third)


def changed(path, change):
    """The file with its header changed and its digest made to fit: a careful forger's file."""
    from core.networks.tensor_file import read_tensors, write_tensors

    tensors, header = read_tensors(path, "unrolled-application", 1)
    change(header, tensors)
    write_tensors(path, "unrolled-application", 1, tensors, header)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda h, t: h.update(application="shell"), "No application is called 'shell'"),
        (lambda h, t: h.update(application=7), "does not say what its network is for"),
        (lambda h, t: h.update(description=[]), "does not say what its network is for"),
        (lambda h, t: h["architecture"].update(hidden_size=6), "do not fit the network"),
        (lambda h, t: h["architecture"].update(hidden_size=10**9), "expected 1 to"),
        (lambda h, t: h["architecture"].update(hidden_size="5"), "expected int"),
        (lambda h, t: h["architecture"].pop("cell"), "has the architecture"),
        (lambda h, t: h.update(info=None), "lacks a name or its info"),
        (lambda h, t: t.popitem(), "do not fit the network"),
        (lambda h, t: next(iter(t.values())).fill_(float("nan")), "not finite"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_by_name(applied, tmp_path, change, said):
    path = save_applied(tmp_path / "mine.safetensors", applied)
    changed(path, change)
    with pytest.raises(ValueError, match=said):
        load_applied(path)


def test_damage_is_noticed(applied, tmp_path):
    path = save_applied(tmp_path / "mine.safetensors", applied)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match="altered after it was saved"):
        load_applied(path)
    path.write_bytes(data[:100])
    with pytest.raises(ValueError, match="not a complete safetensors file"):
        load_applied(path)


def test_weights_that_are_not_finite_are_not_saved(applied, tmp_path):
    next(applied.model.parameters()).data.fill_(float("inf"))
    with pytest.raises(ValueError, match="not finite"):
        save_applied(tmp_path / "mine.safetensors", applied)


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_application_is_found_under_its_name(name):
    found = application_class(name)
    assert issubclass(found, object)
    assert name in json.dumps(sorted(REGISTRY))


def test_a_huge_claimed_header_is_no_reason_to_read_on(tmp_path):
    path = tmp_path / "huge.safetensors"
    path.write_bytes(struct.pack("<Q", 2**60) + b"{}")
    with pytest.raises(ValueError, match="not a complete safetensors file"):
        load_applied(path)
