"""What a recording must show, computed the slow way: one unit step at a time, with autograd.

Nothing of ``core`` is used. Every sequence of a batch runs alone, over its own length, and
every state and every step's recurrent weights carry a nudge (zero) of their own, so that the
gradient for a nudge is the total derivative that the recording promises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

NAMES = {
    nn.LSTM: ("input_gate", "forget_gate", "candidate", "output_gate", "cell", "hidden"),
    nn.GRU: ("reset_gate", "update_gate", "candidate", "hidden"),
    nn.RNN: ("hidden",),
}


@dataclass
class Nudges:
    """Zeros added to h_t, to c_t, and to U at each step: (layer, direction, time, ...)."""

    h: Tensor
    c: Tensor
    U: Tensor

    @classmethod
    def zeros(cls, module: nn.RNNBase, steps: int, batch: int) -> Nudges:
        directions = 2 if module.bidirectional else 1
        U = module.weight_hh_l0
        shape = (module.num_layers, directions, steps)
        return cls(
            U.new_zeros(*shape, batch, U.shape[1]).requires_grad_(),
            U.new_zeros(*shape, batch, module.hidden_size).requires_grad_(),
            U.new_zeros(*shape, *U.shape).requires_grad_(),
        )


@dataclass
class Explicit:
    """signals: (layer, direction, time, batch, unit), NaN where a sequence has ended.

    output (time, batch, features) is padded with zeros; finals are h_n and, for LSTM, c_n.
    """

    signals: dict[str, np.ndarray]
    output: Tensor
    finals: tuple[Tensor, ...]
    nudges: Nudges


def step(
    module: nn.RNNBase, suffix: str, nudge: Tensor, x: Tensor, h: Tensor, c: Tensor | None
) -> dict[str, Tensor]:
    """One step of one sequence, from torch's documented equations; vectors only."""
    W = getattr(module, f"weight_ih{suffix}")
    U = getattr(module, f"weight_hh{suffix}") + nudge
    a, b = W @ x, U @ h
    if module.bias:
        a, b = a + getattr(module, f"bias_ih{suffix}"), b + getattr(module, f"bias_hh{suffix}")
    if isinstance(module, nn.LSTM):
        i, f, g, o = (a + b).chunk(4)
        i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        return {
            "input_gate": i,
            "forget_gate": f,
            "candidate": g,
            "output_gate": o,
            "cell": f * c + i * g,
        }
    if isinstance(module, nn.GRU):
        (a_r, a_z, a_n), (b_r, b_z, b_n) = a.chunk(3), b.chunk(3)
        r, z = (a_r + b_r).sigmoid(), (a_z + b_z).sigmoid()
        n = (a_n + r * b_n).tanh()
        return {
            "reset_gate": r,
            "update_gate": z,
            "candidate": n,
            "hidden": (1 - z) * n + z * h,
        }
    return {"hidden": (a + b).relu() if module.nonlinearity == "relu" else (a + b).tanh()}


