"""Measured on one GRU: what its gates do on average, how far back it depends, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from explorer.lab.gates_network import network_of
from explorer.models import Card
from explorer.shared import shared

if TYPE_CHECKING:
    import xarray as xr
    from torch import Tensor, nn

    from core.networks import SequenceModel

GAPS = 30
# What is held. No copy of the old state, the write as trained; the write wide open, the copy as
# trained; both at once, which is what z = 0 does; a candidate blind to the past; a reset gate
# that never closes.
HELD = ("copy", "write", "both", "blind", "open")


class Evidence(NamedTuple):
    """update, reset, reach: mean gates and mean distance of what each unit depends on, (unit,);
    rank correlations of reach with either, and their p-values; left: for every held gate the
    network's dependence at each gap, as a multiple of what it is as trained (gap,)."""

    update: np.ndarray
    reset: np.ndarray
    reach: np.ndarray
    rank_update: float
    p_update: float
    rank_reset: float
    p_reset: float
    left: dict[str, np.ndarray]


@shared
def evidence_of(card_id: str, text: str, _card: Card) -> Evidence:
    """The evidence of one network on one text."""
    import torch

    from core.gradients.held_weights import held_throughout
    from core.gradients.reach import mean_reach

    torch.set_num_threads(1)
    network = network_of(_card)
    ids = network.encode(text)
    # a copy without holds: sessions share the network, and a recording watches what it records
    gates, trained = _dependence(held_throughout(network.model), ids)
    update, reset = gates
    reach = mean_reach(trained).values
    plain = trained.mean("unit").values
    left = {
        name: _dependence(held_as(name, network.model), ids)[1].mean("unit").values / plain
        for name in HELD
    }
    ranks = [_rank(values, reach) for values in (update, reset)]
    return Evidence(update, reset, reach, *ranks[0], *ranks[1], left)


def held_as(name: str, model: SequenceModel) -> nn.Module:
    """A copy of ``model`` in which what ``name``, one of ``HELD``, says is held."""
    from core.gradients import Hold
    from core.gradients.copy_and_write import held_apart
    from core.gradients.held_weights import held_throughout

    if name == "copy":
        return held_apart(model, copy=0.0)
    if name == "write":
        return held_apart(model, write=1.0)
    gate, value = {
        "both": ("update_gate", 0.0),
        "blind": ("reset_gate", 0.0),
        "open": ("reset_gate", 1.0),
    }[name]
    return held_throughout(model, Hold(gate, value))


def _dependence(model: nn.Module, ids: Tensor) -> tuple[list[np.ndarray], xr.DataArray]:
    """Mean update and reset gates (unit,), and the dependence (gap, unit)."""
    from core import record
    from core.gradients.reach import dependence

    (trace,) = record(model, ids, parts=True).values()
    gates = [trace[gate].values[-1, 0, :, 0].mean(0) for gate in ("update_gate", "reset_gate")]
    return gates, dependence(trace, model, gaps=min(GAPS, len(ids) // 2))


def _rank(values: np.ndarray, reach: np.ndarray) -> tuple[float, float]:
    from scipy.stats import spearmanr

    found = spearmanr(values, reach)
    return float(found.statistic), float(found.pvalue)
