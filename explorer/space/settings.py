"""What the reader chooses in the sidebar of the embedding space, and all of it as one value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from explorer.address import chosen, publish
from explorer.gone import note_gone, tell_gone
from explorer.language import Texts
from explorer.space.sources import Facts, Source, available, source_of

METHODS = ("pca", "tsne", "umap", "axes")
Metric = Literal["cosine", "euclidean"]
METRICS = ("cosine", "euclidean")
SIZES = ("300", "1000", "5000", "20000", "100000", "200000")
FIRST_SIZE = 5000
CLUSTERS = 8
TINTS = ("similarity", "distortion", "axis")
EXAMPLES = {
    "en": ("king - queen", "avg(paris, rome) - avg(france, italy)", "second - two"),
    "zh": ("国王 - 女王", "avg(第二, 第三) - avg(二, 三)", "avg(马驹, 牛犊) - avg(马, 牛)"),
}


@dataclass(frozen=True)
class View:
    """Which words are drawn, and where: everything that a layout depends on.

    Parameters
    ----------
    source
        Id of the vectors.
    method
        "pca", "tsne", "umap" or "axes".
    metric
        "cosine" (rows are scaled to length 1) or "euclidean".
    shown
        How many words are drawn.
    random
        Whether these are drawn at random instead of the first of the file.
    around, near
        A word that is isolated with its ``near`` nearest, or an empty text.
    formulas
        The axes of the method "axes".
    """

    source: str
    method: str = "pca"
    dimensions: int = 3
    metric: Metric = "cosine"
    shown: int = FIRST_SIZE
    random: bool = False
    around: str = ""
    near: int = 100
    formulas: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True)
class Colours:
    """What groups and numbers mean in the cloud: column is "clusters" or one of the metadata."""

    column: str = "clusters"
    clusters: int = CLUSTERS
    tint: str = "similarity"
    axis: str = ""


def choose_source(texts: Texts) -> Source:
    """The list of vectors, and which of word2vec's two tables is meant."""
    names = source_labels(texts)
    if "next_vectors" in st.session_state:  # just opened; a widget cannot be set once it is shown
        st.session_state["vectors"] = st.session_state.pop("next_vectors")
    note_gone("vectors", names)
    chosen("vectors", texts.language, names)
    with st.sidebar:
        st.selectbox(
            texts("space.vectors"),
            list(names),
            format_func=lambda one: names[one],
            key="vectors",
        )
    tell_gone("vectors", names, texts)
    source = source_of(st.session_state["vectors"])
    if source.facts is not None:
        st.sidebar.caption(facts_line(source, texts))
        _list_faults(source.facts, texts)
    publish(vectors=None if source.id == texts.language else source.id)
    return source if source.outputs is None else _choose_table(source, texts)


def choose_view(source: Source, texts: Texts) -> View:
    """Projection, dimensions, and how many words."""
    view = View(source.id)
    method = _method(texts)
    dimensions = _segments("dimensions", ("3", "2"), "3", texts("space.dimensions"), texts)
    euclidean = _segments("metric", METRICS, "cosine", texts("space.metric"), texts) != "cosine"
    metric: Metric = "euclidean" if euclidean else "cosine"
    view = replace(view, method=method, dimensions=int(dimensions), metric=metric)
    if method == "axes":
        view = replace(view, formulas=_formulas(view.dimensions, texts))
    return _choose_words(view, source, texts)


def choose_colours(source: Source, texts: Texts) -> Colours:
    """What the colours of the cloud say; which of them is shown is chosen in the picture."""
    columns = ("clusters", *source.metadata)
    chosen("groups", "clusters", columns)
    chosen("clusters", str(CLUSTERS), [str(k) for k in range(2, 25)])
    chosen("tint", "similarity", TINTS)
    chosen("tint_axis", EXAMPLES[texts.language][0], most=500)
    with st.sidebar, st.popover(texts("space.colours"), width="stretch"):
        st.selectbox(
            texts("space.groups"),
            columns,
            format_func=lambda one: texts("space.groups_clusters") if one == "clusters" else one,
            key="groups",
        )
        if st.session_state["groups"] == "clusters":
            st.select_slider(
                texts("space.clusters"), [str(k) for k in range(2, 25)], key="clusters"
            )
        st.radio(
            texts("space.tint"),
            TINTS,
            format_func=lambda one: texts(f"space.tint_{one}"),
            key="tint",
        )
        if st.session_state["tint"] == "axis":
            st.text_input(texts("space.formula"), key="tint_axis", max_chars=500)
    state = st.session_state
    colours = Colours(state["groups"], int(state["clusters"]), state["tint"], state["tint_axis"])
    publish(
        groups=None if colours.column == "clusters" else colours.column,
        clusters=None if colours.clusters == CLUSTERS else str(colours.clusters),
        tint=None if colours.tint == "similarity" else colours.tint,
        tint_axis=colours.axis if colours.tint == "axis" else None,
    )
    return colours


