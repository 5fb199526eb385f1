"""Backpropagation through time for every parameter, its mean and its depth, recomputed by autograd
in float64: every step uses a copy of its own of every parameter."""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional

from explorer.captions import spoken
from explorer.lab.bptt_captions import depth_caption, parameter_caption
from explorer.lab.bptt_numbers import deep_powers, itemise
from explorer.language import LANGUAGES, texts_of
from explorer.models import load
from tests.explorer.by_hand import number, random_model

TEXT = "namaskarnamas"
NAMES = ("U", "W", "b", "V", "b_y")
CARD = "namaskar-elman"
every_language = pytest.mark.parametrize("language", LANGUAGES)


class Uses:
    """The losses of reading TEXT, and at every step a copy of every parameter."""

    def __init__(self, text_model) -> None:
        model = text_model.model
        ids = text_model.encode(TEXT)[:, 0]
        x = model.embed(ids[:, None])[:, 0].double().detach()
        w = {name: value.detach().double() for name, value in model.rnn.named_parameters()}
        values = {
            "U": w["weight_hh_l0"],
            "W": w["weight_ih_l0"],
            "b": w["bias_ih_l0"] + w["bias_hh_l0"],
            "V": model.read_out.weight.detach().double(),
            "b_y": model.read_out.bias.detach().double(),
        }
        self.copies = {
            name: [values[name].clone().requires_grad_() for _ in TEXT] for name in NAMES
        }
        h, self.losses = torch.zeros(len(values["U"]), dtype=torch.float64), []
        for step, (U, W, b, V, b_y) in enumerate(zip(*self.copies.values(), strict=True)):
            h = torch.tanh(W @ x[step] + U @ h + b)
            z = V @ h + b_y
            target = ids[step + 1] if step + 1 < len(ids) else z.argmax()
            self.losses.append(functional.cross_entropy(z, target))

    def gradients(self, loss: torch.Tensor, name: str) -> list[np.ndarray]:
        """What each use of one parameter gets from a loss."""
        found = torch.autograd.grad(
            loss, self.copies[name], retain_graph=True, materialize_grads=True
        )
        return [one.numpy() for one in found]


@pytest.fixture(scope="module", params=[None, 2, 3], ids=lambda seed: f"seed-{seed}")
def elman(request):
    text_model = load(CARD) if request.param is None else random_model(CARD, request.param)
    return Uses(text_model), itemise(text_model, TEXT)


def length(values) -> float:
    return math.sqrt(sum(float(value) ** 2 for value in np.ravel(values)))


@every_language
@pytest.mark.parametrize("name", NAMES[1:])
def test_the_last_loss_and_one_parameter(elman, name: str, language: str) -> None:
    uses, numbers = elman
    texts, t = texts_of(language), len(TEXT) - 1
    found = uses.gradients(uses.losses[t], name)
    sizes = [length(one) for one in found]
    values = {"t": f"{t + 1} ({TEXT[t]})", "parameter": name, "total": number(length(sum(found)))}
    if name in ("V", "b_y"):
        assert not any(sizes[:t])  # what stands behind the state is met at its own step alone
        expected = texts("bptt.once_caption", **values)
    else:
        largest = max(range(t + 1), key=sizes.__getitem__)
        key = {0: "back_none", 1: "back_one"}.get(t - largest, "back_many")
        expected = texts(
            "bptt.parameter_caption",
            count=t + 1,
            lengths=number(sum(sizes)),
            largest=number(sizes[largest]),
            back=texts(f"bptt.{key}", number=t - largest),
            **values,
        )
    assert spoken(parameter_caption(numbers, name, False, texts)) == expected


@every_language
def test_the_mean_of_all_losses(elman, language: str) -> None:
    uses, numbers = elman
    texts = texts_of(language)
    mean = sum(uses.losses) / len(uses.losses)
    found = {name: uses.gradients(mean, name) for name in NAMES}
    totals = [f"{name} {number(length(sum(found[name])))}" for name in NAMES]
    for name in NAMES:
        sizes = [length(one) for one in found[name]]
        largest = max(range(len(TEXT)), key=sizes.__getitem__)
        assert spoken(parameter_caption(numbers, name, True, texts)) == texts(
            "bptt.mean_caption",
            losses=len(TEXT),
            loss=number(mean.item()),
            parameter=name,
            largest=f"{largest + 1} ({TEXT[largest]})",
            size=number(sizes[largest]),
            lengths=number(sum(sizes)),
            totals=texts("bptt.comma").join(totals),
        )


def logarithms(text_model, layers: int) -> list[float]:
    """log10 of ||dL_T/dh_k||, k = 1 ... T, by one vector-Jacobian product of autograd a step,
    the gradient kept near 1 by powers of two."""
    model = deepcopy(text_model.model).double()
    ids = text_model.encode((TEXT * layers)[:layers])
    x = model.embed(ids)[:, 0].detach()
    w = dict(model.rnn.named_parameters())

    def step(h: torch.Tensor, one: torch.Tensor) -> torch.Tensor:
        a = w["weight_ih_l0"] @ one + w["bias_ih_l0"]
        return torch.tanh(a + w["weight_hh_l0"] @ h + w["bias_hh_l0"])

    states = [torch.zeros(len(w["weight_hh_l0"]), dtype=torch.float64)]
    with torch.no_grad():
        for one in x:
            states.append(step(states[-1], one))
    h = states[-1].requires_grad_()
    z = model.read_out(h)
    (v,) = torch.autograd.grad(functional.cross_entropy(z, z.argmax()), h)
    doublings, found = 0, []
    for k in range(layers, 0, -1):
        power = math.frexp(float(v.norm()))[1]
        v, doublings = v / 2.0**power, doublings + power
        found.append(math.log10(length(v.detach())) + doublings * math.log10(2))
        h = states[k - 1].detach().requires_grad_()
        (v,) = torch.autograd.grad(step(h, x[k - 1]), h, v.detach())
    return found[::-1]


def power(value: float) -> str:
    if -2 < value < 2:
        return f"{math.exp(value * math.log(10)):.2g}"
    return "10" + f"{value:.0f}".translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


@every_language
@pytest.mark.parametrize(("shrunk", "layers"), [(None, 1000), (0.3, 400), (0.6, 31)])
def test_how_deep_the_gradient_goes(shrunk: float | None, layers: int, language: str) -> None:
    texts, text_model = texts_of(language), load(CARD)
    if shrunk:  # random, and not chaotic: rounding must not decide where it goes
        text_model = replace(random_model(CARD, 5), name="random")
        with torch.no_grad():
            text_model.model.rnn.weight_hh_l0 *= shrunk
    found = logarithms(text_model, layers)
    middle = layers // 2
    assert spoken(depth_caption(deep_powers(text_model, TEXT, layers), texts)) == texts(
        "bptt.depth_caption",
        layers=layers,
        half=layers - 1 - middle,
        middle=power(found[middle] - found[-1]),
        first=power(found[0] - found[-1]),
    )
