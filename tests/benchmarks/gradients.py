"""What the gradient lab computes, against one call of autograd for each row or step.

Both sides run on one thread, in the same process, one after the other.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from core import record
from core.gradients import direct_gradient, influence, jacobian_spectrum
from tests.benchmarks.result import Result

STEPS, UNITS, CLASSES = 200, 128, 32
FIRST_INPUT, LONGEST_WAIT = "first-input-three-networks-s", 1.0


def on_one_thread(measure: Callable[[], Result]) -> list[Result]:
    """The line that ``measure`` gives, with one torch thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [measure()]
    finally:
        torch.set_num_threads(threads)


def _influence() -> Result:
    """The T x T map of an LSTM from its recording, against one ``autograd.grad`` for each loss
    from the graph of a loop over ``nn.LSTMCell``, for all states before it."""
    torch.manual_seed(0)
    network, read_out = nn.LSTM(CLASSES, UNITS), nn.Linear(UNITS, CLASSES)
    inputs, targets = torch.randn(STEPS, 1, CLASSES), torch.randint(CLASSES, (STEPS,))
    cell, state, states = _cell_of(network), None, []
    for x in inputs:
        state = cell(x, state)
        states.append(state[0])
    trace = record(network, inputs)[""]

    def loss(h: Tensor, target: Tensor) -> Tensor:
        return functional.cross_entropy(read_out(h), target, reduction="sum")

    def reference() -> Tensor:
        found = torch.zeros(STEPS, STEPS)
        for t, (h, target) in enumerate(zip(states, targets.unsqueeze(1))):
            # from h itself, not from all states stacked: so only t steps are gone through
            gradients = torch.autograd.grad(loss(h, target), states[: t + 1], retain_graph=True)
            found[t, : t + 1] = torch.cat(gradients).norm(dim=-1)
        return found

    def ours() -> Tensor:
        direct = direct_gradient(trace, lambda h: loss(h[:, 0], targets))
        return torch.from_numpy(influence(trace, network, direct).values[0, 0, 0, ..., 0])

    torch.testing.assert_close(ours().float(), reference(), atol=1e-7, rtol=1e-3)
    return _compared("influence-200x128", ours, reference, 30)


def _jacobian_spectrum() -> Result:
    """The singular values of dh_t/dh_k of an LSTM over the gap, against a Jacobian a step by
    ``torch.autograd.functional.jacobian``; both multiply them up and take singular values."""
    torch.manual_seed(0)
    network, inputs = nn.LSTM(CLASSES, UNITS), torch.randn(STEPS, 1, CLASSES)
    cell, sizes = _cell_of(network), (UNITS, UNITS)

    def reference() -> Tensor:
        state = torch.zeros(1, 2 * UNITS)
        jacobians = []
        for x in inputs:

            def step(joined: Tensor, x: Tensor = x) -> Tensor:
                return torch.cat(cell(x, joined.split(sizes, dim=-1)), dim=-1)

            jacobian = torch.autograd.functional.jacobian(step, state)
            jacobians.append(jacobian[0, :, 0].double())
            state = step(state).detach()
        rows = torch.eye(UNITS, 2 * UNITS, dtype=torch.float64)
        products = [rows]
        for jacobian in reversed(jacobians[1:]):
            products.append(products[-1] @ jacobian)
        return torch.linalg.svdvals(torch.stack([part[:, :UNITS] for part in products]))

    def ours() -> Tensor:
        trace = record(network, inputs)[""]
        return torch.from_numpy(jacobian_spectrum(trace, network, state="hidden").values)

    torch.testing.assert_close(ours(), reference(), atol=1e-4, rtol=1e-3)
    return _compared("jacobian-spectrum-200x128", ours, reference, 10, runs=3)


def _first_input() -> Result:
    """What is left of the first of 51 inputs in a linear, a tanh and a gated network of 24 units,
    as the tab *A disturbance* computes it for a matrix never seen before, against scikit-learn's
    regression at the same steps and a Jacobian for each sequence and step by autograd. The target
    is on our own time: it is a reader's wait."""
    from sklearn.linear_model import LinearRegression

    from explorer.lab import vanishing_diluted as page
    from explorer.lab.vanishing_network import Drawn, network_of

    kinds, seeds = ("identity", "tanh", "gru-drawn"), iter(range(20, 90))

    def ours() -> None:
        source = Drawn(seed=next(seeds))
        for kind in kinds:
            page.left_of_drawn(source, 0.9, kind)

    def reference() -> None:
        source = Drawn(seed=1)
        network = network_of(source)
        drawn = source.drive * page.random_inputs(source.units, 1).double()
        for kind in kinds:
            cell = page.cell_of(kind, 0.9 * network.recurrent, 1)
            mark = torch.zeros_like(drawn[..., :1])
            inputs = torch.cat((drawn, mark), dim=-1) if kind.startswith("gru") else drawn
            _first_input_plainly(cell, inputs, network.start, drawn[0], LinearRegression)

    result = _compared(FIRST_INPUT, ours, reference, 1, runs=3)
    return replace(result, target=LONGEST_WAIT, ok=result.ours <= LONGEST_WAIT)


def _first_input_plainly(
    cell: nn.Module, inputs: Tensor, start: Tensor, wanted: Tensor, regression: type
) -> None:
    """Influence and R² of the first input step by step, as one would write it down."""
    fitted, followed = 8000, 16
    h = start.expand(inputs.shape[1], -1)
    product = torch.eye(len(start), dtype=h.dtype).expand(followed, -1, -1)
    asked = np.unique(np.geomspace(1, len(inputs), 14).round()).tolist()
    for t, x in enumerate(inputs, start=1):
        if t > 1:
            steps = [
                torch.autograd.functional.jacobian(
                    lambda one, x=x, at=at: cell(x[at : at + 1], (one[None],)).output[0], h[at]
                )
                for at in range(followed)
            ]
            product = torch.stack(steps) @ product
        with torch.no_grad():
            h = cell(x, (h,)).output
        if t in asked:
            regression().fit(h[:fitted], wanted[:fitted]).score(h[fitted:], wanted[fitted:])


def _cell_of(network: nn.LSTM) -> nn.LSTMCell:
    """The same weights as a cell that is called step by step."""
    cell = nn.LSTMCell(network.input_size, network.hidden_size)
    cell.load_state_dict({name: getattr(network, f"{name}_l0") for name in cell.state_dict()})
    return cell


def _compared(
    name: str, ours: Callable[[], object], reference: Callable[[], object], target: float, runs=5
) -> Result:
    """Medians in seconds of calls taken in turn; the ratio says how many times faster ours is."""
    taken: dict[str, list[float]] = {"ours": [], "reference": []}
    for _ in range(runs):
        for side, call in (("ours", ours), ("reference", reference)):
            start = time.perf_counter()
            call()
            taken[side].append(time.perf_counter() - start)
    fast, slow = (statistics.median(taken[side]) for side in ("ours", "reference"))
    return Result(name, fast, slow, slow / fast, target, slow / fast >= target)


BENCHMARKS = {
    ("influence-200x128",): partial(on_one_thread, _influence),
    ("jacobian-spectrum-200x128",): partial(on_one_thread, _jacobian_spectrum),
    (FIRST_INPUT,): partial(on_one_thread, _first_input),
}
