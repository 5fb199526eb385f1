"""Tests of meaning: what the shipped networks have learned, on text they never saw."""

import numpy as np
import pytest
import torch

from core.networks.model_file import load_model
from core.tasks import grammar_text, hanyu_text, structure
from core.training.loop import new_model
from core.training.shelf import find_shipped

TEXTS = {"grammar": grammar_text(4000, seed=990), "chinese": hanyu_text(4000, seed=990)}


def strongest(model, ids, values):
    """The largest correlation, over the units, of a hidden state with ``values``."""
    with torch.no_grad():
        hidden = model.rnn(model.embed(ids))[0][:, 0].numpy()
    return max(abs(np.corrcoef(unit, values)[0, 1]) for unit in hidden.T)


@pytest.mark.parametrize("corpus", ["grammar", "chinese"])
@pytest.mark.parametrize("quantity", ["bracket_depth", "quote_depth"])
def test_a_unit_follows_brackets_and_quotes_better_than_any_of_untrained_nets(corpus, quantity):
    made = load_model(find_shipped(f"{corpus}-lstm").path)
    ids, values = made.encode(TEXTS[corpus]), getattr(structure(TEXTS[corpus]), quantity)
    untrained = [new_model(made.model.settings, seed) for seed in range(5)]
    chance = max(strongest(model, ids, values) for model in untrained)
    assert strongest(made.model, ids, values) > chance + 0.1


def chance_of(made, text, character):
    with torch.no_grad():
        probabilities = made.model(made.encode(text))[0][-1, 0].softmax(-1)
    return float(probabilities[made.vocabulary.ids[character]])


@pytest.mark.parametrize("cell", ["elman", "lstm", "gru"])
@pytest.mark.parametrize("number", range(1, 10))
def test_counted_lists_end_when_they_should(cell, number):
    made = load_model(find_shipped(f"grammar-{cell}").path)
    start = f"Mia waits. Zoe sings ({number}:"
    assert chance_of(made, start + " la" * number, ")") > 0.8
    assert number == 1 or chance_of(made, start + " la" * (number - 1), ")") < 0.2
    made = load_model(find_shipped(f"chinese-{cell}").path)
    start = f"妈妈来了。小狗叫了{'一两三四五六七八九'[number - 1]}声："
    assert chance_of(made, start + "汪" * number, "。") > 0.8
    assert number == 1 or chance_of(made, start + "汪" * (number - 1), "。") < 0.2


def test_a_jordan_network_cannot_count_what_its_output_does_not_say():
    """Its memory is its prediction, and in the middle of a list that says nothing of how many."""
    made = load_model(find_shipped("grammar-jordan").path)
    stops = [
        chance_of(made, f"Mia waits. Zoe sings ({number}:" + " la" * 4, ")") for number in (4, 8)
    ]
    assert abs(stops[0] - stops[1]) < 0.2


def test_brackets_close_in_their_own_shape():
    made = load_model(find_shipped("grammar-lstm").path)
    inner = chance_of(made, "The cats (near the owl [with the old fox", "]")
    wrong = chance_of(made, "The cats (near the owl [with the old fox", ")")
    assert inner > 10 * wrong
    made = load_model(find_shipped("chinese-lstm").path)
    text = "妈妈说：「小红说：『我喜欢一朵红色的花。"
    assert chance_of(made, text, "』") > 0.9
    assert chance_of(made, text + "』", "」") > 0.9


@pytest.mark.parametrize("cell", ["elman", "jordan", "lstm", "gru"])
def test_namaskar_ends_in_r(cell):
    made = load_model(find_shipped(f"namaskar-{cell}").path)
    assert chance_of(made, "namaska", "r") > 0.9
    assert chance_of(made, "na", "m") > 0.8
    assert chance_of(made, "nama", "s") > 0.8
