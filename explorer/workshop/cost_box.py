"""What a run will take, estimated in the background while the reader still chooses."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import streamlit as st

from explorer.jobs import Job, jobs
from explorer.language import Texts
from explorer.sidebar import plain

if TYPE_CHECKING:
    from core.training.runs.cost import Cost
    from core.training.runs.settings import RunSettings

POLL_SECONDS = 0.5
PATIENCE = 30.0


def show_cost(settings: RunSettings, texts: Texts) -> bool:
    """Parameters, memory and time of the run that these settings describe.

    False where it is known to be too large, and no run of it may be started.
    """
    job = _estimated(settings)
    if job.running:
        st.fragment(_waiting, run_every=POLL_SECONDS)(settings, texts)
    elif job.error:
        st.error(plain(job.error))
    else:
        _cost(job.result, texts)
        return _fits(job.result, texts)
    return not job.error


def check_cost(settings: RunSettings) -> None:
    """Raise ValueError unless the run is known to fit; waits for the estimate."""
    from core.training.runs.cost import check_memory

    job = _estimated(settings).wait(PATIENCE)
    if job.error or job.result is None:
        raise ValueError(job.error or f"The cost could not be estimated within {PATIENCE:.0f} s.")
    check_memory(job.result)


def duration(seconds: float, texts: Texts) -> str:
    """12 s, 3 min, 1.5 h: as precise as an estimate is."""
    if seconds < 90:
        return texts("workshop.seconds", number=f"{max(seconds, 0):.0f}")
    if seconds < 5400:
        return texts("workshop.minutes", number=f"{seconds / 60:.0f}")
    return texts("workshop.hours", number=f"{seconds / 3600:.1f}")


def _estimated(settings: RunSettings) -> Job:
    """The estimate for these settings; one that is no longer wanted is stopped."""
    key = _key(settings)
    before = st.session_state.get("ws_cost")
    if before not in (None, key):
        job = jobs().find(before)
        if job is not None and job.running:
            job.cancel()
    st.session_state["ws_cost"] = key
    return jobs().start(key, lambda progress: _estimate(settings))


def _estimate(settings: RunSettings) -> Cost:
    import torch

    from core.training.runs.cost import estimate

    torch.set_num_threads(1)
    return estimate(settings)


def _waiting(settings: RunSettings, texts: Texts) -> None:
    if not _estimated(settings).running:
        st.rerun()
    st.caption(texts("workshop.estimating"))


def _cost(cost: Cost, texts: Texts) -> None:
    st.markdown(
        texts(
            "workshop.costs",
            parameters=f"{cost.parameters:,}",
            memory=_bytes(cost.bytes_of_memory),
            time=duration(cost.seconds, texts),
        )
    )


def _fits(cost: Cost, texts: Texts) -> bool:
    from core.training.runs.cost import VARIABLE, memory_allowed

    most = memory_allowed()
    if cost.bytes_of_memory <= most:
        return True
    memory = _bytes(cost.bytes_of_memory)
    st.error(texts("workshop.too_much", memory=memory, most=_bytes(most), variable=VARIABLE))
    return False


def _bytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"


def _key(settings: RunSettings) -> str:
    words = json.dumps(settings.to_json(), sort_keys=True) + (settings.data or "")
    return "cost-" + hashlib.sha256(words.encode()).hexdigest()[:24]
