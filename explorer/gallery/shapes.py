"""The five shapes of sequence, each as the unrolled graph of a model that is working right now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core import Trace
from core.recording.wiring import wiring_of
from core.training.gallery.shelf import GalleryModel
from explorer.gallery.common import models_of
from explorer.language import Texts
from explorer.models import load_applied, read_applied
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, plain_spec

UNITS = 12  # rows of a column: as many of the units as can be told apart
HEIGHT = 560
AREAS = "'a a b b c c' 'd d d e e e'"
# What each shape is shown by, and the pages with its models.
SHOWN = {
    "one-to-one": ("digit-image",),
    "one-to-many": ("digit-names-en", "digit-names-zh"),
    "many-to-one": ("sentiment",),
    "in-step": ("tickets",),
    "out-of-step": ("dates",),
}
PAGES = {
    "one-to-one": ("memoryless",),
    "one-to-many": ("describe", "generate"),
    "many-to-one": ("classify",),
    "in-step": ("tagging", "signals", "forecast"),
    "out-of-step": ("translate",),
}


@dataclass(frozen=True)
class Column:
    """One step: what is read and what is answered, either may be empty.

    fed: it reads what was answered the step before. part: another network takes over here.
    """

    input: str
    output: str
    fed: bool = False
    part: bool = False


@dataclass(frozen=True)
class Shape:
    """A model at work: its columns, and the states of some of its units (time, unit).

    cells: the cell states of the same units, where there are any. arrows: what its cell
    declares (see core.recording.wiring).
    """

    id: str
    model: GalleryModel
    text: str
    columns: Sequence[Column]
    states: np.ndarray
    cells: np.ndarray | None = None
    arrows: Sequence[tuple[str, str, int, str]] = (("input", "hidden", 0, "W"),)

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """What the picture reads, by name."""
        found = {self.id: self.states}
        return found if self.cells is None else {**found, f"{self.id}/cell": self.cells}


def shapes(texts: Texts) -> list[Shape]:
    """The shapes for which there is a model, in the order in which they are taught."""
    found = []
    for shape, applications in SHOWN.items():
        models = models_of(*applications, language=texts.language) or models_of(*applications)
        fitting = [one for one in models if one.recurrent != (shape == "one-to-one")]
        if fitting:
            found.append(_shape(shape, max(fitting, key=_plainness), texts))
    return found


def shapes_stage(found: Sequence[Shape], texts: Texts) -> bytes:
    """All shapes on one stage; the cursor runs through the steps of each at once."""
    panels = [
        Panel(
            "shape",
            area,
            label=texts(f"shapes.{shape.id}"),
            alt=_spoken(shape, texts),
            options={
                "array": shape.id,
                "columns": [vars(column) for column in shape.columns],
                "arrows": shape.arrows,
            },
        )
        for shape, area in zip(found, "abcde")
    ]
    steps = max(len(shape.columns) for shape in found)
    spec = plain_spec(
        panels,
        Layout(AREAS, "repeat(6, minmax(0, 1fr))", "repeat(2, minmax(0, 1fr))", HEIGHT),
        texts,
        group=f"shapes-{texts.language}",
        tokens=[str(step + 1) for step in range(steps)],
        units=1,
        cursor={"time": 0},
        play=True,
    )
    arrays = {name: array for shape in found for name, array in shape.arrays.items()}
    return pack(arrays, spec)


def _plainness(model: GalleryModel) -> tuple[bool, float]:
    """First a graph without a second direction and without attention, whose arrows from every
    step to every other could not be followed here; then the better score."""
    return not (model.bidirectional or model.attention), model.score


def _shape(shape: str, model: GalleryModel, texts: Texts) -> Shape:
    text = _example(model, texts)
    if shape == "one-to-one":
        columns, states = _feed_forward(model, text, texts)
        return Shape(shape, model, text, columns, states.astype(np.float32))
    traces = read_applied(model.id, text, "last")
    states = _of_all(traces, "hidden")
    cells = _of_all(traces, "cell") if all("cell" in trace for trace in traces.values()) else None
    arrows = wiring_of(_first(traces)).arrows
    return Shape(shape, model, text, _COLUMNS[shape](traces), states, cells, arrows)


def _of_all(traces: dict[str, Trace], name: str) -> np.ndarray:
    """A state over the steps of all parts, one after the other."""
    return np.concatenate([_states(trace, name) for trace in traces.values()]).astype(np.float32)


def _example(model: GalleryModel, texts: Texts) -> str:
    """The shortest in the reader's language, so that every column can be read; of a translator's
    only those with an answer that is known, since the others show what it cannot know."""
    known = [text for text in model.examples if _is_known(model, text)]
    own = [text for text in known if text.isascii() == (texts.language == "en")]
    return min(own or known, key=len)


def _is_known(model: GalleryModel, text: str) -> bool:
    """Whether there is a right answer to ``text``; what has no such question is."""
    from core.applications.translation import Translation

    application = load_applied(model.id).application
    return not isinstance(application, Translation) or application.expected(text) is not None


def _feed_forward(model: GalleryModel, text: str, texts: Texts) -> tuple[list[Column], np.ndarray]:
    """The hidden layer of a network without time, and its answer."""
    import torch

    torch.set_num_threads(1)
    applied = load_applied(model.id)
    kept: list[Any] = []
    linear = [part for part in applied.model.modules() if isinstance(part, torch.nn.Linear)]
    handle = linear[-1].register_forward_pre_hook(lambda _, inputs: kept.append(inputs[0]))
    try:
        answer = applied.answer(text)
    finally:
        handle.remove()
    hidden = kept[0].detach().reshape(-1, kept[0].shape[-1])[-1:].numpy()
    return [Column(texts("shapes.image", number=text), answer.label)], _spread(hidden)


def _states(trace: Trace, name: str) -> np.ndarray:
    return _spread(trace[name].values[-1, 0, :, 0])


def _spread(states: np.ndarray) -> np.ndarray:
    """``UNITS`` of the units, evenly spread; (time, unit)."""
    chosen = np.linspace(0, states.shape[1] - 1, UNITS).round().astype(int)
    return states[:, chosen]


def _answers(trace: Trace) -> list[str]:
    """The most probable class after each step."""
    best = trace["prediction"].values[:, 0].argmax(axis=-1)
    return [str(trace.data["class"].values[index]) for index in best]


def _first(traces: dict[str, Trace]) -> Trace:
    return next(iter(traces.values()))


def _many_to_one(traces: dict[str, Trace]) -> list[Column]:
    trace = _first(traces)
    *before, last = trace.tokens
    return [*(Column(token, "") for token in before), Column(last, _answers(trace)[-1])]


def _in_step(traces: dict[str, Trace]) -> list[Column]:
    trace = _first(traces)
    return [Column(token, _slot(answer)) for token, answer in zip(trace.tokens, _answers(trace))]


def _slot(tag: str) -> str:
    """A tag without its B- or I-; a dot for the words outside every slot."""
    return "·" if tag == "O" else tag.partition("-")[2]


def _writing(trace: Trace) -> list[Column]:
    """A decoder: each step reads what the one before it answered."""
    return [
        Column(token, answer, fed=step > 0)
        for step, (token, answer) in enumerate(zip(trace.tokens, _answers(trace)))
    ]


def _one_to_many(traces: dict[str, Trace]) -> list[Column]:
    return _writing(_first(traces))


def _out_of_step(traces: dict[str, Trace]) -> list[Column]:
    encoder, decoder = traces.values()
    first, *others = _writing(decoder)
    handed_over = Column(first.input, first.output, part=True)
    return [*(Column(token, "") for token in encoder.tokens), handed_over, *others]


_COLUMNS = {
    "one-to-many": _one_to_many,
    "many-to-one": _many_to_one,
    "in-step": _in_step,
    "out-of-step": _out_of_step,
}


def _spoken(shape: Shape, texts: Texts) -> str:
    read = " ".join(column.input for column in shape.columns if column.input)
    said = " ".join(column.output for column in shape.columns if column.output)
    return f"{texts(f'shapes.{shape.id}')}: {texts('shapes.spoken', read=read, said=said)}"
