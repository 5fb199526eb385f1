"""Writing: exact probabilities, fair dice, and the same states as reading the text again."""

from collections import Counter

import pytest
import torch

from core.generation import Filters, write
from core.generation.sampling import draw
from core.networks import ModelSettings, SequenceModel
from core.networks.architecture import Architecture
from core.networks.reader import Ends, Reader
from tests.core.generation.tiny import TOKENS, all_texts, log_probability, tiny

PROMPT = [2, 0, 1]


@pytest.mark.parametrize(
    ("cell", "embedding"),
    [("elman", 0), ("lstm", 3), ("gru", 0), ("gru-original", 0), ("jordan", 0), ("jordan", 2)],
)
def test_carried_states_say_what_reading_it_all_again_says(cell, embedding):
    model = tiny(cell, embedding=embedding)
    written = write(model, PROMPT, 12, Filters(0.9, 3, 0.95), seed=4)
    with torch.no_grad():
        logits, _ = model(written.ids[:, None])
    assert torch.allclose(written.before, logits[:, 0].softmax(-1), atol=1e-12)
    filters = Filters(0.9, 3, 0.95)
    for step, row in enumerate(logits[:, 0]):
        assert torch.allclose(written.after[step], filters(row).after, atol=1e-12)
    assert written.ids[:3].tolist() == PROMPT
    assert len(written.ids) == 15
    assert (written.after[2:-1].gather(1, written.ids[3:, None]) > 0).all()


def test_the_logarithms_add_up_to_the_probability_of_the_text():
    model = tiny("gru")
    written = write(model, PROMPT, 8, seed=1)
    whole = log_probability(model, PROMPT, written.ids[3:].tolist())
    assert written.written_log_probability == pytest.approx(whole, rel=1e-12)


def test_a_reader_network_writes_too():
    torch.manual_seed(0)
    model = Reader(Architecture("gru", 6, embedding_size=4, dropout=0.5), Ends(5, 5))
    assert model.training
    one, two = write(model, [1], 9, seed=2), write(model, [1], 9, seed=2)
    assert torch.equal(one.before, two.before)  # no dropout while it writes
    assert model.training


def test_greedy_takes_the_likeliest_whatever_the_seed():
    model = tiny()
    one = write(model, PROMPT, 10, Filters(temperature=0), seed=1)
    two = write(model, PROMPT, 10, Filters(temperature=0), seed=2)
    assert torch.equal(one.ids, two.ids)
    assert torch.equal(one.ids[3:], one.before[2:-1].argmax(-1))


def test_samples_are_as_frequent_as_they_are_probable():
    """Pearson's chi-square over all texts of two tokens, with a fixed seed for each draw."""
    model, draws = tiny("gru", seed=3), 2000
    seen = Counter(
        tuple(write(model, PROMPT, 2, seed=seed).ids[3:].tolist()) for seed in range(draws)
    )
    expected = {
        text: draws * torch.tensor(log_probability(model, PROMPT, text)).exp().item()
        for text in all_texts(2)
    }
    assert sum(expected.values()) == pytest.approx(draws)
    often = {text for text, count in expected.items() if count >= 5}
    rare = draws - sum(expected[text] for text in often)
    distance = sum((seen[text] - expected[text]) ** 2 / expected[text] for text in often)
    if rare > 0:
        found = sum(count for text, count in seen.items() if text not in often)
        distance += (found - rare) ** 2 / max(rare, 1)
    assert len(often) > 6
    assert distance < 40  # 16 texts at most: the 99.9th percentile at 15 degrees is 37.7


def test_the_die_falls_on_the_tokens_laid_side_by_side():
    p = torch.tensor([0.2, 0.0, 0.5, 0.3], dtype=torch.float64)
    assert [draw(p, die) for die in (0.0, 0.499, 0.5, 0.799, 0.8, 0.9999999)] == [2, 2, 3, 3, 0, 0]
    short = torch.tensor([0.0, 0.6, 0.4 - 1e-12], dtype=torch.float64)
    assert draw(short, 1 - 1e-16) == 2  # never a token that may not be drawn


def test_keeping_what_was_drawn_anyway_changes_nothing():
    model = tiny("gru")
    free = write(model, PROMPT, 12, seed=7)
    kept = write(model, PROMPT, 12, seed=7, kept=free.ids[3:8].tolist())
    assert torch.equal(kept.ids, free.ids)
    assert torch.allclose(kept.before, free.before)
    assert kept.die.isnan().tolist() == [True] * 7 + [False] * 7 + [True]
    assert torch.equal(kept.die[7:-1], free.die[7:-1])


def test_another_token_in_one_place_leaves_what_stands_before_it():
    model = tiny("lstm")
    free = write(model, PROMPT, 10, seed=5)
    other = (int(free.ids[7]) + 1) % TOKENS
    bent = write(model, PROMPT, 10, seed=5, kept=[*free.ids[3:7].tolist(), other])
    assert bent.ids[7] == other
    assert torch.equal(bent.ids[:7], free.ids[:7])
    assert not torch.allclose(bent.before[7], free.before[7])


def test_unknown_tokens_of_a_prompt_are_read_as_nothing():
    written = write(tiny(), [0, TOKENS, 1], 3)
    assert torch.isfinite(written.log_probability).all()
    assert written.log_probability[0] == 0
    assert (written.ids[3:] < TOKENS).all()


def test_nothing_needs_to_be_written():
    written = write(tiny(), PROMPT, 0)
    assert written.ids.tolist() == PROMPT
    assert written.written_log_probability == 0
    assert written.before.shape == (3, TOKENS)


@pytest.mark.parametrize(
    ("prompt", "length", "kept", "message"),
    [([], 3, [], "at least one token"), ([1], 1, [0, 0], "the 2 tokens"), ([1], -1, [], "length")],
)
def test_what_cannot_be_written_is_refused(prompt, length, kept, message):
    with pytest.raises(ValueError, match=message):
        write(tiny(), prompt, length, kept=kept)


def test_a_network_of_two_directions_cannot_write():
    model = SequenceModel(ModelSettings("gru", TOKENS, 4, bidirectional=True))
    with pytest.raises(ValueError, match="both directions"):
        write(model, PROMPT, 2)
