"""The itemised sum, its chains, the map, the copies and the cut, as a reader moves through them."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Locator, expect

from core.networks.model_file import load_model
from core.training.shelf import find_shipped
from explorer.lab.bptt import PARAMETERS, PARTS
from explorer.lab.bptt_numbers import Itemised, itemise
from explorer.language import LANGUAGES
from tests.browser.conftest import SIZE, NewScreen
from tests.browser.screen import Screen

pytestmark = pytest.mark.browser

TEXT = "namaska"


@pytest.fixture(scope="module")
def numbers() -> Itemised:
    return itemise(load_model(find_shipped("namaskar-elman").path), TEXT)


def open_part(screen: Screen, part: str, lang: str = "en", **address: str | int) -> Screen:
    screen.language = lang
    query = {"lang": lang, "bptt_part": part, "bptt_text": TEXT} | address
    screen.page.goto(f"{screen.url}/bptt?{urlencode(query)}")
    expect(screen.position).not_to_be_empty(timeout=60_000)
    return screen.settle()


def slide(screen: Screen, name: str, value: int) -> None:
    screen.stage.locator(f"[data-focus='{name}']").fill(str(value))


def number(locator: Locator) -> float:
    """The last number in what is written there."""
    return float(re.findall(r"\d+(?:\.\d+)?(?:e-?\d+)?", locator.text_content() or "")[-1])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_fits_on_the_screen(new_screen: NewScreen, lang: str) -> None:
    screen = new_screen()
    for part in PARTS:
        box = open_part(screen, part, lang).stage.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= SIZE["height"], part
        assert box["x"] + box["width"] <= SIZE["width"], part
        for picture in screen.stage.locator(".u-host").all():
            hidden = picture.evaluate("node => node.scrollHeight - node.clientHeight")
            assert hidden <= 1, part


def test_a_term_is_opened_into_its_chain(screen: Screen, numbers: Itemised) -> None:
    open_part(screen, "sum")
    sizes = screen.stage.locator(".bptt-size")
    for t, k in ((6, 4), (6, 1), (3, 3), (4, 2)):
        slide(screen, "bptt-loss", t)
        body = screen.stage.locator(".u-terms .bptt-body")
        box = body.bounding_box()
        assert box is not None
        width = box["width"] - 46 - 8
        body.click(position={"x": 46 + (k + 0.5) * width / 7, "y": box["height"] / 2})
        expect(screen.position).to_have_text(screen.texts("bptt.position", t=k + 1, steps=7))
        expected = numbers.term[t, k]
        shown = [number(size) for size in sizes.all()]
        assert shown[3] == pytest.approx(expected, rel=6e-3)
        assert shown[0] * shown[1] * shown[2] == pytest.approx(expected, rel=2e-2)
        # the matrix that the browser multiplied up is as large as what the server measured
        assert float(sizes.nth(3).get_attribute("data-drawn") or "nan") == shown[3]
        assert number(screen.stage.locator(".bptt-live")) == pytest.approx(
            numbers.total[t], rel=6e-3
        )


def test_the_bars_are_the_terms_of_the_chosen_loss(screen: Screen, numbers: Itemised) -> None:
    open_part(screen, "sum", unit=4, t=2)
    written = screen.stage.locator(".bptt-number")
    expect(written).to_have_count(5)
    found = [number(one) for one in written.all()]
    assert found == pytest.approx(numbers.term[4, :5], rel=6e-2)
    slide(screen, "bptt-loss", 6)
    expect(written).to_have_count(7)
    screen.expect_address(unit="6", t="2")


def test_the_map_is_linked_with_the_text(screen: Screen, numbers: Itemised) -> None:
    open_part(screen, "map")
    line = screen.stage.locator(".influence-line")
    canvas = screen.stage.locator(".u-influence canvas")
    before = canvas.evaluate("c => c.toDataURL()")
    box = canvas.bounding_box()
    assert box is not None
    # the cells are squares below the text, in the middle of the picture
    side = min((box["width"] - 340) / 7, (box["height"] - 76) / 7, 62)
    left = max((box["width"] - side * 7 - 40) / 2, 170)

    def place(t: int, k: int) -> dict[str, float]:
        return {"x": left + (k + 0.5) * side, "y": 36 + (t + 0.5) * side}

    canvas.hover(position=place(5, 2))
    share = numbers.influence[5, 2] / numbers.influence[5, 5]
    expect(line).to_contain_text("t = 6")
    expect(line).to_contain_text(f"{100 * share:.2g}")
    assert canvas.evaluate("c => c.toDataURL()") != before
    expect(screen.position).to_have_text(screen.texts("bptt.position", t=5, steps=7))
    canvas.click(position=place(5, 2))
    expect(screen.position).to_have_text(screen.texts("bptt.position", t=3, steps=7))
    screen.expect_address(t="3", unit="5")
    canvas.hover(position=place(1, 4))
    no_road = screen.texts("player.influence_never").split(":")[1].strip()
    expect(line).to_contain_text(no_road)


def test_the_cut_says_what_it_costs(screen: Screen, numbers: Itemised) -> None:
    open_part(screen, "cut")
    line = screen.stage.locator(".u-cut .bptt-line")
    for kept in (1, 2, 4):
        slide(screen, "bptt-window", kept - 1)
        expect(line).to_contain_text(f"{kept} of 7")
        expect(line).to_contain_text(f"{numbers.cosine[6, kept - 1]:.3f}")
        shown = re.findall(r"([\d.]+)%", line.inner_text())[0]
        assert float(shown) == pytest.approx(100 * numbers.error[6, kept - 1], rel=0.05)
        expect(screen.stage.locator(".cut-box.cut-kept")).to_have_count(kept)
        expect(screen.stage.locator(".cut-scissors")).to_have_count(1)
    screen.expect_address(bptt_window="4")
    slide(screen, "bptt-window", 6)
    expect(screen.stage.locator(".cut-scissors")).to_have_count(0)


def test_the_cursor_stays_from_part_to_part_and_nothing_is_asked_while_it_moves(
    screen: Screen,
) -> None:
    open_part(screen, "sum", unit=5, t=3)
    screen.page.get_by_role("radio", name=screen.texts("bptt.part_copies")).click()
    copies = screen.stage.locator(".copies-copy")
    expect(copies).to_have_count(6)
    expect(copies.nth(2)).to_have_attribute("aria-pressed", "true")
    screen.settle()
    copies.nth(4).click()
    screen.page.get_by_role("radio", name=screen.texts("bptt.part_cut")).click()
    expect(screen.stage.locator(".cut-box")).to_have_count(7)
    expect(screen.position).to_have_text(screen.texts("bptt.position", t=5, steps=7))
    expect(screen.stage.locator(".bptt-chosen").first).to_contain_text("t = 6")


def test_a_thousand_layers_backward(screen: Screen) -> None:
    open_part(screen, "depth")
    line = screen.stage.locator(".depth-deep .bptt-line")
    expect(line).to_contain_text("499")
    screen.scrubber.fill("0")
    expect(line).to_contain_text("999")
    expect(line).to_contain_text("10⁻")
    screen.scrubber.fill("999")
    expect(line).to_contain_text("1.00")


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_every_parameter_is_multiplied_up_in_the_browser(
    screen: Screen, numbers: Itemised, parameter: str
) -> None:
    open_part(screen, "sum", bptt_of=parameter, unit=5, t=4)
    terms = numbers.parameters[parameter]
    k = 5 if parameter in ("V", "b_y") else 3
    size = screen.stage.locator(".bptt-size").nth(3)
    assert number(size) == pytest.approx(terms.sizes[5, k], rel=6e-3)
    assert float(size.get_attribute("data-drawn") or "nan") == number(size)
    live = screen.stage.locator(".bptt-live")
    expect(live).to_contain_text(f"∂{parameter}‖")
    screen.page.get_by_role("radio", name=screen.texts("bptt.loss_mean")).click()
    expect(screen.stage.locator(".bptt-chain")).to_have_count(0)
    mean = terms.mean_of(numbers.counted)
    expect(screen.stage.locator(".bptt-number")).to_have_count(7)
    assert number(screen.stage.locator(".bptt-live")) == pytest.approx(
        float((mean.gradients**2).sum() ** 0.5), rel=6e-3
    )
