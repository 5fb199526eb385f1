"""The page "Where recurrent networks stand today": every part, and that what it says is so."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

from core.applications import load_applied
from core.training.gallery.shelf import FOLDER
from explorer.language import LANGUAGES, texts_of
from explorer.today import cost, path, scan
from explorer.views.today import PARTS
from tests.explorer.pages import open_page, shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_with_something_measured(part: str, language: str) -> None:
    app = open_page("today", lang=language, today_part=part)
    assert not app.exception
    assert app.markdown[0].value == f"# {texts_of(language)('nav.today')}"
    assert len(app.get("plotly_chart")) == {"path": 1, "scan": 2, "cost": 3}[part]
    assert re.search(r"\d", "\n".join(shown(app)[:-1]))


@pytest.mark.parametrize(
    "address",
    [
        {"today_part": "x"},
        {"today_date": "\n<b>"},
        {"today_part": "scan", "today_steps": "1e9"},
        {"today_part": "cost", "today_width": "-1"},
    ],
)
def test_nonsense_in_the_address_is_no_error(address: dict[str, str]) -> None:
    assert not open_page("today", lang="en", **address).exception


@pytest.mark.parametrize("name", path.NETWORKS)
def test_a_curve_is_the_recorded_derivative_over_its_largest(name: str) -> None:
    date = "3 March 1998"
    applied = load_applied(FOLDER / f"{name}.safetensors")
    found = path.reach(date).shares[name]
    gradient = applied.read(date, loss_at="last")["encoder"]["grad_hidden"]
    norms = np.linalg.norm(gradient.isel(layer=0, direction=0, batch=0), axis=-1)
    np.testing.assert_allclose(found, norms / norms.max())
    assert found.max() == 1
    assert len(found) == len(date)


def test_attention_stands_where_it_looks_and_a_state_spreads_over_the_chain() -> None:
    shares = path.reach("3 March 1998").shares
    assert (shares["dates-gru"] > 0.3).all()
    assert shares["dates-gru-attention"][-1] < 0.01
    assert shares["dates-gru-attention"].argmax() == 0


@pytest.mark.parametrize("steps", [8, 64])
def test_a_round_doubles_what_is_joined(steps: int) -> None:
    table = scan.joined(steps)
    assert len(table) - 1 == np.log2(steps)
    for number, row in enumerate(table):
        assert row.tolist() == [min(2**number, place + 1) for place in range(steps)]


def test_the_multiply_adds_cross_where_the_page_says() -> None:
    from core.race.token_cost import attention_counts, recurrent_counts

    for width in map(int, cost.WIDTHS):
        recurrent = recurrent_counts(width)[1]
        assert attention_counts(width, width)[1] > recurrent
        assert attention_counts(width, width - 1)[1] <= recurrent


def test_the_measured_ways_agree() -> None:
    torch.set_num_threads(1)
    assert 0 <= scan.timed().difference < 1e-9
