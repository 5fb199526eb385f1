"""Diluted, or not? The first input in later states: does it still act, can it still be read?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.address import chosen, publish
from explorer.charts.lab_diluted import diluted_figure
from explorer.lab.vanishing_network import STEPS, Drawn, Trained, network_of
from explorer.lab.vanishing_words import amount
from explorer.language import Texts
from explorer.models import load, shipped
from explorer.shared import shared
from explorer.sidebar import card_label
from explorer.words.pictures import draw, is_dark

if TYPE_CHECKING:
    from torch import Tensor

    from core.cells import Cell
    from core.gradients.dilution import FirstInput

FITTED, JUDGED = 8000, 1000
PLACES = 14  # how many steps are asked for the first input, closer together at first
ACTS, READABLE = 0.1, 0.5  # what the sentences call "acts" and "can be read back"
GATES = ("drawn", "shut")
SHUT = 6.0  # a gate of σ(6) = 0.9975 keeps
BOUNDED = ("tanh", "sigmoid", "gru-drawn", "gru-shut")


@dataclass(frozen=True, eq=False)
class Line:
    """One network's answer: what a chart draws and a sentence says."""

    label: str
    since: np.ndarray
    influence: np.ndarray
    recovered: np.ndarray


@st.fragment
def show_diluted(source: Drawn | Trained, radius: float | None, texts: Texts) -> None:
    """The two questions side by side, for networks with the matrix that the page has."""
    st.subheader(texts("vanishing.diluted"), anchor=False)
    st.markdown(texts("vanishing.diluted_lead"))
    if isinstance(source, Drawn):
        if source.drive == 0:
            st.info(texts("vanishing.diluted_nothing"))
            return
        lines = _drawn_lines(source, radius or 1.0, _choose_gate(texts), texts)
        units, numbers = source.units, source.units
    else:
        lines, units, numbers = _trained_lines(source, texts)
    shares = np.minimum(1, units / numbers / (lines[0].since + 1))
    sentences = [said(line, texts) for line in lines]
    figure = diluted_figure(lines, shares, texts, dark=is_dark())
    draw(figure, "vanishing-diluted", " ".join(sentences).replace("**", ""))
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
    note = "diluted_note" if isinstance(source, Drawn) else "diluted_note_trained"
    st.caption(
        texts(
            f"vanishing.{note}",
            units=units,
            numbers=numbers,
            inputs=int(lines[0].since[-1]) + 1,
            share=f"{shares[-1]:.3f}",
            fitted=f"{FITTED:,}",
            judged=f"{JUDGED:,}",
            acts=ACTS,
            readable=READABLE,
        )
    )


def said(line: Line, texts: Texts) -> str:
    """One network in a sentence: both figures after the last input, and what they come to."""
    influence, recovered = float(line.influence[-1]), float(line.recovered[-1])
    verdict = ("whole", "diluted", "faint", "gone")[2 * (influence < ACTS) + (recovered < READABLE)]
    return texts(
        "vanishing.diluted_line",
        name=line.label,
        since=int(line.since[-1]),
        influence=amount(influence),
        first=f"{line.recovered[0]:.2f}",
        recovered="0.00" if abs(recovered) < 0.005 else f"{recovered:.3f}".replace("-", "−"),
        verdict=texts(f"vanishing.diluted_{verdict}"),
    )


def _choose_gate(texts: Texts) -> str:
    chosen("v_gate", GATES[0], GATES)
    st.segmented_control(
        texts("vanishing.diluted_gate"),
        GATES,
        format_func=lambda gate: texts(f"vanishing.diluted_gate_{gate}"),
        key="v_gate",
        required=True,
        help=texts("vanishing.diluted_gate_help"),
    )
    gate = st.session_state["v_gate"]
    publish(v_gate=gate if gate != GATES[0] else None)
    return gate


def _drawn_lines(source: Drawn, radius: float, gate: str, texts: Texts) -> list[Line]:
    plain = source.activation if source.activation != "identity" else "tanh"
    kinds = {
        "identity": texts("vanishing.activation_identity"),
        plain: texts(f"vanishing.activation_{plain}"),
        f"gru-{gate}": texts(f"vanishing.diluted_gru_{gate}"),
    }
    return [_line(label, left_of_drawn(source, radius, kind)) for kind, label in kinds.items()]


