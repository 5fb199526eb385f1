"""Anyone's vectors: looked at first, opened when the reader says so."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from core.limits import VECTORS_MEMORY
from explorer.language import Texts
from explorer.sidebar import plain
from explorer.space.candidates import (
    Candidate,
    look_at,
    look_at_all,
    open_candidate,
)
from explorer.space.sources import keep_source

FOLDER = "UNROLLED_VECTORS"
"""Environment variable: a folder of the server whose files may be opened without upload."""
ENDINGS = ("txt", "vec", "bin", "tsv", "npy", "safetensors", "gz", "words", "vocab")
FEWEST = 4


def take_upload(texts: Texts) -> None:
    """The popover where files are given, what they hold, and the button that opens them."""
    with st.sidebar, st.popover(texts("sidebar.own"), width="stretch"):
        st.caption(texts("space.own_help"))
        files = st.file_uploader(
            texts("space.upload"), type=list(ENDINGS), accept_multiple_files=True, key="own_files"
        )
        local = local_files()
        if local:
            names = ["", *local]
            st.selectbox(texts("space.own_local"), names, key="own_local")
        for place, candidate in enumerate(_candidates(files or [], local)):
            _offer(candidate, place, texts)


def local_files() -> dict[str, Path]:
    """The files in the folder that whoever runs the server has named, by their names."""
    folder = os.environ.get(FOLDER)
    if not folder or not Path(folder).is_dir():
        return {}
    found = (path for path in sorted(Path(folder).iterdir()) if path.is_file())
    return {path.name: path for path in found if path.suffix[1:].lower() in ENDINGS}


def describe(candidate: Candidate, texts: Texts) -> str:
    """Form, rows, dimensions and size, before anything is loaded, as Markdown."""
    form = candidate.form
    if form is None:
        return plain(f"{texts('sidebar.refused')} {candidate.refused}")
    size = f"{form.size:,}" if form.size else "?"
    if form.rows is None and candidate.about is not None:
        rows = texts("space.found_about", rows=f"{candidate.about:,}", size=size)
    elif form.rows is None:
        rows = texts("space.found_unknown", size=size)
    else:
        rows = texts("space.found_rows", rows=f"{form.rows:,}", size=size)
    lines = [
        f"**{plain(candidate.name[:60])}**",
        texts(f"space.form_{form.kind}") + (" · gzip" if form.gzipped else ""),
        rows,
        texts(
            "space.found_bytes",
            disk=_megabytes(candidate.bytes),
            memory=_megabytes(candidate.memory),
        ),
    ]
    if candidate.words:
        lines.append(texts("space.found_words", name=plain(candidate.words_name[:60])))
    elif not form.has_words:
        lines.append(texts("space.found_no_words"))
    return "  \n".join(lines)


def _candidates(files: Iterable[Any], local: dict[str, Path]) -> list[Candidate]:
    """What was given, the last first, each looked at once."""
    files = list(files)
    name = st.session_state.get("own_local", "")
    key = tuple(file.file_id for file in files) if files else name
    if not key or (not files and name not in local):
        st.session_state.pop("candidates", None)
        return []
    seen = st.session_state.get("candidates")
    if seen is None or seen[0] != key:
        found = _on_disk(files) if files else [look_at(name, local[name])]
        seen = st.session_state["candidates"] = (key, found)
    return seen[1]


def _on_disk(files: list[Any]) -> list[Candidate]:
    """Uploaded files in a folder of their own, which goes when nobody looks at them any more."""
    folder = tempfile.TemporaryDirectory(prefix="unrolled-")
    written: dict[str, Path] = {}
    for number, file in enumerate(files):
        path = Path(folder.name) / f"{number}-{Path(file.name).name[-80:]}"
        path.write_bytes(file.getvalue())
        written[file.name] = path  # of two with one name the last is meant
    return look_at_all(list(written.items()), folder)


def _offer(candidate: Candidate, place: int, texts: Texts) -> None:
    """What was found, how many rows to open, and the button; ``place`` counts from the last."""
    key = f"-{place}" if place else ""
    if candidate.form is None:
        st.error(describe(candidate, texts))
        return
    st.markdown(describe(candidate, texts))
    limits = candidate.limits
    limit = limits[-1]
    if len(limits) > 1:
        limit = st.select_slider(
            texts("space.limit"),
            limits,
            value=limit,
            format_func=lambda one: texts("space.limit_all") if one is None else f"{one:,}",
            key=f"limit-{candidate.path}",
        )
    if limits[-1] is not None:
        st.caption(texts("space.limit_help", most=_megabytes(VECTORS_MEMORY)))
    kind: Literal["primary", "secondary"] = "secondary" if place else "primary"
    if st.button(texts("space.open"), type=kind, width="stretch", key=f"open-own{key}"):
        _open(candidate, limit, texts)


def _open(candidate: Candidate, limit: int | None, texts: Texts) -> None:
    try:
        with st.spinner(texts("space.opening")):
            source = open_candidate(candidate, limit)
        if len(source.usable) < FEWEST:
            st.error(texts("space.too_few_rows", rows=len(source.usable), fewest=FEWEST))
            return
        keep_source(source)
    except ValueError as error:
        st.error(plain(f"{texts('sidebar.refused')} {error}"))
        return
    st.session_state["next_vectors"] = source.id
    st.rerun()


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
