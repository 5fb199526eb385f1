"""Which words are drawn and where; what waits in the background."""

from __future__ import annotations

import numpy as np
import pytest

from core.embeddings.axes import custom_axes
from core.embeddings.projections import LARGEST, project
from explorer.jobs import jobs
from explorer.space import layouts
from explorer.space.layouts import is_pending, key_of, place, rows_of
from explorer.space.settings import View
from tests.explorer.space.scenes import source

PATIENCE = 120


def test_the_first_rows_with_a_direction_are_drawn() -> None:
    of = source(20, broken=(1, 3))
    assert rows_of(View(of.id, shown=4), of).tolist() == [0, 2, 4, 5]
    assert rows_of(View(of.id, shown=99), of).tolist() == [0, 2, *range(4, 20)]


def test_random_rows_are_the_same_each_time_and_elsewhere_in_the_file() -> None:
    of = source(200)
    drawn = rows_of(View(of.id, shown=20, random=True), of)
    assert len(drawn) == len(set(drawn.tolist())) == 20
    assert drawn.max() > 100
    assert drawn.tolist() == rows_of(View(of.id, shown=20, random=True), of).tolist()


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_a_word_is_isolated_with_its_nearest(metric) -> None:
    of = source(80, broken=(4,))
    rows = rows_of(View(of.id, around="queen", near=7, metric=metric), of)
    near = [word for word, _ in of.vectors.nearest("queen", 7, metric=metric)]
    assert {of.vectors.words[row] for row in rows} == {"queen", *near}


def test_no_more_rows_than_the_method_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LARGEST, "tsne", 25)
    of = source(100)
    assert len(rows_of(View(of.id, method="tsne", shown=100), of)) == 25
    assert len(rows_of(View(of.id, method="pca", shown=100), of)) == 100


@pytest.mark.parametrize(("metric", "dimensions"), [("cosine", 3), ("euclidean", 2)])
def test_pca_is_that_of_the_core(metric, dimensions: int) -> None:
    of = source()
    placed = place(View(of.id, metric=metric, dimensions=dimensions), of, [])
    rows = of.vectors.vectors
    if metric == "cosine":
        rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    expected = project(rows, dimensions=dimensions)
    np.testing.assert_allclose(placed.frames[0], expected.coordinates, atol=1e-5)
    assert placed.explained == pytest.approx(expected.explained)
    assert placed.faithfulness.trustworthiness == pytest.approx(expected.trustworthiness)
    assert (placed.job, placed.names, placed.fitted) == (None, ("",), 60)


def test_asked_words_are_placed_without_moving_the_others() -> None:
    of = source()
    alone = place(View(of.id, shown=30), of, [])
    asked = place(View(of.id, shown=30), of, ["w50", "king", "nobody", "w40", "w50"])
    assert [of.vectors.words[row] for row in asked.rows[30:]] == ["w50", "w40"]
    assert asked.fitted == 30
    np.testing.assert_allclose(asked.frames[0, :30], alone.frames[0], atol=1e-6)
    assert asked.faithfulness.distortion.shape == (30,)


def test_words_asked_for_keep_their_places_in_the_order_they_came() -> None:
    of = source()
    view = View(of.id, shown=30)
    before = place(view, of, ["w50"]).rows.tolist()
    after = place(view, of, ["w50", "w40"]).rows.tolist()
    assert after[: len(before)] == before


def test_words_without_a_direction_are_not_placed() -> None:
    of = source(broken=(40, 41))
    placed = place(View(of.id, shown=30), of, [of.vectors.words[40], of.vectors.words[41]])
    assert len(placed.rows) == 30


def test_axes_are_those_of_the_core() -> None:
    of = source()
    formulas = ("king - queen", "w3", "avg(w1, w2) - w5")
    placed = place(View(of.id, method="axes", formulas=formulas, shown=50), of, ["w55"])
    expected = custom_axes(of.vectors, formulas, rows=placed.rows)
    np.testing.assert_allclose(placed.frames[0], expected.coordinates)
    np.testing.assert_allclose(placed.angles, expected.angles)
    assert len(placed.rows) == 51
    with pytest.raises(ValueError, match="no vector for 'nobody'"):
        place(View(of.id, method="axes", formulas=("king - nobody",)), of, [])


def test_many_words_are_measured_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "MEASURED_AT_ONCE", 40)
    of = source(seed=11)
    view = View(of.id)
    assert is_pending(view, of)
    job = place(view, of, []).job or jobs().find(("faithfulness", *key_of(view)))
    job.wait(PATIENCE)
    placed = place(view, of, [])
    assert placed.job is None
    assert placed.faithfulness.trustworthiness == job.result.trustworthiness
    assert not is_pending(view, of)


def test_tsne_goes_on_in_the_background_and_can_be_played_back() -> None:
    of = source(seed=12)
    view = View(of.id, method="tsne", dimensions=2)
    assert is_pending(view, of)
    first = place(view, of, ["w1"])
    assert first.frames.shape == (1, 60, 2)
    (first.job or jobs().find(key_of(view))).wait(PATIENCE)
    placed = place(view, of, [])
    assert placed.job is None
    assert placed.frames.shape[1:] == (60, 2)
    assert len(placed.frames) == len(placed.names) > 20
    assert placed.names[-1] == "100%"
    assert placed.faithfulness.trustworthiness > 0.8
    assert not is_pending(view, of)


def test_what_travels_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "MOST_FRAMES_BYTES", 60 * 12 * 5)
    of = source(seed=13)
    view = View(of.id, method="tsne", dimensions=2)
    (place(view, of, []).job or jobs().find(key_of(view))).wait(PATIENCE)
    assert len(place(view, of, []).frames) <= 5


def test_a_layout_that_cannot_be_made_says_why() -> None:
    of = source(3, seed=14)
    view = View(of.id, method="tsne")
    jobs().start(key_of(view), lambda progress: project(of.vectors.vectors, "tsne")).wait(PATIENCE)
    with pytest.raises(ValueError, match="at least 4 rows"):
        place(view, of, [])


def test_the_same_words_have_one_name_however_they_lie() -> None:
    same = {
        key_of(View("a", method=method, dimensions=d, metric=m, formulas=f), words_only=True)
        for method, d, m, f in (("pca", 3, "cosine", ()), ("axes", 2, "euclidean", ("x",)))
    }
    assert len(same) == 1
    others = [View("a", shown=10), View("a", random=True), View("a", around="x"), View("b")]
    assert len({key_of(view, words_only=True) for view in others} | same) == 5
    large = View("a", method="tsne", shown=LARGEST["tsne"] + 1)
    assert key_of(large, words_only=True) != key_of(
        View("a", shown=LARGEST["tsne"] + 1), words_only=True
    )
