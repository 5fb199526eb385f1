"""Every number on the page about backpropagation through time, of one network and one text."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

    from core.gradients import WeightGradientTerms
    from core.gradients.parameter_terms import ParameterTerms
    from core.networks.model_file import TextModel

LAYERS = 1000
"""How many steps the question "shallow or deep?" unrolls."""


@dataclass(frozen=True)
class Itemised:
    r"""The gradient of every loss for U, item by item. t and k are steps, counted from 0.

    loss (t,): cross-entropy :math:`L_t` in nats; NaN where what follows is unknown.
    term (t, k): norm of the gradient that copy k of U, the one that makes h_k, gets from L_t.
    influence (t, k): :math:`\|\partial L_t/\partial h_k\|`.
    total (t,): norm of the whole gradient, the sum over the copies.
    error, cosine (t, window - 1): what truncation to so many copies misses, relative to the
        norm of the whole; the cosine between what is left and the whole.
    out (t, unit): :math:`\partial L_t/\partial h_t`.
    jacobian (k, unit, unit): :math:`\partial h_k/\partial h_{k-1}`.
    slope (k, unit): the derivative of the activation. before (k, unit): h_{k-1}.
    parameters: the same taken apart for U, W, b, V and b_y.
    """

    tokens: list[str]
    loss: np.ndarray
    term: np.ndarray
    influence: np.ndarray
    total: np.ndarray
    error: np.ndarray
    cosine: np.ndarray
    out: np.ndarray
    jacobian: np.ndarray
    slope: np.ndarray
    before: np.ndarray
    parameters: Mapping[str, ParameterTerms]

    @property
    def steps(self) -> int:
        """How many characters were read."""
        return len(self.tokens)

    @property
    def counted(self) -> np.ndarray:
        """Which steps have a loss: (t,)."""
        return ~np.isnan(self.loss)


def itemise(model: TextModel, text: str) -> Itemised:
    """Read ``text`` with a one-layer Elman network and take the gradient of every loss apart.

    The loss at step t is the cross-entropy of the character that follows; after the last step,
    where nobody knows it, of the network's own first guess. Raises ValueError for other networks.
    """
    import torch

    from core.gradients import direct_gradient, influence, weight_gradient_terms
    from core.gradients.parameter_terms import parameter_terms
    from core.gradients.runs import one_run
    from core.gradients.step_derivatives import closed_factors
    from core.recording import read_text

    check(model)
    torch.set_num_threads(1)
    network = model.model
    trace = read_text(model, text, loss_at=None)
    direct = direct_gradient(trace, lambda outputs: _losses(model, text, outputs).sum())
    items = [weight_gradient_terms(trace, network, direct, at=at) for at in range(len(text))]
    outputs = torch.from_numpy(trace["output"].values[-1, 0])
    losses = _losses(model, text, outputs).detach().numpy().astype(float)
    run = one_run(trace, network)
    slope = closed_factors(run).recurrent[:, 0].numpy().reshape(len(text), -1)
    recurrent = run.weights["weight_hh"].numpy()
    error, cosine = zip(*(truncation_curve(item) for item in items))
    out = np.stack([item.chain(at).output_part for at, item in enumerate(items)])
    jacobian = slope[:, :, None] * recurrent
    before, after = run.before[0][:, 0].numpy(), run["hidden"][:, 0].numpy()
    inputs = network.embed(model.encode(text))[:, 0].detach().numpy()
    errors = _output_errors(model, text, outputs)
    return Itemised(
        tokens=list(text),
        loss=np.where(_known(model, text), losses, np.nan),
        term=_square([np.linalg.norm(item.terms.values, axis=(1, 2)) for item in items]),
        influence=influence(trace, network, direct).values[0, -1, 0, :, :, 0],
        total=np.array([np.linalg.norm(item.gradient.values) for item in items]),
        error=_square(error),
        cosine=_square(cosine),
        out=out,
        jacobian=jacobian,
        slope=slope,
        before=before,
        parameters=parameter_terms(out, errors, jacobian, slope, inputs, before, after),
    )


def truncation_curve(terms: WeightGradientTerms) -> tuple[np.ndarray, np.ndarray]:
    """``core.gradients.truncate`` for windows of 1, 2, ... copies at once: (error, cosine).

    The error is relative to the norm of the whole gradient; both are 0 where that is 0.
    """
    kept = np.cumsum(terms.terms.values[::-1], axis=0)
    whole = kept[-1]
    norm = np.linalg.norm(whole)
    lengths = norm * np.linalg.norm(kept, axis=(1, 2))
    error = np.linalg.norm(whole - kept, axis=(1, 2)) / (norm or 1.0)
    cosine = (kept * whole).sum(axis=(1, 2)) / np.where(lengths > 0, lengths, 1.0)
    return error, cosine


def deep_powers(model: TextModel, text: str, layers: int = LAYERS) -> np.ndarray:
    r""":math:`\log_{10} \|\partial L_T/\partial h_k\|` for k = 1 ... T: (layers,).

    The network reads ``text`` over and over until it has made T = ``layers`` steps; the loss is
    that of the last. The gradient is brought back to length 1 after every step and its length
    kept as a power of ten, so nothing is too small or too large to be followed.
    -inf where it is exactly 0.
    """
    import torch

    from core.gradients import direct_gradient
    from core.gradients.runs import one_run
    from core.gradients.step_derivatives import closed_factors
    from core.recording import read_text

    check(model)
    torch.set_num_threads(1)
    exact = replace(model, model=copy.deepcopy(model.model).double())
    longer = (text * (layers // len(text) + 1))[:layers]
    trace = read_text(exact, longer, loss_at=None)
    direct = direct_gradient(trace, lambda outputs: _losses(exact, longer, outputs)[-1])
    run = one_run(trace, exact.model)
    slopes = closed_factors(run).recurrent[:, 0].numpy().reshape(layers, -1)
    recurrent = run.weights["weight_hh"].numpy()
    gradient, power = direct[-1, 0].numpy(), 0.0
    powers = np.full(layers, -np.inf)
    for k in reversed(range(layers)):
        length = float(np.linalg.norm(gradient))
        if length == 0:
            break
        power += np.log10(length)
        powers[k] = power
        gradient = (gradient / length * slopes[k]) @ recurrent
    return powers


def check(model: TextModel) -> None:
    """Raises ValueError unless the network is the one of the equations: Elman's, one layer."""
    settings = model.model.settings
    found = (settings.cell, settings.num_layers, settings.bidirectional)
    if found != ("elman", 1, False):
        raise ValueError(
            f"got (cell, layers, bidirectional) = {found}, expected ('elman', 1, False): the page "
            "writes out the sum for h_t = f(W x_t + U h_(t-1) + b). Choose an Elman network."
        )