def isolate(word: str, near: int) -> None:
    """Draw only a word and its nearest, from the next run on; an empty word draws all again."""
    st.session_state["around"] = word
    st.session_state["near"] = str(near)


def source_labels(texts: Texts) -> dict[str, str]:
    """How the vectors that can be chosen are called in lists, by their ids."""
    names = available()
    return {one: name or texts(f"space.source_{one}") for one, name in names.items()}


def facts_line(source: Source, texts: Texts) -> str:
    """What was found in an opened file, in one line; empty for what is shipped."""
    facts = source.facts
    if facts is None:
        return ""
    parts = [
        texts(f"space.form_{facts.form}") + (" · gzip" if facts.gzipped else ""),
        *([facts.encoding] if facts.encoding != "UTF-8" else []),
        f"{len(source.vectors):,} × {source.vectors.size:,}",
        *(
            texts(f"space.facts_{name}", count=f"{count:,}")
            for name, count in (
                ("duplicates", facts.duplicates),
                ("repeated", facts.repeated),
                ("skipped", facts.skipped),
                ("replaced", facts.replaced),
                ("missing", facts.missing),
                ("not_finite", facts.not_finite),
                ("zero", facts.zero),
            )
            if count
        ),
    ]
    return " · ".join(parts)


def _list_faults(facts: Facts, texts: Texts) -> None:
    """What was wrong in the file, case by case."""
    if not facts.listed:
        return
    more = facts.skipped + facts.replaced - len(facts.listed)
    with st.sidebar.expander(texts("space.facts_listed")):
        st.text("\n".join([*facts.listed, *([f"… +{more:,}"] if more > 0 else [])]))


def _choose_table(source: Source, texts: Texts) -> Source:
    """Which of word2vec's two vectors of a word is meant."""
    value = st.session_state.get("output", st.query_params.get("output"))
    st.session_state["output"] = value if isinstance(value, bool) else value == "1"
    with st.sidebar:
        st.toggle(texts("space.table"), key="output", help=texts("space.table_help"))
    publish(output="1" if st.session_state["output"] else None)
    return source.flipped() if st.session_state["output"] else source


def _choose_words(view: View, source: Source, texts: Texts) -> View:
    """How many words are drawn, which, and whether only those around one."""
    around = chosen("around", "")
    near = chosen("near", "100", [str(k) for k in range(10, 501)])
    if around and around in source.vectors:
        with st.sidebar:
            st.button(
                texts("space.show_all", near=near),
                on_click=isolate,
                args=("", int(near)),
                icon=":material/zoom_out_map:",
                key="unfold",
                width="stretch",
            )
        publish(around=around, near=near)
        return replace(view, around=around, near=int(near))
    publish(around=None, near=None)
    total = len(source.usable)
    sizes = [size for size in SIZES if int(size) < total] + [str(min(total, int(SIZES[-1])))]
    fitting = [size for size in sizes if int(size) <= FIRST_SIZE]
    first = fitting[-1] if fitting else sizes[-1]
    chosen("shown", first, sizes)
    chosen("pick", "first", ("first", "random"))
    with st.sidebar:
        if len(sizes) > 1:
            st.select_slider(
                texts("space.shown"),
                sizes,
                format_func=lambda size: f"{int(size):,}",
                key="shown",
                help=texts("space.shown_help"),
            )
            if int(st.session_state["shown"]) < total:
                st.radio(
                    texts("space.pick"),
                    ("first", "random"),
                    format_func=lambda one: texts(f"space.pick_{one}"),
                    key="pick",
                    horizontal=True,
                    label_visibility="collapsed",
                )
    shown, pick = st.session_state["shown"], st.session_state["pick"]
    publish(shown=None if shown == first else shown, pick=None if pick == "first" else pick)
    return replace(view, shown=int(shown), random=pick == "random")


def _formulas(count: int, texts: Texts) -> tuple[str, ...]:
    """One field for each axis."""
    names = ("axis_x", "axis_y", "axis_z")[:count]
    formulas = []
    for number, name in enumerate(names):
        chosen(name, EXAMPLES[texts.language][number], most=500)
        with st.sidebar:
            st.text_input(
                texts(f"space.{name}"),
                key=name,
                max_chars=500,
                help=texts("space.formula_help") if number == 0 else None,
            )
        formulas.append(st.session_state[name])
    publish(**dict(zip(names, formulas)))
    return tuple(formulas)


def _method(texts: Texts) -> str:
    chosen("projection", "pca", METHODS)
    st.sidebar.selectbox(
        texts("space.projection"),
        METHODS,
        format_func=lambda one: texts(f"space.projection_{one}"),
        key="projection",
    )
    method = st.session_state["projection"]
    publish(projection=None if method == "pca" else method)
    return method


def _segments(name: str, options: tuple[str, ...], default: str, label: str, texts: Texts) -> str:
    chosen(name, default, options)
    st.sidebar.segmented_control(
        label,
        options,
        format_func=lambda one: texts(f"space.{name}_{one}"),
        key=name,
        required=True,
        width="stretch",
    )
    value = st.session_state[name]
    publish(**{name: None if value == default else value})
    return value
