"""Part 1: how far a letter lies from the answer, through a chain of states or by attention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.training.gallery.shelf import find_gallery_model
from explorer.address import chosen, publish
from explorer.captions import visible
from explorer.charts.today import letters_figure
from explorer.language import Texts
from explorer.models import read_applied
from explorer.sidebar import plain
from explorer.words.pictures import draw, is_dark, say

NETWORKS = ("dates-gru", "dates-lstm", "dates-gru-attention")


@dataclass(frozen=True, eq=False)
class Reach:
    """How the loss at the last sign written depends on every state of the encoder.

    letters: that were read. shares: by network, the norm of the total derivative by each hidden
    state over the largest one.
    """

    letters: tuple[str, ...]
    shares: Mapping[str, np.ndarray]


def show(texts: Texts) -> None:
    """Draw the part."""
    dates = find_gallery_model(NETWORKS[0]).examples
    chosen("today_date", dates[0], dates)
    with st.sidebar:
        st.selectbox(texts("today.date"), dates, key="today_date")
    date = st.session_state["today_date"]
    publish(today_date=None if date == dates[0] else date)
    found = reach(date)
    said = sentences(found, texts)
    say(texts, *said)
    title = texts("today.path_title")
    figure = letters_figure(
        [visible(letter) for letter in found.letters],
        {texts(f"today.{name}"): shares for name, shares in found.shares.items()},
        labels=(texts("today.letters"), texts("today.share")),
        title=title,
        dark=is_dark(),
    )
    draw(figure, "path", " ".join([title, *said]))


def reach(date: str) -> Reach:
    """Recorded from the shipped networks as they translate ``date``."""
    letters, shares = (), {}
    for name in NETWORKS:
        trace = read_applied(name, date, "last")["encoder"]
        norms = np.linalg.norm(trace["grad_hidden"].isel(layer=0, direction=0, batch=0), axis=-1)
        letters, shares[name] = tuple(trace.tokens), norms / norms.max()
    return Reach(letters, shares)


def sentences(found: Reach, texts: Texts) -> tuple[str, ...]:
    """What was measured, computed."""
    steps = len(found.letters)
    said = [texts("today.asked", steps=steps)]
    for name, shares in found.shares.items():
        model = find_gallery_model(name)
        best = int(shares.argmax())
        said.append(
            texts(
                "today.reach",
                name=texts(f"today.{name}"),
                first=f"{shares[0]:.2f}",
                last=f"{shares[-1]:.2f}",
                letter=plain(visible(found.letters[best])),
                place=best + 1,
                score=f"{100 * model.score:.1f}%",
                updates=f"{model.steps:,}",
            )
        )
    rule = find_gallery_model(NETWORKS[0]).baseline
    return (*said, texts("today.rule", score=f"{100 * rule:.1f}%"))
