"""What a step of each cell costs, counted, and measured on this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from explorer.address import chosen, publish
from explorer.charts.lab_variants import cost_figure
from explorer.lab.race_names import competitor_name
from explorer.language import Texts
from explorer.shared import shared
from explorer.words.pictures import is_dark

if TYPE_CHECKING:
    from core.race.cost import StepCost

SIZES = ("32", "64", "128", "256", "512")
INPUTS = 64


def show(texts: Texts) -> None:
    """Bars relative to the LSTM, the numbers, and what the GRU saves."""
    chosen("cost_units", "128", SIZES)
    with st.sidebar:
        st.select_slider(texts("variants.units"), SIZES, key="cost_units")
        if st.button(texts("variants.again"), width="stretch"):
            measured.clear()
        st.caption(texts("variants.about_cost", inputs=INPUTS))
    units = st.session_state["cost_units"]
    publish(cost_units=None if units == "128" else units)
    with st.spinner(texts("variants.measuring")):
        costs = measured(int(units))
    labels = {cost.kind: competitor_name(cost.kind, texts) for cost in costs}
    figure = cost_figure(costs, labels, texts, dark=is_dark())
    st.plotly_chart(figure, key="variants-cost", config={"displayModeBar": False})
    st.markdown(caption(costs, texts))
    st.dataframe(
        {
            texts("variants.col_who"): list(labels.values()),
            texts("variants.parameters"): [f"{cost.parameters:,}" for cost in costs],
            texts("variants.multiply_adds"): [f"{cost.multiply_adds:,}" for cost in costs],
            texts("variants.kept_numbers"): [cost.kept for cost in costs],
            texts("variants.carried"): [cost.carried for cost in costs],
            texts("variants.open_time"): [f"{1e6 * cost.open_seconds:.0f}" for cost in costs],
            texts("variants.fused_time"): [
                "–" if cost.fused_seconds is None else f"{1e6 * cost.fused_seconds:.1f}"
                for cost in costs
            ],
        },
        hide_index=True,
        width="stretch",
        height=35 * (len(costs) + 1) + 3,
    )


@shared
def measured(units: int) -> list[StepCost]:
    """The costs at this size, measured once until the reader asks again."""
    import torch

    from core.race.competitors import VARIANTS
    from core.race.cost import step_costs

    torch.set_num_threads(1)
    return step_costs(("elman", *VARIANTS), INPUTS, units)


def caption(costs: list[StepCost], texts: Texts) -> str:
    """What the GRU saves beside the LSTM."""
    by_kind = {cost.kind: cost for cost in costs}
    lstm, gru, mgu = by_kind["lstm"], by_kind["gru"], by_kind["mgu"]
    return texts(
        "variants.saves",
        parameters=f"{1 - gru.parameters / lstm.parameters:.0%}",
        state=f"{1 - gru.carried / lstm.carried:.0%}",
        kept=f"{1 - gru.kept / lstm.kept:.0%}",
        open=f"{1e6 * lstm.open_seconds:.0f} → {1e6 * gru.open_seconds:.0f}",
        fused=f"{1e6 * (lstm.fused_seconds or 0):.1f} → {1e6 * (gru.fused_seconds or 0):.1f}",
        mgu=f"{1 - mgu.parameters / lstm.parameters:.0%}",
    )
