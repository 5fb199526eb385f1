"""Dropout and layer normalisation: where may noise stand, and what does the norm hold still?"""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.charts.practice import State, curves_figure
from explorer.lab.vanishing_diluted import cell_of
from explorer.language import Texts
from explorer.practice.choices import choose_amount, choose_one
from explorer.shared import shared
from explorer.words.pictures import draw, is_dark

KINDS = ("dropout", "norm")
PLACES = ("inputs", "written", "one-mask", "every-step")
RATES = ("0.05", "0.1", "0.2", "0.3", "0.5")
UNITS, STEPS, FITTED, JUDGED = 16, 41, 2500, 500
ASKED = (1, 2, 3, 4, 6, 9, 13, 18, 25, 33, 41)
PRECISION = 0.01  # a reader sees a state to within so much
SCALES = tuple(float(size) for size in np.geomspace(0.1, 10, 15))
GAPS = 30


def show(texts: Texts) -> None:
    """One of the two, with its one choice."""
    names = {kind: texts(f"practice.norms_{kind}") for kind in KINDS}
    kind = choose_one("p_norm", texts("practice.norms_which"), KINDS, names)
    (show_dropout if kind == "dropout" else show_norm)(texts)


def show_dropout(texts: Texts) -> None:
    """What can still be read of the first input under dropout in four places."""
    with st.sidebar:
        rate = choose_amount("p_rate", texts("practice.rate"), RATES, "0.2")
    found = {place: kept_under_dropout(place, float(rate)) for place in PLACES}
    first, last = ASKED[0], ASKED[-1]
    values = {
        place.replace("-", "_"): f"{kept[-1] + 0.0:.2f}".replace("-", "−")
        for place, kept in found.items()
    }
    said = texts(
        "practice.dropout_caption",
        rate=rate,
        since=last - first,
        none=f"{kept_under_dropout('inputs', 0.0)[-1]:.2f}",
        power=f"{(1 - float(rate)) ** (last - first):.2g}",
        **values,
    )
    st.markdown(said)
    since = np.array(ASKED) - 1
    curves = [State(texts(f"practice.place_{place}"), since, found[place]) for place in PLACES]
    figure = curves_figure(
        curves,
        across=texts("vanishing.diluted_since"),
        up=texts("practice.read_back"),
        dark=is_dark(),
    )
    draw(figure, "practice-dropout", said)
    st.caption(
        texts(
            "practice.dropout_note", units=UNITS, fitted=FITTED, judged=JUDGED, precision=PRECISION
        )
    )


def show_norm(texts: Texts) -> None:
    """The factor of a gradient for each step over the size of all weights."""
    plain, normed = (factors(norm) for norm in (False, True))
    said = texts(
        "practice.norm_caption",
        low=f"{SCALES[0]:g}",
        high=f"{SCALES[-1]:g}",
        plain_low=f"{plain.min():.2f}",
        plain_high=f"{plain.max():.2f}",
        norm_low=f"{normed.min():.2f}",
        norm_high=f"{normed.max():.2f}",
    )
    st.markdown(said)
    scales = np.array(SCALES)
    curves = [
        State(texts("practice.norm_without"), scales, plain),
        State(texts("practice.norm_with"), scales, normed),
    ]
    figure = curves_figure(
        curves,
        across=texts("practice.weights_scale"),
        up=texts("practice.factor"),
        dark=is_dark(),
        level=1.0,
        log=(True, False),
    )
    draw(figure, "practice-norm", said)
    st.caption(texts("practice.norm_note", units=UNITS, gaps=GAPS))


@shared
def kept_under_dropout(place: str, rate: float) -> np.ndarray:
    """R² of the first input at the steps ``ASKED`` in a GRU that shuts after it."""
    import torch

    from core.gradients.dilution import held_out_r2
    from core.networks.recurrent_dropout import states_under_dropout

    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(1)
    inputs = 0.5 * torch.randn(STEPS, FITTED + JUDGED, UNITS + 1, generator=generator)
    inputs[..., -1] = 0
    inputs[0, :, -1] = 1  # the mark that opens the gate once
    recurrent = torch.linalg.qr(torch.randn(UNITS, UNITS, generator=generator)).Q
    gru = cell_of("gru-shut", recurrent, 0)
    states = states_under_dropout(gru, inputs, torch.zeros(UNITS), rate, place, spared=1)
    found = []
    for t in ASKED:
        # the factors 1/(1 - rate) are the same for all units, and would hide the noise of reading
        grown = (1 - rate) ** (t - 1) if place == "every-step" else 1.0
        noise = PRECISION * torch.randn(states[t - 1].shape, generator=generator)
        found.append(held_out_r2(grown * states[t - 1] + noise, inputs[0, :, :-1], FITTED))
    return np.array(found)


@shared
def factors(norm: bool) -> np.ndarray:
    """The factor for each step back at every size of the weights, (scale,)."""
    import torch

    from core.cells import ElmanCell
    from core.cells.layer_norm import LayerNormElmanCell
    from core.gradients.dilution import influence_of_first

    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(2)
    inputs = torch.randn(GAPS + 1, 8, UNITS, generator=generator, dtype=torch.float64)
    reads, recurrent = (
        torch.randn(UNITS, UNITS, generator=generator, dtype=torch.float64) / UNITS**0.5
        for _ in range(2)
    )
    found = []
    for size in SCALES:
        cell = (
            LayerNormElmanCell(UNITS, UNITS) if norm else ElmanCell(UNITS, UNITS, bias=False)
        ).double()
        cell.load_state_dict(
            {"weight_ih": size * reads, "weight_hh": size * recurrent}, strict=False
        )
        left = influence_of_first(cell, inputs, torch.zeros(UNITS, dtype=torch.float64))
        found.append(float(left[-1]) ** (1 / GAPS))
    return np.array(found)
