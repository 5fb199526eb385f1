"""From a multi-layer perceptron to a recurrent layer: its layers' weights are tied, live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import streamlit as st

from explorer.address import chosen, publish
from explorer.captions import Caption, Lead, sentence, spoken
from explorer.gallery.memoryless_memory import HERE, choose_text, spread_text
from explorer.gallery.memoryless_nets import HIDDEN, group_of_pair, learned
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, plain_spec
from explorer.players.stage import opening_cursor, show_stage
from explorer.shared import shared

if TYPE_CHECKING:
    from core.networks.injected_layers import InjectedLayers
    from core.networks.perceptron import Perceptron
    from core.networks.reader import Reader

HEIGHT = 470
STAGES = ("1", "2", "3", "4")
TIES = tuple(f"{number / 10:.1f}" for number in range(11))
MOST = 12  # letters that the picture has room for


@dataclass(frozen=True)
class Stretch:
    """The layers' values on a text and those of the Elman network.

    states, elman: (step, unit). guesses: the letter expected after each step. right: how many
    of the letters that follow are guessed. parameters: of the layers, and of one recurrent
    layer (``recurrent``); the read-out is common to both.
    """

    tokens: tuple[str, ...]
    states: np.ndarray
    elman: np.ndarray
    guesses: tuple[str, ...]
    right: int
    parameters: int
    recurrent: int

    @property
    def gap(self) -> np.ndarray:
        """The largest difference of any unit at each step, (step,)."""
        return np.abs(self.states - self.elman).max(-1)


def show(texts: Texts) -> None:
    """Draw the part of the page."""
    _draw(choose_text(HERE, texts)[:MOST], texts)


@st.fragment
def _draw(text: str, texts: Texts) -> None:
    """Stages, slider and picture; a control reruns nothing but this."""
    places = st.columns([3.7, 1.2], vertical_alignment="bottom")
    with places[0]:
        stage = int(_option("path_stage", STAGES, texts))
    with places[1]:
        slid = float(_slider(texts, disabled=stage != 3))
    tie = slid if stage == 3 else float(stage == 4)
    found = stretch_of(text, stage, tie)
    st.markdown(formula(found, stage, tie, texts))
    group = group_of_pair("path", text)
    start = {"time": len(text) - 2, **opening_cursor("memoryless", group)}
    payload = path_stage(found, stage, tie, texts, group, start)
    show_stage(payload, group=group, key="stage-tied")


@shared
def stretch_of(text: str, stage: int, tie: float) -> Stretch:
    """The layers of one stage on ``text``; at stage 4 the text is read twice over."""
    import torch
    from torch.nn import functional

    torch.set_num_threads(1)
    vocabulary = learned(text, "elman").vocabulary
    elman = cast("Reader", learned(text, "elman").model)
    read = text[:-1] if stage < 4 else text + text[:-1]
    x = functional.one_hot(torch.tensor(vocabulary.encode(read)), len(vocabulary)).float()
    with torch.no_grad():
        truth = elman.rnn(x.unsqueeze(1))[0][:, 0]
        if stage == 1:
            feed = cast("Perceptron", learned(text, "perceptron").model)
            states = feed.hidden(x.unsqueeze(1))[-1][:, 0]
            logits = feed.read_out(states)
        elif stage == 4:
            ids = torch.tensor(vocabulary.encode(read))
            states, logits = truth, elman(ids.unsqueeze(1))[0][:, 0]
        else:
            deep = cast("InjectedLayers", learned(text, "layers").model)
            logits, states = deep.tied(elman, tie)(x)
    guesses = tuple(vocabulary.tokens[at] for at in logits.argmax(-1).tolist())
    follows = (text + text)[1 : len(read) + 1]
    one = HIDDEN * (len(vocabulary) + HIDDEN + 1)  # W, U and b
    apart = stage == 2 or (stage == 3 and tie < 1)
    return Stretch(
        tokens=tuple(read),
        states=states.numpy(),
        elman=truth.numpy(),
        guesses=guesses,
        right=sum(guess == letter for guess, letter in zip(guesses, follows, strict=True)),
        parameters=len(read) * one if apart else one - (HIDDEN**2 if stage == 1 else 0),
        recurrent=one,
    )


def formula(found: Stretch, stage: int, tie: float, texts: Texts) -> str:
    """The stage's equation, and how many numbers it takes, substituted."""
    steps, recurrent = len(found.tokens), found.recurrent
    equation = {
        1: r"h_t = \tanh(W x_t + b)",
        2: r"h_t = \tanh(W_t\, x_t + U_t\, h_{t-1} + b_t)",
        3: r"h_t = \tanh(W_t\, x_t + U_t\, h_{t-1} + b_t),\quad "
        rf"W_t \to (1 - {tie:g})\,W_t + {tie:g}\,W",
        4: r"h_t = \tanh(W x_t + U h_{t-1} + b)",
    }[stage]
    if stage == 3 and tie == 1:
        equation = r"h_t = \tanh(W x_t + U h_{t-1} + b)"
    own = f"{steps} × {recurrent} = {found.parameters:,}"
    count = own if found.parameters > recurrent else f"{found.parameters:,}"
    return f"${equation}$ &emsp; {texts('memoryless.numbers', count=count)}"


def path_stage(
    found: Stretch, stage: int, tie: float, texts: Texts, group: str, cursor: Mapping[str, Any]
) -> bytes:
    """The unrolled picture of one stage, with its numbers."""
    caption = path_caption(found, stage, tie, texts)
    options = {
        "stage": 2 if stage in (2, 3) else stage,
        "tie": tie,
        "guesses": list(found.guesses),
    }
    panels = [
        caption_panel("a", caption),
        Panel("tied", "b", alt=spoken(caption), options=options),
    ]
    spec = plain_spec(
        panels,
        Layout("'a' 'b'", "1fr", "auto minmax(0, 1fr)", HEIGHT),
        texts,
        group=group,
        tokens=found.tokens,
        units=HIDDEN,
        cursor=cursor,
    )
    arrays = {
        "tied.deep": found.states.astype(np.float32),
        "tied.gap": found.gap.astype(np.float32),
    }
    return pack(arrays, spec)


def path_caption(found: Stretch, stage: int, tie: float, texts: Texts) -> Caption:
    """What the stage shows, in numbers."""
    largest = int(found.gap.argmax())
    where = Lead(spread_text(float(found.gap[largest])), {"time": largest})
    steps = len(found.tokens)
    key = f"memoryless.stage_{stage}" + ("_tied" if stage == 3 and tie == 1 else "")
    return sentence(
        texts(key),
        steps=steps,
        right=found.right,
        gap=where,
        tie=f"{100 * tie:.0f}%",
        own=f"{found.parameters:,}",
        apart=f"{steps * found.recurrent:,}",
        one=f"{found.recurrent:,}",
        hundred=f"{100 * found.recurrent:,}",
    )


def _option(name: str, allowed: tuple[str, ...], texts: Texts) -> str:
    chosen(name, allowed[0], allowed)
    st.segmented_control(
        texts(f"memoryless.{name}"),
        allowed,
        format_func=lambda value: texts(f"memoryless.{name}_{value}"),
        key=name,
        required=True,
        label_visibility="collapsed",
    )
    value = st.session_state[name]
    publish(**{name: None if value == allowed[0] else value})
    return value


def _slider(texts: Texts, *, disabled: bool) -> str:
    chosen("path_tie", TIES[-1], TIES)
    st.select_slider(texts("memoryless.tie"), TIES, key="path_tie", disabled=disabled)
    value = st.session_state["path_tie"]
    publish(path_tie=None if value == TIES[-1] else value)
    return value
