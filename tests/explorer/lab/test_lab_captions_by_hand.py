"""Captions of the gradient lab against autograd in float64 and loops written out here."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import linalg
from torch.nn import functional

from explorer.captions import spoken
from explorer.lab.bptt_captions import CAPTIONS
from explorer.lab.bptt_numbers import itemise
from explorer.lab.vanishing_frames import frames_of
from explorer.lab.vanishing_network import Drawn, network_of
from explorer.lab.vanishing_progress import _always, _sentence
from explorer.lab.vanishing_ripple import left_over, ripple_sentences
from explorer.lab.vanishing_training import look_at
from explorer.lab.vanishing_words import activation_sentences, radius_sentences
from explorer.language import LANGUAGES, texts_of
from explorer.models import load
from tests.explorer.by_hand import number, percent_of, random_model

TEXT = "namaskarnamas"
every_language = pytest.mark.parametrize("language", LANGUAGES)
PHI = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "elu": functional.elu,
    "identity": lambda a: a,
}


# Backpropagation through time


class Terms:
    """Every loss's gradient for every step's own copy of U and for every state, by autograd."""

    def __init__(self, text_model) -> None:
        model = text_model.model
        ids = text_model.encode(TEXT)[:, 0]
        x = model.embed(ids[:, None])[:, 0].double()
        w = {name: value.detach().double() for name, value in model.rnn.named_parameters()}
        copies = [w["weight_hh_l0"].clone().requires_grad_() for _ in TEXT]
        h, states, losses = torch.zeros(len(w["weight_hh_l0"]), dtype=torch.float64), [], []
        bias = w["bias_ih_l0"] + w["bias_hh_l0"]
        for step, U in enumerate(copies):
            h = torch.tanh(w["weight_ih_l0"] @ x[step] + U @ h + bias)
            states.append(h)
            logits = model.read_out.weight.double() @ h + model.read_out.bias.double()
            target = ids[step + 1] if step + 1 < len(ids) else logits.argmax()
            losses.append(functional.cross_entropy(logits, target))
        count = len(TEXT)
        self.influence = np.zeros((count, count))
        self.gradients = []
        for t, loss in enumerate(losses):
            found = torch.autograd.grad(
                loss, [*states, *copies], retain_graph=True, allow_unused=True
            )
            for k, gradient in enumerate(found[: t + 1]):
                self.influence[t, k] = float(gradient.norm())
            self.gradients.append([gradient.numpy() for gradient in found[count : count + t + 1]])

    def sizes(self, t: int) -> list[float]:
        return [float(np.sqrt((one**2).sum())) for one in self.gradients[t]]


@pytest.fixture(scope="module", params=[None, 2, 3], ids=lambda seed: f"seed-{seed}")
def elman(request):
    card = "namaskar-elman"
    return load(card) if request.param is None else random_model(card, request.param)


@every_language
def test_the_sums_and_cuts_of_the_last_loss(elman, language: str) -> None:
    texts, terms, numbers = texts_of(language), Terms(elman), itemise(elman, TEXT)
    t = len(TEXT) - 1
    sizes, whole = terms.sizes(t), np.sum(terms.gradients[t], axis=0)
    total = np.linalg.norm(whole)
    missing = []  # with the nearest 1, 2, ... copies
    for window in range(1, t + 2):
        kept = np.sum(terms.gradients[t][t + 1 - window :], axis=0)
        missing.append(np.linalg.norm(whole - kept) / total)

    def copies(bound: float) -> int:
        return next(n for n in range(1, t + 2) if all(error < bound for error in missing[n - 1 :]))

    def back(steps: int) -> str:
        key = {0: "back_none", 1: "back_one"}.get(steps, "back_many")
        return texts(f"bptt.{key}", number=steps)

    name = f"{t + 1} ({TEXT[t]})"
    largest = max(range(t + 1), key=sizes.__getitem__)
    expected = {
        "sum": texts(
            "bptt.sum_caption",
            t=name,
            count=t + 1,
            largest=number(sizes[largest]),
            back=back(t - largest),
            few=copies(0.1),
        )
        + texts("bptt.sum_literal", share=percent_of(sizes[t] / total)),
        "copies": texts(
            "bptt.copies_caption",
            t=name,
            count=t + 1,
            lengths=number(sum(sizes)),
            sum=number(total),
            mean=number(total / (t + 1)),
        ),
        "cut": texts(
            "bptt.cut_caption",
            t=name,
            ten=copies(0.1),
            one=copies(0.01),
            alone=percent_of(missing[0]),
        ),
    }
    for part, said in expected.items():
        assert spoken(CAPTIONS[part](numbers, texts)) == said


@every_language
def test_who_depends_on_whom(elman, language: str) -> None:
    texts, influence = texts_of(language), Terms(elman).influence
    shares = influence / np.diag(influence)[:, None]
    apart = {gap: [shares[t, t - gap] for t in range(gap, len(TEXT))] for gap in range(len(TEXT))}
    t, k = max(((t, k) for t in range(len(TEXT)) for k in range(t - 1)), key=lambda at: shares[at])
    assert spoken(CAPTIONS["map"](itemise(elman, TEXT), texts)) == texts(
        "bptt.map_caption",
        one=percent_of(float(np.median(apart[1]))),
        five=percent_of(float(np.median(apart[5]))),
        most=f"{t + 1} ({TEXT[t]})",
        share=percent_of(float(shares[t, k])),
        back=texts("bptt.back_many", number=t - k),
    )


# Vanishing and exploding

DRAWN = [
    Drawn(kind=kind, activation=activation, seed=seed)
    for kind, activation, seed in (
        ("gaussian", "tanh", 1),
        ("gaussian", "identity", 3),
        ("non-normal", "relu", 2),
        ("orthogonal", "elu", 5),
        ("normal", "sigmoid", 4),
    )
]


def run(source: Drawn, radius: float) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Pre-activations, slopes (T, n), and every step's Jacobian by autograd."""
    network = network_of(source)
    U, phi = radius * network.recurrent, PHI[source.activation]
    h, before, slopes, jacobians = network.start, [], [], []
    for x in network.drive:
        a = (U @ h + x).detach().requires_grad_()
        (slope,) = torch.autograd.grad(phi(a).sum(), a)
        jacobians.append(torch.autograd.functional.jacobian(lambda s, x=x: phi(U @ s + x), h))
        before.append(a.detach().numpy())
        slopes.append(slope.numpy())
        h = phi(a).detach()
    return np.array(before), np.array(slopes), [one.numpy() for one in jacobians]


