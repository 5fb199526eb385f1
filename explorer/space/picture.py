"""What the browser is given: the cloud with its colours, neighbours, lines and caption."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.embeddings.projections.faithfulness import nearest_rows
from explorer.captions import percent, spoken
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.cloud import cloud_arrays
from explorer.players.payload import Arrays, pack
from explorer.players.spec import Layout, Panel, plain_spec
from explorer.shared import shared
from explorer.space.captions import space_caption
from explorer.space.chosen import turn, unit_of
from explorer.space.colours import groups_of, tint_of
from explorer.space.layouts import key_of, prepared
from explorer.space.scene import Scene

HEIGHT = 640
NEIGHBOURS = 10
NEIGHBOURS_OF_ALL = 2000
NEIGHBOURS_OF = 300


def space_stage(scene: Scene, texts: Texts) -> bytes:
    """The payload of the page's stage."""
    groups, tint = groups_of(scene, texts), tint_of(scene, texts)
    placed = scene.placed
    counts = scene.source.counts
    arrays = cloud_arrays(
        placed.frames,
        scene.labels,
        group=groups.group if groups.names else None,
        frequency=None if counts is None else counts[placed.rows].astype(np.float32),
        tint=tint.values,
    )
    options: dict[str, Any] = {
        "dimensions": placed.frames.shape[-1],
        "colour": "group" if scene.colours.tint == "similarity" and groups.names else "tint",
        "groups": groups.names,
        "group_label": groups.label,
        "tint_label": tint.label,
        "tint_ends": list(tint.ends),
        "tint_span": list(tint.span),
        "axes": axis_names(scene),
        "lines": _lines(scene),
        "trails": False,
    }
    caption = space_caption(scene, texts)
    panels = [
        caption_panel("a", caption),
        Panel("cloud", "b", alt=spoken(caption), options=options),
    ]
    layout = Layout("'a' 'b'", "1fr", "auto minmax(0, 1fr)", HEIGHT)
    unit = unit_of(scene.word, scene.source, placed.rows)
    cursor = {"unit": unit, "time": len(placed.frames) - 1}
    spec = plain_spec(
        panels,
        layout,
        texts,
        group=scene.group,
        tokens=placed.names,
        units=len(placed.rows),
        cursor=cursor,
        speed=8,
        extra={"goto": {"id": f"{turn()} {len(placed.frames)}", "cursor": cursor}},
    )
    return pack(arrays | neighbour_arrays(scene), spec)


def axis_names(scene: Scene) -> list[str]:
    """What the axes of the picture are; t-SNE and UMAP have none that mean anything."""
    placed = scene.placed
    if placed.explained is not None:
        return [f"PC{axis + 1} ({percent(share)})" for axis, share in enumerate(placed.explained)]
    return list(scene.view.formulas) if placed.angles is not None else []


def neighbour_arrays(scene: Scene) -> Arrays:
    """The nearest of drawn words among the drawn ones, in the original space.

    Of all of them where they are few; else of the first ones and of the chosen word.
    """
    count = len(scene.placed.rows)
    k = min(NEIGHBOURS, count - 1)
    if k < 1:
        return {}
    asked = np.arange(count if count <= NEIGHBOURS_OF_ALL else NEIGHBOURS_OF)
    key = (*key_of(scene.view, words_only=True), scene.view.metric, count)
    near, apart = _neighbours(key, scene, asked, k)
    chosen = unit_of(scene.word, scene.source, scene.placed.rows)
    if chosen >= len(asked):
        own = _nearest(scene, np.array([chosen]), k)
        asked = np.append(asked, chosen)
        near, apart = np.concatenate([near, own[0]]), np.concatenate([apart, own[1]])
    arrays = {"neighbours": near}
    if scene.view.metric == "cosine":
        arrays["neighbour_similarity"] = (1 - apart**2 / 2).astype(np.float32)
    if len(asked) < count:
        arrays["neighbour_words"] = asked.astype(np.int32)
    return arrays


@shared
def _neighbours(
    key: tuple[Any, ...], _scene: Scene, _asked: np.ndarray, _k: int
) -> tuple[np.ndarray, np.ndarray]:
    return _nearest(_scene, _asked, _k)


def _nearest(scene: Scene, asked: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    vectors = prepared(scene.view, scene.source, scene.placed.rows)
    near, apart = nearest_rows(vectors[asked], vectors, k, own=asked)
    return near.astype(np.int32), apart


def _lines(scene: Scene) -> list[list[Any]]:
    """Lines between words that are drawn."""
    place = {row: at for at, row in enumerate(scene.placed.rows.tolist())}
    index = scene.source.vectors.index
    found = [(place.get(index[a]), place.get(index[b]), kind) for a, b, kind in scene.lines]
    return [list(line) for line in found if line[0] is not None and line[1] is not None]
