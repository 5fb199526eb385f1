"""The parts of the page *Vanishing and exploding*, one function each."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.charts.lab_vanishing import scale_figure
from explorer.lab.vanishing_diluted import show_diluted
from explorer.lab.vanishing_network import Drawn, Trained
from explorer.lab.vanishing_ripple import ripple_stage
from explorer.lab.vanishing_scale import SEEDS, SIZES, measured_scales
from explorer.lab.vanishing_settings import choose_source
from explorer.lab.vanishing_show import show_part
from explorer.lab.vanishing_stages import activation_stage, radius_stage
from explorer.language import Texts

RADII = tuple(f"{step / 20:.2f}" for step in range(2, 33))
SIZES_PUT = ("0.001", "0.1", "1", "5")
POLL_SECONDS = 0.7


def show_radius(texts: Texts) -> None:
    """Eigenvalues, powers and the fan of singular values while the spectral radius moves."""
    source = choose_source(texts)
    show_part("radius", radius_group(source), lambda *start: radius_stage(source, *start), texts)


def show_activation(texts: Texts) -> None:
    """The activation, its slope, and the units in its flat part."""
    source = choose_source(texts)
    group = radius_group(source)
    show_part("activation", group, lambda *start: activation_stage(source, *start), texts)


def show_ripple(texts: Texts) -> None:
    """A disturbance put in at a step, in every later state; and what can be read back."""
    source = choose_source(texts)
    radius, size = _choose_disturbance(source, texts)
    group = f"vanishing-ripple-{_name(source)}"
    show_part(
        "ripple", group, lambda *start: ripple_stage(source, radius, float(size), *start), texts
    )
    show_diluted(source, radius, texts)


def show_scale(texts: Texts) -> None:
    """First weights as they are usually drawn."""
    source = choose_source(texts, drawn_only=True)
    assert isinstance(source, Drawn)
    scales = measured_scales(source)
    by_name = {scale.name: scale for scale in scales}
    st.write(
        texts(
            "vanishing.scale_caption",
            seeds=SEEDS,
            units=source.units,
            activation=texts(f"vanishing.activation_{source.activation}"),
            torch=f"{by_name['torch'].radii.mean():.2f}",
            law=f"{by_name['torch'].expected:.2f}",
            torch_rate=f"{by_name['torch'].rate:.2f}",
            orthogonal_rate=f"{by_name['orthogonal'].rate:.2f}",
            he_rate=f"{by_name['he'].rate:.2f}",
        )
    )
    dark = st.context.theme.type == "dark"
    figure = scale_figure(scales, SIZES, texts, dark=dark)
    st.plotly_chart(figure, key="vanishing-scale", config={"displayModeBar": False})


def radius_group(source: Drawn | Trained) -> str:
    """One cursor for all drawn networks, so that the radius stays when anything else changes."""
    return f"vanishing-radius-{_name(source)}"


def _name(source: Drawn | Trained) -> str:
    return "drawn" if isinstance(source, Drawn) else source.card_id


def _choose_disturbance(source: Drawn | Trained, texts: Texts) -> tuple[float | None, str]:
    """The radius of a drawn network, and the size of what is put in."""
    radius = None
    if isinstance(source, Drawn):
        chosen("v_radius", "0.90", RADII)
    chosen("v_size", SIZES_PUT[0], SIZES_PUT)
    with st.sidebar:
        if isinstance(source, Drawn):
            st.select_slider(texts("vanishing.radius_scrubber"), RADII, key="v_radius")
            radius = float(st.session_state["v_radius"])
        st.select_slider(
            texts("vanishing.size"), SIZES_PUT, key="v_size", help=texts("vanishing.size_help")
        )
    size = st.session_state["v_size"]
    publish(
        v_radius=None if radius in (None, 0.9) else f"{radius:.2f}",
        v_size=size if size != SIZES_PUT[0] else None,
    )
    return radius, size
