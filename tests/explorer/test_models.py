"""The networks on offer, and reading with them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from core.training.shelf import shipped_models
from explorer.models import Card, read, shipped, shipped_recording, siblings
from explorer.sidebar import DEFAULT_MODEL


def test_the_shelf_is_offered_in_its_order() -> None:
    assert list(shipped()) == [model.id for model in shipped_models()]
    card = shipped()["grammar-deep-lstm"]
    assert (card.cell, card.layers, card.recorded) == ("lstm", 2, False)


def test_the_cells_of_one_corpus_stand_beside_each_other() -> None:
    cells = [card.cell for card in siblings(shipped()["grammar-deep-lstm"])]
    assert sorted(cells) == ["elman", "gru", "jordan", "lstm"]
    own = Card(id="recording-1", cell="lstm", corpus="grammar", units=4, layers=1, recorded=True)
    assert siblings(own) == []


def test_many_readers_at_once_each_get_their_own_recording() -> None:
    texts = ["namaskar"[: 1 + at % 8] + "n" * (at // 8) for at in range(64)]
    with ThreadPoolExecutor(8) as pool:
        traces = list(pool.map(lambda text: read("namaskar-jordan", text, "last"), texts))
    assert [trace.tokens for trace in traces] == [list(text) for text in texts]
    assert all(trace["hidden"].sizes["time"] == len(text) for trace, text in zip(traces, texts))


def test_the_first_page_has_all_that_the_cell_shows() -> None:
    made = read(DEFAULT_MODEL, shipped()[DEFAULT_MODEL].examples[0], "last")
    assert set(shipped_recording(DEFAULT_MODEL).signals) == set(made.signals)


@pytest.mark.parametrize("card_id", shipped())
def test_the_shipped_recording_is_what_the_network_does(card_id: str) -> None:
    kept = shipped_recording(card_id)
    made = read(card_id, shipped()[card_id].examples[0], "last")
    assert kept.tokens == made.tokens
    assert {"hidden", "grad_hidden", "prediction"} <= set(kept.signals) <= set(made.signals)
    for name in kept.signals:
        np.testing.assert_allclose(
            kept[name].values, made[name].values, rtol=1e-3, atol=2e-5, err_msg=name
        )
