r"""The state before the first step: zero, learned, or carried on from what came before."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

State = Tensor | tuple[Tensor, Tensor]


def learn_first_state(
    model: nn.Module,
    ids: Tensor,
    *,
    length: int = 16,
    batch: int = 128,
    updates: int = 80,
    rate: float = 0.03,
    seed: int = 0,
) -> State:
    r"""The one first state that is best on average, the network itself left as it is.

    .. math:: h_0 = \arg\min_h \; \mathbb{E} \sum_{t \le \text{length}} L_t(h)

    by Adam from zeros, on ``batch`` places of ``ids`` (time,) drawn anew for each update.
    model: a ``SequenceModel`` of one layer and direction whose ``rnn`` takes torch's states.
    Returns (1, 1, units), for an LSTM a pair of them. Raises ValueError for fewer ids than a
    place needs.
    """
    rnn = model.rnn
    names = 2 if isinstance(rnn, nn.LSTM) else 1
    parts = [torch.zeros(1, 1, rnn.hidden_size, requires_grad=True) for _ in range(names)]
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(parts, lr=rate)
    for _ in range(updates):
        inputs, targets = places(ids, batch, length, generator)
        loss = losses_from(model, inputs, targets, _state(parts)).mean()
        gradients = torch.autograd.grad(loss, parts)
        for part, gradient in zip(parts, gradients, strict=True):
            part.grad = gradient
        optimiser.step()
    return _state([part.detach() for part in parts])


def places(
    ids: Tensor, batch: int, length: int, generator: torch.Generator, *, before: int = 0
) -> tuple[Tensor, Tensor]:
    """Ids and what follows them at ``batch`` random places, (before + length, batch) each."""
    wide = before + length
    if len(ids) <= wide:
        raise ValueError(f"The text has {len(ids)} characters; expected more than {wide}.")
    starts = torch.randint(len(ids) - wide, (batch,), generator=generator)
    taken = ids[starts + torch.arange(wide + 1)[:, None]]
    return taken[:-1], taken[1:]


def losses_from(model: nn.Module, inputs: Tensor, targets: Tensor, state: State | None) -> Tensor:
    """Cross-entropy (time, batch) in nats of a model that begins in ``state``: None for zeros,
    one state for all (1, 1, units), or one for each (1, batch, units)."""
    if state is not None:
        parts = state if isinstance(state, tuple) else (state,)
        state = _state([part.expand(-1, inputs.shape[1], -1).contiguous() for part in parts])
    logits, _ = model(inputs, state)
    return functional.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), reduction="none"
    ).view_as(targets)


def _state(parts: list[Tensor]) -> State:
    return parts[0] if len(parts) == 1 else (parts[0], parts[1])
