"""The gallery's models, as a list that loads without torch."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from core.files import write_whole

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "models"
INDEX = "gallery.json"


@dataclass(frozen=True)
class GalleryModel:
    """One trained model and how good it is.

    score, baseline: on the test part, which training never saw; ``metric`` says of what, and
        ``baseline_name`` what the simple rule is.
    seconds: of training on one thread, on the machine that made it.
    examples: inputs worth giving, as a person would write them.
    file: name of the model's file in the folder of the index.
    """

    id: str
    application: str
    shape: str
    language: str
    cell: str
    units: int
    layers: int
    bidirectional: bool
    attention: bool
    window: int
    parameters: int
    metric: str
    higher_is_better: bool
    score: float
    baseline_name: str
    baseline: float
    steps: int
    seed: int
    seconds: float
    examples: tuple[str, ...]
    file: str

    @property
    def recurrent(self) -> bool:
        """Whether there is a recurrent layer to look into."""
        return self.cell not in ("convolution", "perceptron")


def gallery_models(folder: Path = FOLDER) -> tuple[GalleryModel, ...]:
    """Every model of the gallery, in the order of the recipes; none where none has been made."""
    index = folder / INDEX
    if not index.is_file():
        return ()
    return tuple(
        GalleryModel(**entry | {"examples": tuple(entry["examples"])})
        for entry in json.loads(index.read_text(encoding="utf-8"))
    )


def find_gallery_model(model_id: str, folder: Path = FOLDER) -> GalleryModel:
    """The model with this id; a ValueError that lists them all otherwise."""
    models = gallery_models(folder)
    for model in models:
        if model.id == model_id:
            return model
    known = ", ".join(model.id for model in models)
    raise ValueError(f"The gallery has no model {model_id!r}; choose one of {known}.")


def write_gallery(models: Iterable[GalleryModel], folder: Path = FOLDER) -> None:
    """Write the list that ``gallery_models`` reads."""
    text = json.dumps([asdict(model) for model in models], ensure_ascii=False, indent=1)
    write_whole(folder / INDEX, (text + "\n").encode())
