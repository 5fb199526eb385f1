"""What the pages of the gallery share: choosing a model, its score, the way inside."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from core.training.gallery.shelf import GalleryModel, gallery_models
from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.models import MAX_STEPS, available, gallery
from explorer.sidebar import card_label, cell_label, distinct, plain
from explorer.workshop.shelf import run_cards

RECORDING_PAGES = ("unrolled", "states", "cell", "gradients")
PERCENT = ("accuracy", "f1", "exact", "error-rate")


def models_of(*applications: str, language: str = "") -> list[GalleryModel]:
    """The gallery's models for these applications, feed-forward ones included."""
    return [
        model
        for model in gallery_models()
        if model.application in applications and language in ("", model.language)
    ]


def choose_model(
    models: Iterable[GalleryModel], texts: Texts, key: str, *, default: str = ""
) -> GalleryModel | None:
    """A select box in the sidebar, its choice in the address under ``key``; None without models."""
    known = {model.id: model for model in models}
    if not known:
        st.info(texts("gallery.none"))
        return None
    chosen(key, default if default in known else next(iter(known)), known)
    labels = distinct({name: kind_label(model, texts) for name, model in known.items()})
    with st.sidebar:
        st.selectbox(texts("gallery.model"), list(known), format_func=labels.get, key=key)
    publish(**{key: st.session_state[key]})
    return known[st.session_state[key]]


def model_label(model: GalleryModel, texts: Texts) -> str:
    """How a model of the gallery is called, whether recurrent or not."""
    card = gallery().get(model.id)
    if card is not None:
        return card_label(card, texts)
    corpus = texts.section("corpus").get(model.application, model.application)
    cell = texts(f"cell.{model.cell}")
    return texts("model.label", cell=cell, units=model.units, corpus=corpus)


def kind_label(model: GalleryModel, texts: Texts) -> str:
    """The kind of network and its size, where all are for the same task."""
    return texts("gallery.kind", cell=short_label(model, texts), units=model.units)


def short_label(model: GalleryModel, texts: Texts) -> str:
    """The kind of network alone: for legends and columns."""
    card = gallery().get(model.id)
    return cell_label(card, texts) if card is not None else texts(f"cell.{model.cell}")


def choose_input(
    model: GalleryModel, texts: Texts, key: str, *, height: int = 80, first: str = ""
) -> str:
    """A field for the reader's own input, with examples; its text is in the address.

    first: what stands in it at first, where that is not the model's first example.
    """
    first = first or model.examples[0]
    if st.session_state.get(f"{key}_for") not in (None, model.application + model.language):
        st.session_state[key] = first
    st.session_state[f"{key}_for"] = model.application + model.language
    chosen(key, first, most=MAX_STEPS)
    with st.sidebar:
        st.text_area(
            texts("gallery.input"),
            key=key,
            height=height,
            max_chars=MAX_STEPS,
            help=texts(f"input.{model.application}"),
        )
        with st.popover(texts("gallery.examples"), width="stretch"):
            for number, example in enumerate(model.examples):
                st.button(
                    plain(example.replace("\n", " ")[:40]),
                    key=f"{key}-example-{number}",
                    on_click=_set,
                    args=(key, example),
                    width="stretch",
                )
    text = st.session_state[key].strip() or first
    publish(**{key: text})
    return text


def score_text(value: float, metric: str) -> str:
    """A score as people read it: shares in percent, the rest with three digits."""
    return f"{100 * value:.1f}%" if metric in PERCENT else f"{value:.3g}"


def score_line(model: GalleryModel, texts: Texts) -> None:
    """The held-out score with the baseline beside it."""
    st.markdown(
        texts(
            "gallery.scored",
            metric=texts(f"metric.{model.metric}"),
            score=score_text(model.score, model.metric),
            baseline_name=texts(f"baseline.{model.baseline_name}"),
            baseline=score_text(model.baseline, model.metric),
            parameters=f"{model.parameters:,}",
            seed=model.seed,
            seconds=texts("gallery.seconds", number=f"{model.seconds:.0f}"),
        ),
        help=texts("gallery.scored_help"),
    )


def open_links(model_id: str, text: str, texts: Texts) -> None:
    """Links that open a recurrent model with this input on each recording page."""
    menu = st.session_state.get("menu", {}).get("inside", {})
    if not menu or model_id not in available() | run_cards():
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(texts("gallery.open"))
        for page in RECORDING_PAGES:
            st.page_link(
                menu[page],
                label=texts(f"nav.{page}"),
                query_params={"go": "1", "model": model_id, "text": text, "lang": texts.language},
            )


def _set(key: str, value: str) -> None:
    st.session_state[key] = value
