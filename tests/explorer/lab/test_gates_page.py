"""The page *Why gates help* opens in every part, and remembers what was chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn

from core import record
from explorer.language import LANGUAGES, texts_of
from explorer.models import shipped
from explorer.views.gates import PARTS
from tests.explorer.pages import arrays_of, choose, open_page, shown, spec_of
from tests.explorer.uploads import model_file, recorded, recording_file

NETWORKS = ("namaskar-lstm", "namaskar-gru", "grammar-deep-lstm")
STAGES = ("ledger", "paths", "hold")
HOSTILE = "<img src=x onerror=alert(1)><s>$x$ :red[x] `k` **m**"


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


def data(app: AppTest) -> bytes:
    return app.get("bidi_component")[-1].proto.bytes


def stage(app: AppTest) -> dict[str, Any]:
    return spec_of(data(app))


def give(app: AppTest, file: bytes) -> AppTest:
    app.file_uploader(key="file").set_value(("own.safetensors", file, "application/octet-stream"))
    return app.run()


def take(app: AppTest, part: str) -> AppTest:
    (control,) = (one for one in app.get("button_group") if one.key == "gates_part")
    control.set_value(part)
    return app.run()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens(part: str, language: str) -> None:
    texts = texts_of(language)
    for network in NETWORKS:
        app = open_page("gates", lang=language, gates_part=part, model=network)
        assert problems(app) == []
        assert app.markdown[0].value == f"# {texts('nav.gates')}"
        assert texts.lesson("gates").strip() in [one.value for one in app.markdown]
        if part in STAGES:
            assert all(any(map(str.isdigit, panel["alt"])) for panel in stage(app)["panels"])


@pytest.mark.parametrize("text", ["n", "na", "nam", HOSTILE, "naßm人a"])
@pytest.mark.parametrize("part", PARTS)
def test_whatever_is_typed_is_read(part: str, text: str) -> None:
    app = open_page("gates", lang="en", gates_part=part, model="namaskar-gru", text=text)
    assert problems(app) == []
    if part in STAGES:
        assert stage(app)["tokens"] == list(text)


def test_without_a_choice_it_begins_with_a_network_that_remembers() -> None:
    app = open_page("gates", lang="en")
    assert app.selectbox(key="model").value == "grammar-lstm"
    assert stage(app)["tokens"] == list(shipped()["grammar-lstm"].examples[0])
    assert "gates_part" not in app.query_params


def test_a_network_without_gates_leads_to_one_that_has_them() -> None:
    texts = texts_of("en")
    app = open_page("gates", lang="en", model="namaskar-elman", text="mask")
    assert problems(app) == []
    assert texts("gates.none") in shown(app)
    (button,) = (one for one in app.button if one.label.startswith("Take"))
    button.click().run()
    assert app.query_params["model"] == "namaskar-lstm"
    assert stage(app)["tokens"] == list("mask")


def test_a_held_gate_is_in_the_address_and_in_the_picture() -> None:
    address = {"gates_part": "hold", "model": "namaskar-lstm", "text": "namaskar"}
    app = open_page("gates", lang="en", **address, gates_value="0.25", gates_gate="input_gate")
    arrays = arrays_of(data(app))
    np.testing.assert_allclose(arrays["after.input_gate"], 0.25, atol=1e-6)
    assert np.abs(arrays["input_gate"] - 0.25).max() > 0.1
    app.select_slider(key="gates_value").set_value("0.75").run()
    assert problems(app) == []
    assert app.query_params["gates_value"] == "0.75"
    np.testing.assert_allclose(arrays_of(data(app))["after.input_gate"], 0.75, atol=1e-6)
    app.slider(key="gates_steps_slider").set_value((3, 5)).run()
    assert app.query_params["gates_steps"] == "3-5"
    after = arrays_of(data(app))["after.input_gate"][0, 0]
    np.testing.assert_allclose(after[2:5], 0.75, atol=1e-6)
    assert np.abs(after[[0, 1, 5, 6, 7]] - 0.75).max() > 0.1
    app.slider(key="gates_steps_slider").set_value((1, 8)).run()
    assert "gates_steps" not in app.query_params


def test_a_unit_is_silenced_and_a_state_patched() -> None:
    address = {"gates_part": "hold", "model": "namaskar-gru", "text": "namaskar"}
    app = open_page("gates", lang="zh", **address, gates_act="silence", gates_unit_silence="3")
    assert (arrays_of(data(app))["after.hidden"][0, 0, :, 3] == 0).all()
    app = open_page("gates", lang="zh", **address, gates_act="patch", gates_set="0.5", gates_at="2")
    np.testing.assert_allclose(arrays_of(data(app))["after.hidden"][0, 0, 1], 0.5)
    assert app.slider(key="gates_at_slider").value == 2


@pytest.mark.parametrize(
    "address",
    [
        {"gates_part": "nowhere", "gates_view": "x"},
        {"gates_part": "hold", "gates_act": "x", "gates_value": "7", "gates_steps": "٣-9"},
        {"gates_part": "hold", "gates_gate": "update_gate", "gates_unit_hold": "999"},
        {"gates_part": "hold", "gates_act": "patch", "gates_at": "99999999999"},
        {"gates_part": "lasting", "gates_from": "-1", "gates_watch": "1e9"},
    ],
)
def test_nonsense_in_the_address_is_no_error(address: dict[str, str]) -> None:
    assert problems(open_page("gates", model="namaskar-lstm", **address)) == []


def test_one_unit_is_accounted_for_exactly() -> None:
    app = open_page("gates", lang="en", model="namaskar-lstm", gates_view="unit")
    (panel,) = (one for one in stage(app)["panels"] if one["picture"] == "ledger")
    assert panel["options"]["whole"] is False
    assert panel["options"]["formula"] == "memory"
    assert len(panel["options"]["groups"]) == len(stage(app)["tokens"]) + 1


def test_nothing_new_is_sent_when_nothing_changed() -> None:
    for part in STAGES:
        app = open_page("gates", lang="en", model="namaskar-lstm", gates_part=part)
        before = data(app)
        assert data(app.run()) == before


def test_a_recording_without_its_network_has_a_ledger_and_says_what_is_missing() -> None:
    texts = texts_of("en")
    app = open_page("gates", lang="en", model="namaskar-lstm")
    file = recording_file(recorded(steps=6))
    give(app, file)
    assert problems(app) == []
    assert stage(app)["steps"] == 6
    for part in ("paths", "hold", "lasting"):
        take(app, part)
        assert problems(app) == []
        assert texts("gates.needs_network") in shown(app)
    take(app, "reset")
    assert problems(app) == []


def test_a_recording_with_padding_is_refused_with_the_reason() -> None:
    torch.manual_seed(0)
    packed = nn.utils.rnn.pack_padded_sequence(torch.randn(5, 2, 3), torch.tensor([5, 3]))
    (trace,) = record(nn.GRU(3, 4), packed).values()
    app = open_page("gates", lang="en", model="namaskar-lstm")
    give(app, recording_file(trace))
    assert problems(app) == []
    assert any("padded sequence" in words for words in shown(app))


@pytest.mark.parametrize("cell", ["gru", "gru-original", "lstm"])
def test_an_own_model_is_looked_into(cell: str, tmp_path: Path) -> None:
    app = give(open_page("gates", lang="en"), model_file(tmp_path, cell=cell, tokens="abcde"))
    choose(app, text="abcdeabcde")
    for part in PARTS:
        take(app, part)
        assert problems(app) == []
        if part in STAGES:
            assert stage(app)["tokens"] == list("abcdeabcde")
