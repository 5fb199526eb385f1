"""The stage of the training page: words in space, their neighbours, and the curves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.captions import Caption, Lead, percent, sentence
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.cloud import cloud_arrays
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, plain_spec

if TYPE_CHECKING:
    from core.embeddings.replay import Replay

HEIGHT = 620
FIRST_WORDS = ("king", "国王")


def replay_stage(
    replay: Replay, texts: Texts, cursor: Mapping[str, Any], *, group: str, play: bool = False
) -> bytes:
    """Everything the browser needs to play a training back."""
    caption = replay_caption(replay, texts)
    colours, names = word_groups(replay)
    curves = {"loss": replay.loss, **replay.scores}
    arrays = cloud_arrays(
        replay.positions, replay.words, group=colours, frequency=replay.counts.astype(np.float32)
    )
    arrays["rank_index"] = replay.neighbours.astype(np.int32)
    options = [
        {
            "name": name,
            "label": texts(f"training.{name}"),
            "axis": "left" if name == "loss" else "right",
        }
        for name, row in curves.items()
        if not np.isnan(row).all()
    ]
    arrays |= {
        f"curve.{option['name']}": curves[option["name"]].astype(np.float32) for option in options
    }
    axes = [f"PC{axis + 1} ({percent(share)})" for axis, share in enumerate(replay.explained)]
    panels = [
        caption_panel("a", caption),
        Panel(
            "cloud",
            "b",
            options={
                "dimensions": 3,
                "colour": "group",
                "groups": names,
                "trails": True,
                "card": False,
                "axes": axes,
            },
        ),
        Panel("bump", "c", texts("training.neighbours")),
        Panel("curves", "d", options={"curves": options}),
    ]
    layout = Layout(
        "'a a' 'b c' 'b d'",
        "minmax(0, 1.5fr) minmax(0, 1fr)",
        "auto minmax(0, 1.3fr) minmax(0, 1fr)",
        HEIGHT,
    )
    spec = plain_spec(
        panels,
        layout,
        texts,
        group=group,
        tokens=[compact(int(seen)) for seen in replay.words_seen],
        units=len(replay.words),
        cursor=cursor,
        play=play,
        speed=4,
    )
    return pack(arrays, spec)


def replay_caption(replay: Replay, texts: Texts) -> Caption:
    """What the training reached, and how faithful the picture of it is."""
    last = len(replay) - 1
    caption = sentence(
        texts(f"training.caption{'' if replay.loss[-1] < replay.loss[0] else '_rose'}"),
        words=f"{int(replay.words_seen[-1]):,}",
        loss=f"{replay.loss[-1]:.2f}",
        start=f"{replay.loss[0]:.2f}",
    )
    analogies = replay.scores["analogies"]
    if not np.isnan(analogies[-1]):
        half = int(np.argmax(analogies >= analogies[-1] / 2))
        caption += sentence(
            texts("training.caption_analogies"),
            share=Lead(percent(analogies[-1]), {"time": last}),
            half=Lead(f"{int(replay.words_seen[half]):,}", {"time": half}),
        )
    return caption + sentence(
        texts("training.caption_faithful"),
        explained=percent(float(replay.explained.sum())),
        overlap=percent(float(replay.overlap[-1])),
        count=replay.neighbours.shape[-1],  # fewer than ten where there are so few words
    )


def word_groups(replay: Replay) -> tuple[np.ndarray, list[str]]:
    """Clusters of the finished vectors, each named by the words nearest to its centre."""
    from core.embeddings.clusters import cluster

    found = cluster(replay.vectors[-1].astype(np.float32), 8)
    names = [replay.words[row] for row in found.centre_rows]
    return found.group.astype(np.int32), names


def first_word(replay: Replay) -> int:
    """The word chosen at first: a king where there is one, else the most frequent."""
    known = [replay.words.index(word) for word in FIRST_WORDS if word in replay.words]
    return known[0] if known else 0


def compact(count: int) -> str:
    """1,015,033 as 1.02M and 43,018 as 43k: short enough to stand under a curve."""
    if count >= 1_000_000:
        return f"{count / 1e6:.2f}M"
    return f"{count / 1e3:.0f}k" if count >= 10_000 else str(count)
