"""What the parts of the page on training in practice let the reader choose alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.models import Card, shipped
from explorer.sidebar import card_label

FUSED = ("elman", "lstm", "gru")
STANDARD = {"en": "grammar-gru", "zh": "chinese-gru"}
LONGEST = 60  # characters; more columns cannot be read from the back of a room


def networks() -> dict[str, Card]:
    """The shipped networks that read sentences with one of torch's own layers."""
    return {
        card.id: card
        for card in shipped().values()
        if card.corpus in ("grammar", "chinese") and card.layers == 1 and card.cell in FUSED
    }


def choose_network(texts: Texts) -> Card:
    """The sidebar: which trained network."""
    cards = networks()
    standard = STANDARD[texts.language]
    chosen("p_model", standard, cards)
    with st.sidebar:
        st.selectbox(
            texts("practice.network"),
            list(cards),
            format_func=lambda id_: card_label(cards[id_], texts),
            key="p_model",
        )
    id_ = st.session_state["p_model"]
    publish(p_model=id_ if id_ != standard else None)
    return cards[id_]


def choose_text(card: Card, texts: Texts) -> str:
    """The sidebar: the text that it reads; the example's beginning where nothing is typed."""
    standard = first_sentence(card)
    if st.session_state.get("p_text_for") not in (None, card.corpus):
        st.session_state["p_text"] = standard
    st.session_state["p_text_for"] = card.corpus
    chosen("p_text", standard, most=LONGEST)
    with st.sidebar:
        st.text_area(
            texts("practice.text"),
            key="p_text",
            height=80,
            max_chars=LONGEST,
            help=texts("practice.text_help", longest=LONGEST),
        )
    text = st.session_state["p_text"][:LONGEST]
    publish(p_text=text if text != standard else None)
    if len(text) < 2:
        st.sidebar.warning(texts("practice.short"))
        return standard
    return text


def first_sentence(card: Card) -> str:
    """What is read at first: the example up to its first line end, if that is not too long."""
    return card.examples[0].split("\n")[0][:LONGEST]


def choose_one(
    name: str, label: str, options: Sequence[str], names: Mapping[str, str], *, standard: str = ""
) -> str:
    """One of a few, above the picture, remembered in the address."""
    standard = standard or options[0]
    chosen(name, standard, options)
    st.segmented_control(
        label,
        options,
        format_func=lambda one: names[one],
        key=name,
        required=True,
        label_visibility="collapsed",
    )
    found = st.session_state[name]
    publish(**{name: found if found != standard else None})
    return found


def choose_amount(name: str, label: str, options: Sequence[str], standard: str) -> str:
    """A notch of a slider, remembered in the address."""
    chosen(name, standard, options)
    st.select_slider(label, options, key=name)
    found = st.session_state[name]
    publish(**{name: found if found != standard else None})
    return found
