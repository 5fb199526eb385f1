"""Opening the app's pages without a browser, and reading what they hand to the players."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ElementTree
from streamlit.util import calc_hash

APP = Path(__file__).resolve().parents[2] / "explorer" / "app.py"
PAGES = ("home", "cell", "unrolled", "states", "gradients")
CHOOSING = PAGES[1:]  # the pages where network and text are chosen
WIDGETS = ("lang", "model", "text", "loss")


def open_page(page: str, **address: str) -> AppTest:
    """The app after its first run on ``page`` with these query parameters."""
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params.update(address)
    return go_to(app, page)


def reload(app: AppTest, page: str) -> AppTest:
    """The page in a new session, as after F5: the browser still has its address and its cookie."""
    again = AppTest.from_file(APP, default_timeout=60)
    again.query_params.update(app.query_params)
    again.session_state["reader"] = app.session_state["reader"]
    return go_to(again, page)


def go_to(app: AppTest, page: str) -> AppTest:
    """The same session on another page. A browser forgets the widgets of the page that it leaves;
    AppTest would keep them, so it is made to forget them too."""
    # AppTest.switch_page knows pages that are files; ours are functions, named by their address.
    app._page_hash = calc_hash(page)
    app._tree = ElementTree()
    app._tree._runner = app
    for key in WIDGETS:
        if key in app.session_state:
            del app.session_state[key]
    return app.run()


def choose(app: AppTest, **values: Any) -> AppTest:
    """Set widgets by key, all in one run."""
    for key, value in values.items():
        kind = {"model": "selectbox", "text": "text_area", "loss": "radio", "lang": "button_group"}
        app.get(kind[key])
        (widget,) = (one for one in app.get(kind[key]) if one.key == key)
        widget.set_value(value)
    return app.run()


def payload(app: AppTest) -> bytes:
    """The bytes that the stage of the page was given."""
    (stage,) = app.get("bidi_component")
    return stage.proto.bytes


def spec(app: AppTest) -> dict[str, Any]:
    """What the stage of the page was asked to show."""
    return spec_of(payload(app))


def spec_of(data: bytes) -> dict[str, Any]:
    """The spec in a payload."""
    size = int.from_bytes(data[:8], "little")
    return json.loads(json.loads(data[8 : 8 + size])["__metadata__"]["spec"])


def arrays_of(data: bytes) -> dict[str, np.ndarray]:
    """The arrays in a payload."""
    return load(data)


def shown(app: AppTest) -> list[str]:
    """Everything on the page that Markdown or an alert shows."""
    kinds = (app.markdown, app.caption, app.warning, app.error, app.info, app.subheader)
    return [element.value for kind in kinds for element in kind]
