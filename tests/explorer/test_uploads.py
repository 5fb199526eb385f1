"""Own recordings and models are opened; anything else is refused with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn

from core import record
from core.training.gallery.shelf import FOLDER
from explorer.language import LANGUAGES, texts_of
from explorer.models import shipped, siblings
from explorer.sidebar import plain
from explorer.uploads import UploadError, upload
from tests.explorer.pages import CHOOSING, choose, go_to, open_page, spec
from tests.explorer.uploads import foreign_file, model_file, recorded, recording_file


def give(app: AppTest, data: bytes, name: str = "own.safetensors") -> AppTest:
    """Upload a file and let the page run."""
    app.file_uploader(key="file").set_value((name, data, "application/octet-stream"))
    return app.run()


def altered(data: bytes) -> bytes:
    """The same file with one byte of its arrays changed."""
    return data[:-1] + bytes([data[-1] ^ 1])


def gallery_file(name: str) -> bytes:
    """A network with a purpose of its own, as the workshop and the gallery keep it."""
    return (FOLDER / f"{name}.safetensors").read_bytes()


def bad_files(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Files that must be refused, and a word that the reason must hold."""
    recording, model = recording_file(recorded()), model_file(folder)
    without_states = recorded()
    without_states = type(without_states).of(without_states.data.drop_vars("hidden"))
    return {
        "empty": (b"", "not a whole .safetensors"),
        "a text": (b"hello", "not a whole .safetensors"),
        "a truncated recording": (recording[:-40], "truncated"),
        "an altered recording": (altered(recording), "altered"),
        "an altered model": (altered(model), "digest"),
        "a truncated model": (model[:-40], "complete safetensors"),
        "another project's": (foreign_file(), "not a recording"),
        "a network without a state": (gallery_file("digit-image-perceptron"), "carries no state"),
        "an altered network": (altered(gallery_file("tickets-lstm")), "digest"),
        "a recording without states": (recording_file(without_states), "without hidden states"),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_broken_network_is_shown_with_the_step_at_which_it_broke(language: str) -> None:
    texts = texts_of(language)
    torch.manual_seed(0)
    x = torch.randn(12, 1, 3)
    x[5] = torch.nan
    trace = record(nn.LSTM(3, 6), x, loss=lambda out: out[0].sum())[""]
    app = give(open_page("states", lang=language), recording_file(trace))
    where = texts("caption.at_step", number=5)
    signal = texts("player.signal_hidden")
    said = texts("caption.not_finite", where=where, signal=signal)
    for page in ("states", "cell", "unrolled", "gradients"):
        go_to(app, page)
        assert not app.exception
        parts = spec(app)["panels"][0]["options"]["parts"]
        told = "".join(part if isinstance(part, str) else part["text"] for part in parts)
        assert said in told


def test_a_network_with_a_purpose_of_its_own_is_opened_and_reads_its_kind_of_input() -> None:
    app = give(open_page("states", lang="en"), gallery_file("digit-rows-lstm"))
    assert not app.exception
    assert not app.error
    assert len(spec(app)["tokens"]) == 8
    app = choose(app, text="12")
    assert not app.exception
    assert len(spec(app)["tokens"]) == 8


def test_a_bad_file_is_refused_with_the_reason(tmp_path: Path) -> None:
    for name, (data, reason) in bad_files(tmp_path).items():
        app = give(open_page("cell", lang="en"), data, "my_*file*.safetensors")
        assert [element.value for element in app.exception] == [], name
        (error,) = app.error
        assert error.value.startswith(plain(texts_of("en")("sidebar.refused")))
        assert plain(reason) in error.value, name
        assert plain("my_*file*.safetensors") in error.value
        # It goes on with what was open, and still says so after the next run.
        assert spec(app)["cell"]["kind"] == "lstm"
        assert [element.value for element in app.run().error] == [error.value]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "options",
    [
        {"kind": nn.LSTM, "loss": True},
        {"kind": nn.GRU, "num_layers": 3, "bidirectional": True},
        {"kind": nn.RNN, "nonlinearity": "relu", "loss": True},
        {"kind": nn.LSTM, "proj_size": 2},
        {"kind": nn.LSTM, "steps": 1},
    ],
    ids=lambda options: "-".join(map(str, options.values())).replace("<class ", ""),
)
def test_every_page_opens_a_recording(options: dict[str, object], language: str) -> None:
    trace = recorded(**options)
    app = give(open_page("cell", lang=language), recording_file(trace), "namaskar.safetensors")
    assert app.selectbox(key="model").value.startswith("recording-")
    for page in CHOOSING:
        go_to(app, page)
        assert [element.value for element in app.exception] == []
        if page == "gradients" and not options.get("loss"):
            assert [info.value for info in app.info] == [texts_of(language)("gradients.none")]
            continue
        assert spec(app)["steps"] == trace["hidden"].sizes["time"]
        assert spec(app)["layers"] == trace["hidden"].sizes["layer"]
        assert not app.text_area
    go_to(app, "home")
    assert [element.value for element in app.exception] == []


