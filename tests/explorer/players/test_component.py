"""The stage's script is registered once, however many ask for it first, and stays where it is."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.components.v2.component_manager import BidiComponentManager

from explorer.players import component
from explorer.players.bundle import bundle

CROWD = 30


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> BidiComponentManager:
    """The components of a server that has just started, and a process that has built nothing."""
    manager = BidiComponentManager()
    found = "streamlit.components.v2.get_bidi_component_manager"
    monkeypatch.setattr(component, "get_bidi_component_manager", lambda: manager)
    monkeypatch.setattr(found, lambda: manager)
    built = (component._component, component._folder, component._kept)
    for build in built:
        build.clear()
    yield manager
    for build in built:
        build.clear()


def test_a_crowd_finds_one_script(manager: BidiComponentManager) -> None:
    gate = threading.Barrier(CROWD)

    def arrive(_: int) -> object:
        gate.wait()
        return component._registered()

    with ThreadPoolExecutor(CROWD) as pool:
        found = list(pool.map(arrive, range(CROWD)))
    gc.collect()  # what nobody holds is gone now, and its folder with it
    assert len(set(map(id, found))) == 1
    root = manager.get_component_asset_root("unrolled.stage")
    assert root is not None
    (script,) = root.glob("stage-*.js")
    assert script.read_text(encoding="utf-8") == bundle()
