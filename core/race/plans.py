"""The grids that the project ships, and where they lie."""

from __future__ import annotations

from pathlib import Path

from core.race.competitors import VARIANTS, WITHOUT_STATE, starts_for
from core.race.grid import Plan
from core.race.protocol import Protocol

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "race"
TASKS = ("recall", "adding", "copying", "brackets", "parity")
PLAIN_STARTS = ("torch", "orthogonal", "identity")
GATED_STARTS = ("torch", "forget-bias-1", "chrono")

PLANS = {
    "competitors": Plan(
        TASKS,
        (5, 10, 20, 30, 50, 100),
        {
            "elman": PLAIN_STARTS,
            "lstm": GATED_STARTS,
            "gru": ("torch", "chrono"),
            "jordan": PLAIN_STARTS,
            **dict.fromkeys(WITHOUT_STATE, ("torch",)),
            "higher-order": PLAIN_STARTS,  # last: it takes the longest
        },
        (1, 2, 3, 4, 5),
    ),
    "variants": Plan(
        ("recall", "adding"),
        (20,),
        {
            kind: tuple(start for start in GATED_STARTS if start in starts_for(kind))
            for kind in VARIANTS
        },
        (1, 2, 3, 4, 5, 6),  # with five a rank test corrected for 13 comparisons finds nothing
        Protocol(units=24, sweep_delays=(20,)),
    ),
}
