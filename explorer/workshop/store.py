"""Where the runs are: the reader's own folder, and the ready-made ones that are shipped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.once import once

if TYPE_CHECKING:
    from core.training.runs.folder import Run, RunStore
    from core.training.runs.workshop import Workshop

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "runs"


def runs_folder() -> Path:
    """Where runs are kept: ``UNROLLED_RUNS``, else the reader's own folder for data.

    The same as ``core.training.runs.folder.default_folder``, without importing torch.
    """
    if named := os.environ.get("UNROLLED_RUNS"):
        return Path(named).expanduser()
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "unrolled" / "runs"


def own_runs() -> RunStore:
    """The runs that were made here."""
    from core.training.runs.folder import RunStore

    return RunStore(runs_folder())


def ready_made() -> RunStore:
    """Good and bad runs to show in class; nothing is written there."""
    from core.training.runs.folder import RunStore

    return RunStore(SHIPPED)


def workshop() -> Workshop:
    """The one place of this process where runs are trained."""
    return _workshop(runs_folder())


@once
def _workshop(folder: Path) -> Workshop:
    from core.training.runs.folder import RunStore
    from core.training.runs.workshop import Workshop

    return Workshop(RunStore(folder))


def find_run(run_id: str) -> Run | None:
    """The run with this id, one's own or a ready-made one; None where there is none."""
    for store in (own_runs(), ready_made()):
        try:
            return store.open(run_id)
        except (FileNotFoundError, ValueError):  # an odd name comes from an address
            continue
    return None
