"""The verdict about reset and update gates, recomputed by products of autograd's Jacobians of a GRU
step written out in float64, in which copy, write and reset gate can be held."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import stats

from explorer.captions import signed
from explorer.lab.gates_evidence import evidence_of
from explorer.lab.gates_reset import verdict
from explorer.language import LANGUAGES, texts_of
from explorer.models import load, shipped
from explorer.sidebar import plain
from tests.explorer.by_hand import random_model, small

CARD, TEXT = "namaskar-gru", "namaskarnamasknamamaskarnamask"
GAPS = len(TEXT) // 2
HOLDS = {  # copy, write and reset gate; None is as trained
    "trained": (None, None, None),
    "copy": (0, None, None),
    "write": (None, 1, None),
    "both": (0, 1, None),
    "blind": (None, None, 0),
    "open": (None, None, 1),
}


def read_held(text_model, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean update and reset gate of each unit, and how far it depends on the state of each of
    the gaps: the mean over the steps that have all gaps of ||dh_{t,i}/dh_{t-g}||."""
    copy, write, reset = HOLDS[name]
    x = text_model.model.embed(text_model.encode(TEXT))[:, 0].detach().double()
    w = {key: value.detach().double() for key, value in text_model.model.rnn.named_parameters()}
    size, gates = w["weight_hh_l0"].shape[1], []

    def step(h: torch.Tensor, one: torch.Tensor) -> torch.Tensor:
        a = (w["weight_ih_l0"] @ one + w["bias_ih_l0"]).split(size)
        b = (w["weight_hh_l0"] @ h + w["bias_hh_l0"]).split(size)
        r, z = torch.sigmoid(a[0] + b[0]), torch.sigmoid(a[1] + b[1])
        r = r if reset is None else torch.full_like(r, reset)
        n = torch.tanh(a[2] + r * b[2])
        gates.append((z.detach(), r.detach()))
        return (1 - z if write is None else write) * n + (z if copy is None else copy) * h

    h, jacobians = torch.zeros(size, dtype=torch.float64), []
    for one in x:
        jacobians.append(torch.autograd.functional.jacobian(lambda s, one=one: step(s, one), h))
        h = step(h, one).detach()
    found = np.zeros((GAPS, size))
    for t in range(GAPS, len(TEXT)):
        product = torch.eye(size, dtype=torch.float64)
        for gap in range(GAPS):
            product = product @ jacobians[t - gap]
            found[gap] += product.norm(dim=1).numpy() / (len(TEXT) - GAPS)
    z, r = (torch.stack(one).mean(0).numpy() for one in zip(*gates, strict=True))
    return z, r, found


def rank_of(one: np.ndarray, other: np.ndarray) -> tuple[str, str, float, float]:
    """Spearman's ρ from squared differences of ranks, and its p-value from Student's t."""
    n = len(one)
    places = [np.argsort(np.argsort(values)) for values in (one, other)]
    rho = 1 - 6 * float(((places[0] - places[1]) ** 2).sum()) / (n * (n * n - 1))
    p = 2 * stats.t.sf(abs(rho) * math.sqrt((n - 2) / (1 - rho**2)), n - 2)
    return signed(rho), f"{p:.2g}", rho, p


@pytest.mark.parametrize("seed", [None, 2, 3], ids=lambda seed: f"seed-{seed}")
def test_what_the_gates_do(seed: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    text_model = load(CARD) if seed is None else random_model(CARD, seed)
    monkeypatch.setattr("explorer.lab.gates_evidence.network_of", lambda card: text_model)
    evidence = evidence_of(f"{CARD}-by-hand-{seed}", TEXT, shipped()[CARD])
    update, reset, plainly = read_held(text_model, "trained")
    gaps = np.arange(1, GAPS + 1)
    reach = (gaps @ plainly) / plainly.sum(0)
    rank, p, rho, chance = rank_of(update, reach)
    rank_reset, p_reset, *_ = rank_of(reset, reach)
    left = {
        name: read_held(text_model, name)[2].mean(1) / plainly.mean(1)
        for name in HOLDS
        if name != "trained"
    }
    near, far = left["copy"][0], left["copy"][-1]
    strength = "none" if chance > 0.05 else "against" if rho < 0 else "weak"
    strength = "clear" if chance <= 0.05 and rho >= 0.5 else strength
    for language in LANGUAGES:
        texts = texts_of(language)
        parts = [
            texts(
                "gates.verdict_update",
                network="GRU",
                steps=len(TEXT),
                rank=rank,
                p=p,
                strength=texts(f"gates.strength_{strength}"),
            ),
            texts(
                f"gates.verdict_copy_{'far' if far < near / 2 else 'alike'}",
                near=small(near),
                far=small(far),
                gap=GAPS,
            ),
            texts(
                "gates.verdict_apart",
                gap=GAPS,
                write=f"×{left['write'][-1]:.2g}",
                both=f"×{left['both'][-1]:.2g}",
            ),
            texts("gates.verdict_reset", rank=rank_reset, p=p_reset),
            texts(
                f"gates.verdict_open_{'longer' if left['open'][-1] > 1.5 else 'alike'}",
                far=f"{left['open'][-1]:.2g}",
                gap=GAPS,
            ),
            texts(
                f"gates.verdict_blind_{'gone' if left['blind'][-1] < far else 'left'}",
                far=small(left["blind"][-1]),
                gap=GAPS,
            ),
        ]
        assert verdict(evidence, "GRU", len(TEXT), texts) == plain(texts("caption.gap").join(parts))
