"""The view is in the address, and a link opens it again."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def run(body: str, **address: str) -> AppTest:
    """A page whose script is ``body``."""
    app = AppTest.from_string(
        "import streamlit as st\n"
        "from explorer.address import chosen, cursor_in_address, keep, publish, publish_cursor\n"
        + body
    )
    app.query_params.update(address)
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("address", "cursor"),
    [
        ({}, {}),
        ({"t": "3", "layer": "2", "unit": "5"}, {"time": 2, "layer": 1, "unit": 5}),
        ({"direction": "1", "mode": "backward"}, {"direction": 1, "mode": "backward"}),
        ({"signal": "forget_gate"}, {"signal": "forget_gate"}),
        ({"t": "0", "layer": "0"}, {"time": 0, "layer": 0}),
        ({"t": "-1", "unit": "1.5", "layer": "", "direction": "1e3"}, {}),
        ({"t": "٣", "unit": "²", "layer": "12345678"}, {}),
    ],
)
def test_a_cursor_is_read_from_the_address(
    address: dict[str, str], cursor: dict[str, int | str]
) -> None:
    app = run("st.session_state['found'] = cursor_in_address()", **address)
    assert app.session_state["found"] == cursor


def test_a_cursor_written_is_read_again() -> None:
    cursor = {
        "time": 41,
        "layer": 1,
        "direction": 1,
        "unit": 7,
        "signal": "cell",
        "mode": "backward",
    }
    body = f"publish_cursor({cursor | {'playing': True, 'group': 'x'}!r})\n"
    app = run(body + "st.session_state['found'] = cursor_in_address()")
    assert app.session_state["found"] == cursor
    assert app.query_params["t"] == "42"
    assert app.query_params["layer"] == "2"
    assert set(app.query_params) == {"t", "layer", "direction", "unit", "signal", "mode"}


def test_a_choice_comes_from_the_session_then_the_address_then_the_default() -> None:
    body = "st.session_state['found'] = chosen('x', 'a', ['a', 'b', 'c'])"
    assert run(body).session_state["found"] == "a"
    assert run(body, x="b").session_state["found"] == "b"
    assert run(body, x="nonsense").session_state["found"] == "a"
    assert run("st.session_state['x'] = 'c'\n" + body, x="b").session_state["found"] == "c"


def test_publishing_none_takes_a_choice_out_of_the_address() -> None:
    app = run("publish(x=None, y='1', z=None)", x="2", y="0", other="kept")
    assert dict(app.query_params) == {"y": "1", "other": "kept"}


def test_a_choice_outlives_its_widget_and_its_place_in_the_address() -> None:
    body = """
keep("y")
if "later" not in st.session_state:
    chosen("x", "a")
else:
    st.session_state["found"] = chosen("x", "a") + chosen("y", "a")
"""
    app = run(body, x="b", y="c")
    app.query_params.clear()
    del app.session_state["x"]
    app.session_state["later"] = True
    assert app.run().session_state["found"] == "bc"
