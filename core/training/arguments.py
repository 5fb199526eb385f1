"""The command line of ``python -m core.training``, and the settings that it asks for."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path
from typing import Any

from core.networks import ModelSettings
from core.training.settings import TrainingSettings

EXAMPLE = """\
examples:
  python -m core.training --text book.txt --cell gru --hidden 128 --out book.safetensors
  python -m core.training --task namaskar --cell elman --hidden 12 --steps 500 --out n.safetensors
Ctrl-C stops after the update in hand and saves a checkpoint; the same command with --resume
goes on from there and ends with the same weights as if it had not been stopped."""

# option: (field of ModelSettings, type, default, help)
MODEL_OPTIONS: dict[str, tuple[str, type, Any, str]] = {
    "cell": ("cell", str, "lstm", "elman, jordan, lstm, gru or gru-original"),
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
    "learning_rate": (float, "Adam's rate at the first update"),
    "final_share": (float, "share of the learning rate left at the end"),
    "clip": (float, "largest norm of the gradient; 0: no clipping"),
    "weight_decay": (float, "decoupled weight decay"),
    "seed": (int, "of the first weights and of dropout"),
    "every": (int, "updates between two reports"),
    "validate": (int, "updates between two measurements on held-out text"),
}


def parser() -> argparse.ArgumentParser:
    """Every option; those of model and training are absent from the result unless given."""
    made = argparse.ArgumentParser(
        prog="python -m core.training",
        description="Train a network to predict the next character, and save it in one file.",
        epilog=EXAMPLE,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    data = made.add_mutually_exclusive_group(required=True)
    data.add_argument("--text", type=Path, help="a UTF-8 text file")
    data.add_argument("--task", choices=("namaskar", "grammar", "chinese"), help="a ready task")
    made.add_argument("--out", type=Path, required=True, help="the model's .safetensors file")
    made.add_argument(
        "--resume",
        type=Path,
        nargs="?",
        const=Path(),
        help="go on from a checkpoint (default: the one that belongs to --out)",
    )
    made.add_argument("--validation", type=float, default=0.1, help="share of --text held out")
    made.add_argument("--max-characters", type=int, default=5000, help="learned from --text")
    made.add_argument("--device", default="cpu", help="cpu or cuda (default: cpu)")
    made.add_argument(
        "--threads", type=int, default=1, help="more pay off from several hundred units on"
    )
    for name, (_, kind, default, text) in MODEL_OPTIONS.items():
        help_text = f"{text} (default: {default})"
        made.add_argument(f"--{name}", type=kind, default=argparse.SUPPRESS, help=help_text)
    defaults = {entry.name: entry.default for entry in fields(TrainingSettings)}
    for name, (kind, text) in TRAINING_OPTIONS.items():
        made.add_argument(
            f"--{name.replace('_', '-')}",
            type=kind,
            default=argparse.SUPPRESS,
            help=f"{text} (default: {defaults[name]})",
        )
    return made


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
