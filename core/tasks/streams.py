"""A long text as parallel streams, each a contiguous part of it."""

from __future__ import annotations

from collections.abc import Iterator

from torch import Tensor

from core.tasks.task import IGNORED, Batch

STREAMS, SHORTEST, LENGTH = 32, 512, 128  # when a text is only read, not learned from


def piece(ids: Tensor, vocabulary_size: int, streams: int, start: int, length: int) -> Batch:
    """``length`` steps from step ``start`` of ``streams`` equal streams of ``ids`` (time,).

    A remainder shorter than one step of all streams is not read. Ids outside the vocabulary
    are not asked for.
    """
    per_stream = (len(ids) - 1) // streams
    end = min(start + length, per_stream)
    inputs = ids[: streams * per_stream].view(streams, per_stream)[:, start:end].T
    targets = ids[1 : streams * per_stream + 1].view(streams, per_stream)[:, start:end].T
    return Batch(inputs, targets.masked_fill(targets >= vocabulary_size, IGNORED), start > 0)


def read_through(ids: Tensor, vocabulary_size: int) -> Iterator[Batch]:
    """The whole of ``ids`` (time,) once, from start to end; nothing for fewer than two ids.

    A long text is read in several streams side by side, which is faster and costs each stream
    a cold start.
    """
    if len(ids) < 2:
        return
    streams = max(1, min(STREAMS, (len(ids) - 1) // SHORTEST))
    for start in range(0, (len(ids) - 1) // streams, LENGTH):
        yield piece(ids, vocabulary_size, streams, start, LENGTH)
