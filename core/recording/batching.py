"""One sentence read in company: packed, padded, or cut into chunks, and recorded each time.

Read alone is what it should always come to. A batch needs sequences of one length, and a long
text is read piece by piece; either can change what the network sees without any error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence

from core.networks.model_file import TextModel
from core.recording.recorder import record

WAYS = ("alone", "packed", "right", "left", "carried", "reset")


@dataclass(frozen=True, eq=False)
class InCompany:
    """What a network did with one sentence of T characters in one of the ``WAYS``.

    hidden: (columns, units), the recorded states of the top layer; padding has columns too.
    wanted: the same as it would be without padding: zeros before the sentence, read alone in it,
        its last state behind it. own: which columns are the sentence's. final: the state that is
        taken for the sentence's last, (units,). guess: the probabilities that follow from it.
    losses: cross-entropy of each next character, (T - 1,), in nats; NaN where it is not known.
    """

    hidden: np.ndarray
    wanted: np.ndarray
    own: np.ndarray
    final: np.ndarray
    guess: np.ndarray
    losses: np.ndarray

    @property
    def difference(self) -> np.ndarray:
        """|hidden - wanted|: (columns, units)."""
        return np.abs(self.hidden - self.wanted)


@torch.no_grad()
def read_in_company(text_model: TextModel, text: str, way: str, size: int) -> InCompany:
    """Read ``text`` in this way, of

    - ``alone``: by itself. ``packed``: beside a sentence that is ``size`` longer, packed.
    - ``right``, ``left``: padded with ``size`` zero vectors behind or before it, nothing masked;
      behind it the last column is taken for the sentence's.
    - ``carried``, ``reset``: in chunks of ``size`` characters, the state handed on from chunk to
      chunk or begun anew.

    text_model: one direction, with a fused torch module (Elman, LSTM, GRU).
    Raises ValueError for an unknown way, a size below 1 (``alone`` needs none), an empty text, and
    other networks.
    """
    rnn = text_model.model.rnn
    if not isinstance(rnn, nn.RNNBase) or rnn.bidirectional:
        raise ValueError(
            f"got a {type(rnn).__name__}; expected an nn.RNN, nn.LSTM or nn.GRU of one direction."
        )
    if way not in WAYS or (size < 1 and way != "alone"):
        raise ValueError(
            f"way is {way!r} and size {size}; expected one of {', '.join(WAYS)} and at least 1."
        )
    ids = text_model.encode(text)
    x = text_model.model.embed(ids)
    alone = _recorded(rnn, x)
    hidden = alone if way == "alone" else _hidden(rnn, x, way, size)
    columns, steps = len(hidden), len(alone)
    first = columns - steps if way == "left" else 0
    wanted = np.zeros_like(hidden)
    wanted[first : first + steps] = alone
    wanted[first + steps :] = alone[-1]
    own = np.zeros(columns, dtype=bool)
    own[first : first + steps] = True
    scores = _scores(text_model, hidden)
    losses = functional.cross_entropy(
        scores[own][:-1], ids[1:, 0].clamp_max(scores.shape[1] - 1), reduction="none"
    ).double()
    losses[ids[1:, 0] >= scores.shape[1]] = torch.nan
    guess = torch.softmax(scores[-1].double(), dim=-1).numpy()
    return InCompany(hidden, wanted, own, hidden[-1], guess, losses.numpy())


def _hidden(rnn: nn.RNNBase, x: Tensor, way: str, size: int) -> np.ndarray:
    blank = x.new_zeros(size, *x.shape[1:])
    if way == "packed":
        longer = torch.cat((x, x[torch.arange(size) % len(x)]))
        pair = torch.cat((torch.cat((x, blank)), longer), dim=1)
        packed = pack_padded_sequence(
            pair, torch.tensor([len(x), len(longer)]), enforce_sorted=False
        )
        return _recorded(rnn, packed)[: len(x)]
    if way in ("right", "left"):
        return _recorded(rnn, torch.cat((x, blank) if way == "right" else (blank, x)))
    state, found = None, []
    for chunk in x.split(size):
        found.append(_recorded(rnn, chunk, state if way == "carried" else None))
        state = rnn(chunk, state if way == "carried" else None)[1]
    return np.concatenate(found)


def _recorded(rnn: nn.RNNBase, x, state=None) -> np.ndarray:
    """The states of the top layer, (time, units), of the first sequence of the batch."""
    (trace,) = record(rnn, x if state is None else (x, state)).values()
    return trace["hidden"].values[-1, 0, :, 0]


def _scores(text_model: TextModel, hidden: np.ndarray) -> Tensor:
    read_out = text_model.model.read_out
    assert read_out is not None  # only a Jordan network has none
    return read_out(torch.from_numpy(hidden).to(read_out.weight))