def run(
    module: nn.RNNBase,
    x: Tensor,
    state: tuple[Tensor, ...] | None = None,
    *,
    lengths: list[int] | None = None,
    masks: list[Tensor] | None = None,
    nudges: Nudges | None = None,
) -> Explicit:
    """``x`` (time, batch, features); ``state`` as torch takes it, always a tuple here.

    masks: what each layer's output but the last is multiplied by (time, batch, features).
    """
    steps, batch = x.shape[:2]
    lengths = lengths or [steps] * batch
    nudges = nudges or Nudges.zeros(module, steps, batch)
    directions = 2 if module.bidirectional else 1
    kept = {
        name: torch.full(
            (module.num_layers, directions, steps, batch, module.hidden_size), np.nan
        ).to(x.dtype)
        for name in NAMES[next(cls for cls in NAMES if isinstance(module, cls))]
    }
    kept["hidden"] = kept["hidden"][..., : nudges.h.shape[-1]].clone()
    finals: list[tuple[Tensor, ...]] = []
    for layer in range(module.num_layers):
        columns = []
        for direction in range(directions):
            suffix = f"_l{layer}" + ("_reverse" if direction else "")
            zero = x.new_zeros(nudges.h.shape[-1])
            outputs = [[zero] * batch for _ in range(steps)]
            last = []
            for b in range(batch):
                place = layer * directions + direction
                h, *c = (
                    [part[place, b] for part in state]
                    if state
                    else [zero, x.new_zeros(module.hidden_size)]
                )
                order = range(lengths[b])
                for t in reversed(order) if direction else order:
                    found = step(
                        module,
                        suffix,
                        nudges.U[layer, direction, t],
                        x[t, b],
                        h,
                        c[0] if c else None,
                    )
                    if "cell" in found:
                        found["cell"] = found["cell"] + nudges.c[layer, direction, t, b]
                        c = [found["cell"]]
                        found["hidden"] = found["output_gate"] * found["cell"].tanh()
                        if module.proj_size:
                            P = getattr(module, f"weight_hr{suffix}")
                            found["hidden"] = P @ found["hidden"]
                    found["hidden"] = found["hidden"] + nudges.h[layer, direction, t, b]
                    h = found["hidden"]
                    outputs[t][b] = h
                    for name, value in found.items():
                        kept[name][layer, direction, t, b] = value.detach()
                last.append((h, *c) if isinstance(module, nn.LSTM) else (h,))
            columns.append(torch.stack([torch.stack(row) for row in outputs]))
            finals.append(tuple(torch.stack(part) for part in zip(*last)))
        x = torch.cat(columns, dim=-1)
        if masks and layer < module.num_layers - 1:
            x = x * masks[layer]
    signals = {name: value.detach().numpy() for name, value in kept.items()}
    return Explicit(signals, x, tuple(torch.stack(part) for part in zip(*finals)), nudges)


def gradients(explicit: Explicit, loss: Tensor) -> dict[str, np.ndarray]:
    """grad_hidden, grad_cell and grad_weight_norm of ``loss``, NaN where a sequence has ended."""
    ended = np.isnan(explicit.signals["hidden"][..., :1])
    parts = (explicit.nudges.h, explicit.nudges.c, explicit.nudges.U)
    found = torch.autograd.grad(loss, parts, allow_unused=True, retain_graph=True)
    h, c, U = (
        torch.zeros_like(part) if gradient is None else gradient
        for part, gradient in zip(parts, found)
    )
    result = {
        "grad_hidden": np.where(ended, np.nan, h.numpy()),
        "grad_weight_norm": U.flatten(3).norm(dim=-1).numpy(),
    }
    if "cell" in explicit.signals:
        result["grad_cell"] = np.where(ended, np.nan, c.numpy())
    return result


def unpacked(output) -> tuple[Tensor, tuple[Tensor, ...]]:
    """What a torch module returned as (padded output, final states)."""
    values, final = output
    if isinstance(values, PackedSequence):
        values = pad_packed_sequence(values)[0]
    return values, final if isinstance(final, tuple) else (final,)


def random_loss(seed: int, *, finals: bool = True) -> Callable[[tuple], Tensor]:
    """A smooth loss with random weights over the output and, with ``finals``, h_n and c_n."""

    def loss(output) -> Tensor:
        values, states = unpacked(output)
        total = 0.0
        for place, part in enumerate((values, *states) if finals else (values,)):
            generator = torch.Generator().manual_seed(seed + place)
            weight = torch.randn(part.shape, generator=generator, dtype=torch.float64)
            total = total + (torch.sin(2 * part) * weight.to(part.dtype)).sum()
        return total

    return loss


def seeded(module: nn.Module, seed: int) -> nn.Module:
    """Random weights, larger than torch's own choice so that gates leave the middle."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            drawn = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
            parameter.copy_(0.7 * drawn)
    return module
