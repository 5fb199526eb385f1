"""A disturbance put in at one step, followed through every later state."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.captions import Caption, sentence
from explorer.lab.vanishing_frames import DECADES, logs, measured_decay
from explorer.lab.vanishing_network import Drawn, Network, Trained, network_of
from explorer.lab.vanishing_stages import frame_text, said_at, verdict_panel
from explorer.lab.vanishing_words import amount, raised
from explorer.language import Texts, texts_of
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, plain_spec
from explorer.shared import shared

GONE = 0.01
MAP_DECADES = 4
HEIGHT = 500  # what can be read back stands below


@shared
def ripple_stage(
    source: Drawn | Trained,
    radius: float | None,
    size: float,
    language: str,
    group: str,
    start: tuple[tuple[str, Any], ...],
) -> bytes:
    """Every later state for every step of the disturbance; ``radius`` None keeps the own one."""
    texts, network = texts_of(language), network_of(source)
    radius = network.radius if radius is None else radius
    kept, alone = left_over(network, radius, size)
    sentences = ripple_sentences(kept, alone, radius, texts)
    cursor = {"time": 0, **dict(start)}
    alt = said_at(sentences, cursor)
    panels = [
        verdict_panel("a", sentences, [texts("vanishing.dilution")], ripple_formulas(kept, radius)),
        Panel("ripple", "b", texts("vanishing.map"), alt, {"decades": MAP_DECADES}),
        Panel("echo", "c", texts("vanishing.echo"), alt, {"decades": DECADES, "radius": radius}),
    ]
    layout = Layout(
        "'a a' 'b c'", "minmax(0, 1fr) minmax(0, 1.15fr)", "auto minmax(0, 1fr)", HEIGHT
    )
    spec = plain_spec(
        panels,
        layout,
        texts,
        group=group,
        tokens=network.tokens if isinstance(source, Trained) else [""] * len(network.tokens),
        units=1,
        cursor=cursor,
        speed=4,
        extra={"text": frame_text(texts, "ripple")},
    )
    return pack({"ripple.with": logs(kept), "ripple.without": logs(alone)}, spec)


def left_over(network: Network, radius: float, size: float) -> tuple[np.ndarray, np.ndarray]:
    """What is left of the disturbance, (k, t), while reading on and with nothing more coming in."""
    import torch

    from core.gradients.disturbance import disturb

    torch.set_num_threads(1)
    found = disturb(
        radius * network.recurrent,
        network.drive,
        network.start,
        activation=network.activation,
        size=size,
        silence=network.silence,
    )
    return found.with_input.numpy(), found.without_input.numpy()


def ripple_sentences(
    kept: np.ndarray, alone: np.ndarray, radius: float, texts: Texts
) -> list[Caption]:
    """One caption for each step k of the disturbance."""
    return [_ripple_sentence(kept[k], alone[k], k, radius, texts) for k in range(len(kept))]


def ripple_formulas(kept: np.ndarray, radius: float) -> list[str]:
    """One line for each step k: what is left at the last step, beside the eigenvalues' promise."""
    last = len(kept) - 1
    return [
        f"‖h̃_T − h_T‖ / ε = {amount(kept[k, last])}   ·   "
        f"ρ(U){raised(last - k)} = {radius:.2f}{raised(last - k)} = {amount(radius ** (last - k))}"
        for k in range(last + 1)
    ]


def _ripple_sentence(
    kept: np.ndarray, alone: np.ndarray, k: int, radius: float, texts: Texts
) -> Caption:
    last, row = len(kept) - 1, kept[k:]
    largest = int(row.argmax())
    above = np.flatnonzero(row >= GONE)
    gone = int(above[-1]) + 1 if len(above) else 0
    decay = measured_decay(row[::-1]) if len(row) > 5 else None
    caption = sentence(
        texts("vanishing.ripple_caption"),
        k=k + 1,
        last=last + 1,
        kept=amount(kept[last]),
        alone=amount(alone[last]),
        radius=f"{radius:.2f}",
        factor=texts("vanishing.nothing") if decay is None else f"{decay.rate:.2f}",
    )
    if row[largest] > 2:
        times, step = amount(row[largest]), k + largest + 1
        caption += sentence(texts("vanishing.ripple_grows"), times=times, step=step)
    if gone < len(row):
        return caption + sentence(texts("vanishing.ripple_gone"), steps=gone)
    return [*caption, texts("vanishing.ripple_lives")]
