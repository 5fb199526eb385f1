"""The workshop opens in every part, starts runs, stops them, and compares them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.applications import REGISTRY, application_class
from core.networks.architecture import Architecture
from core.training.runs.cost import estimate
from core.training.runs.folder import Run, RunStore
from explorer.language import LANGUAGES, texts_of
from explorer.views.workshop import PARTS
from explorer.workshop.store import own_runs, workshop
from explorer.workshop.tasks import OFFERS
from tests.explorer.pages import open_page, shown, spec_of
from tests.explorer.workshop.conftest import small
from tests.memory import peak_memory

EN = texts_of("en")
PATIENCE = 60


def problems(app: AppTest) -> list[str]:
    return [element.value for element in app.exception]


def stages(app: AppTest) -> list[dict[str, Any]]:
    return [spec_of(stage.proto.bytes) for stage in app.get("bidi_component")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_with_runs_and_without(
    store: RunStore, request: pytest.FixtureRequest, part: str, language: str
) -> None:
    texts = texts_of(language)
    for fixture in (None, "two"):
        if fixture:
            request.getfixturevalue(fixture)
        app = open_page("workshop", lang=language, ws_part=part)
        assert problems(app) == []
        assert app.markdown[0].value == f"# {texts('nav.workshop')}"
        assert texts.lesson("workshop").strip() in [one.value for one in app.markdown]


@pytest.mark.parametrize("task", [name for name, offer in OFFERS.items() if not offer.own])
@pytest.mark.slow
def test_every_task_can_be_set_up(store: RunStore, task: str) -> None:
    app = open_page("workshop", lang="en", w_task=task)
    assert problems(app) == []
    assert [error.value for error in app.error] == []
    assert app.selectbox(key="w_task").value == task


def test_every_application_is_offered() -> None:
    """Those for images one at a time have nothing that recurs."""
    offered = {offer.application for offer in OFFERS.values()}
    assert offered <= set(REGISTRY)
    assert set(REGISTRY) - offered <= {"digit-image", "next-letter"}


def test_a_run_is_started_trains_and_can_be_deleted(store: RunStore) -> None:
    app = open_page(
        "workshop", lang="en", w_task="copying", w_steps="30", w_units="5", w_cell="gru",
        w_delay="4", w_clip="0", w_seed="7",
    )  # fmt: skip
    app.text_input(key="w_title").set_value("Mine <b>*x*").run()
    app = pressed(app, EN("workshop.start"))
    assert problems(app) == []
    (made,) = own_runs().runs()
    assert made.settings.title == "Mine <b>*x*"
    assert made.settings.architecture.cell == "gru"
    assert made.settings.training.clip is None
    assert made.settings.training.seed == 7
    assert made.settings.options == {"delay": 4}
    assert app.query_params["ws_part"] == "runs"
    until(lambda: made.status == "finished")
    app.run()
    assert any("Mine \\<b\\>\\*x\\*" in text for text in shown(app))
    app = pressed(app, key=f"delete-{made.id}")
    assert own_runs().runs() == []
    assert EN("workshop.no_runs") in shown(app)


def test_how_often_a_decoder_is_fed_the_truth_can_be_chosen(store: RunStore) -> None:
    app = open_page(
        "workshop", lang="en", w_task="digit-names-en", w_steps="2", w_units="4", w_forcing="0.25"
    )
    app = pressed(app, EN("workshop.start"))
    assert problems(app) == []
    (made,) = own_runs().runs()
    assert made.settings.options == {"teacher_forcing": 0.25}
    until(lambda: made.status == "finished")


def test_an_elman_network_may_have_relu_and_is_shown_in_pytorch(store: RunStore) -> None:
    app = open_page(
        "workshop", lang="en", w_task="recall", w_cell="elman", w_nonlinearity="relu", w_steps="3",
        w_units="5", w_code="True",
    )  # fmt: skip
    assert problems(app) == []
    (shown_code,) = app.code
    assert 'nonlinearity="relu"' in shown_code.value
    assert "batch_first" not in shown_code.value
    app.toggle(key="w_batch_first").set_value(True).run()
    assert "batch_first=True" in app.code[0].value
    assert app.query_params["w_batch_first"] == "True"
    app = pressed(app, EN("workshop.start"))
    (made,) = own_runs().runs()
    assert made.settings.architecture.nonlinearity == "relu"
    until(lambda: made.status == "finished")
    other = open_page("workshop", lang="en", w_cell="lstm", w_nonlinearity="relu")
    assert problems(other) == []
    assert [error.value for error in other.error] == []
    assert "w_nonlinearity" not in [box.key for box in other.selectbox]


def test_the_courses_simple_rnn_is_one_press_away(store: RunStore) -> None:
    app = pressed(open_page("workshop", lang="zh"), texts_of("zh")("workshop.simple_rnn"))
    assert problems(app) == []
    (shown_code,) = app.code
    for line in ("self.rnn = nn.RNN(", "batch_first=True", "out[:, -1, :]", "self.fc = nn.Linear("):
        assert line in shown_code.value
    assert app.selectbox(key="w_task").value == "digit-rows"
    assert app.selectbox(key="w_cell").value == "elman"


@pytest.mark.parametrize("task", ["sentiment-en", "tickets", "grammar", "sunspots", "adding"])
def test_the_code_of_a_task_takes_its_trained_weights(store: RunStore, task: str) -> None:
    """Run as it stands, it has the network's parameters to the last one."""
    app = open_page("workshop", lang="en", w_task=task, w_code="True", w_units="6")
    assert problems(app) == []
    found: dict[str, Any] = {}
    exec(app.code[0].value, found)
    (kind,) = [one for name, one in found.items() if name.startswith("Simple")]
    offer = OFFERS[task]
    application = application_class(offer.application)(
        **(dict(offer.options) | ({"delay": 10} if offer.delay else {}))
    )
    architecture = Architecture(offer.cell, 6, embedding_size=offer.embedding)
    expected = application.network(architecture)
    shapes = [tuple(parameter.shape) for parameter in expected.parameters()]
    assert [tuple(parameter.shape) for parameter in kind().parameters()] == shapes


