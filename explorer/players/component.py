"""The stage as a Streamlit component whose script is a file of its own.

A script given as text travels with every change of a component's data: half a megabyte for a
few kilobytes of numbers. Given as a file it is fetched once. Streamlit takes files only from
installed packages, which declare their folder in a ``pyproject.toml``; this project is not
installed, so the same declaration is made here.
"""

from __future__ import annotations

import hashlib
import tempfile
import threading
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from explorer.once import once
from explorer.players.bundle import PLAYERS, bundle

PACKAGE, NAME = "unrolled", "stage"
_REGISTERING = threading.Lock()


def mount(**arguments: Any) -> Any:
    """Mount a stage; takes and returns what a function of ``st.components.v2`` does."""
    return _registered()(**arguments)


def _registered() -> Any:
    """The component, known to this server; a class that arrives at once registers it once.

    To register a manifest again would put a placeholder in the place of the component.
    """
    full_name = f"{PACKAGE}.{NAME}"
    with _REGISTERING:
        manager = get_bidi_component_manager()
        if manager.get_component_asset_root(full_name) is None:  # every server has its own manager
            manifest = ComponentManifest(PACKAGE, "1", [ComponentConfig(NAME, asset_dir=".")])
            manager.register_from_manifest(manifest, _folder())
        return _component(full_name)


@once
def _component(full_name: str) -> Any:
    return st.components.v2.component(
        full_name,
        css=(PLAYERS / "stage.css").read_text(encoding="utf-8"),
        js="stage-*.js",
    )


@once
def _folder() -> Path:
    """A folder with the joined modules; a changed file has a new name, so no cache is stale."""
    folder = Path(_kept().name)
    script = bundle().encode("utf-8")
    digest = hashlib.sha256(script).hexdigest()[:12]
    (folder / f"stage-{digest}.js").write_bytes(script)
    return folder


@once
def _kept() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="unrolled-")
