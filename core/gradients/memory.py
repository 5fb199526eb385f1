r"""What a gated memory holds: who wrote it, what is left of it, how long it lasts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr

from core.gradients.runs import check_one_reading
from core.recording.trace import Trace


class Memory(NamedTuple):
    r"""A gated memory obeys :math:`m_t = \kappa_t \odot m_{t-1} + w_t`.

    state: the name of m. keep: :math:`\kappa`, what is kept. written: w, what is added.
    """

    state: str
    keep: xr.DataArray
    written: xr.DataArray


def memory_of(trace: Trace) -> Memory:
    """The memory equation of a recorded cell, whichever its letters.

    LSTM and its variants: c, f, i g. GRU: h, z, (1 - z) n. Minimal gated unit: h, 1 - f, f n.
    Raises ValueError for a cell that keeps nothing by a gate.
    """
    if "cell" in trace:
        return Memory("cell", trace["forget_gate"], trace["input_gate"] * trace["candidate"])
    if "update_gate" in trace:
        z = trace["update_gate"]
        return Memory("hidden", z, (1 - z) * trace["candidate"])
    if "forget_gate" in trace:
        f = trace["forget_gate"]
        return Memory("hidden", 1 - f, f * trace["candidate"])
    raise ValueError(
        f"A cell of kind {trace.settings.get('kind')} has no gated memory: it writes its whole "
        "state anew at every step. Record an LSTM or a GRU."
    )


def memory_ledger(trace: Trace, *, units: Sequence[int] | None = None) -> xr.Dataset:
    r"""The exact account of a memory: what each earlier step wrote, and what is left of it.

    .. math:: c_t = \sum_{k \le t} \Big(\prod_{j=k+1}^{t} f_j\Big) \odot i_k \odot g_k
              + \Big(\prod_{j \le t} f_j\Big) \odot c_0

    For a GRU, :math:`h_t` with z for f and :math:`(1 - z_k) \odot n_k` for what is written. The
    same holds for the backward direction, with "earlier" in the order in which it reads.

    Returns ``left`` (layer, direction, time, written_at, batch, unit), what the memory at
    ``time`` holds of what step ``written_at`` wrote, 0 where that was yet to come, and
    ``initial`` (layer, direction, time, batch, unit), what is left of the initial state;
    summed over ``written_at`` they are the memory, named in the attribute ``state``.
    ``units`` chooses some: of T steps and H units the account has T x T x H entries.

    Raises ValueError for a cell without a gated memory, several calls, or padded sequences.
    Source: O. Levy et al., Long short-term memory as a dynamically computed element-wise
    weighted sum, ACL (2018).
    """
    check_one_reading(trace)
    memory = memory_of(trace)
    chosen = list(range(memory.keep.sizes["unit"])) if units is None else list(units)
    keep, written, start = (
        part.isel(unit=chosen).values.astype(float)
        for part in (memory.keep, memory.written, trace[f"initial_{memory.state}"].isel(call=0))
    )
    left = np.zeros((*keep.shape[:3], *keep.shape[2:]))
    initial = np.empty_like(keep)
    for direction in range(keep.shape[1]):
        way = slice(None, None, -1) if direction else slice(None)
        _account(
            keep[:, direction, way],
            written[:, direction, way],
            start[:, direction],
            left[:, direction, way, way],
            initial[:, direction, way],
        )
    data = trace.data
    coordinates = {
        **{name: data[name] for name in ("layer", "direction", "time")},
        "written_at": data["time"].values,
        "unit": chosen,
    }
    dims = ("layer", "direction", "time", "batch", "unit")
    variables = {
        "left": ((*dims[:3], "written_at", *dims[3:]), left),
        "initial": (dims, initial),
    }
    return xr.Dataset(variables, coordinates, {"state": memory.state})


def half_life(trace: Trace) -> xr.DataArray:
    r"""Steps until a unit has forgotten half of what it holds, as its gate alone says.

    .. math:: \tau = \frac{\ln \frac12}{\overline{\log f}}

    with the mean over all steps and sequences of the log of the forget gate (GRU: the update
    gate): the geometric mean of the gate is what a step keeps on average. 0 for a unit whose
    gate was once fully shut; inf for one that never forgets, its gate at 1 throughout (or
    above, which only a ReLU gate can be). What flows from unit to unit is left out; see
    ``recall`` for the measured counterpart.

    Returns (layer, direction, unit). Raises ValueError for a cell without a gated memory.
    Source: C. Tallec and Y. Ollivier, Can recurrent neural networks warp time? (2018), for
    the gate as an inverse time scale.
    """
    keep = memory_of(trace).keep.astype(float)
    with np.errstate(divide="ignore"):
        # the mean skips NaN, which is padding
        mean_log = xr.apply_ufunc(np.log, keep).mean(["time", "batch"])
        steps = abs(np.log(0.5) / mean_log)
    return steps.where(mean_log < 0, np.inf).rename("half_life")


def _account(
    keep: np.ndarray, written: np.ndarray, start: np.ndarray, left: np.ndarray, initial: np.ndarray
) -> None:
    """Fill in ``left`` (layer, time, written_at, ...) and ``initial``, in reading order."""
    for t in range(keep.shape[1]):
        initial[:, t] = keep[:, t] * (initial[:, t - 1] if t else start)
        if t:
            left[:, t, :t] = keep[:, t, None] * left[:, t - 1, :t]
        left[:, t, t] = written[:, t]
