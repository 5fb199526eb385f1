"""The page on one to many: an image, drawn or from the test part, spelled by two networks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.training.gallery.shelf import GalleryModel
from explorer.captions import Caption, percent, sentence, spoken
from explorer.gallery.common import models_of, open_links
from explorer.language import LANGUAGES, Texts
from explorer.models import load_applied
from explorer.pictures import caption_panel
from explorer.players.payload import Arrays, pack
from explorer.players.spec import Layout, Panel, plain_spec
from explorer.players.stage import follow_stage, opening_cursor
from explorer.shared import shared

if TYPE_CHECKING:
    from core.applications.describe import DigitNames
    from core.networks.encoder_decoder import VectorWriter

APPLICATIONS = ("digit-names-en", "digit-names-zh")
HEIGHT = 560
MOST_WRONG = 24  # test images that are offered as the ones it gets wrong


def spellers(texts: Texts) -> list[GalleryModel]:
    """The networks that can be shown, the reader's language first."""
    found = [
        model for model in models_of(*APPLICATIONS) if model.cell == "gru" and model.layers == 1
    ]
    return sorted(found, key=lambda model: model.language != texts.language)


def refusal(text: str) -> str:
    """Why ``text`` is no image; empty where it is one."""
    from core.applications.describe import image_of

    try:
        image_of(text)
    except ValueError as error:
        return str(error)
    return ""


@st.fragment
def show_spelling(models: list[GalleryModel], model: GalleryModel, text: str, texts: Texts) -> None:
    """The sheet to draw on and every network's spelling; below, the way inside with the drawing."""
    names = tuple(one.id for one in models)
    group = hashlib.sha256("\x1f".join((*names, text)).encode()).hexdigest()[:16]
    start = {
        key: value for key, value in opening_cursor("describe", group).items() if key == "time"
    }
    draw = partial(describe_stage, models, text, texts, start, group=group)
    payload = _payload(names, text, texts.language, tuple(start.items()), draw)
    cursor = follow_stage(payload, group=group, key="stage-describe")
    drawn = cursor.get("pick")
    open_links(model.id, drawn if isinstance(drawn, str) and drawn else text, texts)


def describe_stage(
    models: list[GalleryModel],
    text: str,
    texts: Texts,
    cursor: Mapping[str, int],
    *,
    group: str,
) -> bytes:
    """Image and weights as bytes: the networks run in the browser, so the naming keeps pace with
    the pen. Raises ValueError for a text that is no image."""
    from core.applications.describe import image_of
    from core.tasks.digit_names import NAMES
    from core.tasks.digits import LARGEST

    loaded = [_network(model.id) for model in models]
    image = image_of(text)
    caption = describe_caption(models, loaded, text, texts)
    panels = [caption_panel("a", caption), Panel("speller", "b", alt=spoken(caption))]
    layout = Layout("'a' 'b'", "minmax(0, 1fr)", "auto minmax(0, 1fr)", HEIGHT)
    longest = (
        max(len(name) for application, _ in loaded for name in NAMES[application.language]) + 1
    )
    speller = {
        "image": [round(float(ink) * LARGEST) for ink in image],
        "truth": [one[0].expected(text) for one in loaded],
        "networks": [
            {
                "name": f"n{number}",
                "label": texts("describe.speller", language=LANGUAGES[model.language]),
                "alphabet": list(one[0].target.tokens),
            }
            for number, (model, one) in enumerate(zip(models, loaded, strict=True))
        ],
    }
    spec = plain_spec(
        panels,
        layout,
        texts,
        group=group,
        tokens=[""] * longest,
        units=1,
        cursor=cursor,
        extra={"speller": speller},
    )
    arrays: Arrays = {}
    for number, one in enumerate(loaded):
        arrays |= _weights(one[1], f"n{number}")
    return pack(arrays, spec)


def describe_caption(
    models: list[GalleryModel],
    loaded: list[tuple[DigitNames, VectorWriter]],
    text: str,
    texts: Texts,
) -> Caption:
    """Which step was the least certain, of the network in front."""
    application, network = loaded[0]
    found = application.answer(network, text)
    # of the steps, not of the letters: the same letter may come again
    place, (letter, least) = min(enumerate(found["steps"], 1), key=lambda step: step[1][1])
    return sentence(
        texts("describe.caption"),
        language=LANGUAGES[models[0].language],
        answer=found["answer"] or "∅",
        chance=percent(found["probability"]),
        place=place,
        letter=letter,
        least=percent(least),
    )


@shared
def wrong_images(model_id: str) -> list[int]:
    """Numbers of the test images that this network misspells."""
    import torch

    from core.applications.writing import exact
    from core.networks.decoding import write_freely

    torch.set_num_threads(1)
    application, network = _network(model_id)
    examples = application.examples_of(application.pairs("test"))
    with torch.no_grad():
        said = write_freely(network, network.start(examples.inputs))
    wrong = np.flatnonzero(exact(said, examples.targets).numpy() == 0)
    return [int(number) for number in wrong[:MOST_WRONG]]


@shared
def _payload(
    models: tuple[str, ...], text: str, language: str, start: tuple, _draw: partial[bytes]
) -> bytes:
    return _draw()


def _network(model_id: str) -> tuple[DigitNames, VectorWriter]:
    from core.applications.describe import DigitNames
    from core.networks.encoder_decoder import VectorWriter

    applied = load_applied(model_id)
    application, model = applied.application, applied.model
    if not isinstance(application, DigitNames) or not isinstance(model, VectorWriter):
        raise TypeError(f"{model_id} is for {application.name}; expected names of digits.")
    return application, model


def _weights(model: VectorWriter, name: str) -> Arrays:
    """The weights of a GRU that writes, as assets/players/speller_net.js reads them."""
    if model.fed.embedding is None:
        raise TypeError("The network reads letters one-hot; expected one with an embedding.")
    parts = model.decoder.state_dict()
    found = {
        "begin": model.begin.weight,
        "begin_bias": model.begin.bias,
        "letters": model.fed.embedding.weight,
        "weight_ih": parts["weight_ih_l0"],
        "weight_hh": parts["weight_hh_l0"],
        "bias_ih": parts["bias_ih_l0"],
        "bias_hh": parts["bias_hh_l0"],
        "read_out": model.read_out.weight,
        "read_out_bias": model.read_out.bias,
    }
    return {f"{name}.{key}": part.detach().numpy() for key, part in found.items()}
