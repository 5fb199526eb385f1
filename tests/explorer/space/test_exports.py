"""What is taken home: vectors that other tools read, tables, a page, code that runs."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors

from core.embeddings.formats import load_vectors
from core.embeddings.projections import project
from explorer.language import texts_of
from explorer.space.exports import (
    Holder,
    page,
    places_csv,
    projector_labels,
    projector_table,
    saved,
)
from explorer.space.picture import space_stage
from explorer.space.script import script
from explorer.space.settings import Colours
from explorer.space.sources import shipped_source
from explorer.vector_files import without_white
from tests.explorer.space.scenes import HOSTILE, scene, source

EN = texts_of("en")
PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def hostile():
    return scene(source(first=("king", *HOSTILE)), shown=20)


def test_word2vec_text_is_read_by_gensim(tmp_path: Path) -> None:
    of = scene(shown=20)
    path = tmp_path / "vectors.txt"
    path.write_bytes(saved(of, ".txt"))
    found = KeyedVectors.load_word2vec_format(str(path))
    assert list(found.key_to_index) == list(of.words)
    np.testing.assert_allclose(found.vectors, of.source.vectors.vectors[:20], rtol=1e-5)


@pytest.mark.parametrize("ending", [".txt", ".safetensors"])
def test_words_with_white_space_are_written_as_one(hostile, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"vectors{ending}"
    path.write_bytes(saved(hostile, ending))
    found = load_vectors(path)
    assert len(found) == 20
    assert {"king", "<b>x</b>", "=1+1", "two_lines", "a_b", "tab_here"} <= set(found.words)
    np.testing.assert_allclose(found["a_b"], hostile.source.vectors["a b"], rtol=1e-5)


def test_of_two_words_that_become_one_the_first_stays() -> None:
    of = scene(source(first=("a_b", "a b", "a\tb")), word="a_b")
    words = list(without_white(of.words))
    assert words.count("a_b") == 1
    assert len(words) == 58


def test_the_projectors_pair_fits_together(hostile) -> None:
    counted = scene(source(first=("king", *HOSTILE), counts=np.arange(60), seed=0), shown=20)
    for of, columns in ((hostile, 2), (counted, 3)):
        numbers = np.loadtxt(io.BytesIO(projector_table(of)), delimiter="\t")
        np.testing.assert_allclose(numbers, of.source.vectors.vectors[:20], rtol=1e-5)
        lines = projector_labels(of, EN).decode().splitlines()
        assert len(lines) == 1 + 20
        assert {line.count("\t") for line in lines} == {columns - 1}
        assert lines[0].startswith("word\t")
        assert lines[5].split("\t")[0] == "two⏎lines"


def test_the_projectors_words_carry_every_column_of_the_metadata() -> None:
    metadata = {
        "year": [str(1900 + at) for at in range(60)],
        "kind": ["a\tb"] * 60,
        "word": ["x"] * 60,
    }
    of = scene(source(metadata=metadata, labels=("same",) * 60, seed=5), colours=Colours("kind"))
    heading, first, *_ = projector_labels(of, EN).decode().splitlines()
    assert heading == "word\tyear\tkind\tword'"
    assert first == "same\t1900\ta⇥b\tx"


def test_the_script_opens_the_list_of_words_and_the_limit_too() -> None:
    of = scene(source(words_name="mine'_metadata.tsv", limit=60, seed=5))
    text = script(of, EN)
    compile(text, "space.py", "exec")
    assert """load_vectors('made.txt', 60, words="mine'_metadata.tsv")""" in text


def test_no_word_in_the_table_can_be_a_formula(hostile) -> None:
    text = places_csv(hostile).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [json.loads(row["word"]) for row in rows] == list(hostile.words)
    assert all(row["word"].startswith('"') for row in rows)
    places = [[float(row[axis]) for axis in "xyz"] for row in rows]
    np.testing.assert_allclose(places, hostile.placed.frames[0], rtol=1e-5)
    distortion = [float(row["distortion"]) for row in rows]
    np.testing.assert_allclose(distortion, hostile.placed.faithfulness.distortion, rtol=1e-5)


def test_the_page_holds_the_picture(hostile) -> None:
    text = page(Holder(hostile, space_stage(hostile, EN)), EN).decode()
    assert '<html lang="en">' in text
    assert "<b>x</b>" not in text


@pytest.mark.parametrize(
    "view",
    [
        {},
        {"dimensions": 2, "metric": "euclidean", "shown": 100},
        {"random": True, "shown": 50},
        {"around": "king", "near": 15},
        {"method": "axes", "formulas": ("king - queen", "paris")},
        {"method": "tsne"},
    ],
)
@pytest.mark.parametrize("output", [False, True])
def test_every_script_compiles_and_names_the_choices(view: dict, output: bool) -> None:
    of = shipped_source("en")
    text = script(scene(of.flipped() if output else of, **view), EN)
    compile(text, "space.py", "exec")
    assert ("output_vectors" in text) is output
    assert repr(view.get("method", "pca")) in text or view["method"] == "axes"


def test_the_script_makes_the_same_places() -> None:
    of = scene(shipped_source("en"), shown=60, metric="euclidean")
    text = script(of, EN) + "\nprint('PLACES', coordinates.round(3).tolist())\n"
    done = subprocess.run(
        [sys.executable, "-"],
        input=text,
        text=True,
        capture_output=True,
        cwd=PROJECT,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    places = np.array(json.loads(done.stdout.split("PLACES ")[1]))
    np.testing.assert_allclose(places, of.placed.frames[0], atol=2e-3)
    expected = project(of.source.vectors.vectors[of.placed.rows])
    assert f"trustworthiness {expected.trustworthiness}" in done.stdout


def test_a_hostile_word_stays_a_word_in_the_script() -> None:
    word = 'x"\'); import os; ("'
    text = script(scene(source(first=(word,)), word=word, around=word, near=10), EN)
    compile(text, "space.py", "exec")
    assert repr(word) in text
