"""The networks of the page *Vanishing and exploding*: drawn from a seed, or trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from explorer.models import load
from explorer.shared import shared

if TYPE_CHECKING:
    import torch

STEPS = 51
KINDS = ("gaussian", "normal", "non-normal", "orthogonal")
SHEAR = 4.0
"""How much larger the part above the diagonal is in a matrix made non-normal."""


@dataclass(frozen=True)
class Drawn:
    """A network that has learned nothing.

    kind: gaussian (independent entries), normal or non-normal (other matrices with the same
    eigenvalues), orthogonal. drive: standard deviation of what a unit reads at each step.
    """

    kind: str = "gaussian"
    units: int = 24
    activation: str = "tanh"
    drive: float = 0.5
    seed: int = 1


@dataclass(frozen=True)
class Trained:
    """A shipped Elman network reading ``text``."""

    card_id: str
    text: str


@dataclass(frozen=True, eq=False)
class Network:
    """One Elman network and what it reads, in float64.

    recurrent: U (n, n) with spectral radius 1; radius: what multiplies it back (1 where drawn).
    drive: W x + b at each step (T, n). silence: b alone (n,). start: the first state (n,).
    """

    recurrent: torch.Tensor
    radius: float
    drive: torch.Tensor
    silence: torch.Tensor
    start: torch.Tensor
    activation: str
    tokens: tuple[str, ...]


@shared
def network_of(source: Drawn | Trained) -> Network:
    """The network of a choice."""
    import torch

    torch.set_num_threads(1)
    return trained(source) if isinstance(source, Trained) else drawn(source)


def drawn(source: Drawn) -> Network:
    """A network drawn from its seed: matrix, inputs and a small first state."""
    import torch

    generator = torch.Generator().manual_seed(source.seed)
    inputs = torch.randn(STEPS, source.units, generator=generator, dtype=torch.float64)
    start = torch.randn(source.units, generator=generator, dtype=torch.float64)
    return Network(
        recurrent=torch.from_numpy(recurrent_matrix(source.kind, source.units, source.seed)),
        radius=1.0,
        drive=source.drive * inputs,
        silence=torch.zeros(source.units, dtype=torch.float64),
        start=0.1 * start,
        activation=source.activation,
        tokens=tuple(str(step + 1) for step in range(STEPS)),
    )


def trained(source: Trained) -> Network:
    """A shipped Elman network of one layer and its text."""
    import torch

    from core.gradients.runs import as_recurrent

    text_model = load(source.card_id)
    cell = as_recurrent(text_model.model).cells[0][0]
    weights = {name: weight.detach().double() for name, weight in cell.named_parameters()}
    inputs = text_model.model.embed(text_model.encode(source.text))[:, 0].detach().double()
    silence = weights["bias_ih"] + weights["bias_hh"]
    radius = float(torch.linalg.eigvals(weights["weight_hh"]).abs().max())
    return Network(
        recurrent=weights["weight_hh"] / radius,
        radius=radius,
        drive=inputs @ weights["weight_ih"].T + silence,
        silence=silence,
        start=torch.zeros_like(silence),
        activation=str(cell.activation),
        tokens=tuple(source.text),
    )


def recurrent_matrix(kind: str, units: int, seed: int) -> np.ndarray:
    """A real matrix with spectral radius 1; the first three kinds share their eigenvalues.

    The real Schur form Q (D + N) Q' of the Gaussian matrix has the eigenvalues in the blocks D
    and what makes it non-normal in N above them: without N the matrix is normal, with N made
    larger it is far from it, and the eigenvalues do not notice.
    Raises ValueError for an unknown kind.
    """
    from scipy.linalg import schur

    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; expected one of {', '.join(KINDS)}.")
    gaussian = np.random.default_rng(seed).standard_normal((units, units))
    if kind == "orthogonal":
        return np.linalg.qr(gaussian)[0]
    gaussian /= np.abs(np.linalg.eigvals(gaussian)).max()
    if kind == "gaussian":
        return gaussian
    form, Q = schur(gaussian)
    blocks = normal_blocks(form)
    above = np.triu(form, 1) * (blocks == 0)
    return Q @ (blocks + (SHEAR * above if kind == "non-normal" else 0)) @ Q.T


def normal_blocks(form: np.ndarray) -> np.ndarray:
    """The diagonal blocks of a real Schur form, each pair a ± bi as a turn [[a, b], [-b, a]]."""
    blocks = np.diag(np.diag(form))
    for row in np.flatnonzero(np.diag(form, -1)):
        turn = np.sqrt(-form[row, row + 1] * form[row + 1, row])
        blocks[row, row + 1], blocks[row + 1, row] = turn, -turn
    return blocks
