"""One's own sequence of random numbers, whatever else draws from torch's generators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional, init
from torch.overrides import TorchFunctionMode

RECURRENT = (torch.lstm, torch.gru, torch.rnn_tanh, torch.rnn_relu)
CPU = torch.device("cpu")
# The calls that take a generator, and would else draw from the one that the process shares.
DRAWING = (
    torch.rand,
    torch.randn,
    torch.randint,
    torch.randperm,
    torch.bernoulli,
    torch.multinomial,
    Tensor.bernoulli_,
    Tensor.multinomial,
    Tensor.normal_,
    Tensor.uniform_,
    Tensor.random_,
    init.kaiming_uniform_,
    init.normal_,
    init.uniform_,
)


class RandomNumbers(TorchFunctionMode):
    """Inside ``with``, fresh weights, dropout and the like draw from these generators alone.

    Else they draw from one generator for the whole process, so that of two networks made or
    trained in two threads neither could be repeated. A function mode belongs to its thread: in
    here every call that draws is given a generator, seeded as ``torch.manual_seed`` would seed
    that of the process. Dropout is computed here, also the one between the layers of torch's
    fused modules, which are then run one layer after the other with the same kernels.
    """

    def __init__(self, seed: int, device: torch.device = CPU) -> None:
        super().__init__()
        kinds = ("cpu",) if device.type == "cpu" else ("cpu", device.type)
        self._generators = {
            kind: torch.Generator(kind if kind == "cpu" else device).manual_seed(seed)
            for kind in kinds
        }

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        kwargs = dict(kwargs or {})
        if func is functional.dropout:
            return self.dropout(*args, **kwargs)
        if func in RECURRENT:
            return self._layer_by_layer(func, args)
        if func in DRAWING and kwargs.get("generator") is None:
            kwargs["generator"] = self._generator(args, kwargs)
        return func(*args, **kwargs)

    @property
    def state(self) -> dict[str, Tensor]:
        """Where each generator stands, by the kind of device."""
        return {kind: generator.get_state() for kind, generator in self._generators.items()}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Go on from ``state``, which must be of the same kind of device.

        Raises ValueError for the state of another device, or something else altogether.
        """
        kinds = {name: (part.dtype, part.shape) for name, part in self.state.items()}
        if {name: (part.dtype, part.shape) for name, part in state.items()} != kinds:
            raise ValueError(
                f"The checkpoint holds random numbers for {sorted(state) or 'no device'}, this "
                f"run needs {sorted(kinds)}. Resume on the kind of device that it was saved on."
            )
        for name, generator in self._generators.items():
            generator.set_state(state[name].clone())

    def dropout(
        self, input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
    ) -> Tensor:
        """``torch.nn.functional.dropout``: each number is kept with probability 1 - p."""
        if not training or p == 0:
            return input
        kept = torch.empty_like(input).bernoulli_(
            1 - p, generator=self._generators[input.device.type]
        )
        kept = kept.div_(1 - p) if p < 1 else kept
        return input.mul_(kept) if inplace else input * kept

    def _layer_by_layer(self, func: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """What ``func`` gives, with dropout between the layers.

        Its arguments are (x, state, weights, biased, layers, dropout, training, bidirectional,
        batch_first), or with packed sequences (x, batch_sizes, state, weights, biased, layers,
        dropout, training, bidirectional); an LSTM's state is a pair.
        """
        place = 2 if isinstance(args[2], list) else 3
        x, sizes, state = args[0], args[1 : place - 1], args[place - 1]
        weights, (biased, layers, dropout, training, bidirectional, *rest) = (
            args[place],
            args[place + 1 :],
        )
        if layers == 1 or not dropout or not training:
            return func(*args)
        directions, each = (2 if bidirectional else 1), len(weights) // layers
        finals = []
        for layer in range(layers):
            part = slice(layer * directions, (layer + 1) * directions)
            start = tuple(s[part] for s in state) if isinstance(state, tuple) else state[part]
            own = weights[layer * each : (layer + 1) * each]
            x = self.dropout(x, dropout) if layer else x
            x, *final = func(x, *sizes, start, own, biased, 1, 0.0, True, bidirectional, *rest)
            finals.append(final)
        return x, *(torch.cat(parts) for parts in zip(*finals))

    def _generator(
        self, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> torch.Generator | None:
        """The generator for where the call draws; none for shapes without memory."""
        device = kwargs.get("device")
        first = args[0] if args else kwargs.get("tensor")
        if device is None and isinstance(first, Tensor):
            device = first.device
        return self._generators.get(torch.device(device or "cpu").type)
