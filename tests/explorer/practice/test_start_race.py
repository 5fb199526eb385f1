"""What a start was worth in the race: the sentence against a grid with known runs."""

from __future__ import annotations

from dataclasses import fields

import pytest

from core.networks.starts import starts_of
from core.race.grid import Grid, Plan, Run
from explorer.lab.race_names import shipped_grid
from explorer.language import LANGUAGES, texts_of
from explorer.practice.start_race import TASK, race_line
from explorer.practice.starts import CELLS


def run(delay: int, seed: int, solved: bool, updates: int) -> Run:
    values = dict.fromkeys((field.name for field in fields(Run)), 0)
    values |= {"task": TASK, "competitor": "gru", "start": "chrono", "delay": delay}
    return Run(**values | {"seed": seed, "solved": solved, "updates": updates})


def grid(runs: list[Run]) -> Grid:
    return Grid(Plan((TASK,), (5, 10, 20), {"gru": ("torch", "chrono")}, (1, 2, 3)), runs)


def test_the_longest_delay_of_all_seeds_and_the_next_one_are_told() -> None:
    runs = [run(5, seed, True, 100) for seed in (1, 2, 3)]
    runs += [run(10, 1, True, 300), run(10, 2, True, 900), run(10, 3, True, 700)]
    runs += [run(20, 1, False, 3000), run(20, 2, True, 2000)]
    said = race_line(grid(runs), "gru", "chrono", texts_of("en"))
    assert "all 3 seeds solve a delay of 10, after 700 updates" in said
    assert "At delay 20 1 of 2 seeds do" in said
    assert "within 3,000 updates" in said
    swept = race_line(grid([*runs, run(20, 0, True, 1)]), "gru", "chrono", texts_of("en"))
    assert swept == said  # a seed that chose the rate does not count
    few = race_line(grid(runs[-2:]), "gru", "chrono", texts_of("en"))
    assert texts_of("en")("practice.race_none") in few
    missing = race_line(grid(runs), "gru", "torch", texts_of("en"))
    assert missing == texts_of("en")("practice.race_missing")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_start_of_the_page_has_a_sentence_from_the_shipped_grid(language: str) -> None:
    texts, shipped = texts_of(language), shipped_grid("competitors")
    for cell in CELLS:
        for start in starts_of(cell):
            assert race_line(shipped, cell, start, texts)
