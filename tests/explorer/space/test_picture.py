"""What the browser is given: places, colours, neighbours, lines, caption."""

from __future__ import annotations

import re

import numpy as np
import pytest

from core.embeddings import WordVectors
from core.embeddings.axes import direction
from explorer.captions import Lead, spoken
from explorer.language import LANGUAGES, texts_of
from explorer.space import picture
from explorer.space.captions import space_caption
from explorer.space.colours import NO_GROUP, groups_of, tint_of
from explorer.space.picture import axis_names, neighbour_arrays, space_stage
from explorer.space.settings import Colours
from explorer.space.sources import Source
from tests.explorer.pages import arrays_of, spec_of
from tests.explorer.space.scenes import HOSTILE, scene, source

EN = texts_of("en")


def cosine(of, one: str, other: str) -> float:
    return of.source.vectors.similarity(one, other)


def test_the_payload_has_every_word_with_its_place() -> None:
    of = scene(source(first=("king", *HOSTILE)), dimensions=2)
    data = space_stage(of, EN)
    arrays, spec = arrays_of(data), spec_of(data)
    assert arrays["positions"].shape == (1, 60, 3)
    np.testing.assert_allclose(arrays["positions"][0, :, :2], of.placed.frames[0])
    labels = arrays["labels"].tobytes().decode().split("\n")
    assert labels == [word.replace("\n", "⏎") for word in of.words]
    assert spec["units"] == 60
    assert spec["panels"][1]["options"]["dimensions"] == 2
    assert "frequency" not in arrays


def test_counts_are_sent_where_they_are_known() -> None:
    counts = np.arange(60)[::-1]
    arrays = arrays_of(space_stage(scene(source(counts=counts, seed=1), shown=20), EN))
    assert arrays["frequency"].tolist() == counts[:20].tolist()


def test_the_cursor_starts_on_the_chosen_word_and_is_sent_there_once() -> None:
    spec = spec_of(space_stage(scene(word="queen"), EN))
    assert spec["cursor"]["unit"] == 1
    assert spec["goto"]["cursor"] == {"unit": 1, "time": 0}


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_neighbours_are_exact_among_the_drawn(metric) -> None:
    of = scene(metric=metric)
    arrays = neighbour_arrays(of)
    for unit in (0, 17):
        expected = of.source.vectors.nearest(of.words[unit], 10, metric=metric)
        found = [of.words[near] for near in arrays["neighbours"][unit]]
        assert found == [word for word, _ in expected]
        if metric == "cosine":
            np.testing.assert_allclose(
                arrays["neighbour_similarity"][unit], [s for _, s in expected], atol=1e-5
            )
    assert ("neighbour_similarity" in arrays) == (metric == "cosine")
    assert "neighbour_words" not in arrays


def test_of_many_words_the_chosen_one_has_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "NEIGHBOURS_OF_ALL", 30)
    monkeypatch.setattr(picture, "NEIGHBOURS_OF", 5)
    of = scene(source(seed=2), word="w40")
    arrays = neighbour_arrays(of)
    assert arrays["neighbour_words"].tolist() == [0, 1, 2, 3, 4, 42]
    expected = [word for word, _ in of.source.vectors.nearest("w40", 10)]
    assert [of.words[near] for near in arrays["neighbours"][-1]] == expected
    early = neighbour_arrays(scene(source(seed=2), word="queen"))
    assert early["neighbour_words"].tolist() == [0, 1, 2, 3, 4]


def test_lines_join_the_drawn_words_only() -> None:
    lines = [("king", "w1", "arrow"), ("king", "w50", "dashed")]
    options = spec_of(space_stage(scene(shown=20, lines=lines), EN))["panels"][1]["options"]
    assert options["lines"] == [[0, 3, "arrow"]]
    both = spec_of(space_stage(scene(shown=20, lines=lines, asked=["w50"]), EN))
    assert both["panels"][1]["options"]["lines"] == [[0, 3, "arrow"], [0, 20, "dashed"]]


