"""A short seed of the fuzz over files; the long one is ``python -m tests.fuzz files``."""

from __future__ import annotations

from tests.fuzz.files import made, outcomes
from tests.fuzz.readers import READERS

EVERYDAY = 50


def test_files_open_or_say_why_not_in_time_and_memory() -> None:
    found = list(outcomes(0, EVERYDAY, seed=0))
    assert [one for one in found if one.wrong] == []
    # A fuzz of which nothing opens, or nothing is refused, tries nothing.
    assert 0.1 * EVERYDAY < sum(one.opened for one in found) < 0.9 * EVERYDAY
    assert {one.reader for one in found} == set(READERS)


def test_sound_files_open(tmp_path) -> None:
    for name, reader in READERS.items():
        for data in reader.seeds():
            path = tmp_path / reader.name
            path.write_bytes(data)
            reader.read(path)
            assert path.exists(), name


def test_an_input_is_always_the_same() -> None:
    assert made(3, 17) == made(3, 17)
    assert made(3, 17) != made(4, 17)
