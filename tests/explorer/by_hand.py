"""A text read by equations written out here, in float64, with autograd: a second way to every
number that a caption says."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from core import Trace
from core.networks.model_file import TextModel
from core.recording import read_text
from explorer.models import load


@dataclass(frozen=True)
class ByHand:
    """Of one layer: states, gates and their total gradients (time, unit); probabilities
    (time, class); keep and written are those of the memory, c or h, where there is one."""

    hidden: np.ndarray
    gates: Mapping[str, np.ndarray]
    probabilities: np.ndarray
    grad_hidden: np.ndarray
    grad_memory: np.ndarray
    keep: np.ndarray | None
    written: np.ndarray | None
    memory: np.ndarray


def random_model(card_id: str, seed: int) -> TextModel:
    """A shipped network's shape with weights of a seed, large enough that gates differ."""
    found = load(card_id)
    model = deepcopy(found.model)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.8, generator=generator)
    return replace(found, model=model.eval())


def recorded(model: TextModel, text: str, loss_at: str = "last") -> Trace:
    """The recording that the pages speak of."""
    return read_text(model, text, loss_at=loss_at)


def read_by_hand(
    text_model: TextModel,
    text: str,
    loss_at: str = "last",
    hold: Mapping[str, float] | None = None,
    nudge: tuple[int, int, float] | None = None,
    target: int | None = None,
) -> ByHand:
    """Read ``text`` with the network's weights and the cells' equations.

    hold: gates that say a number whatever they would compute. nudge: (step, unit, size) is added
    to the memory after a step. target: of the last step; its own first guess where none is given.
    """
    model, hold = text_model.model, hold or {}
    ids = text_model.encode(text)
    x = model.embed(ids)[:, 0].double()
    w = {name: value.detach().double() for name, value in model.rnn.named_parameters()}
    kind = text_model.model.settings.cell
    size = w["weight_hh_l0"].shape[1]
    # with gradients from the start, so that every later state hangs on the graph
    h = torch.zeros(size, dtype=torch.float64, requires_grad=True)
    c = torch.zeros(size, dtype=torch.float64, requires_grad=True)
    states, memories, rows, keeps, writes = [], [], [], [], []
    for step, one in enumerate(x):
        a = w["weight_ih_l0"] @ one + w["bias_ih_l0"]
        b = w["weight_hh_l0"] @ h + w["bias_hh_l0"]
        if kind == "elman":
            h = torch.tanh(a + b)
            gates, keep, written = {}, None, None
            memory = h
        elif kind == "lstm":
            i, f, g, o = (a + b).chunk(4)
            gates = {
                "input_gate": torch.sigmoid(i),
                "forget_gate": torch.sigmoid(f),
                "output_gate": torch.sigmoid(o),
            }
            gates = {name: _held(value, name, hold) for name, value in gates.items()}
            keep = gates["forget_gate"]
            written = gates["input_gate"] * torch.tanh(g)
            c = keep * c + written
            h = gates["output_gate"] * torch.tanh(c)
            c = memory = _nudged(c, step, nudge)  # h has been read from what was there before
        else:
            r, z = torch.sigmoid((a + b)[: 2 * size]).chunk(2)
            gates = {"reset_gate": r, "update_gate": z}
            gates = {name: _held(value, name, hold) for name, value in gates.items()}
            n = torch.tanh(a[2 * size :] + gates["reset_gate"] * b[2 * size :])
            keep, written = gates["update_gate"], (1 - gates["update_gate"]) * n
            h = _nudged(keep * h + written, step, nudge)
            memory = h
        for value in (h, memory):
            value.retain_grad()
        states.append(h)
        memories.append(memory)
        rows.append(gates)
        keeps.append(keep)
        writes.append(written)
    logits = torch.stack(states) @ model.read_out.weight.detach().double().T
    logits = logits + model.read_out.bias.detach().double()
    loss = _loss(logits, ids[:, 0], loss_at, target)
    loss.backward()

    def stacked(values: list[Tensor | None]) -> np.ndarray | None:
        return None if values[0] is None else torch.stack(values).detach().numpy()

    return ByHand(
        hidden=stacked(states),
        gates={name: stacked([row[name] for row in rows]) for name in rows[0]},
        probabilities=torch.softmax(logits, -1).detach().numpy(),
        grad_hidden=stacked([state.grad for state in states]),
        grad_memory=stacked([memory.grad for memory in memories]),
        keep=stacked(keeps),
        written=stacked(writes),
        memory=stacked(memories),
    )


def _held(value: Tensor, name: str, hold: Mapping[str, float]) -> Tensor:
    return torch.full_like(value, hold[name]) if name in hold else value


def _nudged(value: Tensor, step: int, nudge: tuple[int, int, float] | None) -> Tensor:
    if nudge is None or nudge[0] != step:
        return value
    added = torch.zeros_like(value)
    added[nudge[1]] = nudge[2]
    return value + added


def _loss(logits: Tensor, ids: Tensor, loss_at: str, target: int | None) -> Tensor:
    """Of what follows each step; after the last the network's own first guess."""
    unknown = logits.shape[-1]
    last = logits[-1:].detach().argmax(-1) if target is None else torch.tensor([target])
    targets = torch.cat((ids[1:], last))
    if loss_at == "last":
        return functional.cross_entropy(logits[-1:], targets[-1:])
    return functional.cross_entropy(logits, targets, ignore_index=unknown)


def percent_of(share: float) -> str:
    """A share as the pages write it, in code of its own: 38%, >99%, 0.42%."""
    value = share * 100
    if value != 100 and round(value) == 100:
        return ">99%"
    if value and value < 1:
        return f"{float(f'{value:.2g}'):.10g}%"
    return f"{round(value)}%"


def small(share: float) -> str:
    """A share as the pages about gates write it."""
    return "<0.001%" if 0 < share < 1e-5 else percent_of(share)


def number(size: float) -> str:
    """A size as the pictures of the gradient lab write it, in code of its own."""
    if size >= 0.01 or size == 0:
        return f"{size:.3g}" if size < 1e4 else f"{size:.2e}".replace("e+0", "e")
    return f"{size:.2e}".replace("e-0", "e-")
