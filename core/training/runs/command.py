"""``python -m core.training --run``: a run in its folder, with a progress bar."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tqdm import tqdm

from core.applications import application_class
from core.encodings import decode_text
from core.networks.architecture import Architecture
from core.training.arguments import MODEL_OPTIONS, READY, RUN_OPTIONS, SWITCHES, training_settings
from core.training.interrupt import stopped_by_ctrl_c
from core.training.loop import Snapshot
from core.training.runs.folder import STOP, Run, RunStore
from core.training.runs.settings import RunSettings
from core.training.runs.worker import train_run

STOPPED = 130  # what shells give for a program stopped by Ctrl-C
TEXTS = "next-character"  # the task that reads a file


def run_command(chosen: argparse.Namespace) -> int:
    """Make the run in ``--run``, or go on with it; 0 when it finished, 130 when it was stopped.

    Raises ValueError for settings that differ from those of the folder, and for a run that
    failed, with its reason.
    """
    run = _run(chosen)
    if run.status == "finished":
        print(f"{run.folder} is finished; name another folder to train again.")
        return 0
    (run.folder / STOP).unlink(missing_ok=True)
    steps = run.settings.training.steps
    with stopped_by_ctrl_c(run.ask_to_stop), tqdm(total=steps, unit="update") as bar:
        state = train_run(run.folder, lambda snapshot: _show(bar, snapshot))
    if state == "failed":
        raise ValueError(run.problem)
    if state == "stopped":
        lines = run.metrics()
        done = lines[-1]["step"] if lines else 0
        print(f"Stopped after {done:,} of {steps:,} updates; the same command goes on.")
        return STOPPED
    print(f"Saved {run.folder}: {_result(run)}.")
    return 0


def _run(chosen: argparse.Namespace) -> Run:
    folder = chosen.run.expanduser().resolve()
    store = RunStore(folder.parent)
    if not folder.exists():
        return store.create(_settings(chosen), folder.name)
    run = store.open(folder.name)
    if chosen.task is None and chosen.text is None:
        _ = run.settings  # readable, or it says why not
        return run
    saved, asked = run.complete_settings, _settings(chosen)
    if saved.to_json() != asked.to_json() or saved.data != asked.data:
        raise ValueError(
            f"{folder} holds a run with other settings: {'; '.join(differences(saved, asked))}. "
            "Name another folder, or go on with --run alone."
        )
    return run


def differences(first: RunSettings, second: RunSettings) -> list[str]:
    """Every setting that differs, in words."""
    mine, others = _flat(first.to_json()), _flat(second.to_json())
    found = [
        f"{name} was {mine.get(name)} and is now {others.get(name)}"
        for name in dict.fromkeys([*mine, *others])
        if mine.get(name) != others.get(name)
    ]
    return found + (["the text differs"] if first.data != second.data else [])


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= _flat(value) if isinstance(value, dict) else {name: value}
    return flat


def _settings(chosen: argparse.Namespace) -> RunSettings:
    if chosen.task is None and chosen.text is None:
        raise ValueError("There is no such run yet; say what to learn with --task or --text.")
    if chosen.device != "cpu" or chosen.threads != 1:
        raise ValueError("A run in a folder is trained on the CPU with one thread.")
    given = {name: getattr(chosen, name, default) for name, (_, default, _) in RUN_OPTIONS.items()}
    network = {
        field: getattr(chosen, name, default)
        for name, (field, _, default, _) in MODEL_OPTIONS.items()
    }
    network["nonlinearity"] = network.pop("activation")
    network |= {name: getattr(chosen, name) for name in SWITCHES}
    application, options = _application(chosen)
    return RunSettings(
        application=application,
        options=options,
        architecture=Architecture(**network, window=given.pop("window")),
        training=training_settings(chosen, None),
        data=_text(chosen.text),
        **given,
    )


def _application(chosen: argparse.Namespace) -> tuple[str, dict[str, Any]]:
    options = dict(_option(text) for text in chosen.option or ())
    if chosen.text is not None:
        return TEXTS, {"title": chosen.text.stem} | options
    if chosen.task in READY:
        return TEXTS, {"corpus": chosen.task} | options
    return chosen.task, options


def _option(text: str) -> tuple[str, Any]:
    """``delay=20`` as a name and a value; what is no JSON is a text."""
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise ValueError(f"--option is {text!r}; expected NAME=VALUE, such as delay=20.")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def _text(path: Path | None) -> str | None:
    if path is None:
        return None
    return decode_text(path.read_bytes(), path.name).text


def _show(bar: tqdm, snapshot: Snapshot) -> None:
    held_out = "" if snapshot.score is None else f", score {snapshot.score:.3f}"
    bar.set_postfix_str(f"loss {snapshot.loss:.3f}{held_out}, {snapshot.rate:,.0f} steps/s")
    bar.update(snapshot.step - bar.n)


def _result(run: Run) -> str:
    last = run.metrics()[-1]
    metric = application_class(run.settings.application).metric
    return f"loss {last['validation_loss']:.4f} and {metric} {last['score']:.4f} on held-out data"
