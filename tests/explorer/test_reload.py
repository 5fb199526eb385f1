"""What a reader has opened is still there after F5, in a second tab, and in nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.language import LANGUAGES, texts_of
from tests.explorer.pages import go_to, open_page, reload, shown, spec
from tests.explorer.test_uploads import give
from tests.explorer.uploads import model_file, recorded, recording_file

VECTORS = b"cat 1 0\ndog 0 1\nfish 1 1\nbird 1 2\n"
# Where a file is given that is read as it is: page, address, uploader, name, content, what to see.
FILES = {
    "series": (
        ("forecast", {"fc_source": "own"}, "fc_file"),
        (
            "barometer.csv",
            b"month,barometer\n" + b"".join(b"%d,%d\n" % (k, k % 7) for k in range(60)),
        ),
        "barometer",
    ),
    "tags": (
        ("tagging", {"tag_part": "file"}, "tag-file"),
        ("own.conll", b"fly\tO\nto\tO\nRome\tB-city\n\nstay\tO\n"),
        r"own\.conll",
    ),
}


def upload_to(app: AppTest, key: str, name: str, data: bytes) -> AppTest:
    app.file_uploader(key=key).set_value((name, data, "application/octet-stream"))
    return app.run()


def test_an_opened_model_is_there_after_a_reload_and_only_for_its_reader(tmp_path: Path) -> None:
    app = give(open_page("states", lang="en"), model_file(tmp_path, info={"example": "abcab"}))
    own = app.selectbox(key="model").value
    again = reload(app, "states")
    assert again.selectbox(key="model").value == own
    assert "".join(spec(again)["tokens"]) == "abcab"
    assert not again.sidebar.warning
    assert f"model={own}" not in again.session_state["reader"]  # the token is no part of a link
    other = open_page("states", **again.query_params)
    assert own not in other.selectbox(key="model").options
    assert other.selectbox(key="model").value == "namaskar-lstm"


def test_an_opened_recording_and_a_gallery_kind_of_network_are_too() -> None:
    app = give(open_page("cell", lang="zh"), recording_file(recorded()))
    own = app.selectbox(key="model").value
    assert reload(app, "states").selectbox(key="model").value == own


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_to_what_is_not_here_says_so_until_another_choice(language: str) -> None:
    texts = texts_of(language)
    for asked in ("recording-0123456789ab", "model-0123456789ab", "run:no-such-run"):
        app = open_page("cell", lang=language, model=asked)
        (warning,) = app.sidebar.warning
        start = texts("uploader.run_gone" if asked.startswith("run:") else "uploader.gone")
        assert warning.value.startswith(start.split("{")[0])
        (warning,) = app.run().sidebar.warning
        app.selectbox(key="model").set_value("namaskar-gru").run()
        assert not app.sidebar.warning
        assert not app.run().sidebar.warning


def test_opened_vectors_are_there_after_a_reload() -> None:
    app = upload_to(open_page("space", lang="en"), "own_files", "own.txt", VECTORS)
    app.button(key="open-own").click().run()
    own = app.selectbox(key="vectors").value
    assert own.startswith("own-")
    again = reload(app, "space")
    assert not again.exception
    assert again.selectbox(key="vectors").value == own
    stranger = open_page("space", lang="en", vectors=own)
    assert stranger.selectbox(key="vectors").value == "en"
    assert texts_of("en")("uploader.gone").split(":")[0] in stranger.sidebar.warning[0].value


@pytest.mark.parametrize("kind", FILES)
def test_a_given_file_is_read_again_after_a_reload_until_it_is_closed(kind: str) -> None:
    (page, address, key), (name, data), seen = FILES[kind]
    app = upload_to(open_page(page, lang="en", **address), key, name, data)
    assert any(seen in text for text in shown(app))
    again = reload(app, page)
    assert not again.exception
    assert any(seen in text for text in shown(again))
    assert [name in text.replace("\\", "") for text in shown(again)].count(True) >= 1
    go_to(again, "home")
    assert any(seen in text for text in shown(go_to(again, page)))
    again.button(key=f"close-{key}").click().run()
    assert not any(seen in text for text in shown(again))
    assert not any(seen in text for text in shown(reload(again, page)))


def test_a_file_taken_out_of_the_field_is_gone() -> None:
    (page, address, key), (name, data), seen = FILES["series"]
    app = upload_to(open_page(page, lang="en", **address), key, name, data)
    app.file_uploader(key=key).set_value([]).run()
    assert not any(seen in text for text in shown(app))
    assert not any(seen in text for text in shown(reload(app, page)))