def test_the_code_of_a_decoder_is_said_to_be_missing(store: RunStore) -> None:
    app = open_page("workshop", lang="en", w_task="dates", w_code="True")
    assert problems(app) == []
    assert EN("workshop.code_writes") in shown(app)


def test_a_run_waits_its_turn_is_stopped_and_goes_on(store: RunStore) -> None:
    long = small(title="Long").__class__(**vars(small(title="Long")) | {"training": _longer()})
    first, second = store.create(long), store.create(long)
    workshop().submit(first)
    workshop().submit(second)
    until(lambda: first.status == "running")
    app = open_page("workshop", lang="en", ws_part="runs")
    assert problems(app) == []
    assert any(EN("workshop.place", place=1) in text for text in shown(app))
    app = pressed(app, key=f"stop-{second.id}")
    assert second.status == "stopped"
    started = time.monotonic()
    app = pressed(app, key=f"stop-{first.id}")
    until(lambda: first.status == "stopped")
    assert time.monotonic() - started < PATIENCE
    before = first.metrics()
    app = open_page("workshop", lang="en", ws_part="runs")
    app = pressed(app, key=f"resume-{first.id}")
    until(lambda: len(first.metrics()) > len(before) or first.status == "finished")
    workshop().cancel(first)
    until(lambda: first.status == "stopped")
    keep = [line | {"seconds": 0, "rate": 0, "seconds_left": 0} for line in first.metrics()]
    old = [line | {"seconds": 0, "rate": 0, "seconds_left": 0} for line in before]
    assert keep[: len(old)] == old


def test_bad_combinations_are_explained(store: RunStore) -> None:
    app = open_page("workshop", lang="en", w_task="namaskar", w_both="True")
    assert problems(app) == []
    settled(app)
    assert any("reads backwards" in error.value for error in app.error)
    app = open_page("workshop", lang="en", w_task="copying", w_cell="jordan", w_layers="2")
    assert any("one layer" in error.value for error in app.error)
    assert EN("workshop.start") not in [button.label for button in app.button]


@pytest.mark.parametrize(
    "address",
    [
        {"w_task": "none", "w_cell": "x", "w_units": "-5", "w_rate": "nan", "w_clip": "1e9"},
        {"w_units": "9" * 40, "w_seed": "²", "w_both": "yes", "w_optimizer": "<s>"},
        {"ws_part": "up", "ws_run": "../../etc", "ws_runs": ",,x", "ws_updates": "-1"},
        {"ws_part": "compare", "ws_curve": "x", "ws_runs": "a,b"},
        {"ws_part": "inside", "ws_updates": "999999", "ws_run": "x"},
        {"ws_part": "curves", "ws_log": "maybe"},
    ],
)
def test_nonsense_in_the_address_is_no_error(two: tuple[Run, Run], address: dict[str, str]) -> None:
    assert problems(open_page("workshop", **address)) == []


def test_a_damaged_run_is_listed_and_harms_no_other(two: tuple[Run, Run]) -> None:
    broken, _ = two
    (broken.folder / "settings.json").write_text("{", encoding="utf-8")
    for part in PARTS:
        app = open_page("workshop", lang="en", ws_part=part)
        assert problems(app) == []
    app = open_page("workshop", lang="en", ws_part="runs")
    assert any(EN("workshop.state_damaged") in text for text in shown(app))
    assert any("settings" in caption.value for caption in app.caption)
    assert f"delete-{broken.id}" in [button.key for button in app.button]
    assert any("Second" in text for text in shown(app))


