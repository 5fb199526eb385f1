"""The itemised gradient of the page against autograd, truncation against core, and its words."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional

from core.gradients import direct_gradient, truncate, weight_gradient_terms
from core.gradients.parameter_terms import PARAMETERS
from core.networks import ModelSettings, SequenceModel, Vocabulary
from core.networks.model_file import TextModel
from core.recording import read_text
from explorer.captions import spoken
from explorer.lab import bptt
from explorer.lab.bptt_captions import (
    CAPTIONS,
    depth_caption,
    enough,
    parameter_caption,
    power_of_ten,
    written,
)
from explorer.lab.bptt_numbers import Itemised, deep_powers, itemise
from explorer.lab.bptt_stage import parameter_arrays
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


def weights_of(model: TextModel) -> dict[str, torch.Tensor]:
    """The five parameters by their letters; b is the first of its two halves."""
    rnn, read_out = model.model.rnn, model.model.read_out
    assert read_out is not None
    letters = {"U": rnn.weight_hh_l0, "W": rnn.weight_ih_l0, "b": rnn.bias_ih_l0}
    return letters | {"V": read_out.weight, "b_y": read_out.bias}


@pytest.mark.parametrize("settings", [{}, {"embedding_size": 3}])
@pytest.mark.parametrize("parameter", PARAMETERS)
def test_every_parameter_has_autograds_gradient_of_one_loss_and_of_the_mean(
    parameter: str, settings: dict[str, int]
) -> None:
    model = random_model(**settings)
    numbers = itemise(model, TEXT)
    terms = numbers.parameters[parameter]
    every = losses(model, TEXT)
    for t in (0, 3, len(TEXT) - 1):
        expected = torch.autograd.grad(every[t], weights_of(model)[parameter], retain_graph=True)
        shape = expected[0].shape
        np.testing.assert_allclose(terms.gradients[t].reshape(shape), expected[0], atol=1e-8)
    (mean,) = torch.autograd.grad(every.mean(), weights_of(model)[parameter])
    found = terms.mean_of(numbers.counted)
    np.testing.assert_allclose(found.gradients[0].reshape(mean.shape), mean, atol=1e-8)
    arrays = parameter_arrays(numbers, parameter, mean=True)
    assert arrays["total"] == pytest.approx(float(mean.norm()), rel=1e-5)
    np.testing.assert_allclose(arrays["term"][0], found.sizes[0], rtol=1e-5)


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_what_the_browser_multiplies_up_is_the_term(numbers: Itemised, parameter: str) -> None:
    arrays = parameter_arrays(numbers, parameter, mean=False)
    terms = numbers.parameters[parameter]
    for t, k in ((6, 6), (4, 4), (6, 3)):
        carried = arrays["out"][t].astype(float)
        if t != k and parameter in ("V", "b_y"):
            continue  # the page shows the loss's own step alone
        for step in range(t, k, -1):
            carried = carried @ arrays["jacobian"][step]
        term = np.outer(carried * arrays["slope"][k], arrays["read"][k])
        np.testing.assert_allclose(term, np.outer(terms.back[t, k], terms.read[k]), atol=1e-6)
        assert np.linalg.norm(term) == pytest.approx(arrays["term"][t, k], rel=1e-4)


def test_the_mean_leaves_out_what_has_no_loss(model: TextModel) -> None:
    numbers = itemise(model, "abZcd")
    text, weight = "abZcd", model.model.rnn.weight_hh_l0
    (logits, _), ids = model.model(model.encode(text)), model.encode(text)[:, 0]
    targets = torch.cat((ids[1:], logits[-1].argmax(-1)))
    mean = functional.cross_entropy(logits[:, 0], targets, ignore_index=5)
    (expected,) = torch.autograd.grad(mean, weight)
    found = numbers.parameters["U"].mean_of(numbers.counted).gradients[0]
    np.testing.assert_allclose(found, expected, atol=1e-8)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("parameter", PARAMETERS)
def test_the_captions_of_every_parameter(numbers: Itemised, parameter: str, language: str) -> None:
    texts, last = texts_of(language), numbers.steps - 1
    terms = numbers.parameters[parameter]
    one = spoken(parameter_caption(numbers, parameter, False, texts))
    mean = spoken(parameter_caption(numbers, parameter, True, texts))
    if parameter != "U":
        assert written(float(np.linalg.norm(terms.gradients[last]))) in one
    sizes = terms.mean_of(numbers.counted).sizes[0]
    assert written(sizes.max()) in mean
    for name, each in numbers.parameters.items():
        whole = each.mean_of(numbers.counted).gradients[0]
        assert f"{name} {written(float(np.linalg.norm(whole)))}" in mean


def test_the_page_offers_what_is_itemised() -> None:
    assert bptt.PARAMETERS == PARAMETERS


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
