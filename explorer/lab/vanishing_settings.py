"""What the reader chooses on the page *Vanishing and exploding*."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.lab.vanishing_network import KINDS, Drawn, Trained
from explorer.language import Texts
from explorer.models import MAX_STEPS, Card, shipped
from explorer.sidebar import card_label

ACTIVATIONS = ("tanh", "sigmoid", "relu", "elu", "identity")
UNITS = ("8", "16", "24", "32")
DRIVES = ("0", "0.1", "0.25", "0.5", "1", "2", "4")
LAST_SEED = 99
STANDARD = Drawn()


def plain_networks() -> dict[str, Card]:
    """The shipped Elman networks of one layer."""
    return {
        id_: card for id_, card in shipped().items() if (card.cell, card.layers) == ("elman", 1)
    }


def choose_source(
    texts: Texts, *, only_trained: bool = False, drawn_only: bool = False
) -> Drawn | Trained:
    """The sidebar: a network drawn at random, or a trained one and its text."""
    if drawn_only:
        return _choose_drawn(texts, matrix=False)
    cards = plain_networks()
    offered = [*cards] if only_trained else ["drawn", *cards]
    name = "v_trained" if only_trained else "v_network"
    chosen(name, offered[0], offered)
    with st.sidebar:
        st.selectbox(
            texts("vanishing.network"),
            offered,
            format_func=lambda id_: (
                texts("vanishing.drawn") if id_ == "drawn" else card_label(cards[id_], texts)
            ),
            key=name,
        )
    choice = st.session_state[name]
    publish(**{name: choice if choice != offered[0] else None})
    return _choose_drawn(texts) if choice == "drawn" else _choose_text(cards[choice], texts)


def standard_text(card: Card) -> str:
    """What a network reads at first: its example, the short word often enough to see a decay."""
    example = card.examples[0]
    return example if len(example) >= 30 else "namaskar" * 5


def _choose_drawn(texts: Texts, *, matrix: bool = True) -> Drawn:
    standard = {
        "v_kind": STANDARD.kind,
        "v_units": str(STANDARD.units),
        "v_activation": STANDARD.activation,
        "v_drive": f"{STANDARD.drive:g}",
        "v_seed": str(STANDARD.seed),
    }
    offered = {
        "v_kind": KINDS,
        "v_units": UNITS,
        "v_activation": ACTIVATIONS,
        "v_drive": DRIVES,
        "v_seed": [str(seed) for seed in range(LAST_SEED + 1)],
    }
    for name, default in standard.items():
        chosen(name, default, offered[name])
    with st.sidebar:
        st.selectbox(
            texts("vanishing.activation"),
            ACTIVATIONS,
            format_func=lambda name: texts(f"vanishing.activation_{name}"),
            key="v_activation",
        )
        if matrix:
            st.selectbox(
                texts("vanishing.kind"),
                KINDS,
                format_func=lambda kind: texts(f"vanishing.kind_{kind}"),
                key="v_kind",
                help=texts("vanishing.kind_help"),
            )
        st.select_slider(
            texts("vanishing.drive"), DRIVES, key="v_drive", help=texts("vanishing.drive_help")
        )
        left, right = st.columns(2)
        left.select_slider(texts("vanishing.units"), UNITS, key="v_units")
        right.select_slider(texts("vanishing.seed"), offered["v_seed"], key="v_seed")
    state = {name: st.session_state[name] for name in standard}
    publish(**{name: value if value != standard[name] else None for name, value in state.items()})
    return Drawn(
        kind=state["v_kind"],
        units=int(state["v_units"]),
        activation=state["v_activation"],
        drive=float(state["v_drive"]),
        seed=int(state["v_seed"]),
    )


def _choose_text(card: Card, texts: Texts) -> Trained:
    standard = standard_text(card)
    if st.session_state.get("v_text_for") not in (None, card.id):
        st.session_state["v_text"] = standard
    st.session_state["v_text_for"] = card.id
    chosen("v_text", standard, most=MAX_STEPS)
    with st.sidebar:
        st.text_area(texts("sidebar.text"), key="v_text", height=120, max_chars=MAX_STEPS)
    text = st.session_state["v_text"][:MAX_STEPS]
    publish(v_text=text if text != standard else None)
    if len(text) < 2:
        st.sidebar.warning(texts("vanishing.short"))
        text = standard
    return Trained(card.id, text)
