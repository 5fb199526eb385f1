"""What every recording page lets the reader choose: language, network, text, loss, files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from explorer.address import chosen, follow_link, publish
from explorer.gone import note_gone, tell_gone
from explorer.language import LANGUAGES, Texts, plain, preferred, texts_of
from explorer.models import MAX_STEPS, Card, available
from explorer.uploads import UploadError, upload
from explorer.workshop.opened import opened
from explorer.workshop.shelf import run_cards

LOSSES = ("last", "every")
DEFAULT_MODEL = "namaskar-lstm"


@dataclass(frozen=True)
class Choice:
    """What the reader chose to look at; text is empty for an uploaded recording.

    part: which recurrent module, where the network has several.
    """

    card: Card
    text: str
    loss_at: str
    part: str = ""


def choose_language() -> Texts:
    """The language switch; begins with the address, else with the browser's language."""
    first = preferred(st.context.locale)
    language = chosen("lang", first, LANGUAGES)
    texts = texts_of(language)
    with st.sidebar:
        st.segmented_control(
            texts("sidebar.language"),
            list(LANGUAGES),
            format_func=LANGUAGES.get,
            key="lang",
            required=True,
            label_visibility="collapsed",
        )
    publish(lang=st.session_state["lang"])
    return texts_of(st.session_state["lang"])


def choose(texts: Texts, *, loss: bool = False, default: str = DEFAULT_MODEL) -> Choice:
    """The controls in the sidebar, and what they say; the page begins with ``default``."""
    cards = available() | run_cards()
    if follow_link("model", "text", "loss", "module"):
        st.session_state.pop("text_for", None)  # the text came with its network
        if "updates" in st.query_params:  # and so did the place of the cursor
            st.session_state.pop("opening", None)
    if "next_model" in st.session_state:  # just uploaded; a widget cannot be set once it is shown
        st.session_state["model"] = st.session_state.pop("next_model")
    labels = distinct({card.id: card_label(card, texts) for card in cards.values()})
    note_gone("model", labels)
    chosen("model", default, cards)
    with st.sidebar:
        st.selectbox(texts("sidebar.model"), list(cards), format_func=labels.get, key="model")
    tell_gone("model", labels, texts)
    card = _opened(cards[st.session_state["model"]])
    text = "" if card.recorded else _choose_text(card, texts)
    part = _choose_part(card, texts)
    loss_at = _choose_loss(texts) if loss else chosen("loss", "last", LOSSES)
    publish(model=card.id, text=text or None, loss=loss_at if loss and loss_at != "last" else None)
    publish(module=part or None)
    _take_upload(texts)
    return Choice(card, text, loss_at, part)


def _opened(card: Card) -> Card:
    """The card with its examples; the page ends here where its run cannot be read."""
    try:
        return opened(card)
    except ValueError as error:
        st.error(plain(str(error)))
        st.stop()


def distinct(labels: Mapping[str, str]) -> dict[str, str]:
    """Labels by id; where two would be the same, the id tells them apart."""
    count = Counter(labels.values())
    return {
        name: label if count[label] == 1 else f"{label} ({name})" for name, label in labels.items()
    }


def card_label(card: Card, texts: Texts) -> str:
    """How a network is called in lists: its cell, its size, what it has read."""
    if card.recorded:
        return texts("model.recording", name=card.corpus)
    if card.title:
        names = texts.section("ready_run")
        name = names.get(f"{card.id.removeprefix('run:')}_title", card.title)
        return texts("model.run", name=name)
    corpus = texts.section("corpus").get(card.corpus, card.corpus)
    if card.language:
        corpus = texts("model.in_language", corpus=corpus, language=LANGUAGES[card.language])
    return texts("model.label", cell=cell_label(card, texts), units=card.units, corpus=corpus)


def cell_label(card: Card, texts: Texts) -> str:
    """The cell alone, with the number of layers and directions where there are several."""
    # The cell of a recording may be anybody's own; it is called what its module calls it.
    name = texts.section("cell").get(card.cell) or card.cell[:40]
    name = name if card.layers == 1 else f"{name} ×{card.layers}"
    name = texts("model.both_directions", cell=name) if card.bidirectional else name
    return texts("model.with_attention", cell=name) if card.attention else name


def _choose_text(card: Card, texts: Texts) -> str:
    """The text to read: an example of the corpus, or one's own."""
    if st.session_state.get("text_for") not in (None, card.corpus):
        st.session_state["text"] = card.examples[0]
    st.session_state["text_for"] = card.corpus
    chosen("text", card.examples[0], most=MAX_STEPS)
    with st.sidebar:
        st.text_area(
            texts("sidebar.text"),
            key="text",
            height=100,
            max_chars=MAX_STEPS,
            help=texts.section("input").get(
                card.application, texts("sidebar.text_help", steps=MAX_STEPS)
            ),
        )
        if len(card.examples) > 1:
            with st.popover(texts("sidebar.examples"), width="stretch"):
                for number, example in enumerate(card.examples):
                    st.button(
                        _shortened(example),
                        key=f"example-{number}",
                        on_click=_set_text,
                        args=(example,),
                        width="stretch",
                    )
    text = st.session_state["text"][:MAX_STEPS]
    if not text:
        st.sidebar.warning(texts("sidebar.empty"))
        return card.examples[0]
    return text


def _choose_part(card: Card, texts: Texts) -> str:
    """Which recurrent module of the network to look into."""
    if not card.parts:
        return ""
    chosen("module", card.parts[0], card.parts)
    with st.sidebar:
        st.segmented_control(
            texts("sidebar.module"),
            card.parts,
            format_func=lambda part: texts(f"sidebar.module_{part}"),
            key="module",
            required=True,
        )
    return st.session_state["module"]


def _choose_loss(texts: Texts) -> str:
    chosen("loss", "last", LOSSES)
    with st.sidebar:
        st.radio(
            texts("sidebar.loss"),
            LOSSES,
            format_func=lambda at: texts(f"sidebar.loss_{at}"),
            key="loss",
            help=texts("sidebar.loss_help"),
        )
    return st.session_state["loss"]


def _take_upload(texts: Texts) -> None:
    with st.sidebar, st.popover(texts("sidebar.own"), width="stretch"):
        st.caption(texts("sidebar.own_help"))
        file = st.file_uploader(texts("sidebar.upload"), type=["safetensors"], key="file")
        if file is None:
            return
        if st.session_state.get("taken") != file.file_id:
            st.session_state["taken"] = file.file_id
            try:
                st.session_state["next_model"] = upload(file.name, file.getvalue()).id
            except UploadError as error:
                st.session_state["refused"] = str(error)
            else:
                st.session_state["refused"] = ""
                st.rerun()
        if st.session_state["refused"]:
            st.error(plain(f"{texts('sidebar.refused')} {st.session_state['refused']}"))


def _set_text(text: str) -> None:
    st.session_state["text"] = text


def _shortened(text: str, length: int = 30) -> str:
    """One line for a button, with nothing in it that Markdown would act on."""
    line = " ".join(text.split())
    return plain(line if len(line) <= length else line[: length - 1] + "…")
