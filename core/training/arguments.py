"""The command line of ``python -m core.training``, and the settings that it asks for."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path
from typing import Any

from core.applications import REGISTRY
from core.networks import ModelSettings
from core.training.settings import OPTIMIZERS, TrainingSettings

EXAMPLE = """\
examples:
  python -m core.training --task adding --cell lstm --run runs/adding-lstm
  python -m core.training --task adding --option delay=50 --layers 2 --dropout 0.1 --run runs/far
  python -m core.training --text book.txt --cell gru --hidden 128 --run runs/book
  python -m core.training --text book.txt --cell gru --hidden 128 --out book.safetensors
  python -m core.training --task namaskar --cell elman --hidden 12 --steps 500 --out n.safetensors
With --run everything is written to that folder, which the workshop of the app shows too, if it
is in the app's folder of runs; Ctrl-C stops, and the same command again goes on.
With --out only the trained model is written; Ctrl-C saves a checkpoint, and the same command
with --resume goes on. Either way the weights are those of a training that was never stopped."""
READY = ("namaskar", "grammar", "chinese")

# option: (field of ModelSettings, type, default, help)
MODEL_OPTIONS: dict[str, tuple[str, type, Any, str]] = {
    "cell": ("cell", str, "lstm", "elman, jordan, lstm, gru, gru-original, ..."),
    "hidden": ("hidden_size", int, 64, "units in each layer"),
    "layers": ("num_layers", int, 1, "layers"),
    "embedding": ("embedding_size", int, 0, "width of a learned embedding; 0: one-hot"),
    "dropout": ("dropout", float, 0.0, "between layers"),
    "activation": ("activation", str, "tanh", "of elman and jordan"),
}
TRAINING_OPTIONS = {
    "steps": (int, "updates of the weights"),
    "batch": (int, "sequences side by side"),
    "unroll": (int, "steps of time between two updates"),
    "optimizer": (str, ", ".join(OPTIMIZERS)),
    "learning_rate": (float, "rate at the first update"),
    "final_share": (float, "share of the learning rate left at the end"),
    "clip": (float, "largest norm of the gradient; 0: no clipping"),
    "weight_decay": (float, "decoupled weight decay"),
    "seed": (int, "of the first weights, the order of the data, and dropout"),
    "every": (int, "updates between two reports"),
    "validate": (int, "updates between two measurements on held-out text"),
}


# of --run alone: (type, default, help)
RUN_OPTIONS: dict[str, tuple[type, Any, str]] = {
    "window": (int, 0, "neighbours on either side that are read with each input"),
    "title": (str, "", "for people"),
    "start_scale": (float, 1.0, "what the first weights are multiplied by"),
    "kept": (int, 12, "checkpoints kept for looking back"),
}
SWITCHES = {
    "bidirectional": "read in both directions",
    "attention": "let a decoder look back at its encoder",
}


def parser() -> argparse.ArgumentParser:
    """Every option; those of model and training are absent from the result unless given."""
    made = argparse.ArgumentParser(
        prog="python -m core.training",
        description="Train a network on a text or a task.",
        epilog=EXAMPLE,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    data = made.add_mutually_exclusive_group()
    data.add_argument("--text", type=Path, help="a UTF-8 text file")
    names = (*READY, *REGISTRY)
    data.add_argument("--task", choices=names, metavar="TASK", help=", ".join(names))
    where = made.add_mutually_exclusive_group(required=True)
    where.add_argument("--run", type=Path, help="the folder of a run, new or to go on with")
    where.add_argument("--out", type=Path, help="the model's .safetensors file")
    _add_options(made)
    return made


def _add_options(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--resume",
        type=Path,
        nargs="?",
        const=Path(),
        help="with --out: go on from a checkpoint (default: the one that belongs to --out)",
    )
    made.add_argument("--validation", type=float, default=0.1, help="share of --text held out")
    made.add_argument("--max-characters", type=int, default=5000, help="learned from --text")
    made.add_argument("--device", default="cpu", help="cpu or cuda (default: cpu)")
    made.add_argument(
        "--threads", type=int, default=1, help="more pay off from several hundred units on"
    )
    made.add_argument(
        "--option", action="append", metavar="NAME=VALUE", help="with --run: of the task itself"
    )
    defaults = {entry.name: entry.default for entry in fields(TrainingSettings)}
    described = {
        **{name: (kind, start, text) for name, (_, kind, start, text) in MODEL_OPTIONS.items()},
        **{name: (kind, defaults[name], text) for name, (kind, text) in TRAINING_OPTIONS.items()},
        **RUN_OPTIONS,
    }
    for name, (kind, start, text) in described.items():
        made.add_argument(
            f"--{name.replace('_', '-')}",
            type=kind,
            default=argparse.SUPPRESS,
            help=f"{text} (default: {start})",
        )
    for name, text in SWITCHES.items():
        made.add_argument(f"--{name}", action="store_true", help=f"with --run: {text}")


def model_settings(
    given: argparse.Namespace, vocabulary_size: int, saved: ModelSettings | None
) -> ModelSettings:
    """What was asked for; the rest as in the checkpoint, or else the defaults."""
    values = {
        field: getattr(given, name, getattr(saved, field) if saved else default)
        for name, (field, _, default, _) in MODEL_OPTIONS.items()
    }
    return ModelSettings(vocabulary_size=vocabulary_size, **values)


def training_settings(
    given: argparse.Namespace, saved: TrainingSettings | None
) -> TrainingSettings:
    """What was asked for; the rest as in the checkpoint, or else the defaults."""
    start = saved or TrainingSettings()
    values = {name: getattr(given, name, getattr(start, name)) for name in TRAINING_OPTIONS}
    return TrainingSettings(**values | {"clip": values["clip"] or None})
