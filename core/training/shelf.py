"""The shipped models, as a list that loads without torch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "models"
INDEX = "index.json"


@dataclass(frozen=True)
class ShippedModel:
    """One trained model on the shelf.

    score: bits per character on ``scored_on`` ("held-out text", or "training text" for the word).
    unigram, bigram: what counting single characters, or pairs, reaches on the same text.
    examples: texts to read; the recording is of the first.
    path, recording: the model's file and its recording's; load them with
        ``core.networks.model_file.load_model`` and ``core.recording.Trace.load``.
    """

    id: str
    cell: str
    corpus: str
    language: str
    units: int
    layers: int
    parameters: int
    score: float
    scored_on: str
    unigram: float
    bigram: float
    examples: tuple[str, ...]
    path: Path
    recording: Path

    @property
    def example(self) -> str:
        """The text that is shown first."""
        return self.examples[0]


def shipped_models(folder: Path = FOLDER) -> tuple[ShippedModel, ...]:
    """Every shipped model, in the order in which to show them.

    Raises FileNotFoundError where the models have not been made.
    """
    index = folder / INDEX
    if not index.is_file():
        raise FileNotFoundError(
            f"There is no {INDEX} in {folder.name}; make the models with "
            "'python -m core.training.ship'."
        )
    return tuple(
        ShippedModel(
            **entry
            | {
                "examples": tuple(entry["examples"]),
                "path": folder / entry["path"],
                "recording": folder / entry["recording"],
            }
        )
        for entry in json.loads(index.read_text(encoding="utf-8"))
    )


def find_shipped(model_id: str, folder: Path = FOLDER) -> ShippedModel:
    """The shipped model with this id; a ValueError that lists them all otherwise."""
    models = shipped_models(folder)
    for model in models:
        if model.id == model_id:
            return model
    known = ", ".join(model.id for model in models)
    raise ValueError(f"No shipped model is called {model_id!r}; choose one of {known}.")


def write_index(models: tuple[ShippedModel, ...], folder: Path) -> None:
    """Write the list that ``shipped_models`` reads; file names are kept without their folder."""
    entries = [
        asdict(model) | {"path": model.path.name, "recording": model.recording.name}
        for model in models
    ]
    text = json.dumps(entries, ensure_ascii=False, indent=1)
    temporary = folder / f".{INDEX}"
    temporary.write_text(text + "\n", encoding="utf-8")
    temporary.replace(folder / INDEX)