def test_clusters_are_groups_and_asked_words_have_none() -> None:
    found = groups_of(scene(shown=30, asked=["w50"], colours=Colours(clusters=3)), EN)
    truth = np.arange(30) % 3
    assert all(len(set(found.group[:30][truth == one].tolist())) == 1 for one in range(3))
    assert found.group[30] == NO_GROUP
    assert len(found.names) == 3
    assert found.label == EN("space.groups_clusters")


def test_a_column_of_the_metadata_is_groups() -> None:
    kinds = ["b"] * 5 + ["a"] * 10 + [f"once {n}" for n in range(45)]
    of = scene(source(metadata={"kind": kinds}, seed=3), colours=Colours("kind"))
    found = groups_of(of, EN)
    assert found.names[:2] == ["a", "b"]
    assert len(found.names) == 24
    assert found.group[:5].tolist() == [1] * 5
    assert found.group[5:15].tolist() == [0] * 10
    assert found.group[-1] == NO_GROUP
    assert found.label == "kind"


def test_a_column_of_numbers_is_a_tint_from_its_least_to_its_largest() -> None:
    years = ["1900", "", *(str(1901 + at) for at in range(58))]
    of = scene(source(metadata={"year": years}, seed=3), colours=Colours("year"))
    assert groups_of(of, EN).names == []
    tint = tint_of(of, EN)
    assert (tint.label, tint.ends, tint.span) == ("year", ("1900", "1958"), (1900, 1958))
    assert np.isnan(tint.values[1])
    np.testing.assert_allclose(tint.values[2:], (np.arange(58) + 1) / 58, rtol=1e-6)
    spec = spec_of(space_stage(of, EN))
    assert spec["panels"][1]["options"]["colour"] == "tint"
    assert spec["panels"][1]["options"]["tint_span"] == [1900, 1958]


def test_a_column_of_few_numbers_is_groups() -> None:
    digits = [str(at % 10) for at in range(60)]
    found = groups_of(
        scene(source(metadata={"digit": digits}, seed=3), colours=Colours("digit")), EN
    )
    assert sorted(found.names) == list("0123456789")
    assert NO_GROUP not in found.group


def test_labels_repeat_in_the_picture_and_words_do_not() -> None:
    labels = tuple(str(at % 10) for at in range(60))
    of = scene(source(labels=labels, seed=3))
    assert of.labels == labels
    assert len(set(of.words)) == 60


def test_the_tint_runs_from_the_least_to_the_most_similar_other_word() -> None:
    of = scene()
    tint = tint_of(of, EN)
    others = [cosine(of, "king", word) for word in of.words[1:]]
    assert tint.ends == (f"{min(others):.2f}", f"{max(others):.2f}")
    assert tint.values[0] == 1
    expected = (np.array(others) - min(others)) / (max(others) - min(others))
    np.testing.assert_allclose(tint.values[1:], expected, atol=1e-5)
    assert "king" in tint.label


def test_nearness_is_dark_when_near_and_its_ends_are_distances() -> None:
    of = scene(metric="euclidean")
    tint = tint_of(of, EN)
    rows = of.source.vectors.vectors
    apart = np.linalg.norm(rows - rows[0], axis=1)[1:]
    assert tint.values[1 + apart.argmin()] == pytest.approx(1)
    assert tint.values[1 + apart.argmax()] == pytest.approx(0, abs=1e-6)
    assert tint.ends == (f"{apart.max():.2f}", f"{apart.min():.2f}")


def test_a_formula_tints_by_the_place_along_it() -> None:
    of = scene(colours=Colours(tint="axis", axis="king - queen"))
    tint = tint_of(of, EN)
    way = direction("king - queen", of.source.vectors)
    rows = of.source.vectors.vectors
    along = rows @ way / np.linalg.norm(rows, axis=1)
    assert np.argsort(tint.values).tolist() == np.argsort(along).tolist()
    assert tint.label == "king - queen"
    with pytest.raises(ValueError, match="nobody"):
        tint_of(scene(colours=Colours(tint="axis", axis="nobody")), EN)


