"""The first state: what does it cost to begin in the middle with zeros, and for how long?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from explorer.charts.practice import State, curves_figure
from explorer.language import Texts
from explorer.models import load
from explorer.practice.choices import choose_network
from explorer.shared import shared
from explorer.words.pictures import draw, is_dark

KINDS = ("zero", "learned", "carried")
BEFORE, LENGTH, PLACES = 40, 20, 1500
CHARACTERS, SEEDS = 60_000, (101, 102)  # of the text to learn on, and of the one to judge on
NEAR = 0.05  # bits within which two mean losses are called equal
BITS = 1 / np.log(2)


class Costs(NamedTuple):
    """Mean loss in bits of each character after the start, (position,), by first state."""

    zero: np.ndarray
    learned: np.ndarray
    carried: np.ndarray


def show(texts: Texts) -> None:
    """Bits for each character after a start in the middle of a text, for three first states."""
    card = choose_network(texts)
    with st.spinner(texts("practice.learning_state")):
        costs = costs_of(card.id)
    said = sentence_of(costs, texts)
    st.markdown(said)
    curves = [
        State(texts(f"practice.state_{kind}"), np.arange(1, LENGTH + 1), getattr(costs, kind))
        for kind in KINDS
    ]
    figure = curves_figure(
        curves,
        across=texts("practice.position"),
        up=texts("practice.bits"),
        dark=is_dark(),
    )
    draw(figure, "practice-state", said)


@shared
def costs_of(card_id: str) -> Costs:
    """Learn a first state for a shipped network, and measure all three on text of its corpus."""
    import torch

    from core.training.first_state import learn_first_state, losses_from, places

    torch.set_num_threads(1)
    text_model = load(card_id)
    learn, judge = (text_ids(card_id, seed) for seed in SEEDS)
    learned = learn_first_state(text_model.model, learn)
    generator = torch.Generator().manual_seed(0)
    inputs, targets = places(judge, PLACES, LENGTH, generator, before=BEFORE)
    with torch.no_grad():
        _, carried = text_model.model(inputs[:BEFORE])
        now = inputs[BEFORE:], targets[BEFORE:]
        found = [
            losses_from(text_model.model, *now, state).mean(1).double().numpy() * BITS
            for state in (None, learned, carried)
        ]
    return Costs(*found)


def text_ids(card_id: str, seed: int):
    """New text of the corpus that the network has learned, as ids (time,)."""
    import torch

    from core.tasks.grammar import grammar_text
    from core.tasks.hanyu import hanyu_text

    write = hanyu_text if card_id.startswith("chinese") else grammar_text
    return torch.tensor(load(card_id).vocabulary.encode(write(CHARACTERS, seed=seed)))


def sentence_of(costs: Costs, texts: Texts) -> str:
    """The first character's cost for all three, and how long zeros are felt."""
    late = np.flatnonzero(costs.zero - costs.carried > NEAR)
    felt = int(late[-1]) + 1 if len(late) else 0
    lost = costs.zero - costs.carried
    saved = float((costs.zero - costs.learned).sum() / lost.sum()) if lost.sum() else 0.0
    return texts(
        "practice.state_caption",
        zero=f"{costs.zero[0]:.2f}",
        learned=f"{costs.learned[0]:.2f}",
        carried=f"{costs.carried[0]:.2f}",
        total=f"{lost.sum():.1f}",
        length=LENGTH,
        saved=f"{100 * saved:.0f}",
        near=NEAR,
        felt=texts("practice.state_all" if felt == LENGTH else "practice.state_felt", steps=felt),
        places=f"{PLACES:,}",
        before=BEFORE,
    )