def _trained_lines(source: Trained, texts: Texts) -> tuple[list[Line], int, int]:
    model = load(source.card_id)
    label = card_label(shipped()[source.card_id], texts)
    line = _line(label, left_of_trained(source.card_id))
    return [line], model.model.settings.hidden_size, len(model.vocabulary.tokens) - 1


def _line(label: str, found: FirstInput) -> Line:
    return Line(label, found.steps - 1, found.influence, found.recovered)


def asked(steps: int) -> list[int]:
    """The steps that are asked, from 1 to the last."""
    return np.unique(np.geomspace(1, steps, PLACES).round().astype(int)).tolist()


@shared
def left_of_drawn(source: Drawn, radius: float, kind: str) -> FirstInput:
    """What is left of the first input in a network of this ``kind`` with the source's matrix."""
    import torch

    from core.gradients.dilution import first_input_left

    torch.set_num_threads(1)
    network = network_of(source)
    cell = cell_of(kind, radius * network.recurrent, source.seed)
    dtype = torch.float32 if kind in BOUNDED else torch.float64
    inputs = source.drive * random_inputs(source.units, source.seed).to(dtype)
    wanted = inputs[0]
    if kind.startswith("gru"):
        mark = torch.zeros_like(inputs[..., :1])
        mark[0] = 1
        inputs = torch.cat((inputs, mark), dim=-1)
    return first_input_left(
        cell.to(dtype),
        inputs,
        network.start.to(dtype),
        target=wanted,
        fitted=FITTED,
        asked=asked(len(inputs)),
    )


@shared
def random_inputs(units: int, seed: int) -> Tensor:
    """Independent numbers of unit variance: (steps, sequences, units)."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    return torch.randn(STEPS, FITTED + JUDGED, units, generator=generator)


def cell_of(kind: str, recurrent: Tensor, seed: int) -> Cell:
    """A cell with ``recurrent`` and one input for each unit: an activation's name, or a GRU.

    gru-drawn: the gates as torch draws them from ``seed``. gru-shut: they read only a mark, which
    the first input has and later ones have not: open to it, then shut. Both see the mark; the
    candidate reads the inputs as the plain cells do.
    """
    import torch

    from core.cells import ElmanCell, GRUCell

    units = len(recurrent)
    identity = torch.eye(units, dtype=recurrent.dtype)
    if not kind.startswith("gru"):
        cell = ElmanCell(units, units, bias=False, activation=kind).to(recurrent.dtype)
        cell.load_state_dict({"weight_ih": identity, "weight_hh": recurrent})
        return cell
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(seed)
        gru = GRUCell(units + 1, units).to(recurrent.dtype)
        gates, candidate = slice(0, 2 * units), slice(2 * units, 3 * units)
        gru.weight_ih[:, -1] = 0
        if kind == "gru-shut":
            for weight in gru.parameters():
                weight[gates] = 0
            gru.bias_ih[:units] = SHUT  # the reset gate hides nothing
            gru.bias_ih[units : 2 * units] = SHUT  # the update gate keeps ...
            gru.weight_ih[units : 2 * units, -1] = -2 * SHUT  # ... unless the mark is there
        gru.weight_ih[candidate, :-1] = identity
        gru.weight_hh[candidate] = recurrent
        gru.bias_ih[candidate] = 0
        gru.bias_hh[candidate] = 0
    return gru


@shared
def left_of_trained(card_id: str) -> FirstInput:
    """The same for a shipped network that reads letters drawn independently of its vocabulary."""
    import torch

    from core.gradients.dilution import first_input_left
    from core.gradients.runs import as_recurrent

    torch.set_num_threads(1)
    text_model = load(card_id)
    cell = as_recurrent(text_model.model).cells[0][0]
    letters = len(text_model.vocabulary.tokens)
    generator = torch.Generator().manual_seed(0)
    read = torch.randint(letters, (STEPS, FITTED + JUDGED), generator=generator)
    inputs = text_model.model.embed(read).detach()
    return first_input_left(
        cell,
        inputs,
        torch.zeros(cell.hidden_size),
        target=torch.nn.functional.one_hot(read[0], letters).to(inputs.dtype),
        fitted=FITTED,
        asked=asked(STEPS),
    )