def directions(units: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The random direction of the loss and the first ones of the exponents, of the same seed."""
    generator = torch.Generator().manual_seed(0)
    loss = torch.randn(units, generator=generator, dtype=torch.float64).numpy()
    first = torch.randn(units, count, generator=generator, dtype=torch.float64).numpy()
    return loss / np.linalg.norm(loss), first


def factor(source: Drawn, jacobians: list[np.ndarray]) -> tuple[float, float] | None:
    """The factor a step and r², by the normal equations of a straight line."""
    v = directions(source.units, 1)[0]
    sizes = []
    for jacobian in [None, *reversed(jacobians[1:])]:
        v = v if jacobian is None else v @ jacobian
        sizes.append(np.linalg.norm(v))
    skip = min(5, len(sizes) // 4)
    logs = np.log(sizes[skip:])
    gap = np.arange(len(logs)) - np.mean(np.arange(len(logs)))
    slope = (gap @ logs) / (gap @ gap)
    left = logs - logs.mean() - slope * gap
    return math.exp(slope), 1 - left.var() / logs.var()


def exponents(jacobians: list[np.ndarray], first: np.ndarray, skip: int) -> list[float]:
    """Growth of orthogonal directions, by Gram and Schmidt's own procedure."""
    vectors = list(first.T)
    growth = np.zeros(len(vectors))
    for step, jacobian in enumerate([None, *jacobians]):
        vectors = vectors if jacobian is None else [jacobian @ one for one in vectors]
        for place, one in enumerate(vectors):
            for other in vectors[:place]:
                one = one - (other @ one) * other
            size = np.linalg.norm(one)
            vectors[place] = one / size
            if step > skip:
                growth[place] += np.log(size)
    return sorted(growth / (len(jacobians) - skip), reverse=True)


def signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{abs(value):.2f}"


@every_language
@pytest.mark.parametrize("source", DRAWN, ids=lambda one: f"{one.kind}-{one.activation}")
def test_what_the_spectral_radius_does(source: Drawn, language: str) -> None:
    texts, frames = texts_of(language), frames_of(source)
    said = [spoken(one) for one in radius_sentences(frames, texts)]
    also = [spoken(one) for one in activation_sentences(frames, texts)]
    for radius in (0.8, 1.2):
        at = int(np.abs(frames.radii - radius).argmin())
        _, slopes, jacobians = run(source, float(frames.radii[at]))
        measured, fit = factor(source, jacobians)
        first = directions(source.units, frames.sweep.lyapunov.shape[1])[1]
        found = exponents(jacobians, first, min(10, len(slopes) // 3))
        U = radius * network_of(source).recurrent.numpy()
        assert said[at].startswith(
            texts(
                "vanishing.verdict",
                radius=f"{radius:.2f}",
                outside=int((np.abs(np.linalg.eigvals(U)) > 1 + 1e-12).sum()),
                units=source.units,
                predicted=f"{radius:.2f}",
                measured=f"{measured:.2f}",
                fit=f"{fit:.2f}",
                exponents=", ".join(map(signed, found)),
                growth=f"{math.exp(found[0]):.2f}",
            )
        )
        top = 0.25 if source.activation == "sigmoid" else 1.0
        flat = float((slopes < top / 10).mean())
        assert also[at] == texts(
            "vanishing.activation_caption",
            radius=f"{radius:.2f}",
            flat=percent_of(flat),
            count=f"{flat * source.units:.1f}",
            units=source.units,
            slope=f"{slopes.mean():.2f}",
            product=f"{slopes.mean() * radius:.2f}",
            measured=f"{measured:.2f}",
        ) + texts(f"vanishing.about_{source.activation}")


@every_language
@pytest.mark.parametrize("source", DRAWN[:3], ids=lambda one: f"{one.kind}-{one.activation}")
def test_what_is_left_of_a_disturbance(source: Drawn, language: str) -> None:
    """One state moved at one step, and both runs read on to the end."""
    texts, radius, size = texts_of(language), 0.9, 1e-3
    network, phi = network_of(source), PHI[source.activation]
    U = radius * network.recurrent
    generator = torch.Generator().manual_seed(0)
    aside = torch.randn(source.units, generator=generator, dtype=torch.float64)
    aside = size * aside / aside.norm()
    kept, alone = left_over(network, radius, size)
    sentences = ripple_sentences(kept, alone, radius, texts)
    last = len(network.drive) - 1

    def ends(k: int, silent: bool) -> float:
        h = network.start
        moved = None
        for t, x in enumerate(network.drive):
            reads = network.silence if silent and t > k else x
            h = phi(U @ h + reads)
            moved = None if moved is None else phi(U @ moved + reads)
            if t == k:
                moved = h + aside
        return float((moved - h).norm()) / size

    for k in (0, last // 2):
        said = spoken(sentences[k])
        for silent in (False, True):
            assert written(ends(k, silent)) in said.replace("\u00a0", " ")


def looked_at(text_model, text: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """U, the states, every step's Jacobian and the gradients' sizes of the last loss."""
    model = text_model.model
    ids = text_model.encode(text)
    x = model.embed(ids)[:, 0].detach().double()
    w = {name: value.detach().double() for name, value in model.rnn.named_parameters()}
    U, bias = w["weight_hh_l0"], w["bias_ih_l0"] + w["bias_hh_l0"]
    h, states, jacobians = torch.zeros(len(U), dtype=torch.float64, requires_grad=True), [], []
    for one in x:

        def step(s: torch.Tensor, one: torch.Tensor = one) -> torch.Tensor:
            return torch.tanh(w["weight_ih_l0"] @ one + U @ s + bias)

        jacobians.append(torch.autograd.functional.jacobian(step, h.detach()).numpy())
        h = step(h)
        states.append(h)
    z = model.read_out.weight.double() @ h + model.read_out.bias.double()
    gradients = torch.autograd.grad(functional.cross_entropy(z, z.argmax()), states)
    sizes = np.array([float(one.norm()) for one in gradients])
    return U.numpy(), torch.stack(states).detach().numpy(), np.array(jacobians), sizes


@every_language
def test_what_a_training_does_to_the_eigenvalues(elman, language: str) -> None:
    texts, text = texts_of(language), "namaskar" * 4
    U, states, jacobians, sizes = looked_at(elman, text)
    eigenvalues = np.abs(np.diag(linalg.schur(U, output="complex")[0]))
    logs = np.log(sizes[::-1][min(5, len(sizes) // 4) :])
    measured = math.exp(np.polyfit(np.arange(len(logs)), logs, 1)[0])
    first = torch.randn(len(U), 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    growth = max(exponents(jacobians, first.numpy(), min(10, len(text) // 3)))
    expected = texts(
        "vanishing.training_caption",
        updates="1,200",
        loss="0.123",
        radius=f"{eigenvalues.max():.2f}",
        outside=int((eigenvalues > 1).sum()),
        units=len(U),
        measured=f"{measured:.2f}",
        exponent=signed(growth),
        slope=f"{np.mean(1 - states**2):.2f}",
    )
    if eigenvalues.max() > 1 > measured:
        expected += texts("vanishing.training_saturated")
    look = look_at(elman, text, 1200, 0.1234)
    assert spoken(_sentence(look, texts)) == expected


@every_language
def test_when_a_training_crosses_the_unit_circle(language: str) -> None:
    texts, looks, radii = texts_of(language), [], []
    for updates, scale in enumerate((0.2, 0.9, 1.4, 0.7)):
        network = random_model("namaskar-elman", 4)
        U = network.model.rnn.weight_hh_l0
        with torch.no_grad():
            U *= scale / max(
                np.abs(linalg.schur(U.double().numpy(), output="complex")[0].diagonal())
            )
        radii.append(scale)
        looks.append(look_at(network, TEXT, 1500 * updates, 1.0))
    assert spoken(_always(looks, texts)) == texts(
        "vanishing.crossed", first=f"{radii[0]:.2f}", updates="3,000"
    )
    assert spoken(_always(looks[:2], texts)) == texts("vanishing.never_crossed", first="0.20")


def written(value: float) -> str:
    """Two digits, as in a book."""
    if 1e-3 <= value < 100:
        return f"{value:#.2g}".rstrip(".")
    if 100 <= value < 1e4:
        return f"{value:.0f}"
    digits, power = f"{value:.1e}".split("e")
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits} × 10{raised}"
