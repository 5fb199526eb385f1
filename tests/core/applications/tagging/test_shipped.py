"""The taggers of the gallery: their scores are what they say, and they do what the page claims."""

import pytest
import torch

from core.applications.applied import load_applied
from core.applications.tagging import found_slots
from core.tasks.ticket_words import ENGLISH
from core.training.gallery.shelf import FOLDER, find_gallery_model, gallery_models

NAMES = [model.id for model in gallery_models() if model.application in ("tickets", "addresses")]


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def shipped(name):
    return load_applied(FOLDER / find_gallery_model(name).file)


def slots(name, text):
    return {kind: words for kind, words, _ in found_slots(shipped(name).answer(text))}


@pytest.mark.parametrize("name", NAMES)
def test_each_reads_its_examples_and_beats_the_usual_tag(name):
    applied, model = shipped(name), find_gallery_model(name)
    for text in applied.application.examples:
        assert all(0 < share <= 1 for _, _, share in applied.answer(text))
    assert model.score > model.baseline + 0.1
    assert model.examples == applied.application.examples


@pytest.mark.parametrize("name", ["addresses-lstm", "addresses-convolution"])
def test_the_score_that_is_shown_is_the_one_on_held_out_sentences(name):
    applied, model = shipped(name), find_gallery_model(name)
    measured = applied.application.measure(applied.model, "test")
    assert measured.score == pytest.approx(model.score, abs=2e-4)
    assert applied.application.baseline.score == pytest.approx(model.baseline, abs=1e-5)


def test_a_city_that_nobody_told_it_of():
    assert "Ouagadougou" not in ENGLISH.cities
    text = "I wish to go to Changsha from Ouagadougou on December 12th"
    assert slots("tickets-bilstm", text)["from"] == "Ouagadougou"


def test_what_is_said_afterwards_helps_only_who_reads_it():
    """Right up to the verb the two sentences are the same; one direction cannot tell them apart."""
    start, goal = "Oslo to Rome tomorrow", "Oslo from Rome tomorrow"
    assert slots("tickets-bilstm", start)["from"] == "Oslo"
    assert slots("tickets-bilstm", goal)["to"] == "Oslo"
    first = [shipped("tickets-lstm").answer(text)[0] for text in (start, goal)]
    assert first[0] == pytest.approx(first[1])
    assert first[0][2] < 0.8


def test_a_jordan_network_forgets_what_is_no_tag():
    """It cannot know that the word before was *from*; a state of its own can."""
    jordan, elman = (find_gallery_model(f"tickets-{cell}").score for cell in ("jordan", "elman"))
    assert jordan < 0.75 < 0.95 < elman


def test_addresses_as_the_lesson_tells():
    def at(name, text, word):
        return next(tag != "O" for token, tag, _ in shipped(name).answer(text) if token == word)

    document = "有一只可爱的小狗狗在北京市海淀区番茄猫咪小区失踪。"
    drawn = "他画了番茄猫咪月亮，还画了小狗狗。"
    cheap = "在北京市海淀区番茄猫咪都很便宜。"
    asleep = "有两只兔子在北京市海淀区番茄里睡着了。"
    for name in ("addresses-lstm", "addresses-bilstm", "addresses-convolution-wide"):
        assert at(name, document, "番茄")
        assert at(name, document, "猫咪")
        assert not at(name, drawn, "猫咪")
        assert not at(name, cheap, "番茄")
    assert at("addresses-convolution", drawn, "猫咪")
    assert at("addresses-convolution", cheap, "番茄")
    assert at("addresses-lstm", asleep, "番茄")
    assert not at("addresses-bilstm", asleep, "番茄")
