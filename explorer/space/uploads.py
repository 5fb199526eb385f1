"""Anyone's vectors: looked at first, opened when the reader says so."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.language import Texts
from explorer.sidebar import plain
from explorer.space.candidates import (
    MOST_BYTES,
    Candidate,
    look_at,
    look_at_pair,
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
            st.selectbox(texts("space.own_local"), names, key="own_local", format_func=plain)
        candidate = _candidate(files or [], local)
        if candidate is not None:
            _offer(candidate, texts)


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
    if not form.has_words:
        lines.append(texts("space.found_words" if candidate.words else "space.found_no_words"))
    return "  \n".join(lines)


def _candidate(files: Iterable[Any], local: dict[str, Path]) -> Candidate | None:
    """What was given last, looked at once."""
    files = list(files)
    name = st.session_state.get("own_local", "")
    key = tuple(file.file_id for file in files) if files else name
    if not key or (not files and name not in local):
        st.session_state.pop("candidate", None)
        return None
    seen = st.session_state.get("candidate")
    if seen is None or seen[0] != key:
        found = _on_disk(files) if files else look_at(name, local[name])
        seen = st.session_state["candidate"] = (key, found)
    return seen[1]


def _on_disk(files: list[Any]) -> Candidate:
    """Uploaded files in a folder of their own, which goes when nobody looks at them any more."""
    folder = tempfile.TemporaryDirectory(prefix="unrolled-")
    written = []
    for number, file in enumerate(files[:2]):
        path = Path(folder.name) / f"{number}-{Path(file.name).name[-80:]}"
        path.write_bytes(file.getvalue())
        written.append((file.name, path))
    return look_at_pair(written, folder)


def _offer(candidate: Candidate, texts: Texts) -> None:
    """What was found, how many rows to open, and the button."""
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
        st.caption(texts("space.limit_help", most=_megabytes(MOST_BYTES)))
    if st.button(texts("space.open"), type="primary", width="stretch", key="open-own"):
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
