"""The app: navigation, language, theme. ``streamlit run explorer/app.py`` starts it."""

import sys
from pathlib import Path

PROJECT = str(Path(__file__).resolve().parents[1])
if PROJECT not in sys.path:  # streamlit puts this file's folder there, not the project's
    sys.path.insert(0, PROJECT)

import streamlit as st  # noqa: E402

from explorer import warm_up  # noqa: E402
from explorer.sidebar import choose_language  # noqa: E402
from explorer.views import cell, gradients, home, states, unrolled  # noqa: E402

PAGES = {
    "home": (home.show, ":material/home:"),
    "cell": (cell.show, ":material/memory:"),
    "unrolled": (unrolled.show, ":material/linear_scale:"),
    "states": (states.show, ":material/grid_on:"),
    "gradients": (gradients.show, ":material/trending_down:"),
}

# Streamlit's wide layout keeps 5rem free on either side; the pictures need the room.
STYLE = """
.stMainBlockContainer { padding-left: 2rem; padding-right: 2rem; }
.stMainBlockContainer h1 { padding: 0.2rem 0; }
[data-testid="stSidebarHeader"] { height: 2rem; min-height: 0; margin: 0; padding-bottom: 0; }
"""


def main() -> None:
    """Draw the frame around the chosen page, and the page."""
    st.set_page_config(
        page_title="Unrolled",
        page_icon=str(Path(PROJECT) / "assets" / "icon.png"),
        layout="wide",
        initial_sidebar_state="expanded",
        menu_items={"About": "Unrolled"},
    )
    st.html(f"<style>{STYLE}</style>")
    texts = choose_language()
    pages = [
        st.Page(
            lambda show=show: show(texts),
            title=texts(f"nav.{name}"),
            icon=icon,
            url_path=name,
            default=name == "home",
        )
        for name, (show, icon) in PAGES.items()
    ]
    st.navigation(pages, position="top").run()
    warm_up.begin()


main()
