"""Model files: what goes in comes out, and nothing else is taken for one."""

import json
import os
import stat
import struct

import pytest
import torch
from safetensors.torch import load_file, save_file

from core.networks import ModelSettings, SequenceModel, Vocabulary
from core.networks.model_file import KIND, VERSION, TextModel, load_model, save_model
from core.networks.tensor_file import read_tensors, write_tensors

VOCABULARY = Vocabulary.of("abc（。\n")
INFO = {"seed": 3, "steps": 10, "bits_per_character": 1.25, "corpus": "诗"}


def a_model(cell="lstm", **options):
    torch.manual_seed(5)
    model = SequenceModel(ModelSettings(cell, len(VOCABULARY), 5, **options))
    return TextModel("little", model, VOCABULARY, INFO)


@pytest.fixture
def saved(tmp_path):
    return save_model(tmp_path / "little.safetensors", a_model())


def rewritten(path, change):
    """The same file after ``change(tensors, header)``, with a digest that fits."""
    tensors, header = read_tensors(path, KIND, VERSION)
    change(tensors, header)
    return write_tensors(path, KIND, VERSION, tensors, header)


@pytest.mark.parametrize("cell", ["elman", "jordan", "lstm", "gru", "gru-original"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_model_comes_back_as_it_was(tmp_path, cell, dtype):
    text_model = a_model(cell, embedding_size=3)
    text_model.model.to(dtype)
    back = load_model(save_model(tmp_path / "m.safetensors", text_model))
    assert (back.name, back.vocabulary, back.info) == ("little", VOCABULARY, INFO)
    assert back.model.settings == text_model.model.settings
    assert not back.model.training
    ids = text_model.encode("cab（x")
    torch.testing.assert_close(back.model(ids)[0], text_model.model(ids)[0], rtol=0, atol=0)
    assert back.model(ids)[0].dtype == dtype


def test_layers_and_directions_come_back(tmp_path):
    text_model = a_model("gru", num_layers=2, bidirectional=True, dropout=0.25)
    back = load_model(save_model(tmp_path / "m.safetensors", text_model))
    assert back.model.settings == text_model.model.settings
    for name, weight in text_model.model.state_dict().items():
        assert torch.equal(back.model.state_dict()[name], weight)


def test_loading_leaves_the_random_numbers_alone(saved):
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    load_model(saved)
    assert torch.equal(torch.rand(3), expected)


def test_encode_gives_one_column_and_marks_the_unknown():
    ids = a_model().encode("aß（")
    assert ids.shape == (3, 1)
    assert ids.dtype == torch.long
    assert ids[:, 0].tolist() == [VOCABULARY.ids["a"], len(VOCABULARY), VOCABULARY.ids["（"]]


def test_an_empty_text_is_refused():
    with pytest.raises(ValueError, match="at least one character"):
        a_model().encode("")


def test_a_vocabulary_of_another_size_is_refused():
    with pytest.raises(ValueError, match="reads 6 tokens and the vocabulary has 2"):
        TextModel("x", a_model().model, Vocabulary.of("ab"))


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"\.safetensors file; got 'm\.pt'"):
        save_model(tmp_path / "m.pt", a_model())


def test_info_must_be_plain(tmp_path):
    model = a_model()
    with pytest.raises(TypeError):
        save_model(tmp_path / "m.safetensors", TextModel("x", model.model, VOCABULARY, {"a": {1}}))
    assert list(tmp_path.iterdir()) == []


def test_weights_that_are_not_finite_are_not_saved(tmp_path):
    text_model = a_model()
    torch.nn.init.constant_(text_model.model.read_out.bias, float("inf"))
    with pytest.raises(ValueError, match=r"read_out\.bias hold values that are not finite"):
        save_model(tmp_path / "m.safetensors", text_model)


def test_a_failed_write_leaves_the_old_file_and_no_litter(saved, monkeypatch):
    before = saved.read_bytes()

    def fails(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="disk full"):
        save_model(saved, a_model("gru"))
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_others_may_read_the_file(saved):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o644


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_model(tmp_path / "nowhere.safetensors")


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.999])
def test_a_truncated_file_is_refused(saved, share):
    data = saved.read_bytes()
    saved.write_bytes(data[: int(share * len(data))])
    with pytest.raises(ValueError, match="not a complete safetensors file"):
        load_model(saved)


