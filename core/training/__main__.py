"""Train a network from the command line: ``python -m core.training --help``."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import torch
from tqdm import tqdm

from core.networks import SequenceModel
from core.networks.model_file import TextModel, save_model
from core.tasks import Namaskar, Task, TextTask
from core.training.arguments import model_settings, parser, training_settings
from core.training.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from core.training.evaluation import score
from core.training.interrupt import stopped_by_ctrl_c
from core.training.loop import Snapshot, Training, new_model, train
from core.training.recipes import chinese_task, grammar_task
from core.training.runs.command import STOPPED, run_command

SECONDS_BETWEEN_CHECKPOINTS = 60
READY: dict[str, Callable[[], Task]] = {
    "namaskar": Namaskar,
    "grammar": grammar_task,
    "chinese": chinese_task,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one training; 0 when it finished, 130 when it was stopped, 1 for an error."""
    arguments = sys.argv[1:] if arguments is None else arguments
    chosen = parser().parse_args(arguments)
    try:
        if chosen.run is not None:
            return run_command(chosen)
        return _run(chosen, arguments)
    except KeyboardInterrupt:
        return STOPPED
    except (ValueError, OSError, FloatingPointError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _run(chosen: argparse.Namespace, arguments: list[str]) -> int:
    if chosen.text is None and chosen.task not in READY:
        raise ValueError(
            f"--out needs --text, or --task {', '.join(READY)}; "
            f"{'say which' if chosen.task is None else 'other tasks are trained with --run'}."
        )
    if chosen.out.suffix != ".safetensors":
        raise ValueError(f"--out is {chosen.out.name!r}; expected a name with .safetensors.")
    if chosen.threads < 1:
        raise ValueError(f"--threads is {chosen.threads}; expected at least 1.")
    torch.set_num_threads(chosen.threads)
    place, saved = _checkpoint(chosen)
    task = _task(chosen)
    settings = training_settings(chosen, saved.settings if saved else None)
    size = len(task.vocabulary)
    shape = model_settings(chosen, size, saved.model_settings if saved else None)
    model = new_model(shape, settings.seed).to(_device(chosen.device))
    run = train(model, task, settings, resume=saved)
    last = _follow(run, place)
    if run.step < settings.steps:
        save_checkpoint(place, run.checkpoint())
        print(f"Stopped after {run.step:,} of {settings.steps:,} updates; saved {place}.")
        print(f"Go on with:\n  python -m core.training {_again(chosen, arguments)}")
        return STOPPED
    _save(chosen.out, model, task, run, last)
    place.unlink(missing_ok=True)
    return 0


def _again(chosen: argparse.Namespace, arguments: list[str]) -> str:
    """The same command, to go on from the checkpoint that belongs to --out."""
    resume = {"--resume", str(chosen.resume), f"--resume={chosen.resume}"}
    return shlex.join([*(part for part in arguments if part not in resume), "--resume"])


def _follow(run: Training, place: Path) -> Snapshot | None:
    """Run to the end or to Ctrl-C, showing progress; the last snapshot."""
    last, held_out, saved_at = None, "", time.monotonic()
    with (
        stopped_by_ctrl_c(run.stop),
        tqdm(total=run.settings.steps, initial=run.step, unit="update") as bar,
    ):
        for last in run:
            if last.validation_loss is not None:
                held_out = f", held-out {last.validation_bits:.3f}"
            bar.set_postfix_str(
                f"{last.bits:.3f} bits/character{held_out}, {last.rate:,.0f} characters/s"
            )
            bar.update(last.step - bar.n)
            if time.monotonic() - saved_at > SECONDS_BETWEEN_CHECKPOINTS and not last.finished:
                save_checkpoint(place, run.checkpoint())
                saved_at = time.monotonic()
    return last


def _save(
    out: Path, model: SequenceModel, task: Task, run: Training, last: Snapshot | None
) -> None:
    scores = score(model, task)
    info = {
        "corpus": task.name,
        "seed": run.settings.seed,
        "steps": run.settings.steps,
        "training": asdict(run.settings),
        **({"loss_bits": last.bits} if last else {}),
        **asdict(scores),
        "torch": torch.__version__,
    }
    save_model(out, TextModel(out.stem, model, task.vocabulary, info))
    print(
        f"Saved {out}: {scores.bits_per_character:.3f} bits/character on "
        f"{scores.scored_on} (counting single characters {scores.unigram_bits:.3f}, "
        f"pairs {scores.bigram_bits:.3f})."
    )


def _checkpoint(chosen: argparse.Namespace) -> tuple[Path, Checkpoint | None]:
    """Where this run's checkpoint goes, and the one to resume from."""
    place = chosen.out.with_suffix(".checkpoint.safetensors")
    if chosen.resume is None:
        return place, None
    return place, load_checkpoint(place if chosen.resume == Path() else chosen.resume)


def _task(chosen: argparse.Namespace) -> Task:
    if chosen.text is None:
        return READY[chosen.task]()
    task = TextTask.read(
        chosen.text, validation=chosen.validation, max_characters=chosen.max_characters
    )
    if task.note:
        print(task.note)
    return task


def _device(name: str) -> torch.device:
    if name not in ("cpu", "cuda"):
        raise ValueError(f"--device is {name!r}; expected cpu or cuda.")
    if name == "cuda" and not torch.cuda.is_available():
        raise ValueError("--device is cuda, but torch finds no GPU here; use --device cpu.")
    return torch.device(name)


if __name__ == "__main__":
    raise SystemExit(main())
