"""Numbers that the lessons state of cells, gates and gradients, computed from these."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import nn

from core.gradients import spectral_radius
from core.training.clipping import ExplodingTask, start_gradient
from explorer.captions import first_below
from explorer.lab.gates_evidence import evidence_of
from explorer.lab.gates_network import paths_of, shares
from explorer.lab.gates_reset import grus, own_text
from explorer.lab.vanishing_frames import frames_of
from explorer.lab.vanishing_network import Drawn
from explorer.models import load, read, shipped
from explorer.sidebar import Choice
from tests.explorer.lesson_numbers import states

# Gates and memory


def half_life(gate: float) -> float:
    """After how many steps half is left, found by multiplying on a fine scale of time."""
    step, left = 0.001, 1.0
    steps = 0
    while left > 0.5:
        left *= gate**step
        steps += 1
    return steps * step


def test_half_lives() -> None:
    values = {name: half_life(gate) for name, gate in {"a": 0.5, "b": 0.9, "c": 0.99}.items()}
    states(
        "gates",
        en="$\\bar f = 0.5$ gives {a:.0f} step, 0.9 gives {b:.1f}, 0.99 gives {c:.0f}.",
        zh="$\\bar f = 0.5$ 是 {a:.0f} 步，0.9 是 {b:.1f} 步，0.99 是 {c:.0f} 步",
        **values,
    )
    states(
        "states",
        en="{a:.0f} step for $f=0.5$, about {b:.0f} for $0.9$, {c:.0f} for $0.99$, {d:.0f} for "
        "$0.999$",
        zh="$f=0.5$ 时是 {a:.0f} 步，$0.9$ 时约 {b:.0f} 步，$0.99$ 时 {c:.0f} 步，$0.999$ 时 "
        "{d:.0f} 步",
        d=half_life(0.999),
        **values,
    )
    states("states", en="about {n:.1f} steps)", zh="约为 {n:.1f} 步", n=half_life(0.95))


def kept(gate: float, steps: int) -> float:
    """What is left of a memory of 1 in a cell of torch whose gate is held there by its bias."""
    cell = nn.LSTMCell(1, 1).double()
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.bias_ih[1] = math.log(gate / (1 - gate))  # the candidate is tanh(0) = 0
        c = torch.ones(1, 1, dtype=torch.float64)
        h = torch.zeros_like(c)
        for _ in range(steps):
            h, c = cell(torch.zeros_like(c), (h, c))
    return float(c)


def test_what_is_left_after_many_steps() -> None:
    states(
        "gates",
        en="with $z = 0.9$ it is down to {left:.0%} after 30 steps",
        zh="$z = 0.9$ 时，30 步之后只剩 {left:.0%}",
        left=kept(0.9, 30),
    )
    states(
        "gates",
        en="With the forget gate at 0.5, nothing but {left:.1%} is left after 10 steps",
        zh="遗忘门若为 0.5，10 步之后只剩 {left:.1%}",
        left=kept(0.5, 10),
    )
    states(
        "gradients",
        en="Over 100 steps, $f=0.99$ leaves {much:.0%}, $f=0.9$ leaves {little:.3%}",
        zh="走 100 步，$f=0.99$ 还剩 {much:.0%}，$f=0.9$ 只剩 {little:.3%}",
        much=kept(0.99, 100),
        little=kept(0.9, 100),
    )


def test_without_the_copy_little_of_the_far_past_is_left() -> None:
    """One dot of the table on the page for each shipped GRU, on its own examples."""
    left = [evidence_of(card.id, own_text(card), card).left["copy"][-1] for card in grus()]
    assert len(left) == 3
    states(
        "gates",
        en="only {low:.1%} to {high:.1%} of the dependence is left",
        zh="只剩 {low:.1%} 到 {high:.1%}",
        low=min(left),
        high=max(left),
    )


def test_most_of_a_grus_gradient_returns_through_the_candidate() -> None:
    """As far back as the first step, in the shipped ones; and most of their gates are low."""
    for card in grus():
        text = card.examples[0]
        trace = read(card.id, text, "last")
        paths = paths_of(card.id, text, "last", Choice(card, text, "last"), trace)
        first = np.abs(shares(paths)[-1, 0, 0])
        assert str(paths["path"].values[first.argmax()]) == "candidate", card.id
        gates = trace["update_gate"].values[-1, 0, :, 0].mean(0)
        assert (gates < 0.5).mean() > 0.5, card.id
    states(
        "gates",
        en="In the shipped GRUs most update gates are nearly shut, and most of the gradient "
        "returns through the candidate",
        zh="自带的几个 GRU，更新门大多接近关闭，梯度多半是经过候选状态回来的",
    )


def test_two_conventions_of_the_update_gate() -> None:
    """torch's own cell, its gate, its candidate and its state set by hand."""
    cell = nn.GRUCell(1, 1).double()
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.bias_ih[1] = math.log(9)  # z = 0.9
        cell.bias_ih[2] = -40.0  # n = tanh(-40) = -1
        h = torch.full((1, 1), 0.5, dtype=torch.float64)
        ours = float(cell(torch.zeros_like(h), h))
    other = 0.9 * -1 + 0.1 * 0.5
    states(
        "cell",
        en="torch gives ${ours:.2f}$, the other reading ${other:.2f}$",
        zh="按 torch 的约定得 ${ours:.2f}$，按另一种约定得 ${other:.2f}$",
        ours=ours,
        other=other,
    )


