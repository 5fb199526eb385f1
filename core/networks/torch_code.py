"""A ``Reader`` written out as the PyTorch that a person would write: for reading, and to run."""

from __future__ import annotations

from core.networks.architecture import Architecture
from core.networks.reader import FUSED, Ends

NAMES = {"elman": "RNN", "lstm": "LSTM", "gru": "GRU"}


def torch_code(
    architecture: Architecture,
    ends: Ends,
    *,
    batch_first: bool = False,
    lengths: bool = False,
    softmax: bool = True,
) -> str:
    """The source of a module that is ``Reader(architecture, ends, softmax=softmax)``.

    Its ``rnn`` has the same parameters by the same names; ``embedding`` is the Reader's
    ``encoder.embedding`` and ``fc`` its ``read_out``. Cells that torch does not have are taken
    from this project.

    batch_first: whether inputs and outputs are (batch, time, features) instead of (time, batch,
        features); the numbers are the same.
    lengths: whether sequences differ in length, so that ``forward`` is given how long each is.

    Raises ValueError for a network with a window, which is no recurrent module's own business.
    """
    if architecture.window or not architecture.recurrent:
        raise ValueError(
            f"The network is a {architecture.cell} with window={architecture.window}; expected a "
            "recurrent one that reads one input a step."
        )
    writer = _Writer(architecture, ends, batch_first, lengths, softmax)
    body = [*writer.init(), "", *writer.forward()]
    lines = [*writer.imports(), "", "", f"class {writer.name}(nn.Module):", *body]
    return "\n".join(lines) + "\n"


class _Writer:
    """The lines, part by part."""

    def __init__(
        self,
        architecture: Architecture,
        ends: Ends,
        batch_first: bool,
        lengths: bool,
        softmax: bool,
    ) -> None:
        self.architecture, self.ends, self.softmax = architecture, ends, softmax
        self.batch_first = batch_first
        # read forwards, answered at every step: what follows the end changes nothing before it
        self.lengths = lengths and (architecture.bidirectional or not ends.each_step)
        self.fused = architecture.cell in FUSED
        self.jordan = architecture.cell == "jordan"
        self.embedded = ends.tokens and architecture.embedding_size > 0
        self.width = architecture.embedding_size if self.embedded else ends.inputs
        kind = NAMES.get(architecture.cell, "Network")
        self.name = f"Simple{kind}"
        self.time = 1 if batch_first else 0
        # the backward direction reads padding first unless it is told where each sequence ends
        self.packed = self.lengths and architecture.bidirectional

    def imports(self) -> list[str]:
        lines = ["import torch", "from torch import nn"]
        if self.ends.tokens and not self.embedded:
            lines.append("from torch.nn import functional")
        if self.packed and self.fused:
            lines.append("from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence")
        if not self.fused:
            lines += ["", "from core.networks import Recurrent  # torch has no such cell"]
        return lines

    def init(self) -> list[str]:
        a, ends = self.architecture, self.ends
        lines = ["    def __init__(self):", "        super().__init__()"]
        if self.embedded:
            lines += [
                "        # one row more: what is unknown is read as zeros",
                f"        self.embedding = nn.Embedding({ends.inputs + 1}, {a.embedding_size}, "
                f"padding_idx={ends.inputs})",
            ]
        lines += [
            f"        self.rnn = {'nn.' + NAMES[a.cell] if self.fused else 'Recurrent'}(",
            *(f"            {option}," for option in self.options()),
            "        )",
        ]
        if a.dropout:
            lines.append(f"        self.dropout = nn.Dropout({a.dropout})")
        if not self.jordan:
            width = f"2 * {a.hidden_size}" if a.bidirectional else f"{a.hidden_size}"
            lines.append(f"        self.fc = nn.Linear({width}, {ends.outputs})")
        return lines

    def options(self) -> list[str]:
        """The arguments of the recurrent module, in torch's order; defaults are left out."""
        a = self.architecture
        options = [] if self.fused else [f'"{a.cell}"']
        options += [f"input_size={self.width}", f"hidden_size={a.hidden_size}"]
        if a.num_layers > 1:
            options.append(f"num_layers={a.num_layers}")
        if a.cell == "elman":
            options.append(f'nonlinearity="{a.nonlinearity}"')
        if self.batch_first:
            options.append("batch_first=True")
        if a.dropout and a.num_layers > 1:
            options.append(f"dropout={a.dropout}")
        if a.bidirectional:
            options.append("bidirectional=True")
        if self.jordan:
            kind = "softmax" if self.softmax else "identity"
            options += [f"output_size={self.ends.outputs}", f'output_activation="{kind}"']
        return options

    def forward(self) -> list[str]:
        shape = "batch, time" if self.batch_first else "time, batch"
        what = f"ids ({shape})" if self.ends.tokens else f"numbers ({shape}, {self.ends.inputs})"
        given = ", lengths" if self.lengths else ""
        lines = [f"    def forward(self, x{given}):", f"        # x: {what}"]
        if self.embedded:
            lines.append("        x = self.embedding(x)")
        elif self.ends.tokens:
            size = self.ends.inputs
            lines.append(f"        x = functional.one_hot(x, {size + 1})[..., :{size}].float()")
        if self.architecture.dropout and self.ends.tokens:
            lines.append("        x = self.dropout(x)")
        return lines + self.run() + self.answer()

    def run(self) -> list[str]:
        """From the inputs to ``out``, the outputs of every step."""
        if not self.packed:
            return [f"        out, state = self.rnn(x)  # out: {self.shape_of_out()}"]
        if not self.fused:
            return ["        out, state = self.rnn(x, lengths=lengths)"]
        first = ", batch_first=True" if self.batch_first else ""
        return [
            f"        packed = pack_padded_sequence(x, lengths{first}, enforce_sorted=False)",
            "        out, state = self.rnn(packed)",
            f"        out, _ = pad_packed_sequence(out{first}, total_length=x.shape[{self.time}])",
        ]

    def shape_of_out(self) -> str:
        a = self.architecture
        if self.jordan:
            width = str(self.ends.outputs)
        else:
            width = f"2 * {a.hidden_size}" if a.bidirectional else str(a.hidden_size)
        return f"({'batch, time' if self.batch_first else 'time, batch'}, {width})"

    def answer(self) -> list[str]:
        """From ``out`` to the logits."""
        lines = [] if self.ends.each_step else self.at_the_end()
        if self.jordan:
            if self.softmax:
                lines.append("        return out.log()  # what it feeds back are probabilities")
            else:
                lines.append("        return out")
            return lines
        if self.architecture.dropout:
            lines.append("        out = self.dropout(out)")
        return [*lines, "        return self.fc(out)"]

    def at_the_end(self) -> list[str]:
        """Only the last step of each sequence answers; of the backward direction, the first."""
        size = self.architecture.hidden_size
        last, first = self.step("-1"), self.step("0")
        lines = []
        if self.lengths:
            rows = f"torch.arange(x.shape[{1 - self.time}])"
            places = f"{rows}, lengths - 1" if self.batch_first else f"lengths - 1, {rows}"
            last = f"out[{places}]"
        if not self.architecture.bidirectional:
            return [f"        out = {last}  # only the last step answers"]
        lines += [
            "        # forwards the last step has read everything, backwards the first",
            f"        out = torch.cat(({last}[:, :{size}], {first}[:, {size}:]), dim=1)",
        ]
        return lines

    def step(self, place: str) -> str:
        return f"out[:, {place}, :]" if self.batch_first else f"out[{place}]"
