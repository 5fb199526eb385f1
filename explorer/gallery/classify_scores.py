"""How good the networks are on sentences of each kind, beside counting words; measured here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import streamlit as st

from core.tasks.sentiment import LOCAL, ORDER, corpus
from core.training.gallery.shelf import GalleryModel
from explorer.gallery.common import score_line, short_label
from explorer.language import Texts
from explorer.models import load_applied
from explorer.shared import shared
from explorer.sidebar import plain

if TYPE_CHECKING:
    from core.applications.sentiment import Held, Sentiment

PARTS: tuple[Held, ...] = ("test", "elsewhere")
Shares = Mapping[str, float]  # by kind, and "local", "order" and "all"


def show_scores(language: str, models: tuple[GalleryModel, ...], texts: Texts) -> None:
    """What is held out, twice: sentences of known templates, and templates never trained on."""
    columns = {part: scores_of(language, models, part, texts) for part in PARTS}
    st.markdown(f"#### {texts('classify.scores')}")
    st.markdown(finding(columns, texts))
    st.markdown(fall(column(models[0], texts), columns, texts))
    for part in PARTS:
        count = f"{len(getattr(corpus(language), part)):,}"
        st.markdown(f"##### {texts(f'classify.title_{part}', count=count)}")
        st.markdown(scores_table(columns[part], language, part, texts))
    score_line(models[0], texts)
    st.caption(texts("gallery.synthetic"))


def scores_of(
    language: str, models: tuple[GalleryModel, ...], part: Held, texts: Texts
) -> dict[str, Shares]:
    """Accuracy by kind of counting words and of every network, by the column's name."""
    found: dict[str, Shares] = {texts("classify.counting"): counted(language, part)}
    return found | {column(model, texts): measured(model.id, part) for model in models}


def column(model: GalleryModel, texts: Texts) -> str:
    """The name of a network in the table."""
    name = short_label(model, texts)
    return name if model.recurrent else f"{name} ({2 * model.window + 1})"


def scores_table(columns: Mapping[str, Shares], language: str, part: Held, texts: Texts) -> str:
    """Accuracy by kind as a Markdown table, each kind with a sentence of this part."""
    lines = [
        f"| {texts('classify.kind')} | {texts('classify.example')} | " + " | ".join(columns) + " |",
        "|:--|:--|" + "--:|" * len(columns),
    ]
    for group, kinds in (("local", LOCAL), ("order", ORDER)):
        cells = " | ".join(f"**{percentage(found[group])}**" for found in columns.values())
        lines.append(f"| **{texts(f'classify.{group}')}** | | {cells} |")
        for kind in kinds:
            cells = " | ".join(percentage(found[kind]) for found in columns.values())
            example = plain(written(corpus(language).example(kind, part).text))
            lines.append(f"| {texts(f'classify.kind_{kind}')} | {example} | {cells} |")
    return "\n".join(lines)


def written(text: str) -> str:
    """A sentence as people write it, its marks close to the word before."""
    return re.sub(r" ([.,])", r"\1", text)


def finding(columns: Mapping[str, Mapping[str, Shares]], texts: Texts) -> str:
    """Both scores of everything that judges."""
    parts = [
        texts(
            "classify.found",
            name=name,
            known=percentage(columns["test"][name]["all"]),
            fresh=percentage(columns["elsewhere"][name]["all"]),
        )
        for name in columns["test"]
    ]
    return " ".join(parts)


def fall(name: str, columns: Mapping[str, Mapping[str, Shares]], texts: Texts) -> str:
    """The kind of sentence on which a network loses most where the templates are new."""
    known, fresh = (columns[part][name] for part in PARTS)
    kind = max((*LOCAL, *ORDER), key=lambda kind: known[kind] - fresh[kind])
    return texts(
        "classify.fell",
        name=name,
        kind=texts(f"classify.kind_{kind}"),
        known=percentage(known[kind]),
        fresh=percentage(fresh[kind]),
    )


def percentage(share: float) -> str:
    """A share with one digit: 97.3%."""
    return f"{100 * share:.1f}%"


@shared
def measured(model_id: str, part: Held) -> dict[str, float]:
    """Accuracy of a network by kind, on held-out sentences."""
    import torch

    torch.set_num_threads(1)
    network = load_applied(model_id)
    return cast("Sentiment", network.application).by_kind(network.model, part)


@shared
def counted(language: str, part: Held) -> dict[str, float]:
    """Accuracy of counting words by kind, on the same sentences."""
    from core.applications.sentiment import Sentiment

    return Sentiment(language).baseline_by_kind(part)
