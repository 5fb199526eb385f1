"""The Python that makes the same layout again."""

from __future__ import annotations

from explorer.language import Texts
from explorer.space.scene import Scene
from explorer.space.settings import View
from explorer.space.sources import SHIPPED

INPUTS = """from core.embeddings.replay import Replay

vectors = Replay.load("assets/embeddings/replay-{language}.safetensors").vectors_at(-1)"""
OUTPUTS = """from core.embeddings import WordVectors
from core.embeddings.replay import Replay

replay = Replay.load("assets/embeddings/replay-{language}.safetensors")
vectors = WordVectors(replay.words, replay.output_vectors[-1].astype(np.float32))"""
OWN = """from core.embeddings.formats import load_vectors

vectors = load_vectors({arguments})"""
SCRIPT = '''"""{title}"""

import numpy as np

{load}
usable = np.flatnonzero(np.isfinite(vectors.lengths) & (vectors.lengths > 0))
{rows}
unit = vectors.vectors[rows] / vectors.lengths[rows, None]
{layout}
print([vectors.words[row] for row in rows[:5]], coordinates[:5])
print(vectors.nearest({word}, 10, metric={metric}))
'''
PROJECT = """
from core.embeddings.projections import project

projection = project({table}, {method}, dimensions={dimensions}, seed={seed})
coordinates = projection.coordinates
print("trustworthiness", projection.trustworthiness)
print("neighbourhood overlap", projection.neighbourhood_overlap)"""
AXES = """
from core.embeddings.axes import custom_axes

axes = custom_axes(vectors, {formulas}, rows=rows)
coordinates = axes.coordinates
print("angles between the axes", axes.angles)"""
FIRST = "rows = usable[:{shown}]"
RANDOM = """from core.embeddings.projections import draw_rows

rows = usable[draw_rows(len(usable), {shown}, seed={seed})]"""
AROUND = """near = [word for word, _ in vectors.nearest({around}, {near}, metric={metric})]
rows = np.intersect1d([vectors.index[word] for word in ({around}, *near)], usable)"""
SAMPLE = """
from core.embeddings.projections import LARGEST, draw_rows

rows = rows[draw_rows(len(rows), LARGEST[{method}], seed={seed})]"""


def script(scene: Scene, texts: Texts) -> str:
    """Python to be run from the project's folder; every choice is written out as a literal."""
    view = scene.view
    if view.method == "axes":
        layout = AXES.format(formulas=list(view.formulas))
    else:
        layout = PROJECT.format(
            table="unit" if view.metric == "cosine" else "vectors.vectors[rows]",
            method=repr(view.method),
            dimensions=view.dimensions,
            seed=view.seed,
        )
    return SCRIPT.format(
        title=texts("export.title", page=texts("nav.space")).replace('"', "'"),
        load=_load(scene),
        rows=_rows(view),
        layout=layout,
        word=repr(scene.word),
        metric=repr(view.metric),
    )


def _load(scene: Scene) -> str:
    language, _, table = scene.source.id.partition("-")
    if language not in SHIPPED:
        source = scene.source
        arguments = [repr(source.name)]
        if source.limit is not None:
            arguments.append(repr(source.limit))
        if source.words_name:
            arguments.append(f"words={source.words_name!r}")
        return OWN.format(arguments=", ".join(arguments))
    return (OUTPUTS if table == "output" else INPUTS).format(language=language)


def _rows(view: View) -> str:
    """How the rows that are drawn are found."""
    values = {name: repr(value) for name, value in vars(view).items()}
    if view.around:
        return AROUND.format(**values)
    rows = (RANDOM if view.random else FIRST).format(**values)
    return rows + (SAMPLE.format(**values) if view.method in ("tsne", "umap") else "")
