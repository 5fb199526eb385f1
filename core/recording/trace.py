"""The recording of one module: named arrays with named dimensions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


@dataclass(frozen=True)
class Trace:
    """What one recurrent module did, from the inside.

    ``trace["forget_gate"]`` is an ``xarray.DataArray`` with the dimensions (layer, direction,
    time, batch, unit); ``trace.data`` is the whole ``xarray.Dataset``. Time follows the
    inputs, also in the backward direction. ``token`` and ``call_of_step`` (which call of the
    module a step belongs to) are coordinates on ``time``. Steps beyond the end of a packed sequence
    are NaN. ``initial_hidden`` and ``initial_cell`` hold the states that each call began with.

    With a loss there are also ``grad_hidden`` and ``grad_cell``, the total derivatives of the
    loss, and ``grad_weight_norm`` (layer, direction, time), the Frobenius norm of what each
    step adds to the gradient of the recurrent weights (U, torch's ``weight_hh``).

    ``build`` makes the dataset when it is first asked for; use ``Trace.of`` for one that exists.
    """

    build: Callable[[], xr.Dataset]

    @classmethod
    def of(cls, data: xr.Dataset) -> Trace:
        """A trace over a dataset that exists already."""
        return cls(lambda: data)

    @cached_property
    def data(self) -> xr.Dataset:
        """The whole recording."""
        return self.build()

    def __getitem__(self, name: str) -> xr.DataArray:
        if name not in self.data:
            raise KeyError(
                f"This recording has no signal {name!r}. It has: {', '.join(self.signals)}. "
                "Pre-activation parts need record(..., parts=True), gradients a loss."
            )
        return self.data[name]

    def __contains__(self, name: object) -> bool:
        return name in self.data.data_vars

    @property
    def signals(self) -> tuple[str, ...]:
        """The names of everything recorded."""
        return tuple(str(name) for name in self.data.data_vars)

    @property
    def settings(self) -> Mapping[str, Any]:
        """Kind of cell, module path, seed, versions, and whatever ``record`` was told."""
        return dict(self.data.attrs)

    @property
    def proof(self) -> float:
        """Largest difference between the recording and what the module itself returned."""
        return float(self.data.attrs["proof"])

    @property
    def not_finite(self) -> tuple[int, str] | None:
        """The first step with NaN or infinity, counted from 0, and the signal that has it.

        Of a state where one has it, else of a gradient.
        None where every state and gradient is finite; steps beyond the end of a packed sequence,
        which are NaN too, do not count.
        """
        step = self.data.attrs.get("not_finite_step")
        return None if step is None else (int(step), str(self.data.attrs["not_finite_signal"]))

    @property
    def tokens(self) -> list[str] | None:
        """The token read at each step, if any were given."""
        if "token" not in self.data.coords:
            return None
        return [str(token) for token in self.data["token"].values]

    def save(self, path: str | Path) -> None:
        """Write everything to one ``.safetensors`` file (see ``core.recording.trace_file``)."""
        from core.recording.trace_file import save_trace

        save_trace(self.data, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Trace:
        """Read a file that ``save`` wrote; needs no torch and runs nothing from the file.

        Raises ValueError for a truncated, altered or foreign file, and says which.
        """
        from core.recording.trace_file import load_trace

        return cls.of(load_trace(Path(path)))

    def to_dataframe(self) -> pd.DataFrame:
        """One row for each layer, direction, step, sequence and unit; a column for each signal.

        What has fewer dimensions (``grad_weight_norm``) is repeated along the missing ones;
        initial states and predictions are left out.
        """
        from core.recording.table import ROW, over_units

        return over_units(self.data).to_dataframe(dim_order=list(ROW)).reset_index()

    def _repr_html_(self) -> str:
        return self.data._repr_html_()
