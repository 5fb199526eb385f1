"""The itemised gradient of the page against autograd, truncation against core, and its words."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from core.gradients import direct_gradient, truncate, weight_gradient_terms
from core.networks import ModelSettings, SequenceModel, Vocabulary
from core.networks.model_file import TextModel
from core.recording import read_text
from explorer.captions import spoken
from explorer.lab.bptt_captions import CAPTIONS, depth_caption, enough, power_of_ten, written
from explorer.lab.bptt_numbers import Itemised, deep_powers, itemise
from explorer.language import LANGUAGES, texts_of

TEXT = "abcadbe"


def random_model(activation: str = "tanh", **settings) -> TextModel:
    torch.manual_seed(1)
    made = SequenceModel(ModelSettings("elman", 5, 4, activation=activation, **settings)).double()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.mul_(1.7)
    return TextModel("random", made, Vocabulary(tuple("abcde")))


def losses(model: TextModel, text: str) -> torch.Tensor:
    """Cross-entropy of what follows at every step, the last for the network's own guess."""
    ids = model.encode(text)
    logits = model.model(ids)[0][:, 0]
    targets = torch.cat((ids[1:, 0], logits[-1].argmax()[None]))
    return functional.cross_entropy(logits, targets, reduction="none")


@pytest.fixture(scope="module")
def model() -> TextModel:
    return random_model()


@pytest.fixture(scope="module")
def numbers(model: TextModel) -> Itemised:
    return itemise(model, TEXT)


def chain(numbers: Itemised, t: int, k: int) -> np.ndarray:
    """A term multiplied up from its parts, as the picture does it."""
    carried = numbers.out[t]
    for step in range(t, k, -1):
        carried = carried @ numbers.jacobian[step]
    return np.outer(carried * numbers.slope[k], numbers.before[k])


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_the_parts_multiply_and_add_up_to_the_gradient_of_autograd(activation: str) -> None:
    model = random_model(activation)
    numbers = itemise(model, TEXT)
    (weight,) = (p for name, p in model.model.named_parameters() if "weight_hh" in name)
    for t, loss in enumerate(losses(model, TEXT)):
        (expected,) = torch.autograd.grad(loss, weight, retain_graph=True)
        terms = [chain(numbers, t, k) for k in range(t + 1)]
        np.testing.assert_allclose(sum(terms), expected.numpy(), atol=1e-8)
        sizes = [np.linalg.norm(term) for term in terms]
        np.testing.assert_allclose(numbers.term[t, : t + 1], sizes, atol=1e-8)
        assert numbers.total[t] == pytest.approx(float(expected.norm()), abs=1e-8)
        assert numbers.loss[t] == pytest.approx(loss.item(), abs=1e-8)
    assert numbers.total.max() > 0.1


def test_the_three_sizes_under_a_chain_multiply_to_the_term(numbers: Itemised) -> None:
    for t in range(numbers.steps):
        for k in range(1, t + 1):
            path = numbers.influence[t, k] / numbers.influence[t, t]
            carried = np.linalg.norm(numbers.out[t]) * path
            outer = chain(numbers, t, k)
            assert numbers.influence[t, k] == pytest.approx(carried, rel=1e-8)
            assert np.linalg.norm(outer) == pytest.approx(numbers.term[t, k], rel=1e-8)


def test_no_loss_looks_forward(numbers: Itemised) -> None:
    assert not np.triu(numbers.influence, 1).any()
    assert not np.triu(numbers.term, 1).any()
    assert (np.tril(numbers.influence) > 0).sum() == numbers.steps * (numbers.steps + 1) / 2


def test_the_errors_are_those_of_core(model: TextModel, numbers: Itemised) -> None:
    trace = read_text(model, TEXT, loss_at=None)

    def loss(outputs: torch.Tensor) -> torch.Tensor:
        logits = model.model.read_out(outputs)[:, 0]
        targets = torch.cat((model.encode(TEXT)[1:, 0], logits[-1].argmax()[None]))
        return functional.cross_entropy(logits, targets, reduction="sum")

    direct = direct_gradient(trace, loss)
    for t in range(numbers.steps):
        terms = weight_gradient_terms(trace, model.model, direct, at=t)
        for window in range(1, t + 2):
            found = truncate(terms, window)
            at = (t, window - 1)
            assert numbers.error[at] == pytest.approx(found.relative_error, abs=1e-9)
            assert numbers.cosine[at] == pytest.approx(found.cosine, abs=1e-9)


def test_a_loss_that_nobody_knows_sends_nothing_back(model: TextModel) -> None:
    numbers = itemise(model, "abZcd")
    assert np.flatnonzero(np.isnan(numbers.loss)).tolist() == [1]
    assert numbers.total[1] == 0
    assert (np.delete(numbers.total, [0, 1]) > 0).all()


def test_a_thousand_layers_are_followed_below_every_number(model: TextModel) -> None:
    few = deep_powers(model, "abca", 24)
    text = "abca" * 6
    outputs = model.model.rnn(model.model.embed(model.encode(text)))[0]
    assert outputs.shape[0] == 24
    trace = read_text(model, text, loss_at="last")
    norms = np.linalg.norm(trace["grad_hidden"].values[0, 0, :, 0], axis=-1)
    np.testing.assert_allclose(few, np.log10(norms), atol=1e-8)
    with torch.no_grad():
        small = random_model()
        for name, parameter in small.model.named_parameters():
            if "weight_hh" in name:
                parameter.mul_(0.1)
    deep = deep_powers(small, "abca", 1000)
    assert np.isfinite(deep).all()
    assert deep[0] < -400  # a float64 ends at -308
    assert (np.diff(deep) > 0).mean() > 0.95


@pytest.mark.parametrize("settings", [{"num_layers": 2}, {"bidirectional": True}])
def test_other_networks_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="Choose an Elman network"):
        itemise(random_model(**settings), TEXT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_captions_say_what_was_measured(numbers: Itemised, language: str) -> None:
    texts = texts_of(language)
    said = {part: spoken(caption(numbers, texts)) for part, caption in CAPTIONS.items()}
    last = numbers.steps - 1
    assert written(numbers.term[last].max()) in said["sum"]
    assert written(numbers.total[last]) in said["copies"]
    few = next(n for n in range(1, last + 2) if (numbers.error[last, n - 1 : last + 1] < 0.1).all())
    assert enough(numbers.error[last], 0.1) == few
    assert str(few) in said["cut"]
    powers = np.linspace(-300.0, 0.0, 1000)
    assert "10⁻³⁰⁰" in spoken(depth_caption(powers, texts))


@pytest.mark.parametrize("text", ["a", "ab", "aaaaaaaaaa"])
@pytest.mark.parametrize("part", CAPTIONS)
def test_short_texts_have_captions_too(model: TextModel, part: str, text: str) -> None:
    for language in LANGUAGES:
        said = spoken(CAPTIONS[part](itemise(model, text), texts_of(language)))
        assert "nan" not in said


def test_how_sizes_are_written() -> None:
    assert [written(size) for size in (0, 0.3149, 0.00774, 12.34, 31234)] == [
        "0",
        "0.315",
        "7.74e-3",
        "12.3",
        "3.12e4",
    ]
    powers = (float("-inf"), -0.5, 1.1, -162.4, 12.0)
    assert [power_of_ten(power) for power in powers] == ["0", "0.32", "13", "10⁻¹⁶²", "10¹²"]
