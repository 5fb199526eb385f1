"""What a cell declares of itself: what each quantity of a step is computed from.

The declaration is the one source of every arrow that is drawn: between the steps of the
unrolled graph, inside the picture of a cell, and on the small graphs of the five shapes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

INPUT = "input"  # what a step reads: the token, or the output of the layer below


class Read(NamedTuple):
    """One thing that a quantity of step t is computed from.

    name: a signal of the cell, or ``INPUT``.
    weight: the letter of the matrix that it is multiplied by (W input, U recurrent, V
        read-out), "w" for a vector of weights, one a unit; "" where it goes in as it is.
    back: how many steps before t it was made; 0 in step t itself.
    """

    name: str
    weight: str = ""
    back: int = 0


Reads = Mapping[str, tuple[Read, ...]]


class Arrow(NamedTuple):
    """``target`` of step t depends on ``source`` of step t - back, with no state in between."""

    source: str
    target: str
    back: int
    weight: str


def states_of(reads: Reads) -> tuple[str, ...]:
    """What is drawn as a node: whatever is fed back, the hidden state and the output.

    In the order in which one step computes them.
    """
    fed_back = {read.name for sources in reads.values() for read in sources if read.back}
    return tuple(name for name in reads if name in fed_back or name in ("hidden", "output"))


def state_arrows(reads: Reads) -> tuple[Arrow, ...]:
    """The arrows between the states, and from the input to them: gates are what lies on the way.

    Where several ways lead from one state to another there is one arrow, with the letter of
    the first matrix that is met.
    """
    states = states_of(reads)
    found: dict[tuple[str, str, int], str] = {}
    for target in states:
        for read in _ends(reads, target, states):
            key = (read.name, target, read.back)
            found[key] = found.get(key) or read.weight
    return tuple(Arrow(*key, weight) for key, weight in found.items())


def _ends(reads: Reads, target: str, states: tuple[str, ...]) -> Iterator[Read]:
    """What ``target`` reads of states and input, directly or through signals that are neither."""
    for read in reads[target]:
        if read.back or read.name in states or read.name == INPUT:
            yield read
        else:
            yield from _ends(reads, read.name, states)
