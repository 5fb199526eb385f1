"""A recording as a table: one row for each layer, direction, step, sequence and unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

ROW = ("layer", "direction", "time", "batch", "unit")


def over_units(data: xr.Dataset) -> xr.Dataset:
    """Every signal over the same units.

    An output that is narrower or wider than the states fills the rows of its own units, NaN
    elsewhere. Initial states and predictions, which have no place in such a table, are left out.
    """
    import xarray as xr

    arrays = []
    for name in map(str, data.data_vars):
        array = data[name]
        if "layer" not in array.dims or name.startswith("initial_"):
            continue
        if "feature" in array.dims:
            array = array.rename(feature="unit")
        if "unit" in array.dims:
            array = array.assign_coords(unit=np.arange(array.sizes["unit"]))
        arrays.append(array.rename(name))
    return xr.merge(arrays, join="outer", compat="override")
