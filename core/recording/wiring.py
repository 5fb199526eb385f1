"""What the recorded cell declared of itself: which state is fed back, how far, and to what.

Kept with every recording (``settings["reads"]`` and ``settings["arrows"]``), so that a picture
of it needs neither torch nor the cell. What the two say is defined in ``core.cells.reads``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from core.cells import Cell
    from core.recording.trace import Trace

LARGEST_LAG = 64  # more than this many steps back nobody could follow in a picture


class Wiring(NamedTuple):
    """reads: (name, weight, back) of all that each signal is computed from.
    arrows: (source, target, back, weight) between the states and from the input to them.
    Both are empty for a cell that declares nothing.
    """

    reads: dict[str, list[tuple[str, str, int]]]
    arrows: list[tuple[str, str, int, str]]

    @property
    def states(self) -> tuple[str, ...]:
        """The nodes of the unrolled graph, in the order in which a step computes them."""
        return tuple(dict.fromkeys(target for _, target, _, _ in self.arrows))


def declared_by(cell: Cell) -> Wiring:
    """What a cell declares."""
    from core.cells.reads import state_arrows

    reads = {name: [tuple(read) for read in sources] for name, sources in cell.reads.items()}
    return Wiring(reads, [tuple(arrow) for arrow in state_arrows(cell.reads)])


def wiring_of(trace: Trace) -> Wiring:
    """What the recorded cell declared.

    A recording from before cells declared anything is asked for its kind; of a cell that is
    nobody's here, or of a file whose declaration makes no sense, nothing is known.
    """
    settings = trace.settings
    if "arrows" in settings:
        return _checked(settings.get("reads"), settings["arrows"])
    from core.cells import CELLS, make_cell

    kind = str(settings.get("kind"))
    if kind not in CELLS:
        return Wiring({}, [])
    lags = sum(name.startswith("initial_hidden_") for name in trace.signals)
    options = {"order": 1 + lags} if kind == "higher-order" else {}
    return declared_by(make_cell(kind, 1, 1, **options))


def _checked(reads: Any, arrows: Any) -> Wiring:
    """From the JSON of a file that anybody may have written."""
    try:
        kept = {
            str(name): [(str(source), str(weight), _lag(back)) for source, weight, back in sources]
            for name, sources in _plain(reads, Mapping).items()
        }
        drawn = [
            (str(source), str(target), _lag(back), str(weight))
            for source, target, back, weight in _plain(arrows, list)
        ]
    except (TypeError, ValueError):
        return Wiring({}, [])
    return Wiring(kept, drawn)


def _plain(text: Any, kind: type) -> Any:
    found = json.loads(text)
    if not isinstance(found, kind):
        raise TypeError(f"got a {type(found).__name__}, expected a {kind.__name__}.")
    return found


def _lag(back: Any) -> int:
    if not isinstance(back, int) or not 0 <= back <= LARGEST_LAG:
        raise ValueError(f"an arrow reaches {back!r} steps back, expected 0 to {LARGEST_LAG}.")
    return back
