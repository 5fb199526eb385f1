"""How good are these vectors? Word pairs and analogies, shipped or the reader's own."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.embeddings.evaluation import (
    SectionScore,
    SimilarityScore,
    score_analogies,
    score_similarity,
)
from core.embeddings.evaluation_files import read_analogy_file, read_similarity_file
from core.encodings import decode_text
from core.limits import SCORE_FILE_BYTES
from explorer.address import chosen, publish
from explorer.captions import percent
from explorer.file_field import files_field
from explorer.language import Texts
from explorer.shared import shared
from explorer.sidebar import plain
from explorer.space.analogies import METHODS, Method
from explorer.space.scene import Scene
from explorer.space.sources import SHIPPED

ENDINGS = ["txt", "tsv", "csv"]

Questions = Mapping[str, Sequence[tuple[str, str, str, str]]]
Pairs = Sequence[tuple[str, str, float]]


@dataclass(frozen=True)
class Asking:
    """How analogies are asked: the method, and whether the question's words may be answers."""

    method: Method
    own_words: bool


def show_scores(scene: Scene, texts: Texts) -> None:
    """The files, the two choices of the analogies, and the scores with their coverage."""
    left, right = st.columns([1, 2])
    with left:
        files = files_field(
            texts("space.scores_upload"),
            key="score_files",
            types=ENDINGS,
            texts=texts,
            help=texts("space.scores_help"),
            several=True,
        )
        asking = _choices(texts)
    with right:
        if not files:
            _shipped(scene, asking, texts)
        for file in files:
            st.markdown(f"**{plain(file.name)}**")
            _own(scene, file.name, file.getvalue(), asking, texts)


def read_score_file(name: str, data: bytes) -> Pairs | Questions:
    """The pairs or questions of a file, whichever it holds.

    Raises ValueError for a file that is neither, or too large.
    """
    if len(data) > SCORE_FILE_BYTES:
        most = f"{SCORE_FILE_BYTES:,}"
        raise ValueError(f"{name} has {len(data):,} bytes; at most {most} are read here.")
    text = decode_text(data, name).text
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scores.txt"
        path.write_text(text, encoding="utf-8")
        problems = []
        for read in (read_analogy_file, read_similarity_file):
            try:
                return read(path)
            except ValueError as error:
                problems.append(str(error).replace(str(path), name))
    # Four words a line are questions; the reason must fit what the file was meant to be.
    lines = [line for line in text[:4000].splitlines() if line.strip()][:3]
    is_analogies = any(line.startswith(":") or len(line.split()) == 4 for line in lines)
    raise ValueError(problems[0 if is_analogies else 1])


def _choices(texts: Texts) -> Asking:
    chosen("score_by", "3cosadd", METHODS)
    chosen("score_own", "without", ("without", "with"))
    st.segmented_control(
        texts("space.analogy_by"),
        METHODS,
        format_func=lambda one: texts(f"space.analogy_{one}"),
        key="score_by",
        required=True,
    )
    st.radio(
        texts("space.score_own"),
        ("without", "with"),
        format_func=lambda one: texts(f"space.analogy_{one}"),
        key="score_own",
    )
    method, own_words = st.session_state["score_by"], st.session_state["score_own"]
    publish(
        score_by=None if method == "3cosadd" else method,
        score_own=None if own_words == "without" else own_words,
    )
    return Asking(method, own_words == "with")


def _shipped(scene: Scene, asking: Asking, texts: Texts) -> None:
    """The questions that the grammars answer, for the vectors that were trained on them."""
    language = scene.source.id.split("-")[0]
    if language not in SHIPPED:
        st.info(texts("space.scores_none"))
        return
    from core.embeddings.grammar import analogies, similar_pairs

    pairs = _similarity(f"shipped-{language}", scene, similar_pairs(language))
    _say_similarity(pairs, texts)
    sections = _analogies(f"shipped-{language}", scene, analogies(language), asking)
    _say_analogies(sections, texts, names=texts.section("question"))


def _own(scene: Scene, name: str, data: bytes, asking: Asking, texts: Texts) -> None:
    try:
        found = read_score_file(name, data)
        key = hashlib.sha256(data).hexdigest()
        if isinstance(found, Mapping):
            _say_analogies(_analogies(key, scene, found, asking), texts)
        else:
            _say_similarity(_similarity(key, scene, found), texts)
    except ValueError as error:
        st.error(plain(str(error)))


def _similarity(key: str, scene: Scene, pairs: Pairs) -> SimilarityScore:
    return _scored_similarity((key, scene.source.id), scene, pairs)


@shared
def _scored_similarity(key: tuple[str, ...], _scene: Scene, _pairs: Pairs) -> SimilarityScore:
    return score_similarity(_scene.source.vectors, _pairs)


def _analogies(key: str, scene: Scene, sections: Questions, asking: Asking) -> list[SectionScore]:
    return _scored_analogies((key, scene.source.id, asking), scene, sections)


@shared
def _scored_analogies(
    key: tuple[str, str, Asking], _scene: Scene, _sections: Questions
) -> list[SectionScore]:
    return score_analogies(
        _scene.source.vectors,
        _sections,
        method=key[2].method,
        exclude_question=not key[2].own_words,
    )


def _say_similarity(found: SimilarityScore, texts: Texts) -> None:
    st.markdown(
        texts(
            "space.scores_similarity",
            rank=f"{found.spearman:.3f}",
            used=found.used,
            total=found.total,
            coverage=percent(found.coverage),
        )
    )


def _say_analogies(
    sections: Sequence[SectionScore], texts: Texts, *, names: Mapping[str, str] | None = None
) -> None:
    """The scores of all sections; ``names`` are what the shipped ones are called."""
    names = names or {}
    answers = [answer for section in sections for answer in section.answers]
    total = sum(section.total for section in sections)
    right = sum(answer.correct for answer in answers)
    st.markdown(
        texts(
            "space.scores_analogies",
            share=percent(right / len(answers)) if answers else "–",
            right=f"{right:,}",
            used=f"{len(answers):,}",
            total=f"{total:,}",
            coverage=percent(len(answers) / max(total, 1)),
        )
    )
    st.dataframe(
        {
            texts("space.scores_section"): [
                names.get(section.name, section.name[:100]) for section in sections
            ],
            texts("space.scores_right"): [
                percent(section.accuracy) if section.answers else "–" for section in sections
            ],
            texts("space.scores_reciprocal"): [
                f"{section.mean_reciprocal_rank:.3f}" if section.answers else "–"
                for section in sections
            ],
            texts("space.scores_used"): [
                f"{len(section.answers):,} / {section.total:,}" for section in sections
            ],
        },
        hide_index=True,
        width="stretch",
    )
