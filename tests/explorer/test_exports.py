"""What is taken home is what was shown."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import Trace
from core.recording.trace_file import trace_bytes
from explorer.exports import numbers_csv, script
from explorer.language import LANGUAGES, texts_of
from explorer.models import Card, read, shipped
from explorer.sidebar import Choice
from tests.explorer.made import made
from tests.explorer.pages import CHOOSING, open_page
from tests.explorer.uploads import recorded

PROJECT = Path(__file__).resolve().parents[2]


def table(trace: Trace) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(numbers_csv(trace)))


@pytest.mark.parametrize("card_id", shipped())
def test_one_row_for_each_unit_and_step(card_id: str) -> None:
    trace = read(card_id, "nam人", "every")
    frame = table(trace)
    sizes = trace.data.sizes
    dims = ["layer", "direction", "time", "batch", "unit"]
    assert list(frame.columns[:5]) == dims
    rows = max(sizes["unit"], sizes.get("feature", 0))  # a Jordan network's output may be wider
    assert len(frame) == np.prod([sizes[dim] for dim in dims[:-1]]) * rows
    for name in ("hidden", "grad_hidden", "hidden_preactivation", "update_gate_preactivation"):
        if name in trace:
            found = frame.loc[frame["unit"] < sizes["unit"], name]
            np.testing.assert_allclose(found, trace[name].values.ravel(), rtol=1e-6)
    assert set(frame.columns) >= {"guess", "guess_probability", "grad_weight_norm"}
    last = trace["prediction"].values[-1, 0]
    row = frame.iloc[-1]
    assert row["guess"] == json.dumps(
        str(trace.data["class"].values[last.argmax()]), ensure_ascii=False
    )
    assert row["guess_probability"] == pytest.approx(last.max(), rel=1e-6)
    assert row["token"] == '"人"'


def test_an_output_of_another_width_keeps_its_own_units() -> None:
    frame = table(recorded(proj_size=2)).set_index(["layer", "direction", "time", "batch", "unit"])
    trace = recorded(proj_size=2)
    assert frame["cell"].notna().all()
    assert frame["hidden"].xs(3, level="unit").isna().all()
    value = trace["hidden"].values[0, 0, 4, 1, 1]
    assert frame.loc[(0, "forward", 4, 1, 1), "hidden"] == pytest.approx(value, rel=1e-6)


def test_a_spreadsheet_takes_no_token_for_a_formula() -> None:
    tokens = ["=1+1", "@x", "+1", "-1", '"', "a,b", "\n", "人"]
    text = numbers_csv(made({"hidden": np.zeros((8, 1))}, tokens=tokens)).decode("utf-8")
    assert text.startswith("\ufefflayer,")
    frame = pd.read_csv(io.StringIO(text))
    assert [token[0] for token in frame["token"]] == ['"'] * 8
    assert [json.loads(token) for token in frame["token"]] == tokens


def test_the_recording_opens_again(tmp_path: Path) -> None:
    trace = read("namaskar-gru", "n<s>人", "last")
    (tmp_path / "x.safetensors").write_bytes(trace_bytes(trace.data))
    again = Trace.load(tmp_path / "x.safetensors")
    assert again.tokens == list("n<s>人")
    assert again.data.equals(trace.data)


def test_the_script_makes_the_same_recording(tmp_path: Path) -> None:
    text = "nam\"'\\{}\n'''人\u202e"
    choice = Choice(shipped()["namaskar-lstm"], text, "every")
    title = 'A "title" \\ with """ in it'
    (tmp_path / "again.py").write_text(script(choice, title, texts_of("zh")), encoding="utf-8")
    # It is to lie in the project's folder; here a link and the path stand for that.
    (tmp_path / "assets").symlink_to(PROJECT / "assets")
    done = subprocess.run(
        [sys.executable, "again.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "proof:" in done.stdout
    made_there, here = (
        Trace.load(tmp_path / "recording.safetensors"),
        read(choice.card.id, text, "every"),
    )
    assert made_there.tokens == here.tokens == list(text)
    assert set(made_there.signals) == set(here.signals)
    for name in here.signals:
        np.testing.assert_allclose(
            made_there[name].values, here[name].values, rtol=1e-5, atol=1e-7, err_msg=name
        )


def test_the_script_of_an_own_model_names_its_file() -> None:
    own = Card(id="model-0123", cell="gru", corpus="my 'model'", units=4, layers=1)
    text = script(Choice(own, "abc", "last"), "t", texts_of("en"))
    assert """load_model("my 'model'.safetensors")""" in text
    compile(text, "own.py", "exec")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", CHOOSING)
def test_every_page_offers_four_files(page: str, language: str) -> None:
    app = open_page(page, lang=language)
    buttons = [button.key for button in app.get("download_button")]
    assert buttons == [f"export-{kind}" for kind in ("recording", "numbers", "page", "code")]
