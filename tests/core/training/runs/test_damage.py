"""A run whose files were changed goes on bit by bit as it would have, or says what is wrong."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

from core.training.runs.digests import NAME
from core.training.runs.folder import Run, RunStore
from core.training.runs.worker import train_run
from tests.core.training.runs.conftest import curve, same_weights, text

LEFT_OUT = ("lock", "stop", "log.txt")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """The same run twice: trained to its end, and stopped on the way."""
    store = RunStore(tmp_path_factory.mktemp("damage"))
    whole, base = store.create(text(), "whole"), store.create(text(), "base")
    assert train_run(whole.folder) == "finished"

    def stop(snapshot) -> None:
        if snapshot.step == 40:
            base.ask_to_stop()
            snapshot_seen.append(snapshot.step)

    snapshot_seen: list[int] = []
    state = train_run(base.folder, stop)
    while state != "stopped":  # it was quicker than the stop mark
        shutil.rmtree(base.folder)
        base = store.create(text(steps=60), "base")
        state = train_run(base.folder, stop)
    (base.folder / "stop").unlink()
    return whole, base


def copy_of(run: Run, folder: Path) -> Run:
    shutil.copytree(run.folder, folder / "copy")
    return Run(folder / "copy")


def verdict(run: Run, whole: Run) -> str:
    """What becomes of it: "same", "said" (a problem is named), or what is wrong in silence."""
    if run.status not in ("stopped", "failed", "new"):
        return "said" if run.problem else f"{run.status} without a word"
    if train_run(run.folder, patience=0.5) != "finished":
        return "said" if Run(run.folder).problem else "ended without a word"
    if curve(run) == curve(whole) and same_weights(run, whole):
        return "same"
    if same_weights(run, whole) and "left out" in run.problem:
        return "said"
    return f"another result, and it says {run.problem!r}"


def damaged(folder: Path, name: str, rng: random.Random) -> None:
    """One to three bits of a file turned."""
    path = folder / name
    data = bytearray(path.read_bytes())
    for _ in range(rng.choice((1, 1, 1, 3))):
        place = rng.randrange(min(len(data), 120) if name == "status.json" else len(data))
        data[place] ^= 1 << rng.randrange(8)
    path.write_bytes(data)


def check_damage(pair: tuple[Run, Run], folder: Path, count: int, seed: int) -> None:
    whole, base = pair
    names = sorted(
        str(path.relative_to(base.folder))
        for path in base.folder.rglob("*")
        if path.is_file() and path.name not in LEFT_OUT
    )
    assert {"settings.json", "data.txt", "metrics.jsonl", "status.json", NAME} <= set(names)
    rng = random.Random(seed)
    for number in range(count):
        name = names[number % len(names)]
        run = copy_of(base, folder / str(number))
        damaged(run.folder, name, rng)
        assert verdict(run, whole) in ("same", "said"), (number, name)


def test_an_undamaged_run_goes_on_as_if_nothing_had_happened(pair, tmp_path):
    whole, base = pair
    assert base.metrics()[-1]["step"] < 60
    assert verdict(copy_of(base, tmp_path), whole) == "same"


def test_damage_to_any_file_is_mended_or_said(pair, tmp_path):
    check_damage(pair, tmp_path, 16, seed=1)


@pytest.mark.slow
def test_a_hundred_damaged_runs_go_on_rightly_or_say_why_not(pair, tmp_path):
    check_damage(pair, tmp_path, 100, seed=11)


@pytest.mark.parametrize("name", ["settings.json", "data.txt"])
def test_what_a_run_rests_on_cannot_be_changed_in_silence(pair, tmp_path, name):
    whole, base = pair
    run = copy_of(base, tmp_path)
    path = run.folder / name
    old = ('"seed": 1', '"seed": 2') if name == "settings.json" else ("the dog", "the god")
    assert old[0] in path.read_text()
    path.write_text(path.read_text().replace(*old, 1))
    assert verdict(run, whole) == "said"
    run = Run(run.folder)
    assert f"{name} is not what this run was made with" in run.problem
    path.write_text(path.read_text().replace(old[1], old[0], 1))
    assert verdict(Run(run.folder), whole) == "same"


def test_a_changed_digit_of_the_curve_is_left_out_and_said_for_good(pair, tmp_path):
    whole, base = pair
    run = copy_of(base, tmp_path)
    path = run.folder / "metrics.jsonl"
    lines = path.read_text().splitlines()
    line = json.loads(lines[2])
    lines[2] = lines[2].replace(str(line["loss"]), str(line["loss"] + 1), 1)
    path.write_text("\n".join([*lines[:4], *lines[5:]]) + "\n")  # and another one is gone
    assert train_run(run.folder) == "finished"
    assert run.problem.startswith("2 lines of metrics.jsonl")
    expected = [one for place, one in enumerate(curve(whole)) if place not in (2, 4)]
    assert curve(run) == expected
    assert same_weights(run, whole)


def test_runs_of_before_there_were_digests_still_go_on(pair, tmp_path):
    whole, base = pair
    run = copy_of(base, tmp_path)
    (run.folder / NAME).unlink()
    path = run.folder / "metrics.jsonl"
    old = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_text(
        "".join(json.dumps({k: one[k] for k in one if k != "crc32"}) + "\n" for one in old)
    )
    assert verdict(run, whole) == "same"
