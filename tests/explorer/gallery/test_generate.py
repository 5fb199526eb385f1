"""The page that writes: what it is given adds up, and every choice is in the address."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from core.generation import Filters, beam_search, repetition, write
from core.networks.architecture import Architecture
from core.training.runs.folder import RunStore
from core.training.runs.settings import RunSettings
from core.training.settings import TrainingSettings
from explorer.captions import spoken
from explorer.gallery.generate_beam import BEST, LOST, MOST_UNDER, PRUNED, drawn_nodes, shown_nodes
from explorer.gallery.generate_compare import table
from explorer.gallery.generate_settings import STANDARD, Wish
from explorer.gallery.generate_write import candidate_arrays, picked, writing_caption
from explorer.gallery.generate_writer import writer_of, writers
from explorer.language import LANGUAGES, texts_of
from explorer.models import shipped
from tests.explorer.pages import arrays_of, open_page, payload, shown, spec
from tests.explorer.workshop.conftest import train_here

PARTS = ("write", "beam", "compare")
PROMPT = "The cats (near the owl "


def wish(card_id: str = "grammar-gru", text: str = PROMPT, **changes) -> Wish:
    card = shipped()[card_id]
    writer = writer_of(card)
    kept = writer.vocabulary.decode(changes.get("kept", ()))
    values = {
        "given": (*text, *kept),
        "prompt": tuple(writer.encode(text)),
        "kept": (),
        "temperature": "0.8",
        "top_k": 0,
        "top_p": 0.95,
        "seed": 3,
        "length": 30,
        "width": 3,
        "depth": 6,
    }
    return Wish(card=card, writer=writer, text=text, **values | changes)


def done_of(one: Wish):
    return write(
        one.writer.model, one.prompt, one.length, one.filters, seed=one.seed, kept=one.kept
    )


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens(part: str, language: str) -> None:
    app = open_page("generate", lang=language, g_part=part)
    texts = texts_of(language)
    assert problems(app) == []
    assert app.markdown[0].value == f"# {texts('nav.generate')}"
    assert texts.lesson("generate").strip() in [one.value for one in app.markdown]
    assert app.query_params["g_model"] == f"{'grammar' if language == 'en' else 'chinese'}-lstm"
    if part != "compare":
        assert spec(app)["text"] == dict(texts.section("player"))


def test_every_network_that_reads_on_writes() -> None:
    app = open_page("generate", lang="en", g_length="10")
    for card_id in (*shipped(), *writers()):
        app.selectbox(key="g_model").set_value(card_id)
        app.run()
        assert problems(app) == [], card_id
        start = spec(app)["panels"][1]["options"]["start"]
        assert spec(app)["steps"] == start + 10


def test_the_page_writes_what_core_writes() -> None:
    one = wish("namaskar-lstm", "nama", top_k=2, temperature="1.5", seed=7, length=20)
    app = open_page(
        "generate", lang="en", g_model="namaskar-lstm", g_prompt="nama", g_temperature="1.5",
        g_top_k="2", g_seed="7", g_length="20",
    )  # fmt: skip
    done = done_of(one)
    assert spec(app)["tokens"] == one.tokens(done.ids.tolist())
    given = arrays_of(payload(app))
    assert given["hidden"].shape[2] == 24
    assert given["candidate_after"].sum(1) == pytest.approx(np.ones(24), abs=1e-6)


def test_the_choices_are_in_the_address() -> None:
    app = open_page("generate", lang="en", g_model="grammar-gru", g_prompt="Zoe ")
    assert app.text_area(key="g_prompt").value == "Zoe "
    assert not set(STANDARD) & set(app.query_params)
    app.select_slider(key="g_temperature").set_value("0.2")
    app.select_slider(key="g_top_k").set_value("5")
    app.select_slider(key="g_seed").set_value("9")
    app.run()
    found = {key: app.query_params[key] for key in ("g_temperature", "g_top_k", "g_seed")}
    assert found == {"g_temperature": "0.2", "g_top_k": "5", "g_seed": "9"}
    again = open_page(
        "generate", lang="zh", **{k: v for k, v in app.query_params.items() if k != "lang"}
    )
    assert spec(again)["tokens"] == spec(app)["tokens"]


@pytest.mark.parametrize("address", [{"g_model": "no-such"}, {"g_seed": "-1"}, {"g_part": "x"},
                                     {"g_temperature": "nan"}, {"g_length": "9999"}])  # fmt: skip
def test_a_strange_address_gives_the_page_with_its_defaults(address: dict[str, str]) -> None:
    app = open_page("generate", lang="en", **address)
    assert problems(app) == []
    assert spec(app)["steps"] == len(PROMPT) + int(STANDARD["g_length"])


def test_a_hostile_prompt_is_only_text() -> None:
    hostile = "<img src=x onerror=alert(1)>$x$ **m** :red[x]"
    for part in PARTS:
        app = open_page("generate", lang="en", g_prompt=hostile, g_part=part, g_length="10")
        assert problems(app) == []
        assert not any("<img" in text for text in shown(app) if "\\<img" not in text)
        if part == "compare":
            (html,) = (one.value for one in app.get("html") if "g-ways" in one.value)
            assert "<img" not in html
            assert "&lt;img" in html


def test_an_empty_prompt_falls_back_on_an_example() -> None:
    app = open_page("generate", lang="en", g_prompt="")
    assert problems(app) == []
    assert texts_of("en")("generate.empty") in shown(app)
    assert spec(app)["tokens"][: len(PROMPT)] == list(PROMPT)


def test_what_must_come_next_is_kept() -> None:
    app = open_page("generate", lang="en", g_prompt="The ", g_kept="zebras", g_length="20")
    assert "".join(spec(app)["tokens"]).startswith("The zebras")
    assert spec(app)["panels"][1]["options"]["kept"] == 6
    app.text_area(key="g_prompt").set_value("A ")
    app.run()  # another prompt: the old continuation makes no sense any more
    assert app.text_input(key="g_kept").value == ""


def test_a_picked_candidate_is_kept_with_all_before_it() -> None:
    done = done_of(wish())
    start, time = done.start, done.start + 4
    token = int(done.before[time].argsort()[-2])
    kept = picked(f"17.1:{time}:{token}", done)
    assert kept == [*done.ids[start : time + 1].tolist(), token]
    bent = done_of(wish(kept=tuple(kept)))
    assert bent.ids[: time + 2].tolist() == [*done.ids[: time + 1].tolist(), token]


@pytest.mark.parametrize(
    "pick", ["", "1:2", "1:x:3", "1:-1:3", "1:0:3", "1:9999:3", "1:25:9999", "1:²5:3", None, 5]
)
def test_a_choice_that_cannot_be_made_is_passed_over(pick: object) -> None:
    assert picked(pick, done_of(wish())) is None


@pytest.mark.parametrize("changes", [{}, {"temperature": "0"}, {"temperature": "3", "top_k": 5}])
def test_the_numbers_of_the_formula_are_those_of_the_filters(changes) -> None:
    one = wish(**changes)
    done = done_of(one)
    given = candidate_arrays(done, one)
    power = 0 if one.temperature == "0" else 1 / float(one.temperature)
    for time in (done.start - 1, done.start + 5, len(done.ids) - 2):
        token = given["drawn_index"][time]
        assert token == done.ids[time + 1]
        chance = given["chance"][time + 1]
        assert chance == pytest.approx(done.before[time, token].item(), rel=1e-6)
        if power:
            tempered = given["drawn_before"][time] ** power / given["power_sum"][time]
            assert tempered == pytest.approx(given["drawn_tempered"][time], rel=1e-4)
        after = given["drawn_tempered"][time] / given["left"][time]
        assert after == pytest.approx(given["drawn_after"][time], rel=1e-4)
        shown_before = given["candidate_before"][time]
        assert (np.diff(shown_before) <= 0).all()
    assert given["drawn_index"][-1] == -1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_caption_counts_what_was_written(language: str) -> None:
    one = wish(top_k=1)
    said = spoken(writing_caption(done_of(one), one, texts_of(language)))
    assert "30" in said
    greedy = write(one.writer.model, one.prompt, 30, Filters(temperature=0))
    bits = -greedy.written_log_probability / math.log(2)
    assert f"{bits:.1f}" in said  # one candidate is left at each place: greedy


@pytest.mark.parametrize("width", [1, 3, 8])
def test_the_tree_that_is_shown_holds_every_text_found(width: int) -> None:
    one = wish()
    tree = beam_search(one.writer.model, one.prompt, 6, width, shown=8)
    places = drawn_nodes(tree)
    nodes = shown_nodes(tree, places)
    alive = {place for beam in tree.beams for place in tree.path(beam)}
    assert {place for place, node in enumerate(tree.nodes) if node.kept} <= set(places)
    assert sum(node[5] > LOST for node in nodes) == len(alive)
    assert all(-1 <= parent < number for number, (parent, *_) in enumerate(nodes))
    given_up = Counter(parent for parent, *_, state in nodes if state == PRUNED)
    assert 1 <= max(given_up.values()) <= MOST_UNDER
    assert all(parent < 0 or nodes[parent][5] != PRUNED for parent, *_ in nodes)
    best = [node for node in nodes if node[5] == BEST]
    assert [token for _, token, *_ in best] == tree.tokens(tree.beams[0])
    assert best[-1][4] == tree.nodes[tree.beams[0]].total


def test_the_comparison_scores_each_text_by_the_network_itself() -> None:
    from explorer.gallery.generate_compare import compared

    one = wish(length=12)
    greedy, beam, *samples = compared(one, texts_of("en"))
    assert len(samples) == 3
    assert beam.bits.sum() <= greedy.bits.sum() + 1e-9
    for way in (greedy, beam, *samples):
        ids = one.writer.encode(one.text + way.text)
        with torch.no_grad():
            scores = one.writer.model(torch.tensor(ids)[:, None])[0][:, 0].log_softmax(-1)
        whole = sum(scores[at - 1, ids[at]].item() for at in range(len(one.prompt), len(ids)))
        assert way.bits.sum() == pytest.approx(-whole / math.log(2), rel=1e-4)
        assert way.repeated == pytest.approx(repetition(list(way.text)))
    assert greedy.text in table([greedy], one, texts_of("en"))


def test_a_network_of_two_directions_is_not_offered() -> None:
    assert set(writers()) >= set(shipped())
    assert not any(card.bidirectional or card.recorded for card in writers().values())


def test_unknown_tokens_are_shown_as_they_were_typed() -> None:
    app = open_page("generate", lang="en", g_prompt="The é cat", g_length="10")
    assert problems(app) == []
    assert spec(app)["tokens"][:9] == list("The é cat")
    assert any("é" in warning.value for warning in app.warning)


def test_words_are_kept_with_the_space_before_them() -> None:
    app = open_page(
        "generate", lang="en", g_model="words-grammar-gru", g_prompt="The cats ", g_kept="sing (3:"
    )
    assert problems(app) == []
    tokens = spec(app)["tokens"]
    assert tokens[:6] == ["The", " cats", " sing", " (", "3", ":"]
    assert len(tokens) == 2 + int(STANDARD["g_length"])


def test_a_run_of_the_workshop_writes_as_it_did_at_every_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNROLLED_RUNS", str(tmp_path))
    settings = RunSettings(
        "next-character",
        {"corpus": "namaskar"},
        Architecture("gru", hidden_size=8, embedding_size=0),
        TrainingSettings(steps=200, batch=1, every=20, learning_rate=0.03),
        kept=3,
    )
    run = RunStore(tmp_path).create(settings)
    train_here(run.folder)
    app = open_page(
        "generate", lang="en", g_model=f"run:{run.id}", g_prompt="na", g_temperature="0",
        g_length="10",
    )  # fmt: skip
    assert problems(app) == []
    assert "".join(spec(app)["tokens"][:8]) == "namaskar"
    slider = app.select_slider(key="g_updates")
    slider.set_value(slider.options[0])
    app.run()
    assert problems(app) == []
    first = run.applied(int(slider.options[0]))
    ids = first.application.vocabulary.encode("na")
    expected = write(first.model, ids, 10, Filters(temperature=0)).ids.tolist()
    assert spec(app)["tokens"] == first.application.vocabulary.decode(expected)
    assert app.query_params["g_updates"] == slider.options[0]