def _losses(model: TextModel, text: str, outputs: Tensor) -> Tensor:
    """Cross-entropy at every step (time,), 0 where the model does not know what follows."""
    return _losses_of(model, text, _logits(model, outputs))


def _output_errors(model: TextModel, text: str, outputs: Tensor) -> np.ndarray:
    r""":math:`\partial L_t/\partial z_t = \hat y_t - y_t` (t, classes); 0 without a loss."""
    import torch

    logits = _logits(model, outputs).detach().requires_grad_()
    with torch.enable_grad():
        (errors,) = torch.autograd.grad(_losses_of(model, text, logits).sum(), logits)
    return errors[:, 0].double().numpy()


def _logits(model: TextModel, outputs: Tensor) -> Tensor:
    read_out = model.model.read_out
    assert read_out is not None  # only a Jordan network has none
    return read_out(outputs)


def _losses_of(model: TextModel, text: str, logits: Tensor) -> Tensor:
    from torch.nn import functional

    from core.recording.reading import following

    targets = following(model.encode(text), logits)
    unknown = len(model.vocabulary)
    flat = (logits.flatten(0, 1), targets.flatten())
    return functional.cross_entropy(*flat, ignore_index=unknown, reduction="none")


def _known(model: TextModel, text: str) -> np.ndarray:
    known = set(model.vocabulary.tokens)
    return np.array([token in known for token in text[1:]] + [True])


def _square(rows: Sequence[np.ndarray]) -> np.ndarray:
    """Rows of lengths 1, 2, ..., T as a square (T, T), zeros behind their ends."""
    square = np.zeros((len(rows), len(rows)))
    for at, row in enumerate(rows):
        square[at, : len(row)] = row
    return square