def test_distortion_tints_what_was_measured() -> None:
    of = scene(shown=30, asked=["w50"], colours=Colours(tint="distortion"))
    tint = tint_of(of, EN)
    np.testing.assert_array_equal(tint.values[:30], of.placed.faithfulness.distortion)
    assert np.isnan(tint.values[30])


def test_axes_are_named_where_they_mean_something() -> None:
    assert [name[:3] for name in axis_names(scene())] == ["PC1", "PC2", "PC3"]
    formulas = ("king", "queen - w1")
    assert axis_names(scene(method="axes", formulas=formulas)) == list(formulas)
    assert axis_names(scene(source(seed=4), method="tsne")) == []


def test_the_stage_keeps_its_group_while_the_words_are_the_same() -> None:
    first, flat = scene(), scene(dimensions=2, metric="euclidean")
    assert first.group == flat.group == scene(asked=["w50"]).group
    assert len({first.group, scene(shown=20).group, scene(around="king", near=20).group}) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_caption_says_what_was_measured(language: str) -> None:
    of = scene()
    said = spoken(space_caption(of, texts_of(language)))
    assert "60" in said
    assert f"{of.placed.explained.sum():.0%}" in said
    assert f"{of.placed.faithfulness.trustworthiness:.2f}" in said
    assert f"{of.placed.faithfulness.overlap:.0%}" in said
    (lead,) = [part for part in space_caption(of, texts_of(language)) if isinstance(part, Lead)]
    worst = lead.move["unit"]
    assert of.placed.faithfulness.distortion[worst] == of.placed.faithfulness.distortion.max()


def test_captions_of_other_views() -> None:
    def said(**view):
        return spoken(space_caption(scene(**view), EN))

    assert "The first 20 of 60 words" in said(shown=20)
    assert "20 of 60 words, drawn at random" in said(shown=20, random=True)
    assert "“queen” and its 12 nearest" in said(around="queen", near=12)
    axes = scene(method="axes", formulas=("king", "queen"))
    angle = axes.placed.angles[0, 1]
    assert f"Angles between the axes: {angle:.0f}°; " in spoken(space_caption(axes, EN))
    assert re.search(r"t-SNE (is at work|keeps)", said(of=source(seed=5), method="tsne"))


def test_rows_that_cannot_be_drawn_are_not_promised() -> None:
    of = scene(source(broken=(7,)))
    assert "59 words of 8 numbers" in spoken(space_caption(of, EN))


@pytest.mark.parametrize("language", LANGUAGES)
def test_axes_at_right_angles_may_be_correlated_and_the_caption_says_so(language: str) -> None:
    """Two orthogonal axes over words that lie along their diagonal."""
    random = np.random.default_rng(1)
    rows = np.zeros((40, 3), np.float32)
    rows[:, 0] = random.normal(size=40)
    rows[:, 1] = 0.8 * rows[:, 0] + 0.3 * random.normal(size=40)
    rows[:, 2] = 1
    rows[0], rows[1], rows[2] = (1, 0, 0), (0, 1, 0), (0, 0, 1)
    words = ["east", "north", "up", *(f"w{number}" for number in range(37))]
    of = Source("diagonal", "made.txt", WordVectors(words, rows))
    seen = scene(of, word="east", method="axes", formulas=("east", "north"), dimensions=2)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    one, other = (unit[:, axis] - unit[:, axis].mean() for axis in (0, 1))
    expected = (one @ other) / np.sqrt((one @ one) * (other @ other))
    assert expected > 0.5
    said = spoken(space_caption(seen, texts_of(language)))
    assert "90°" in said
    assert f"+{expected:.2f}" in said
