"""Five shapes: each drawn from a recording, with the reading and the answering in their places."""

import numpy as np
import pytest

from explorer.gallery.shapes import PAGES, SHOWN, UNITS, shapes, shapes_stage
from explorer.language import LANGUAGES, texts_of
from explorer.models import load_applied, read_applied
from tests.explorer.pages import arrays_of, open_page, spec_of

every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module", params=LANGUAGES)
def found(request):
    return {shape.id: shape for shape in shapes(texts_of(request.param))}


def test_there_is_a_model_for_every_shape(found):
    assert list(found) == list(SHOWN) == list(PAGES)
    for shape in found.values():
        assert shape.states.shape == (len(shape.columns), UNITS)


def test_nothing_is_shown_that_has_no_right_answer(found):
    """3/4/1998 was kept from training: nobody can tell its month."""
    shape = found["out-of-step"]
    application = load_applied(shape.model.id).application
    assert application.expected("3/4/1998") is None
    assert "".join(column.output for column in shape.columns).startswith(
        application.expected(shape.text)
    )


def reads(shape):
    return [column.input != "" for column in shape.columns]


def answers(shape):
    return [column.output != "" for column in shape.columns]


def test_what_is_read_and_answered_makes_the_shape(found):
    assert (reads(found["one-to-one"]), answers(found["one-to-one"])) == ([True], [True])
    spelled = found["one-to-many"]
    assert all(answers(spelled))
    assert [column.fed for column in spelled.columns] == [False] + [True] * (
        len(spelled.columns) - 1
    )
    verdict = found["many-to-one"]
    assert all(reads(verdict))
    assert answers(verdict) == [False] * (len(verdict.columns) - 1) + [True]
    assert all(reads(found["in-step"]))
    assert all(answers(found["in-step"]))
    translated = found["out-of-step"]
    (border,) = [at for at, column in enumerate(translated.columns) if column.part]
    assert answers(translated) == [False] * border + [True] * (len(translated.columns) - border)


def test_an_answer_that_is_fed_back_is_what_the_next_step_reads(found):
    for shape in (found["one-to-many"], found["out-of-step"]):
        for before, column in zip(shape.columns, shape.columns[1:]):
            if column.fed:
                assert column.input == before.output


def test_the_states_are_those_of_the_recording(found):
    shape = found["many-to-one"]
    (trace,) = read_applied(shape.model.id, shape.text, "last").values()
    hidden = trace["hidden"].values[-1, 0, :, 0]
    for unit in range(UNITS):
        assert any(np.allclose(shape.states[:, unit], row) for row in hidden.T)


@every_language
def test_the_stage_has_one_picture_a_shape_and_room_for_the_longest(language):
    made = shapes(texts_of(language))
    data = shapes_stage(made, texts_of(language))
    spec = spec_of(data)
    assert [panel["picture"] for panel in spec["panels"]] == ["shape"] * len(SHOWN)
    assert spec["steps"] == max(len(shape.columns) for shape in made)
    assert set(arrays_of(data)) == {name for shape in made for name in shape.arrays}


@every_language
def test_the_page_leads_from_each_shape_to_its_models(language):
    app = open_page("shapes", lang=language)
    assert not app.exception
    said = [element.value for element in app.markdown]
    texts = texts_of(language)
    for shape in SHOWN:
        assert f"**{texts(f'shapes.{shape}')}**" in said
    assert len(app.get("page_link")) == sum(map(len, PAGES.values()))
