"""The app: navigation, language, theme. ``streamlit run explorer/app.py`` starts it."""

import sys
from functools import partial
from importlib import import_module
from pathlib import Path

PROJECT = str(Path(__file__).resolve().parents[1])
if PROJECT not in sys.path:  # streamlit puts this file's folder there, not the project's
    sys.path.insert(0, PROJECT)

import streamlit as st  # noqa: E402

from explorer import upkeep, warm_up  # noqa: E402
from explorer.address import tidy  # noqa: E402
from explorer.language import Texts  # noqa: E402
from explorer.libraries import load_for  # noqa: E402
from explorer.reader import greet  # noqa: E402
from explorer.sidebar import choose_language  # noqa: E402

# Section of the menu -> page -> icon. A page called x lives in explorer/views/x.py.
PAGES = {
    "": {"home": "home"},
    "inside": {
        "cell": "memory",
        "unrolled": "linear_scale",
        "states": "grid_on",
        "gradients": "trending_down",
    },
    "words": {"words": "abc", "training": "model_training", "space": "scatter_plot"},
    "lab": {
        "bptt": "account_tree",
        "vanishing": "trending_flat",
        "clipping": "content_cut",
        "gates": "door_front",
        "race": "flag",
        "variants": "tune",
        "practice": "fitness_center",
    },
    "sequences": {
        "shapes": "category",
        "memoryless": "looks_one",
        "describe": "call_split",
        "classify": "call_merge",
        "tagging": "label",
        "signals": "graphic_eq",
        "translate": "translate",
        "generate": "edit_note",
        "forecast": "show_chart",
        "today": "update",
    },
    "workshop": {"workshop": "construction"},
}

# Streamlit's wide layout keeps 5rem free on either side; the pictures need the room. Its captions
# are too pale to be read from the back of a room.
STYLE = """
.stMainBlockContainer { padding-left: 2rem; padding-right: 2rem; }
.stMainBlockContainer h1 { padding: 0.2rem 0; }
[data-testid="stCaptionContainer"] { color: inherit; opacity: 0.75; }
[data-testid="stPageLink"] p { white-space: normal; }
[data-testid="stLayoutWrapper"]:has(> .st-key-reader) { display: none; }
[data-testid="stSidebarHeader"] { height: 2rem; min-height: 0; margin: 0; padding-bottom: 0; }
"""

# What Streamlit writes on its uploader is English whatever the page speaks.
UPLOADER = """
[data-testid="stFileUploaderDropzone"] button p {{ font-size: 0; }}
[data-testid="stFileUploaderDropzone"] button p::after {{ content: "{button}"; font-size: 1rem; }}
[data-testid="stFileUploaderDropzoneInstructions"] {{ display: none; }}
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
    tidy()
    greet()
    upkeep.look()
    texts = choose_language()
    uploader = UPLOADER.format(button=texts("uploader.button"))
    st.html(f"<style>{STYLE}{uploader}</style>")
    menu = {
        section: {name: page(name, icon, texts) for name, icon in icons.items()}
        for section, icons in PAGES.items()
    }
    st.session_state["menu"] = menu
    titled = {
        texts(f"menu.{section}") if section else "": list(part.values())
        for section, part in menu.items()
    }
    chosen = st.navigation(titled, position="top")
    chosen.run()
    warm_up.begin()


def show(name: str, texts: Texts) -> None:
    """Draw a page; what it needs is imported when it is first opened, by one reader for all."""
    load_for(name)
    import_module(f"explorer.views.{name}").show(texts)


def page(name: str, icon: str, texts: Texts) -> st.Page:
    """One entry of the menu; the page's module is imported when it is opened."""
    return st.Page(
        partial(show, name, texts),
        title=texts(f"nav.{name}"),
        icon=f":material/{icon}:",
        url_path=name,
        default=name == "home",
    )


main()
