"""What the cloud shows and how far it can be trusted, computed."""

from __future__ import annotations

import numpy as np

from explorer.captions import Caption, Lead, percent, sentence, signed
from explorer.language import Texts
from explorer.space.scene import Scene


def space_caption(scene: Scene, texts: Texts) -> Caption:
    """How many words, what the layout keeps, and the word it keeps least of."""
    gap = texts("caption.gap")
    caption = [*_words(scene, texts), gap, *_method(scene, texts)]
    found = scene.placed.faithfulness
    if found is None:
        if scene.placed.job is not None:
            caption += [gap, texts("space.caption_measuring")]
        return caption
    key = "space.caption_trust_sampled" if found.sampled else "space.caption_trust"
    caption += [
        gap,
        *sentence(
            texts(key),
            k=found.neighbours,
            overlap=percent(found.overlap),
            trust=f"{found.trustworthiness:.2f}",
            sampled=f"{found.sampled or 0:,}",
        ),
    ]
    return [*caption, gap, *_least(scene, found.distortion, texts)]


def _words(scene: Scene, texts: Texts) -> Caption:
    shown, total = len(scene.placed.rows), len(scene.source.usable)
    size = scene.source.vectors.size
    if scene.view.around:
        near = scene.placed.fitted - 1
        return sentence(texts("space.caption_around"), word=scene.view.around, near=near, size=size)
    if shown == total:
        return sentence(texts("space.caption_all"), shown=f"{shown:,}", size=size)
    key = "space.caption_random" if scene.view.random else "space.caption_first"
    return sentence(texts(key), shown=f"{shown:,}", total=f"{total:,}", size=size)


def _method(scene: Scene, texts: Texts) -> Caption:
    placed, method = scene.placed, scene.view.method
    if placed.explained is not None and method == "pca":
        return sentence(texts("space.caption_pca"), share=percent(placed.explained.sum()))
    if placed.angles is not None:
        pairs = placed.angles[np.triu_indices(len(placed.angles), 1)]
        angles = ", ".join(f"{angle:.0f}°" for angle in pairs)
        together = ", ".join(map(signed, _correlations(placed.frames[-1])))
        return sentence(texts("space.caption_axes"), angles=angles, correlations=together)
    if placed.job is not None:
        return sentence(texts("space.caption_working"), method=texts(f"space.projection_{method}"))
    return sentence(texts("space.caption_layout"), method=texts(f"space.projection_{method}"))


def _correlations(places: np.ndarray) -> np.ndarray:
    """Pearson's correlation of each two columns of (word, axis), in the order of the angles;
    NaN where a column does not vary."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.atleast_2d(np.corrcoef(places, rowvar=False))
    return found[np.triu_indices(len(found), 1)]


def _least(scene: Scene, distortion: np.ndarray, texts: Texts) -> Caption:
    """The first word whose neighbourhood is torn most; frequent words come first in files."""
    if not len(distortion):
        return []
    unit = int(np.nanargmax(distortion))
    return sentence(
        texts("space.caption_least"),
        word=Lead(scene.words[unit][:40], {"unit": unit}),
        lost=percent(float(distortion[unit])),
    )
