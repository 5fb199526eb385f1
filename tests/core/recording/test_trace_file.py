"""One file: what is saved comes back, and what is wrong with a file is said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from core.recording import Trace, record, trace_file
from core.recording.trace_file import trace_bytes
from tests.core.recording.explicit import random_loss
from tests.core.recording.models import FEATURES, build, draw

TOKENS = ["<s>", "隐", "藏", "मस्", "\U0001f600", '"', "\n"]


@pytest.fixture(name="trace", scope="module")
def small_trace() -> Trace:
    return record(
        build("lstm", num_layers=2),
        draw(len(TOKENS), 2, FEATURES),
        loss=random_loss(0),
        parts=True,
        tokens=TOKENS,
        settings={"seed": 3, "name": "Überraschung 状态", "lengths": [1, 2]},
    )[""]


@pytest.fixture(name="path")
def saved(trace: Trace, tmp_path: Path) -> Path:
    path = tmp_path / "reading.safetensors"
    trace.save(path)
    return path


def test_what_was_saved_comes_back(trace: Trace, path: Path) -> None:
    loaded = Trace.load(str(path))
    xr.testing.assert_identical(loaded.data, trace.data)
    assert loaded.tokens == TOKENS
    assert loaded.proof == trace.proof
    assert loaded.settings == trace.settings
    for name in trace.signals:
        assert loaded[name].dtype == trace[name].dtype


def test_half_a_character_comes_back(tmp_path: Path) -> None:
    """Half a surrogate pair, as a browser may send it, is no reason to lose a recording."""
    trace = record(build("gru"), draw(2, 1, FEATURES), tokens=["\ud83d", "a"])[""]
    trace.save(tmp_path / "half.safetensors")
    assert Trace.load(tmp_path / "half.safetensors").tokens == ["\ud83d", "a"]


@given(
    tokens=st.lists(st.text(st.characters(exclude_characters="\0"), max_size=4), min_size=1),
    seed=st.integers(0, 9),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_tokens_come_back(tokens: list[str], seed: int, tmp_path: Path) -> None:
    trace = record(build("gru", seed), draw(len(tokens), 1, FEATURES), tokens=tokens)[""]
    trace.save(tmp_path / "any.safetensors")
    xr.testing.assert_identical(Trace.load(tmp_path / "any.safetensors").data, trace.data)


def test_loading_needs_no_torch(path: Path) -> None:
    code = (
        "import sys; sys.modules['torch'] = None; from core import Trace; "
        f"trace = Trace.load({str(path)!r}); trace.to_dataframe(); "
        "print(trace['forget_gate'].shape, trace.proof < 1e-9)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "(2, 1, 7, 2, 5) True"


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no recording at .*nowhere"):
        Trace.load(tmp_path / "nowhere.safetensors")


@pytest.mark.parametrize("share", [0.0, 0.0005, 0.01, 0.5, 0.999])
def test_a_truncated_file(path: Path, share: float) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ValueError, match=r"reading\.safetensors is not a whole .*save"):
        Trace.load(path)


def test_an_altered_byte_anywhere(path: Path) -> None:
    """Every header byte in turn, and some of the numbers: nothing opens, and nothing crashes."""
    data = path.read_bytes()
    header = 8 + int.from_bytes(data[:8], "little")
    chooser = np.random.default_rng(0)
    places = [*range(0, header, 17), *chooser.integers(header, len(data), 100).tolist()]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << int(chooser.integers(0, 7))
        path.write_bytes(bytes(changed))
        with pytest.raises(ValueError, match=r"reading\.safetensors"):
            Trace.load(path)


def test_an_altered_number_is_said_to_be_altered(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ValueError, match="was altered after it was saved"):
        Trace.load(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" * 50, b"\x80\x04}q\x00." * 9])
def test_a_foreign_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.safetensors"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"other\.safetensors is not a whole \.safetensors file"):
        Trace.load(path)


@pytest.mark.parametrize("metadata", [None, {"format": "pt"}])
def test_a_safetensors_file_of_another_kind(tmp_path: Path, metadata: dict | None) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(save({"weight": np.zeros(3)}, metadata))
    with pytest.raises(ValueError, match=r"weights\.safetensors is .* but not a recording"):
        Trace.load(path)


DIMS = ["layer", "direction", "time", "batch", "unit"]


def made(path: Path, arrays: dict[str, np.ndarray], description: str) -> Path:
    """A file that calls itself a recording, with a digest that fits."""
    digest = trace_file._digest(arrays, description)
    metadata = {"format": "unrolled-trace", "version": "1", "trace": description, "digest": digest}
    path.write_bytes(save(arrays, metadata))
    return path


def described(**changes: object) -> str:
    meta = {"dims": {"hidden": DIMS}, "coords": {}, "attrs": {"proof": 0.0, "kind": "gru"}}
    return json.dumps(meta | changes)


HIDDEN = {"hidden": np.zeros((1, 1, 2, 1, 3), np.float32)}


@pytest.mark.parametrize(
    ("arrays", "description", "message"),
    [
        (HIDDEN, "[" * 200_000 + "]" * 200_000, "calls itself a recording"),
        (HIDDEN, described(attrs={"proof": 10**400}), "a recording"),
        (HIDDEN, described(attrs={"proof": 0.0, "seed": 10**400}), "'seed' is no text"),
        (HIDDEN, described(attrs={"proof": 0.0, "kind": {"a": [1]}}), "'kind' is no text"),
        (HIDDEN, described(attrs={"proof": float("nan")}), "without a proof"),
        (HIDDEN, described(attrs={"proof": 0.0, "not_finite_step": 9}), "at no step"),
        (HIDDEN, described(coords={"token": {"dims": ["time"], "values": [1, 10**30]}}), "'token'"),
        (HIDDEN, described(coords={"token": {"dims": ["unit"], "values": list("abc")}}), "'token'"),
        (HIDDEN, described(dims={"hidden": DIMS[::-1]}), "dimensions unit, batch"),
        ({"hidden": np.zeros((1, 1, 0, 1, 3))}, described(), "has 0 numbers"),
        ({"hidden": np.zeros((1, 1, 2, 1, 3), np.int64)}, described(), "holds int64 numbers"),
        ({"hidden": np.zeros(3)}, described(dims={"hidden": ["time"]}), "dimensions time"),
        (
            HIDDEN | {"input_gate": np.zeros((2, 1))},
            described(dims={"hidden": DIMS, "input_gate": ["time", "batch"]}),
            "'input_gate' has the dimensions time, batch",
        ),
        (
            HIDDEN | {"prediction": np.zeros((2, 1, 4))},
            described(dims={"hidden": DIMS, "prediction": ["time", "batch", "class"]}),
            "names of the classes",
        ),
    ],
)
def test_a_file_whose_form_no_recording_has(tmp_path, arrays, description, message) -> None:
    with pytest.raises(ValueError, match=rf"made\.safetensors .*{message}"):
        Trace.load(made(tmp_path / "made.safetensors", arrays, description))


def test_a_file_of_the_right_form_opens(tmp_path: Path) -> None:
    assert Trace.load(made(tmp_path / "m.safetensors", HIDDEN, described())).proof == 0


def rewritten(path: Path, **changes: str) -> None:
    """The same arrays under other metadata, with a digest that fits."""
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    metadata = json.loads(data[8 : 8 + length])["__metadata__"] | changes
    arrays = load(data)
    metadata["digest"] = trace_file._digest(arrays, metadata["trace"])
    path.write_bytes(save(arrays, metadata))


def test_a_newer_version(path: Path) -> None:
    rewritten(path, version="2")
    with pytest.raises(ValueError, match=r"version '2'; this program reads version 1\. Update"):
        Trace.load(path)


@pytest.mark.parametrize(
    "description",
    [
        "",
        "no json",
        "[]",
        "{}",
        json.dumps({"dims": {}, "coords": {}, "attrs": {"proof": 0.0}}),
        json.dumps({"dims": {"hidden": ["time"]}, "coords": {"time": 3}, "attrs": {}}),
        json.dumps({"dims": 7, "coords": {}, "attrs": {}}),
    ],
)
def test_a_forged_description(path: Path, description: str) -> None:
    """The digest fits, so only looking at what it says can tell."""
    rewritten(path, trace=description)
    with pytest.raises(ValueError, match="calls itself a recording"):
        Trace.load(path)


def test_a_description_without_a_proof(path: Path, trace: Trace) -> None:
    data = trace.data.copy()
    del data.attrs["proof"]
    path.write_bytes(trace_bytes(data))
    with pytest.raises(ValueError, match="proof"):
        Trace.load(path)


def test_saving_is_whole_or_not_at_all(
    trace: Trace, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no space"):
        trace.save(path)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]
