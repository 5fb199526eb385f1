r"""How far back does the state of each unit depend on earlier states?"""

from __future__ import annotations

import numpy as np
import torch
import xarray as xr
from torch import nn

from core.gradients.any_cell import step_jacobians
from core.gradients.runs import one_run
from core.recording.trace import Trace


def dependence(
    trace: Trace, network: nn.Module, *, gaps: int, layer: int = -1, direction: int = 0
) -> xr.DataArray:
    r"""How much each unit's state depends on the whole state ``gap`` steps earlier.

    .. math:: d_{g,i} = \frac{1}{T-G} \sum_{t > G}
              \Big\| \frac{\partial s_{t,i}}{\partial s_{t-g}} \Big\|_2, \qquad
              \frac{\partial s_t}{\partial s_{t-g}} = J_t J_{t-1} \cdots J_{t-g+1}

    the mean over the same steps t for every gap up to G = ``gaps``, so that gaps can be
    compared. For an LSTM the state is (h, c) and the units are those of c, its memory.

    trace: one sequence, recorded with ``parts=True``. Returns (gap, unit), gaps from 1.
    Computed in float64.
    Raises ValueError for fewer than ``gaps`` + 1 steps, or fewer than one gap.
    """
    run = one_run(trace, network, layer, direction)
    if not 1 <= gaps < run.steps:
        raise ValueError(f"gaps is {gaps}; expected 1 to {run.steps - 1}, the text's steps less 1.")
    jacobians = step_jacobians(run)[0][:, 0]
    units = trace["hidden"].sizes["unit"]
    place = units if "cell" in run.cell.state_names else 0
    product = jacobians[gaps:, place : place + units]
    sizes = [torch.linalg.vector_norm(product, dim=-1).mean(0)]
    for gap in range(1, gaps):
        product = product @ jacobians[gaps - gap : run.steps - gap]
        sizes.append(torch.linalg.vector_norm(product, dim=-1).mean(0))
    coordinates = {"gap": np.arange(1, gaps + 1), "unit": np.arange(units)}
    values = torch.stack(sizes).numpy()
    return xr.DataArray(values, coordinates, ("gap", "unit"), name="dependence")


def mean_reach(found: xr.DataArray) -> xr.DataArray:
    r"""The gap at which a unit's dependence lies on average, :math:`\sum g\, d_g / \sum d_g`.

    ``found`` has a dimension ``gap``, as ``dependence`` gives it; nan for a unit that depends
    on nothing.
    """
    total = found.sum("gap")
    return (found * found["gap"]).sum("gap") / total.where(total > 0)