def test_the_curves_of_a_run(run: Run) -> None:
    app = open_page("workshop", lang="en", ws_part="curves", ws_run=run.id)
    (stage,) = stages(app)
    assert stage["tokens"] == [str(line["step"]) for line in run.metrics()]
    app.toggle(key="ws_log").set_value(True).run()
    assert app.query_params["ws_log"] == "True"
    assert all(curve["log"] for curve in stages(app)[0]["panels"][1]["options"]["curves"])


def test_two_runs_side_by_side(two: tuple[Run, Run]) -> None:
    first, second = two
    app = open_page("workshop", lang="en", ws_part="compare", ws_runs=f"{first.id},{second.id}")
    assert problems(app) == []
    overlay, beside = stages(app)
    assert len(overlay["panels"][1]["options"]["curves"]) == 2
    table = app.dataframe[0].value
    assert "Cell" in table.iloc[:, 0].tolist()
    assert "Seed" not in table.iloc[:, 0].tolist()
    parts = [panel.get("part") for panel in beside["panels"] if panel["picture"] == "heatmap"]
    assert parts == [None, "1"]
    assert beside["parts"]["1"]["cell"]["kind"] == "gru"
    assert beside["units"] == 6
    assert beside["checkpoints"]["updates"] == first.checkpoints()
    assert "1/hidden" in beside["checkpoints"]["arrays"]


def test_looking_inside_names_the_checkpoint(run: Run) -> None:
    app = open_page("workshop", lang="en", ws_part="inside", ws_run=run.id, ws_updates="0")
    assert problems(app) == []
    assert app.select_slider(key="ws_updates").value == "0"
    links = [link.proto.query_string for link in app.get("page_link")]
    assert len(links) == 4
    assert all("updates=0" in link for link in links)


def test_the_count_of_parameters_is_that_of_the_network(run: Run) -> None:
    network = run.applied(0).model
    expected = sum(parameter.numel() for parameter in network.parameters())
    assert estimate(run.settings).parameters == expected


def _longer() -> Any:
    from dataclasses import replace

    return replace(small().training, steps=100_000, every=5)


HUGE = {"w_delay": "1000", "w_units": "1024", "w_layers": "8", "w_batch": "1024"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_to_a_huge_run_costs_little_and_starts_nothing(
    store: RunStore, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = texts_of(language)
    with peak_memory() as peak:
        app = settled(open_page("workshop", lang=language, w_task="adding", **HUGE))
    assert peak.bytes < 500e6
    assert problems(app) == []
    (error,) = app.error
    assert "4.1 GB" in error.value  # 4,096 MB
    (start,) = (button for button in app.button if button.label == texts("workshop.start"))
    assert start.disabled
    assert store.runs() == []
    monkeypatch.setenv("UNROLLED_RUN_MB", "100000000")
    assert not settled(app.run()).error


def test_a_run_that_is_too_large_is_refused_also_before_its_estimate_was_seen(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = settled(open_page("workshop", lang="en", w_task="adding", w_units="500"))
    monkeypatch.setenv("UNROLLED_RUN_MB", "1")
    monkeypatch.setattr("explorer.workshop.new_run.show_cost", lambda settings, texts: True)
    pressed(app, EN("workshop.start"))
    assert store.runs() == []
    assert any("RUN\\_MB allows 1 MB" in error.value for error in app.error)


@pytest.mark.parametrize(
    "address",
    [
        {"w_optimizer": "sgd", "w_rate": "1", "w_scale": "8", "w_clip": "0"},
        {"w_task": "sunspots", "w_optimizer": "sgd", "w_rate": "1", "w_clip": "0", "w_scale": "4"},
    ],
)
def test_what_will_explode_can_be_started_all_the_same(
    store: RunStore, address: dict[str, str]
) -> None:
    app = settled(open_page("workshop", lang="en", **address))
    assert problems(app) == []
    assert [error.value for error in app.error] == []
    assert [button for button in app.button if button.label == EN("workshop.start")]


def pressed(app: AppTest, label: str = "", *, key: str = "") -> AppTest:
    """Press the button with this label or key."""
    (button,) = (one for one in app.button if (key and one.key == key) or one.label == (label or 0))
    return button.click().run()


def settled(app: AppTest) -> AppTest:
    """Run until the estimate has come."""
    end = time.monotonic() + PATIENCE
    waiting = {texts_of(language)("workshop.estimating") for language in LANGUAGES}
    while any(one.value in waiting for one in app.caption):
        assert time.monotonic() < end
        time.sleep(0.1)
        app.run()
    return app


def until(done: Any) -> None:
    """Wait for something that a worker does."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
