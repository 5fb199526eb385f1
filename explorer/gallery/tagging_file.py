"""A file of tagged sentences: what is in it, and the way to training with it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from core.limits import TAG_FILE_BYTES
from explorer.charts.gallery_tagging import kinds_figure
from explorer.file_field import file_field
from explorer.gallery.tagging_atis import show_results
from explorer.gallery.tagging_words import draw, sentence_html
from explorer.jobs import Progress
from explorer.language import Texts
from explorer.reading_job import result_of
from explorer.sidebar import plain
from explorer.words.pictures import is_dark

if TYPE_CHECKING:
    from core.applications.tagging import FileStatistics
    from core.tasks.conll import Tagged

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
ATIS = "atis.train.conll"
MOST_KINDS = 15
EXAMPLE = "I\tO\nfly\tO\nto\tO\nNew\tB-to\nYork\tI-to\ntomorrow\tB-time\n\nfrom\tO\nRome\tB-from\n"


def show(texts: Texts) -> None:
    """Draw the part of the page."""
    left, right = st.columns([1, 1.4], gap="medium")
    with left:
        st.markdown(f"#### {texts('tagging.file')}")
        taken = _take(texts)
        if taken is not None:
            _describe(*taken, texts)
    with right:
        show_results(texts)


def _take(texts: Texts) -> tuple[str, bytes] | None:
    """The reader's file, else ATIS where it lies beside the project; None without either."""
    given = file_field(
        texts("tagging.upload"),
        key="tag-file",
        types=["conll", "txt", "tsv", "iob"],
        texts=texts,
        help=texts("tagging.upload_help"),
        most_mb=TAG_FILE_BYTES // 2**20,
    )
    if given is not None:
        return given.name, given.getvalue()
    if (SHARED / ATIS).is_file():
        st.caption(texts("tagging.atis_found"))
        return ATIS, (SHARED / ATIS).read_bytes()
    st.caption(texts("tagging.no_file"))
    st.code(EXAMPLE, language=None)
    return None


class Described(NamedTuple):
    """What is said of a file: its counts, how it is written, and its first sentence."""

    statistics: FileStatistics
    encoding: str
    scheme: str
    comments: int
    universal: bool
    first: Tagged


def describe_file(name: str, data: bytes, progress: Progress) -> Described:
    """Read a file on a worker; ValueError where it holds no tagged sentences."""
    from core.applications.tagging import file_statistics
    from core.tasks.conll import decoded, parse_tags

    text, encoding = decoded(data, name)
    progress.report(0.1)
    found = parse_tags(text, name=name)
    progress.report(0.6)
    return Described(
        file_statistics(found.sentences),
        encoding,
        found.scheme,
        found.comments,
        found.universal,
        found.sentences[0],
    )


def _describe(name: str, data: bytes, texts: Texts) -> None:
    key = ("tag-file", name, hashlib.sha256(data).hexdigest())
    try:
        described = result_of(key, lambda progress: describe_file(name, data, progress), texts)
    except ValueError as error:
        st.error(plain(str(error)))
        return
    if described is None:
        return
    found, first = described.statistics, described.first
    st.markdown(
        texts(
            "tagging.file_has",
            name=plain(name),
            sentences=f"{found.sentences:,}",
            tokens=f"{found.tokens:,}",
            words=f"{found.words:,}",
            kinds=f"{len(found.kinds):,}",
            longest=found.longest,
            outside=f"{100 * found.outside:.0f}%",
            ambiguous=f"{100 * found.ambiguous:.0f}%",
        )
    )
    st.caption(" ".join(_how_written(described, texts)))
    words = [(token, tag, 1.0) for token, tag in zip(*first)]
    draw(sentence_html(words[:40], texts, slim=True))
    _offer_training(texts)
    most = dict(list(found.kinds.items())[:MOST_KINDS])
    figure = kinds_figure(most, texts("tagging.kinds_axis"), dark=is_dark())
    st.plotly_chart(figure, key="tag-kinds", config={"displayModeBar": False})


def _how_written(described: Described, texts: Texts) -> list[str]:
    """How the tags mark phrases, what was left out, and the encoding where it is not UTF-8."""
    said = [texts(f"tagging.scheme_{described.scheme}")]
    if described.universal:
        said.append(texts("tagging.universal"))
    if described.comments:
        said.append(texts("tagging.comments", count=f"{described.comments:,}"))
    if described.encoding != "UTF-8":
        said.append(texts("own_text.read_as", encoding=described.encoding))
    return said


def _offer_training(texts: Texts) -> None:
    """The workshop takes the same file."""
    menu = st.session_state.get("menu", {}).get("workshop", {})
    if "workshop" in menu:
        st.page_link(
            menu["workshop"],
            label=texts("tagging.train"),
            icon=":material/construction:",
            query_params={"w_task": "own-conll", "lang": texts.language},
        )
