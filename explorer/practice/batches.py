"""Batches: is a sentence in a batch, or in chunks, read as it is read alone?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.captions import percent, visible
from explorer.charts.practice_batches import company_figure
from explorer.language import Texts
from explorer.models import load
from explorer.practice.choices import choose_amount, choose_network, choose_one, choose_text
from explorer.shared import shared
from explorer.sidebar import plain
from explorer.words.pictures import draw, is_dark

if TYPE_CHECKING:
    from core.recording.batching import InCompany

WAYS = ("right", "left", "packed", "reset", "carried")
SIZES = tuple(str(size) for size in range(1, 21))
ROUNDING = 1e-4  # in single precision, after so many steps, this is no difference


def show(texts: Texts) -> None:
    """The sentence as it was read, the difference from reading it alone, and what it costs."""
    card = choose_network(texts)
    text = choose_text(card, texts)
    names = {way: texts(f"practice.way_{way}") for way in WAYS}
    way = choose_one("p_way", texts("practice.way"), WAYS, names)
    label = texts("practice.chunk" if way in ("reset", "carried") else "practice.padding")
    with st.sidebar:
        size = int(choose_amount("p_size", label, SIZES, "8"))
    found = read(card.id, text, way, size)
    said = sentence_of(found, read(card.id, text, "alone", 1), card.id, way, size, texts)
    st.markdown(said)
    figure = company_figure(found, tokens_of(text, found), texts, dark=is_dark())
    draw(figure, "practice-batches", said)


@shared
def read(card_id: str, text: str, way: str, size: int) -> InCompany:
    """The recording of one sentence in company."""
    import torch

    from core.recording.batching import read_in_company

    torch.set_num_threads(1)
    return read_in_company(load(card_id), text, way, size)


def tokens_of(text: str, found: InCompany) -> list[str]:
    """What stands in every column: a character, or a sign for padding."""
    letters = iter(text)
    return [visible(next(letters)) if own else "∅" for own in found.own]


def sentence_of(
    found: InCompany, alone: InCompany, card_id: str, way: str, size: int, texts: Texts
) -> str:
    """What was changed, where most, what the network would say next, and the mean loss."""
    difference = found.difference
    worst = int(difference.max(axis=1).argmax())
    names = load(card_id).vocabulary.tokens
    guesses = {
        f"{name}{part}": value
        for name, one in (("", found), ("alone_", alone))
        for part, value in (
            ("guess", plain(visible(names[int(one.guess.argmax())]))),
            ("chance", percent(one.guess.max())),
        )
    }
    steps, columns = int(found.own.sum()), len(found.own)
    same = difference.max() < ROUNDING
    sentences = [
        texts(
            f"practice.{'same' if same else 'differs'}",
            way=texts(f"practice.way_{way}"),
            size=size,
            difference="0" if difference.max() == 0 else f"{difference.max():.2g}",
            column=worst + 1,
            columns=columns,
        ),
        texts("practice.guesses", **guesses),
        _loss_sentence(found, alone, way, steps, columns, texts),
    ]
    return texts("caption.gap").join(sentences)


def _loss_sentence(
    found: InCompany, alone: InCompany, way: str, steps: int, columns: int, texts: Texts
) -> str:
    if np.isnan(found.losses).all():
        return texts("practice.no_loss")
    own, by_itself = (float(np.nanmean(one.losses)) for one in (found, alone))
    if way in ("right", "left"):
        asked = int((~np.isnan(found.losses)).sum())
        spread = float(np.nansum(found.losses)) / (asked + columns - steps)
        return texts(
            "practice.masked", own=f"{own:.2f}", spread=f"{spread:.2f}", padding=columns - steps
        )
    return texts("practice.loss", own=f"{own:.2f}", alone=f"{by_itself:.2f}")