def test_a_gate_beyond_one_grows_without_end() -> None:
    assert 3000 < 1.5**20 < 4000
    states(
        "cell",
        en="A forget gate of 1.5, held for 20 steps, multiplies the memory by more than 3000",
        zh="假如遗忘门取 1.5 并保持 20 步，记忆就会放大三千多倍",
    )


def test_slopes_for_a_fall_by_ten() -> None:
    """A curve that falls by ten in so many steps, and its factor for one step by least squares."""
    factors = []
    for steps in (5, 4):
        heights = -np.arange(steps + 1) / steps
        factors.append(10 ** np.polyfit(np.arange(steps + 1), heights, 1)[0])
    states(
        "gradients",
        en="$10^{{-1/5}} \\approx {a:.2f}$ a step",
        zh="$10^{{-1/5}} \\approx {a:.2f}$",
        a=factors[0],
    )
    states(
        "gradients",
        en="$10^{{-1/4}} \\approx {a:.2f}$",
        zh="$10^{{-1/4}} \\approx {a:.2f}$",
        a=factors[1],
    )


# Eigenvalues


def test_the_trained_english_network_should_explode_and_vanishes() -> None:
    radius = spectral_radius(load("grammar-elman").model.rnn.weight_hh_l0.detach().numpy())
    trace = read("grammar-elman", shipped()["grammar-elman"].examples[0], "last")
    norms = np.linalg.norm(trace["grad_hidden"].values[-1, 0, :, 0], axis=-1)
    assert first_below(norms, 1e-4) is not None
    states(
        "vanishing",
        en="The trained English network has a spectral radius of {radius:.1f}",
        zh="训练好的英文网络谱半径有 {radius:.1f}",
        radius=radius,
    )


def test_where_torchs_networks_begin() -> None:
    """The mean over fresh networks of many units, which the circular law is about."""
    torch.manual_seed(0)
    radii = [spectral_radius(nn.RNN(1, 300).weight_hh_l0.detach().numpy()) for _ in range(4)]
    assert abs(np.mean(radii) - 1 / math.sqrt(3)) < 0.03
    states(
        "vanishing",
        en="so its networks begin near {radius:.2f}",
        zh="所以它的网络从 {radius:.2f} 附近起步",
        radius=1 / math.sqrt(3),
    )


def test_powers_of_a_matrix_far_from_normal_grow_a_hundredfold_first() -> None:
    frames = frames_of(Drawn(kind="non-normal", activation="identity"))
    matrix = frames.network.recurrent.numpy()
    assert np.abs(np.linalg.eigvals(matrix)).max() < 1 + 1e-9
    powers = [np.linalg.norm(np.linalg.matrix_power(matrix, k), 2) for k in range(50)]
    assert 100 <= max(powers) < 1000
    states("vanishing", en="first grows a hundredfold", zh="先增大到上百倍")


def test_a_sigmoid_loses_a_factor_of_four_a_step() -> None:
    a = torch.linspace(-5, 5, 1001, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(torch.sigmoid(a).sum(), a)
    assert float(slope.max()) == 0.25
    states(
        "vanishing",
        en="With sigmoid the slope is at most {slope}, so at a spectral radius of 1 it loses a "
        "factor of four",
        zh="sigmoid 的斜率最多是 {slope}，谱半径为 1 时，还没有饱和，每一步就已经损失四分之三",
        slope=float(slope.max()),
    )


# Clipping


def test_what_has_vanished_is_not_brought_back_by_clipping() -> None:
    sizes = start_gradient(ExplodingTask(radius=0.6)).by_step.norm(dim=(1, 2))
    times = float(sizes[-1] / sizes[1])
    assert 5e4 < times < 1e5
    states(
        "clipping",
        en="nearly a hundred thousand times smaller than that of the last step",
        zh="第 2 步的部分在裁剪前约为最后一步的十万分之一",
    )
