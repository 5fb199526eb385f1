"""How good the networks are on sentences of each kind, beside counting words; measured here."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from core.tasks.sentiment import LOCAL, ORDER
from core.training.gallery.shelf import GalleryModel
from explorer.gallery.common import score_line, short_label
from explorer.language import Texts
from explorer.models import load_applied

if TYPE_CHECKING:
    from core.applications.sentiment import Sentiment


def show_scores(language: str, models: tuple[GalleryModel, ...], texts: Texts) -> None:
    """A table over the kinds of held-out sentences, and the finding in words."""
    columns = {texts("classify.counting"): counted(language)}
    for model in models:
        columns[column(model, texts)] = measured(model.id)
    st.markdown(f"#### {texts('classify.scores')}")
    st.markdown(finding(columns, texts))
    st.markdown(scores_table(columns, texts))
    score_line(models[0], texts)
    st.caption(texts("gallery.synthetic"))


def column(model: GalleryModel, texts: Texts) -> str:
    """The name of a network in the table."""
    name = short_label(model, texts)
    return name if model.recurrent else f"{name} ({2 * model.window + 1})"


def scores_table(columns: dict[str, dict[str, float]], texts: Texts) -> str:
    """Accuracy by kind as a Markdown table."""
    lines = [
        f"| {texts('classify.kind')} | {texts('classify.example')} | " + " | ".join(columns) + " |",
        "|:--|:--|" + "--:|" * len(columns),
    ]
    for group, kinds in (("local", LOCAL), ("order", ORDER)):
        cells = " | ".join(f"**{100 * found[group]:.1f}%**" for found in columns.values())
        lines.append(f"| **{texts(f'classify.{group}')}** | | {cells} |")
        for kind in kinds:
            cells = " | ".join(f"{100 * found[kind]:.1f}%" for found in columns.values())
            example = texts(f"classify.{kind}_example")
            lines.append(f"| {texts(f'classify.kind_{kind}')} | {example} | {cells} |")
    return "\n".join(lines)


def finding(columns: dict[str, dict[str, float]], texts: Texts) -> str:
    """What the numbers say, whatever they are."""
    parts = [
        texts(
            "classify.found",
            name=name,
            local=f"{100 * found['local']:.1f}%",
            order=f"{100 * found['order']:.1f}%",
        )
        for name, found in columns.items()
    ]
    return " ".join(parts)


@st.cache_data(max_entries=16, show_spinner=False)
def measured(model_id: str) -> dict[str, float]:
    """Accuracy of a network by kind, on the test sentences."""
    import torch

    torch.set_num_threads(1)
    network = load_applied(model_id)
    return cast("Sentiment", network.application).by_kind(network.model)


@st.cache_data(max_entries=2, show_spinner=False)
def counted(language: str) -> dict[str, float]:
    """Accuracy of counting words by kind, on the same sentences."""
    from core.applications.sentiment import Sentiment

    return Sentiment(language).baseline_by_kind()
