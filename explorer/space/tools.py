"""The tools below the cloud; one of them at a time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.space.analogies import show_analogy
from explorer.space.changes import show_changes
from explorer.space.finder import show_finder
from explorer.space.leanings import show_leanings
from explorer.space.neighbours import show_neighbours
from explorer.space.polar import show_polar
from explorer.space.scene import Scene
from explorer.space.scores import show_scores

TOOLS: dict[str, Callable[[Scene, Texts], None]] = {
    "neighbours": show_neighbours,
    "analogy": show_analogy,
    "find": show_finder,
    "polar": show_polar,
    "changes": show_changes,
    "bias": show_leanings,
    "scores": show_scores,
}


def chosen_tool() -> str:
    """Which tool is open."""
    return chosen("tool", "neighbours", TOOLS)


def show_tools(scene: Scene, texts: Texts) -> None:
    """The row of tools, and the open one."""
    chosen_tool()
    st.segmented_control(
        texts("space.tools"),
        list(TOOLS),
        format_func=lambda one: texts(f"space.tool_{one}"),
        key="tool",
        required=True,
        label_visibility="collapsed",
    )
    tool = st.session_state["tool"]
    publish(tool=None if tool == "neighbours" else tool)
    TOOLS[tool](scene, texts)