def test_a_model_is_opened_and_reads_what_it_knows(tmp_path: Path) -> None:
    hostile = "&lt;b&gt; $x$ **a**"
    data = model_file(tmp_path, tokens="abc" + hostile[:1], info={"example": "abcabc"})
    app = give(open_page("states", lang="zh"), data)
    assert [element.value for element in app.exception] == []
    assert app.selectbox(key="model").value.startswith("model-")
    assert "".join(spec(app)["tokens"]) == "abcabc"
    choose(app, text=hostile)
    assert spec(app)["tokens"] == list(hostile)
    assert spec(app)["unknown"] == [at for at, sign in enumerate(hostile) if sign not in "abc&"]
    for page in CHOOSING:
        assert [element.value for element in go_to(app, page).exception] == []


def test_another_network_can_be_chosen_after_an_upload(tmp_path: Path) -> None:
    app = give(open_page("cell", lang="en", text="mask"), model_file(tmp_path))
    choose(app, model="namaskar-gru")
    assert spec(app)["cell"]["kind"] == "gru"
    assert app.query_params["model"] == "namaskar-gru"


def test_a_link_to_somebody_elses_upload_opens_the_first_network() -> None:
    app = open_page("cell", lang="en", model="recording-0123456789ab")
    assert [element.value for element in app.exception] == []
    assert app.selectbox(key="model").value in shipped()


def test_only_shipped_networks_stand_beside_others(tmp_path: Path) -> None:
    card = upload("namaskar.safetensors", model_file(tmp_path))
    assert card.corpus == "namaskar"
    assert siblings(card) == []
    assert len(siblings(shipped()["namaskar-lstm"])) == 4


def test_one_content_has_one_id(tmp_path: Path) -> None:
    one, other = model_file(tmp_path), model_file(tmp_path, tokens="xyz")
    assert upload("a.safetensors", one).id == upload("b.safetensors", one).id
    assert upload("a.safetensors", one).id != upload("a.safetensors", other).id


def test_the_reason_fits_what_the_file_says_it_is(tmp_path: Path) -> None:
    with pytest.raises(UploadError, match="not a recording"):
        upload("x.safetensors", foreign_file())
    with pytest.raises(UploadError, match=r"x\.safetensors.*digest"):
        upload("x.safetensors", altered(model_file(tmp_path)))


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
def test_a_cell_of_ones_own_is_called_what_it_calls_itself(kind: type[nn.RNNBase]) -> None:
    trace = recorded(kind, loss=True)
    own = type(trace).of(trace.data.assign_attrs(kind="MyCell <b>"))
    app = give(open_page("cell", lang="zh"), recording_file(own))
    for page in CHOOSING:
        go_to(app, page)
        assert [element.value for element in app.exception] == []
    (series,) = spec(app)["series"]  # of the last page, the gradients
    assert series["label"] == "MyCell <b>"
