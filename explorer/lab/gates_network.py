"""What the page on gates asks of a network: itself, its memory, the paths of its gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core import Trace
from explorer.language import Texts
from explorer.models import Card, siblings, text_model
from explorer.shared import shared
from explorer.sidebar import Choice

if TYPE_CHECKING:
    import xarray as xr
    from torch import Tensor

    from core.networks.model_file import TextModel


def network_of(card: Card) -> TextModel:
    """The network of a card: the reader's own, else a shipped one."""
    return text_model(card.id)


def runs_again(choice: Choice, texts: Texts) -> bool:
    """Whether the network itself can be run again here, altered; where it cannot, why is said."""
    if choice.card.reads_on:
        return True
    reason = "needs_network" if choice.card.recorded else "needs_reader"
    st.info(texts(f"gates.{reason}", ledger=texts("gates.part_ledger")))
    return False


def is_gated(trace: Trace) -> bool:
    """Whether the recorded cell keeps its memory by a gate."""
    return "cell" in trace or "update_gate" in trace or "forget_gate" in trace


def gated_sibling(card: Card) -> Card | None:
    """An LSTM that was trained on the same corpus as a network without gates."""
    return next((other for other in siblings(card) if other.cell == "lstm"), None)


def keep_gate(trace: Trace) -> str:
    """The gate by which the memory is kept."""
    return "forget_gate" if "forget_gate" in trace else "update_gate"


def memory_name(trace: Trace) -> str:
    """The state that is the memory: c of an LSTM, else h."""
    return "cell" if "cell" in trace else "hidden"


@shared
def paths_of(card_id: str, text: str, loss_at: str, _choice: Choice, _trace: Trace) -> xr.DataArray:
    """The gradient of the memory by path (path, layer, direction, time, unit)."""
    import torch

    from core.gradients import gradient_paths

    torch.set_num_threads(1)
    model = network_of(_choice.card)
    paths = gradient_paths(_trace, model.model.rnn, direct(model, _trace, text, loss_at))
    return paths.isel(batch=0)


def direct(model: TextModel, trace: Trace, text: str, loss_at: str) -> Tensor:
    """What the loss of this recording says of the output at each step on its own."""
    import torch

    from core.gradients import direct_gradient

    targets = targets_of(model, trace, text)
    read_out = model.model.read_out
    scores = torch.nn.Identity() if read_out is None else read_out

    def loss(outputs: Tensor) -> Tensor:
        return loss_of(scores(outputs.to(next(model.model.parameters()).dtype)), targets, loss_at)

    return direct_gradient(trace, loss)


def targets_of(model: TextModel, trace: Trace, text: str) -> Tensor:
    """The id that follows each step; after the last the network's own first guess."""
    import torch

    ids = model.encode(text)
    guess = int(trace["prediction"].values[-1, 0].argmax())
    return torch.cat((ids[1:, 0], torch.tensor([guess])))


def loss_of(logits: Tensor, targets: Tensor, loss_at: str) -> Tensor:
    """The cross-entropy, at the last step or as a mean over every step whose target is known."""
    from torch.nn import functional

    if loss_at == "last":
        return functional.cross_entropy(logits[-1], targets[-1:])
    unknown = logits.shape[-1]
    return functional.cross_entropy(logits[:, 0], targets, ignore_index=unknown)


def shares(paths: xr.DataArray) -> np.ndarray:
    """What each path adds to the whole, or takes from it: (layer, direction, time, path).

    Each path's part along the direction of the whole, <g_p, g>, divided by the sum of their
    sizes: the sizes add up to 1, and the sum is what is left of them once they have cancelled.
    """
    along = (paths * paths.sum("path")).sum("unit")
    sizes = abs(along).sum("path")
    found = along / sizes.where(sizes > 0)
    return found.fillna(0).transpose("layer", "direction", "time", "path").values
