"""Slot filling on ATIS: what the project reaches, beside what is reported elsewhere."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.charts.gallery_tagging import atis_figure
from explorer.language import Texts
from explorer.words.pictures import is_dark

RESULTS = Path(__file__).resolve().parents[2] / "assets" / "results" / "atis.json"
# F1 on the test sentences, as reported; the sources stand in the labels
ELSEWHERE = {
    "mesnil": 94.98,
    "tutorial": 94.06,
    "hybrid": 95.06,
    "memory": 95.25,
    "encoder": 95.66,
}


@lru_cache
def results() -> dict[str, Any] | None:
    """What ``python -m tests.benchmarks.atis`` has written; None before that."""
    if not RESULTS.is_file():
        return None
    return json.loads(RESULTS.read_text(encoding="utf-8"))


def show_results(texts: Texts) -> None:
    """Draw ours beside the others'."""
    st.markdown(f"#### {texts('tagging.atis')}")
    found = results()
    if found is None:
        st.caption(texts("tagging.atis_none"))
        return
    ours = {
        _name(model, texts): [100 * score for score in model["f1"]] for model in found["models"]
    }
    labels = tuple(texts(f"tagging.atis_{name}") for name in ("run", "mean", "reported", "axis"))
    others = {texts(f"tagging.atis_by_{name}"): score for name, score in ELSEWHERE.items()}
    figure = atis_figure(ours, others, labels, dark=is_dark())
    st.plotly_chart(figure, key="tag-atis", config={"displayModeBar": False})
    slowest = max(second for model in found["models"] for second in model["seconds"])
    st.caption(
        texts(
            "tagging.atis_note",
            baseline=f"{100 * found['baseline']:.1f}",
            seeds=len(found["models"][0]["f1"]),
            minutes=f"{slowest / 60:.1f}",
        )
    )


def _name(model: dict[str, Any], texts: Texts) -> str:
    """The network and how many words it reads at each step."""
    words = 2 * model["plan"]["architecture"]["window"] + 1
    return texts("tagging.atis_ours", name=texts(f"tagging.atis_{model['name']}"), words=words)
