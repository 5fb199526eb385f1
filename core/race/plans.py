"""The grids that the project ships, and where they lie."""

from __future__ import annotations

from pathlib import Path

from core.race.competitors import COMPETITORS, VARIANTS
from core.race.grid import Plan
from core.race.protocol import Protocol

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "race"
TASKS = ("recall", "adding", "copying", "brackets", "parity")

PLANS = {
    "competitors": Plan(TASKS, (5, 10, 20, 30, 50, 100), COMPETITORS, (1, 2, 3)),
    "variants": Plan(
        ("recall", "adding"),
        (20,),
        VARIANTS,
        (1, 2, 3, 4, 5, 6),
        Protocol(units=24, updates=400, search_updates=400, search_delays=(20,)),
    ),
}
