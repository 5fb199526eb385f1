"""The stage of a sound that is being written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from core import Trace
from explorer.captions import Caption, Lead, percent, sentence, spoken
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.payload import pack, predictions, signal_arrays
from explorer.players.spec import Layout, Panel, stage_spec

if TYPE_CHECKING:
    from explorer.gallery.signals_morse import Heard

HEIGHT = 560


def morse_stage(
    found: Heard, trace: Trace, texts: Texts, cursor: Mapping[str, Any], group: str
) -> bytes:
    """Bands and letters above the hidden states, and what the network thinks at the cursor."""
    from core.tasks.morse_bands import band_energies

    caption = morse_caption(found, texts)
    alt = spoken(caption)
    panels = [
        caption_panel("a", caption),
        Panel("signal", "b", alt=alt, options=_signal(found, texts)),
        Panel("top-classes", "c", alt=alt, options={"names": _names(texts)}),
        Panel("heatmap", "d", texts("player.signal_hidden"), alt, {"signals": ["hidden"]}),
    ]
    layout = Layout(
        "'a a' 'b c' 'd d'",
        "minmax(0, 1fr) 190px",
        "auto minmax(0, 1.9fr) minmax(0, 1fr)",
        HEIGHT,
    )
    extra = {"group": group}
    spec = stage_spec(trace, panels, layout, texts, cursor=cursor, extra=extra)
    spec["speed"] = 32.0
    arrays = (
        signal_arrays(trace, ["hidden"])
        | predictions(trace)
        | {"bands": band_energies(found.sound)}
    )
    return pack(arrays, spec)


def morse_caption(found: Heard, texts: Texts) -> Caption:
    """How many signs are right, how sure the network was, and how late it spoke."""
    truth, said = found.keying.text, found.text
    right = sum(matches(truth, said))
    if not found.named:
        return sentence(texts("signals.caption_none"), signs=len(truth))
    surest = min(found.named, key=lambda entry: entry[2])
    least = Lead(texts("caption.quoted", token=surest[1].replace(" ", "␣")), {"time": surest[0]})
    return sentence(
        texts("signals.caption"),
        right=right,
        signs=len(truth),
        least=least,
        probability=percent(surest[2]),
        seconds=f"{found.keying.seconds:.1f}",
        frames=len(found.sound) // 80 + 1,
    )


def matches(truth: str, said: str) -> list[bool]:
    """For every sign of ``said`` whether it stands for one of the truth, in order.

    As many stand for one as can: they are a longest common subsequence of both.
    """
    best = np.zeros((len(truth) + 1, len(said) + 1), dtype=int)  # of what follows both places
    for i in reversed(range(len(truth))):
        for j in reversed(range(len(said))):
            same = best[i + 1, j + 1] + (truth[i] == said[j])
            best[i, j] = max(same, best[i + 1, j], best[i, j + 1])
    found, i = [False] * len(said), 0
    for j, sign in enumerate(said):
        at = truth.find(sign, i)
        # taking it, at its first place, costs nothing of what can still be reached
        if at >= 0 and 1 + best[at + 1, j + 1] == best[i, j]:
            found[j], i = True, at + 1
    return found


def _signal(found: Heard, texts: Texts) -> dict[str, Any]:
    from core.tasks.morse_bands import EDGES, FRAME_SECONDS

    presses = found.keying.presses
    sent = []
    for place, sign in enumerate(found.keying.text):
        spans = [(start, end) for start, end, at in presses if at == place]
        if spans:
            sent.append([spans[0][0] / FRAME_SECONDS, spans[-1][1] / FRAME_SECONDS, sign])
    named = _trimmed(found.named)
    right = matches(found.keying.text, "".join(sign for _, sign, _ in named))
    return {
        "presses": [[start / FRAME_SECONDS, end / FRAME_SECONDS] for start, end, _ in presses],
        "sent": sent,
        "named": [[*entry, good] for entry, good in zip(named, right)],
        "low": round(EDGES[0]),
        "high": round(EDGES[-1]),
        "seconds": len(found.sound) / 4000,
        "labels": {row: texts(f"signals.row_{row}") for row in ("heard", "bands", "sent", "named")},
    }


def _trimmed(named: Sequence[tuple[int, str, float]]) -> list[tuple[int, str, float]]:
    """Without blanks at either end, which the message does not have."""
    signs = [at for at, (_, sign, _) in enumerate(named) if sign != " "]
    return list(named[signs[0] : signs[-1] + 1]) if signs else []


def _names(texts: Texts) -> dict[str, str]:
    return {"∅": texts("signals.nothing"), " ": texts("signals.gap")}