@pytest.mark.parametrize("junk", [b"GIF89a" * 50, b"\x80\x04\x95pickle" * 20, b"\xff" * 64])
def test_a_file_of_another_kind_is_refused(tmp_path, junk):
    path = tmp_path / "x.safetensors"
    path.write_bytes(junk)
    with pytest.raises(ValueError, match=r"x\.safetensors is not a complete safetensors file"):
        load_model(path)


def test_every_altered_byte_is_noticed(saved):
    data = saved.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    for place in [*range(8, 8 + length, 37), *range(8 + length, len(data), 101)]:
        altered = bytearray(data)
        altered[place] ^= 0x01
        saved.write_bytes(altered)
        with pytest.raises(ValueError, match=r"little\.safetensors"):
            load_model(saved)


def test_another_programs_safetensors_are_refused(tmp_path):
    path = tmp_path / "x.safetensors"
    save_file({"weight": torch.zeros(2)}, path)
    with pytest.raises(ValueError, match="of another program; expected 'unrolled-model'"):
        load_model(path)


def test_another_kind_of_our_own_is_refused(tmp_path):
    path = write_tensors(tmp_path / "x.safetensors", "unrolled-checkpoint", 1, {}, {})
    with pytest.raises(ValueError, match="'unrolled-checkpoint' file; expected 'unrolled-model'"):
        load_model(path)


@pytest.mark.parametrize("version", ["2", "0", "-1", "one", "", "9" * 5000])
def test_another_version_is_refused(saved, version):
    tensors = load_file(saved)
    data = saved.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    metadata = json.loads(data[8 : 8 + length])["__metadata__"]
    save_file(tensors, saved, metadata | {"version": version})
    with pytest.raises(ValueError, match="has version"):
        load_model(saved)


def test_an_oversized_file_is_refused_unread(saved):
    with pytest.raises(ValueError, match="expected at most 100"):
        load_model(saved, max_bytes=100)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("hidden_size", 10**9, "hidden_size is 1000000000; expected 1 to"),
        ("num_layers", 10**6, "num_layers is 1000000; expected 1 to 64"),
        ("hidden_size", 0, "hidden_size is 0"),
        ("vocabulary_size", -1, "vocabulary_size is -1"),
        ("hidden_size", "5", "hidden_size is '5'; expected int"),
        ("hidden_size", True, "hidden_size is True; expected int"),
        ("hidden_size", 6, "has shape"),
        ("num_layers", 2, "missing"),
        ("cell", "transformer", "transformer"),
        ("dropout", "much", "dropout is 'much'"),
        ("dropout", 7.0, "dropout"),
        ("output_size", 3, "read_out"),
    ],
)
def test_settings_that_do_not_fit_are_refused(saved, key, value, message):
    rewritten(saved, lambda _, header: header["settings"].update({key: value}))
    with pytest.raises(ValueError, match=message):
        load_model(saved)


def test_missing_settings_are_refused(saved):
    rewritten(saved, lambda _, header: header["settings"].pop("cell"))
    with pytest.raises(ValueError, match=r"expected .*'cell'"):
        load_model(saved)


@pytest.mark.parametrize("vocabulary", [None, "abc", [1, 2], ["a", "a", "b", "c", "d", "e"], ["a"]])
def test_a_wrong_vocabulary_is_refused(saved, vocabulary):
    rewritten(saved, lambda _, header: header.update(vocabulary=vocabulary))
    with pytest.raises(ValueError, match=r"tokens|token once"):
        load_model(saved)


@pytest.mark.parametrize("key", ["name", "info", "settings", "vocabulary"])
def test_a_header_with_a_gap_is_refused(saved, key):
    rewritten(saved, lambda _, header: header.pop(key))
    with pytest.raises(ValueError, match=r"little\.safetensors"):
        load_model(saved)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t["rnn.weight_hh_l0"].mul_(float("nan")), "not finite"),
        (lambda t: t.update({"read_out.bias": torch.zeros(6, dtype=torch.long)}), "int64"),
        (lambda t: t.update({"read_out.bias": torch.zeros(6, dtype=torch.float64)}), "mixes"),
        (lambda t: t.update({"read_out.bias": torch.zeros(7)}), r"shape \(7,\)"),
        (lambda t: t.update({"backdoor": torch.zeros(1)}), r"unexpected \['backdoor'\]"),
        (lambda t: t.pop("read_out.bias"), r"missing \['read_out.bias'\]"),
    ],
)
def test_weights_that_do_not_fit_are_refused(saved, change, message):
    rewritten(saved, lambda tensors, _: change(tensors))
    with pytest.raises(ValueError, match=message):
        load_model(saved)
