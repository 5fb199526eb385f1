"""A trained network with its application, in one file that cannot run code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.applications.application import Application, LossAt
from core.applications.registry import application_class
from core.networks.architecture import Architecture
from core.networks.tensor_file import MAX_BYTES, read_tensors, write_tensors
from core.recording import Trace

KIND, VERSION = "unrolled-application", 1
TYPES = {"str": str, "int": int, "float": (int, float), "bool": bool}


@dataclass(frozen=True)
class Applied:
    """A network that can be asked something.

    info: plain values about how it was trained (seed, steps, score, baseline).
    """

    name: str
    application: Application
    architecture: Architecture
    model: nn.Module
    info: Mapping[str, Any] = field(default_factory=dict)

    def answer(self, text: str) -> Any:
        """What the network says to ``text``; see ``Application.answer``."""
        return self.application.answer(self.model, text)

    def read(
        self, text: str, *, loss_at: LossAt | None = "last", parts: bool = True
    ) -> dict[str, Trace]:
        """The recordings made while it works on ``text``; see ``Application.read``."""
        return self.application.read(self.model, text, loss_at=loss_at, parts=parts)


def save_applied(path: str | Path, applied: Applied) -> Path:
    """Write ``applied`` to one ``.safetensors`` file, replacing the old one at once.

    Raises ValueError for weights that are not finite.
    """
    weights = applied.model.state_dict()
    for key, tensor in weights.items():
        if not torch.isfinite(tensor).all():
            raise ValueError(
                f"The weights {key} hold values that are not finite; train again with a smaller "
                "learning rate."
            )
    header = {
        "name": applied.name,
        "application": applied.application.name,
        "description": applied.application.describe(),
        "architecture": asdict(applied.architecture),
        "info": dict(applied.info),
    }
    return write_tensors(path, KIND, VERSION, weights, header)


def load_applied(path: str | Path, *, max_bytes: int = MAX_BYTES) -> Applied:
    """Read what ``save_applied`` wrote, on the CPU and in eval mode.

    Every shape is compared with the tensors before a model of that size is built.
    Raises FileNotFoundError, and ValueError for anything that is not such a file.
    """
    file = Path(path).name
    tensors, header = read_tensors(path, KIND, VERSION, max_bytes=max_bytes)
    name, info = header.get("name"), header.get("info")
    if not isinstance(name, str) or not isinstance(info, dict):
        raise ValueError(f"{file} lacks a name or its info; save it again.")
    application = application_from(header.get("application"), header.get("description"), file)
    architecture = architecture_from(header.get("architecture"), file)
    model = network_from(application, architecture, tensors, file)
    return Applied(name, application, architecture, model.eval(), info)


def application_from(name: object, description: object, file: str) -> Application:
    """The application of plain values; a ValueError that names the file otherwise."""
    if not isinstance(name, str) or not isinstance(description, dict):
        raise ValueError(f"{file} does not say what its network is for; save it again.")
    try:
        return application_class(name).restore(description)
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{file}: the application {name!r} cannot be restored: {error}") from error


def architecture_from(found: object, file: str) -> Architecture:
    """``Architecture`` of plain values, each of the right type and of a sane size.

    What files written before there was a choice do not name is as it was then.
    """
    known = {entry.name: str(entry.type) for entry in fields(Architecture)}
    if not isinstance(found, dict) or not set(known) - {"nonlinearity"} <= set(found) <= set(known):
        names = sorted(found) if isinstance(found, dict) else type(found).__name__
        raise ValueError(f"{file} has the architecture {names}; expected {sorted(known)}.")
    for key, value in found.items():
        wanted = TYPES[known[key]]
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            raise ValueError(f"{file}: the setting {key} is {value!r}; expected {known[key]}.")
    try:
        return Architecture(**found)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error


def network_from(
    application: Application,
    architecture: Architecture,
    tensors: Mapping[str, Tensor],
    file: str,
) -> nn.Module:
    """The network with these weights, which must fit to the last shape."""
    with torch.device("meta"):  # shapes without memory, whatever size the file claims
        expected = application.network(architecture).state_dict()
    shapes = {key: tensor.shape for key, tensor in expected.items()}
    found = {key: tensor.shape for key, tensor in tensors.items()}
    if shapes != found:
        wrong = sorted(k for k in shapes | found if shapes.get(k) != found.get(k))
        raise ValueError(f"{file}: the weights do not fit the network at {wrong[:5]}; save again.")
    for key, tensor in tensors.items():
        if tensor.dtype != expected[key].dtype or not torch.isfinite(tensor.float()).all():
            raise ValueError(
                f"{file}: {key} is {tensor.dtype} or holds values that are not finite; expected "
                f"finite {expected[key].dtype}. Train again with a smaller learning rate."
            )
    with torch.random.fork_rng(devices=[]):  # the weights drawn here are overwritten at once
        model = application.network(architecture)
    model.load_state_dict(dict(tensors))
    return model
