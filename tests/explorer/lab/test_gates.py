"""What the page on gates computes: it adds up, agrees with core, and shows what gates do."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core import Trace
from core.gradients import intervene, memory_ledger
from explorer.captions import spoken
from explorer.lab.gates_change import ALL, Change, _parsed
from explorer.lab.gates_evidence import GAPS, HELD, evidence_of
from explorer.lab.gates_hold import after_of, describe, hold_caption, memory_gradient
from explorer.lab.gates_lasting import half_of, lasting_of
from explorer.lab.gates_ledger import account_arrays, held_at_end, ledger_caption
from explorer.lab.gates_network import is_gated, loss_of, network_of, paths_of, shares, targets_of
from explorer.lab.gates_paths import addition_error, kept_since, paths_caption
from explorer.lab.gates_reset import strength
from explorer.lab.gates_words import little, signed_share, words_of
from explorer.language import LANGUAGES, texts_of
from explorer.models import read, shipped
from explorer.sidebar import Choice

GATED = ("namaskar-lstm", "namaskar-gru", "grammar-deep-lstm", "chinese-gru")
TEXT = {"namaskar": "namaskarnama", "grammar": "The cats (near one", "chinese": "小明在看书。小猫"}


def reading(card_id: str, loss_at: str = "last", text: str = "") -> tuple[Choice, Trace]:
    card = shipped()[card_id]
    text = text or TEXT[card.corpus]
    return Choice(card, text, loss_at), read(card_id, text, loss_at)


def under(choice: Choice, before: Trace, change: Change) -> Trace:
    return after_of(choice.card.id, choice.text, choice.loss_at, change, choice, before)


def hold(gate: str, value: float, steps: int, layer: int = 0) -> Change:
    return Change("hold", gate, value, -1, (0, steps - 1), layer)


@pytest.mark.parametrize("card_id", GATED)
def test_what_the_browser_is_given_makes_the_same_ledger(card_id: str) -> None:
    _, trace = reading(card_id)
    given = account_arrays(trace)
    ledger = memory_ledger(trace)
    left = np.zeros_like(ledger["left"].values[:, :, 0, :, 0])
    memory = given["initial_start"].astype(float)
    for t in range(trace.data.sizes["time"]):
        keep, written = given["keep"][:, :, t], given["written"][:, :, t]
        left *= keep[:, :, None]
        left[:, :, t] = written
        memory = keep * memory + written
        np.testing.assert_allclose(left, ledger["left"].values[:, :, t, :, 0], atol=1e-6)
    np.testing.assert_allclose(memory, trace[ledger.attrs["state"]].values[:, :, -1, 0], atol=1e-5)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("card_id", GATED)
def test_the_ledgers_caption_names_the_largest_word(card_id: str, language: str) -> None:
    _, trace = reading(card_id)
    held = held_at_end(trace)
    assert held.sum() == pytest.approx(1)
    groups, words = words_of(trace.tokens)
    largest = words[int(np.bincount(groups, weights=held).argmax())]
    said = spoken(ledger_caption(trace, texts_of(language)))
    assert said.index(largest) < said.index("%")


@pytest.mark.parametrize("loss_at", ["last", "every"])
@pytest.mark.parametrize("card_id", GATED)
def test_the_paths_add_up_to_the_recorded_gradient(card_id: str, loss_at: str) -> None:
    choice, trace = reading(card_id, loss_at)
    paths = paths_of(choice.card.id, choice.text, loss_at, choice, trace)
    assert addition_error(trace, paths) < 1e-5
    found = shares(paths)[-1, 0]
    np.testing.assert_allclose(np.abs(found).sum(-1), 1)
    assert (found.sum(-1) > 0).all()  # what is left points the way of the whole
    if loss_at == "last":  # nothing but the highway can have been taken yet
        np.testing.assert_allclose(found[-1], np.eye(found.shape[-1])[0], atol=1e-12)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_part_that_cancels_is_told_with_its_sign(language: str) -> None:
    """In the shipped LSTM the largest part at the first step works against the others."""
    texts = texts_of(language)
    choice, trace = reading("grammar-lstm", text=shipped()["grammar-lstm"].examples[0])
    paths = paths_of(choice.card.id, choice.text, "last", choice, trace)
    first = paths.isel(layer=-1, direction=0, time=0)
    parts = first.values.astype(float)  # (path, unit)
    along = parts @ parts.sum(0)
    shares_of_all = along / np.abs(along).sum()
    largest = int(np.abs(along).argmax())
    assert str(first["path"].values[largest]) == "candidate"
    assert shares_of_all[largest] == pytest.approx(-0.47, abs=0.005)
    said = spoken(paths_caption(trace, paths, texts))
    assert "−47%" in said
    assert texts("gates.paths_cancels") in said
    choice, trace = reading("namaskar-lstm")
    paths = paths_of(choice.card.id, choice.text, "last", choice, trace)
    assert texts("gates.paths_adds") in spoken(paths_caption(trace, paths, texts))


def test_shares_have_signs() -> None:
    shown = [signed_share(share) for share in (0.47, -0.47, 0.0, -1e-40, 1e-40)]
    assert shown == ["47%", "−47%", "0%", "<0.001%", "<0.001%"]


def test_an_unknown_character_is_no_target() -> None:
    choice, trace = reading("namaskar-lstm", "every", "namßaska")
    paths = paths_of(choice.card.id, choice.text, "every", choice, trace)
    assert addition_error(trace, paths) < 1e-5


def test_what_the_gates_kept_is_their_product() -> None:
    _, trace = reading("namaskar-lstm")
    gates = trace["forget_gate"].values[-1, 0, :, 0].astype(float)
    np.testing.assert_allclose(kept_since(trace, 8), gates[9] * gates[10] * gates[11])
    np.testing.assert_array_equal(kept_since(trace, 11), np.ones(12))


@pytest.mark.parametrize(
    ("card_id", "change"),
    [
        ("namaskar-lstm", Change("hold", "forget_gate", 0.9, -1, (0, 11), 0)),
        ("namaskar-gru", Change("hold", "reset_gate", 0.0, 3, (0, 11), 0)),
        ("namaskar-lstm", Change("hold", "input_gate", 0.2, 4, (2, 5), 0)),
        ("namaskar-lstm", Change("silence", "hidden", 0.0, 2, (0, 11), 0)),
        ("namaskar-lstm", Change("patch", "cell", -0.5, -1, (6, 6), 0)),
        ("grammar-deep-lstm", Change("hold", "output_gate", 0.5, -1, (0, 17), 0)),
    ],
)
def test_the_network_under_a_change_is_that_of_core(card_id: str, change: Change) -> None:
    choice, before = reading(card_id)
    after = under(choice, before, change)
    model = network_of(choice.card)
    targets = targets_of(model, before, choice.text)
    expected = intervene(
        model.model,
        model.encode(choice.text),
        change.intervention(len(choice.text)),
        loss=lambda output: loss_of(output[0], targets, "last"),
    ).after
    probability = torch.softmax(expected.output[0], dim=-1)[:, 0].detach().numpy()
    np.testing.assert_allclose(after["prediction"].values[:, 0], probability, atol=1e-5)
    for signal in ("hidden", "grad_hidden"):
        largest = np.abs(expected.trace[signal].values).max()
        np.testing.assert_allclose(
            after[signal].values, expected.trace[signal].values, atol=1e-4 * largest
        )
    assert np.abs(after["hidden"].values - before["hidden"].values).max() > 1e-3


@pytest.mark.parametrize("card_id", ["namaskar-lstm", "grammar-lstm", "chinese-lstm"])
def test_holding_the_forget_gates_open_makes_the_gradient_survive(card_id: str) -> None:
    choice, before = reading(card_id, text=shipped()[card_id].examples[0])
    steps = len(choice.text)
    reach = []
    for trace in (
        under(choice, before, hold("forget_gate", 0.0, steps)),
        before,
        under(choice, before, hold("forget_gate", 1.0, steps)),
    ):
        norms = memory_gradient(trace)
        reach.append(norms[0] / norms[-1])
    closed, trained, held_open = reach
    assert trained < 0.05 < 0.3 < held_open
    assert closed < held_open / 3


def test_a_gradient_that_survives_is_not_a_network_that_predicts() -> None:
    choice, before = reading("grammar-lstm", text=shipped()["grammar-lstm"].examples[0])
    after = under(choice, before, hold("forget_gate", 1.0, len(choice.text)))
    guesses = [trace["prediction"].values[:, 0].argmax(-1) for trace in (before, after)]
    assert (guesses[0] != guesses[1]).mean() > 0.5


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_caption_says_what_was_done(language: str) -> None:
    texts = texts_of(language)
    choice, before = reading("namaskar-lstm")
    changes = (
        hold("forget_gate", 1.0, 12),
        Change("silence", "hidden", 0.0, 2, (0, 11), 0),
        Change("patch", "cell", -0.5, -1, (6, 6), 0),
    )
    for change in changes:
        said = spoken(hold_caption(before, under(choice, before, change), change, texts))
        assert describe(change, texts) in said
    assert "−0.5" in describe(changes[2], texts)
    assert "7" in describe(changes[2], texts)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        *[("3-7", (3, 7)), ("7-3", (3, 7)), ("5", (5, 5)), ("9" * 40, (9, 9)), ("0-99", (1, 9))],
        *[(told, (1, 9)) for told in (ALL, "", "1-2-3", "²-3", "-4")],
    ],
)
def test_steps_in_the_address_are_read_or_ignored(told: str, found: tuple[int, int]) -> None:
    assert _parsed(told, 9) == found


@pytest.mark.parametrize("card_id", ["namaskar-lstm", "namaskar-gru"])
def test_a_disturbance_starts_whole_and_the_gates_part_is_their_product(card_id: str) -> None:
    choice, trace = reading(card_id)
    found = lasting_of(card_id, choice.text, 4, choice, trace)
    gate = "forget_gate" if "lstm" in card_id else "update_gate"
    np.testing.assert_allclose(found.own[0], 1)
    assert found.own.shape == found.whole.shape == found.kept.shape == (8, 12)
    np.testing.assert_allclose(found.kept[1], trace[gate].values[-1, 0, 5, 0], rtol=1e-6)
    assert (found.whole >= np.abs(found.own) - 1e-12).all()


@pytest.mark.parametrize(
    ("left", "half"),
    [([1, 0.5, 0.2], 1), ([1, 0.9, 0.8], np.inf), ([1, 0.8, 0], 2), ([1, 0.25], 0.5)],
)
def test_the_gap_at_which_half_is_left(left: list[float], half: float) -> None:
    assert half_of(np.array(left)) == pytest.approx(half)


def test_the_evidence_is_measured_on_a_trained_gru() -> None:
    card = shipped()["grammar-gru"]
    found = evidence_of(card.id, card.examples[0], card)
    assert found.update.shape == found.reset.shape == found.reach.shape == (64,)
    assert ((found.update > 0) & (found.update < 1) & (found.reset > 0)).all()
    assert ((found.reach >= 1) & (found.reach <= GAPS)).all()
    assert set(found.left) == set(HELD)
    # what the lesson says: opening the resets lengthens the memory, shutting them ends it
    assert found.left["open"][-1] > 2
    assert found.left["blind"][-1] < found.left["copy"][-1] < 0.05
    # z = 0 shuts the copy and opens the write at once, and hides what the copy alone does
    assert found.left["both"][-1] > 5 * found.left["copy"][-1]
    assert found.left["write"][-1] > 5


def test_how_strongly_the_claim_holds_is_said_by_the_numbers() -> None:
    card = shipped()["namaskar-gru"]
    found = evidence_of(card.id, "namaskarnamaskar", card)
    texts = texts_of("en")
    cases = ((0.9, 1e-6, "clear"), (0.3, 0.01, "weak"), (0.3, 0.2, "none"), (-0.6, 1e-3, "against"))
    for rank, p, key in cases:
        said = strength(found._replace(rank_update=rank, p_update=p), texts)
        assert said == texts(f"gates.strength_{key}")


def test_letters_are_gathered_into_words() -> None:
    groups, words = words_of("The cats (near) one")
    assert words == ["The", "cats", "(", "near", ")", "␣", "one"]
    assert groups == [0] * 4 + [1] * 5 + [2] + [3] * 4 + [4, 5] + [6] * 3
    chinese = "小猫叫了九声：喵喵。"
    groups, words = words_of(chinese)
    assert "".join(words) == chinese
    assert "小猫" in words
    assert [groups.count(number) for number in range(len(words))] == list(map(len, words))


def test_a_single_word_is_taken_letter_by_letter() -> None:
    assert words_of("nam") == ([0, 1, 2], ["n", "a", "m"])
    assert words_of(["ab", "c", "ab"]) == ([0, 1, 2], ["ab", "c", "ab"])


def test_next_to_nothing_is_said_to_be_small() -> None:
    assert [little(0.25), little(2e-122), little(0.0)] == ["25%", "<0.001%", "0%"]


def test_a_plain_network_has_no_gated_memory() -> None:
    assert not is_gated(reading("namaskar-elman")[1])
    assert is_gated(reading("namaskar-gru")[1])
