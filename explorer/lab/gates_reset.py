"""Reset gates for the short term, update gates for the long? What trained networks say."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core import Trace
from explorer.captions import signed
from explorer.charts.lab_gates import blocked_figure, reach_figure
from explorer.lab.gates_evidence import HELD, Evidence, evidence_of
from explorer.lab.gates_words import little
from explorer.language import Texts
from explorer.models import Card, shipped
from explorer.sidebar import Choice, card_label, plain
from explorer.words.pictures import draw, is_dark

FEW, CLEAR = 0.05, 0.5  # a p-value that counts, a correlation that is more than weak
LONGER = 1.5  # dependence that has grown by this much is more than noise
LONGEST_TEXT = 160


def show(choice: Choice, trace: Trace, texts: Texts) -> None:
    """Draw the part of the page: one GRU in pictures, then every shipped one in a table."""
    card = gru_for(choice)
    if card is None:
        st.info(texts("gates.no_gru"))
        return
    text = text_for(card, choice)
    found = evidence_of(card.id, text, card)
    said = verdict(found, card_label(card, texts), len(text), texts)
    st.caption(said)
    dark = is_dark()
    left, right = st.columns([1.25, 1])
    with left:
        gates = (found.update, found.reset, found.reach)
        draw(reach_figure(*gates, texts, dark=dark), "reach", said)
    with right:
        draw(blocked_figure(found.left, texts, dark=dark), "blocked", said)
    st.markdown(f"### {texts('gates.all_grus')}")
    with st.spinner(texts("gates.measuring")):
        rows = [(other, evidence_of(other.id, own_text(other), other)) for other in grus()]
    st.dataframe(table(rows, texts), hide_index=True)
    st.caption(texts("gates.table_note"))


def gru_for(choice: Choice) -> Card | None:
    """The chosen network if it is a GRU that can be run, else the shipped one of its corpus."""
    if choice.card.cell == "gru" and choice.card.reads_on and choice.card.layers == 1:
        return choice.card
    same = [card for card in grus() if card.corpus == choice.card.corpus]
    return next(iter(same or grus()), None)


def grus() -> list[Card]:
    """The shipped GRUs of one layer."""
    return [card for card in shipped().values() if card.cell == "gru" and card.layers == 1]


def own_text(card: Card) -> str:
    """A network's examples in a row: enough text to measure on."""
    return "\n".join(card.examples)[:LONGEST_TEXT]


def text_for(card: Card, choice: Choice) -> str:
    """The reader's text where the network could have read it and it is long enough."""
    same = card.corpus == choice.card.corpus and not choice.card.recorded
    return choice.text if same and len(choice.text) >= 24 else own_text(card)


def verdict(found: Evidence, network: str, steps: int, texts: Texts) -> str:
    """How strongly the claim holds in this network, in numbers."""
    copy, write, both, blind, opened = (found.left[name] for name in HELD)
    numbers = {"gap": len(copy)}
    parts = [
        texts(
            "gates.verdict_update",
            network=network,
            steps=steps,
            rank=signed(found.rank_update),
            p=f"{found.p_update:.2g}",
            strength=strength(found, texts),
        ),
        texts(
            f"gates.verdict_copy_{'far' if copy[-1] < copy[0] / 2 else 'alike'}",
            near=little(float(copy[0])),
            far=little(float(copy[-1])),
            **numbers,
        ),
        texts(
            "gates.verdict_apart",
            write=times(float(write[-1])),
            both=times(float(both[-1])),
            **numbers,
        ),
        texts("gates.verdict_reset", rank=signed(found.rank_reset), p=f"{found.p_reset:.2g}"),
        texts(
            f"gates.verdict_open_{'longer' if opened[-1] > LONGER else 'alike'}",
            far=f"{opened[-1]:.2g}",
            **numbers,
        ),
        texts(
            f"gates.verdict_blind_{'gone' if blind[-1] < copy[-1] else 'left'}",
            far=little(float(blind[-1])),
            **numbers,
        ),
    ]
    return plain(texts("caption.gap").join(parts))


def strength(found: Evidence, texts: Texts) -> str:
    """Whether the update gate foretells, unit by unit, how far back a unit depends."""
    if found.p_update > FEW:
        return texts("gates.strength_none")
    if found.rank_update < 0:
        return texts("gates.strength_against")
    return texts("gates.strength_clear" if found.rank_update >= CLEAR else "gates.strength_weak")


def table(rows: list[tuple[Card, Evidence]], texts: Texts) -> dict[str, list[str]]:
    """One row a network: the correlations, and what is left at the longest gap."""
    columns: dict[str, list[str]] = {
        texts("sidebar.model"): [card_label(card, texts) for card, _ in rows],
        texts("gates.rank_update"): [_rank(e.rank_update, e.p_update) for _, e in rows],
        texts("gates.rank_reset"): [_rank(e.rank_reset, e.p_reset) for _, e in rows],
    }
    for name in HELD:
        columns[texts(f"gates.short_{name}")] = [
            f"{times(e.left[name][0])} → {times(e.left[name][-1])}" for _, e in rows
        ]
    columns[texts("gates.longest_gap")] = [str(len(e.left["copy"])) for _, e in rows]
    return columns


def _rank(rank: float, p: float) -> str:
    return f"{signed(rank)} (p = {p:.2g})"


def times(ratio: float) -> str:
    """A multiple; a dash where there is nothing to compare with."""
    return f"×{ratio:.2g}" if np.isfinite(ratio) else "–"
