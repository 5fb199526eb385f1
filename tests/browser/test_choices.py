"""What a reader chooses is what is shown: text, network, unit, layer, loss, numbers in captions."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import expect

from tests.browser.screen import Screen

pytestmark = pytest.mark.browser


def test_an_own_text_is_read(screen: Screen) -> None:
    screen.open("states")
    screen.type_text("kamasna")
    expect(screen.page.locator(".u-tok")).to_have_text(list("kamasna"))
    expect(screen.page.get_by_role("alert")).to_have_count(0)


def test_unknown_characters_are_pointed_out_where_they_stand(screen: Screen) -> None:
    screen.open("states")
    screen.type_text("naßm人")
    expect(screen.page.locator(".u-tok")).to_have_text(list("naßm人"))
    unknown = screen.page.locator(".u-unknown")
    expect(unknown).to_have_text(["ß", "人"])
    expect(unknown.first).to_have_attribute(
        "title", screen.texts("player.unknown_token", token="ß")
    )
    expect(screen.page.get_by_role("alert")).to_contain_text("ß 人")


def test_an_example_can_be_taken(screen: Screen) -> None:
    screen.open("states", model="namaskar-elman")
    screen.page.get_by_role("button", name=screen.texts("sidebar.examples")).click()
    screen.page.get_by_role("button", name="mask", exact=True).click()
    expect(screen.page.locator(".u-tok")).to_have_text(list("mask"))
    screen.expect_address(text="mask")


def test_another_network_reads_the_same_text(screen: Screen) -> None:
    screen.open("cell", text="mask")
    screen.choose_model(screen.texts("model.label", cell="GRU", units=12, corpus="namaskar"))
    screen.expect_address(model="namaskar-gru", text="mask")
    expect(screen.page.locator(".u-tok")).to_have_text(list("mask"))
    expect(screen.stage).to_contain_text(screen.texts("player.signal_update_gate"))


def test_another_corpus_brings_its_own_text(screen: Screen) -> None:
    screen.open("states", text="mask")
    label = screen.texts(
        "model.label", cell="LSTM", units=48, corpus=screen.texts("corpus.chinese")
    )
    screen.choose_model(label)
    screen.expect_address(model="chinese-lstm")
    expect(screen.page.locator(".u-tok").first).to_have_text("小")


def test_a_unit_is_shown_in_every_picture(screen: Screen) -> None:
    screen.open("states")
    screen.page.locator(".u-number").fill("5")
    hidden = screen.texts("player.signal_hidden")
    legend = screen.texts("player.signal_of_unit", signal=hidden, unit=5)
    expect(screen.page.locator(".u-text-legend")).to_contain_text(legend)
    expect(screen.page.locator(".u-heat-unit")).to_have_text("5")
    chip = screen.page.locator(".u-chip")
    expect(chip).to_contain_text(screen.texts("player.unit_number", unit=5))
    value = screen.page.locator(".u-heat-value").inner_text()
    expect(chip).to_contain_text(value)
    # A pinned unit stays in the plot beside the next one.
    chip.click()
    screen.page.locator(".u-number").fill("2")
    expect(screen.page.locator(".u-chip")).to_have_count(2)


def test_a_layer_is_chosen_for_every_picture(screen: Screen) -> None:
    screen.open("states", model="grammar-deep-lstm", text="(1: la)", t=3)
    value = screen.page.locator(".u-heat-value")
    top = value.inner_text()
    screen.chooser("layer").select_option("0")
    expect(value).not_to_have_text(top)
    expect(screen.page.locator(".u-chip-value")).to_have_text(value.inner_text())
    screen.expect_address(layer="1")


def test_the_rows_can_be_ordered(screen: Screen) -> None:
    screen.open("states", t=3)
    canvas = screen.page.locator(".u-heat-body canvas").first
    recorded = canvas.screenshot()
    screen.chooser("row_order").select_option("similarity")
    assert canvas.screenshot() != recorded
    screen.chooser("row_order").select_option("step")
    again = screen.stage.get_by_role("button", name=screen.texts("player.sort_again"))
    expect(again).to_contain_text(screen.texts("player.at_step", t=3))


def test_the_loss_is_chosen(screen: Screen) -> None:
    screen.open("gradients", text="namaska")
    before = screen.page.locator(".u-sentence").inner_text()
    every = screen.texts("sidebar.loss_every")
    screen.page.get_by_test_id("stRadio").get_by_text(every, exact=True).click()
    screen.expect_address(loss="every")
    expect(screen.page.locator(".u-sentence")).not_to_have_text(before)


def test_the_numbers_in_a_caption_lead_to_their_place(screen: Screen) -> None:
    screen.open("gradients", text="namaska", t=7, mode="backward")
    lead = screen.page.locator(".u-lead").first
    steps = int(re.search(r"\d+", lead.inner_text())[0])
    lead.click()
    screen.at_step(7 - steps, 7)

    screen.open("states")
    leads = screen.page.locator(".u-lead")
    unit = leads.first.inner_text()
    leads.first.click()
    expect(screen.page.locator(".u-heat-unit")).to_have_text(unit)
    leads.nth(2).click()
    gate = leads.nth(2).inner_text()
    expect(screen.chooser("signal").locator("option:checked")).to_have_text(gate)


def test_the_cell_is_built_up_stage_by_stage(screen: Screen) -> None:
    screen.open("cell", text="namaska")
    stages = screen.stage.get_by_role("button", name=re.compile(r"^\d "))
    pressed = screen.stage.locator("button[aria-pressed='true']").filter(
        has_text=re.compile(r"^\d")
    )
    expect(pressed).to_contain_text(screen.texts("player.cell_stage_all"))
    screen.stage.click(position={"x": 5, "y": 5})
    screen.page.keyboard.press(",")
    expect(pressed).to_contain_text(screen.texts("player.cell_stage_hidden"))
    stages.nth(1).click()
    expect(pressed).to_contain_text(screen.texts("player.cell_stage_gates"))
    screen.page.keyboard.press(".")
    expect(pressed).to_contain_text(screen.texts("player.cell_stage_candidate"))


def test_a_node_of_the_graph_takes_the_cursor(screen: Screen) -> None:
    screen.open("unrolled", text="namaska", t=7)
    graph = screen.page.locator(".u-graph")
    box = graph.bounding_box()
    # The first step stands at the left of the row of states, right of the row's name.
    graph.click(position={"x": 165, "y": box["height"] * 0.62})
    screen.at_step(1, 7)
