"""A run's own sequence of random numbers, whatever else draws from torch's generators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

import torch
from torch import Tensor


class RandomNumbers:
    """What dropout draws in one run, saved and restored around each stretch of training.

    torch's dropout draws from one generator per device for the whole process, so two runs with
    dropout are reproducible one after the other, not in two threads at once.
    """

    def __init__(self, seed: int, device: torch.device) -> None:
        self._on_gpu = device.type == "cuda"
        self._device = device
        self.state: dict[str, Tensor] = {}
        with self._left_alone():
            torch.manual_seed(seed)
            self._remember()

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Inside, the run's own sequence goes on; outside, torch's generators are as before."""
        with self._left_alone():
            torch.set_rng_state(self.state["cpu"])
            if self._on_gpu:
                torch.cuda.set_rng_state(self.state["cuda"], self._device)
            yield
            self._remember()

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
        self.state = {name: part.clone() for name, part in state.items()}

    def _left_alone(self) -> AbstractContextManager[None]:
        return torch.random.fork_rng(devices=[self._device] if self._on_gpu else [])

    def _remember(self) -> None:
        self.state = {"cpu": torch.get_rng_state()}
        if self._on_gpu:
            self.state["cuda"] = torch.cuda.get_rng_state(self._device)
