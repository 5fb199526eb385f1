"""A trained model with its vocabulary, in one file that cannot run code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import torch
from torch import Tensor

from core.networks.sequence_model import ModelSettings, SequenceModel
from core.networks.tensor_file import MAX_BYTES, read_tensors, write_tensors
from core.networks.vocabulary import Vocabulary

KIND, VERSION = "unrolled-model", 1
MAX_SIZE, MAX_LAYERS = 65_536, 64  # before anything of the size that a file claims is built
TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
}


@dataclass(frozen=True)
class TextModel:
    """A ``SequenceModel`` that reads text, and the tokens that it knows.

    info: plain values about how it was trained (seed, steps, loss, score on held-out text
    beside a baseline, corpus, torch version); empty where nothing is known.
    Raises ValueError when model and vocabulary differ in size.
    """

    name: str
    model: SequenceModel
    vocabulary: Vocabulary
    info: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        reads, knows = self.model.settings.vocabulary_size, len(self.vocabulary)
        if reads != knows:
            raise ValueError(
                f"The model reads {reads} tokens and the vocabulary has {knows}; they must be "
                "the same. Build the model with vocabulary_size=len(vocabulary)."
            )

    def encode(self, text: str) -> Tensor:
        """The ids of the characters of ``text``, shape (time, 1), on the model's device.

        An unknown character has the id ``len(vocabulary)``, which is read as zeros.
        Raises ValueError for an empty text.
        """
        if not text:
            raise ValueError("The text is empty; a network needs at least one character to read.")
        device = next(self.model.parameters()).device
        return torch.tensor(self.vocabulary.encode(text), device=device).unsqueeze(1)


def save_model(path: str | Path, text_model: TextModel) -> Path:
    """Write ``text_model`` to one ``.safetensors`` file, replacing the old one at once.

    Raises ValueError for another file ending or weights that are not finite, and TypeError for
    ``info`` that is not JSON.
    """
    if Path(path).suffix != ".safetensors":
        raise ValueError(f"A model is saved as a .safetensors file; got {Path(path).name!r}.")
    for key, tensor in text_model.model.state_dict().items():
        if not torch.isfinite(tensor).all():
            raise ValueError(
                f"The weights {key} hold values that are not finite; train again with a smaller "
                "learning rate."
            )
    header = {
        "name": text_model.name,
        "settings": text_model.model.describe(),
        "vocabulary": list(text_model.vocabulary.tokens),
        "info": dict(text_model.info),
    }
    return write_tensors(path, KIND, VERSION, text_model.model.state_dict(), header)


def load_model(path: str | Path, *, max_bytes: int = MAX_BYTES) -> TextModel:
    """Read a model that ``save_model`` wrote, on the CPU and in eval mode.

    Every size is compared with the tensors before a model of that size is built.
    Raises FileNotFoundError, and ValueError for anything that is not such a file.
    """
    name = Path(path).name
    tensors, header = read_tensors(path, KIND, VERSION, max_bytes=max_bytes)
    settings = settings_from(header.get("settings"), name)
    vocabulary = vocabulary_from(header.get("vocabulary"), name)
    info = header.get("info")
    if not isinstance(header.get("name"), str) or not isinstance(info, dict):
        raise ValueError(f"{name} lacks a name or its info; save it again with save_model.")
    model = model_from(settings, tensors, name)
    return TextModel(header["name"], model.eval(), vocabulary, info)


def settings_from(found: object, file: str) -> ModelSettings:
    """``ModelSettings`` of plain values, each of the right type and of a sane size."""
    known = {entry.name: str(entry.type) for entry in fields(ModelSettings)}
    if not isinstance(found, dict) or set(found) != set(known):
        names = sorted(found) if isinstance(found, dict) else type(found).__name__
        raise ValueError(f"{file} has the model settings {names}; expected {sorted(known)}.")
    for key, value in found.items():
        kinds = TYPES[known[key]]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise ValueError(f"{file}: the setting {key} is {value!r}; expected {known[key]}.")
    sizes = {key: value for key, value in found.items() if known[key] == "int"}
    limits = {key: MAX_LAYERS if key == "num_layers" else MAX_SIZE for key in sizes}
    lowest = {"vocabulary_size": 1, "hidden_size": 1, "num_layers": 1}
    for key, value in sizes.items():
        if not lowest.get(key, 0) <= value <= limits[key]:
            raise ValueError(
                f"{file}: the setting {key} is {value}; expected {lowest.get(key, 0)} to "
                f"{limits[key]}."
            )
    if not 0 <= found["dropout"] < 1:
        raise ValueError(f"{file}: the setting dropout is {found['dropout']}; expected [0, 1).")
    return ModelSettings(**found)


def vocabulary_from(found: object, file: str) -> Vocabulary:
    """The vocabulary of a list of strings."""
    if not isinstance(found, list) or not all(isinstance(token, str) for token in found):
        raise ValueError(f"{file} holds no list of tokens; save it again with save_model.")
    return Vocabulary(tuple(found))


def model_from(settings: ModelSettings, tensors: Mapping[str, Tensor], file: str) -> SequenceModel:
    """A model of these settings with these weights, which must fit to the last shape."""
    with torch.device("meta"):  # shapes without memory, whatever size the file claims
        expected = {key: t.shape for key, t in SequenceModel(settings).state_dict().items()}
    missing, extra = sorted(expected.keys() - tensors), sorted(tensors.keys() - expected)
    if missing or extra:
        raise ValueError(
            f"{file} does not hold the weights of {asdict(settings)}: missing {missing[:5]}, "
            f"unexpected {extra[:5]}. Save it again with save_model."
        )
    for key, shape in expected.items():
        tensor = tensors[key]
        if tensor.shape != shape:
            raise ValueError(
                f"{file}: {key} has shape {tuple(tensor.shape)}; its settings ask for "
                f"{tuple(shape)}. Save it again with save_model."
            )
        if not tensor.is_floating_point() or not torch.isfinite(tensor).all():
            raise ValueError(
                f"{file}: {key} is {tensor.dtype} or holds values that are not finite; expected "
                "finite floating-point weights. Train again with a smaller learning rate."
            )
    dtypes = {tensor.dtype for tensor in tensors.values()}
    if len(dtypes) != 1:
        raise ValueError(f"{file} mixes the types {sorted(map(str, dtypes))}; expected one.")
    with torch.random.fork_rng(devices=[]):  # the weights drawn here are overwritten at once
        model = SequenceModel(settings).to(dtypes.pop())
    model.load_state_dict(dict(tensors))
    return model
