"""From the fields of the form to the settings of a run, or to what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from explorer.workshop.fields import field
from explorer.workshop.tasks import Offer, every_so_often

if TYPE_CHECKING:
    from core.training.runs.settings import RunSettings


def wanted(offer: Offer, data: str | None, title: str) -> RunSettings:
    """The settings of the run that the fields describe.

    Raises ValueError, for people, where they do not go together.
    """
    from core.networks.architecture import Architecture
    from core.training.runs.settings import RunSettings
    from core.training.settings import TrainingSettings

    every, validate = every_so_often(field("steps"))
    options: dict[str, Any] = dict(offer.options)
    if offer.delay:
        options["delay"] = field("delay")
    if offer.writes:
        options["teacher_forcing"] = float(field("forcing"))
    return RunSettings(
        application=offer.application,
        options=options,
        architecture=Architecture(
            cell=field("cell"),
            hidden_size=field("units"),
            num_layers=field("layers"),
            bidirectional=field("both"),
            embedding_size=field("embedding"),
            dropout=float(field("dropout")),
            attention=field("attention"),
            nonlinearity=field("nonlinearity") if field("cell") == "elman" else "tanh",
        ),
        training=TrainingSettings(
            steps=field("steps"),
            batch=field("batch"),
            unroll=field("unroll"),
            learning_rate=float(field("rate")),
            clip=float(field("clip")) or None,
            seed=field("seed"),
            every=every,
            validate=validate,
            optimizer=field("optimizer"),
        ),
        title=title,
        start_scale=float(field("scale")),
        data=data,
    )
