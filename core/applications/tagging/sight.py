"""Which words a tag can depend on, and which it does depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from core.networks.architecture import Architecture

if TYPE_CHECKING:
    from core.applications.tagging.tagging import Tagging


def seen(architecture: Architecture, length: int, place: int) -> range:
    """The steps, of ``length``, whose words can change the answer at step ``place``.

    A recurrent network in one direction has read everything up to there and ``window`` words
    more, in both directions the whole sentence; a stack of convolutions reaches ``window`` words
    for each layer to either side.
    Raises ValueError for a step outside the sentence.
    """
    if not 0 <= place < length:
        raise ValueError(f"place is {place}; expected 0 to {length - 1}.")
    if not architecture.recurrent:
        reach = architecture.window * architecture.num_layers
        return range(max(0, place - reach), min(length, place + reach + 1))
    if architecture.bidirectional:
        return range(length)
    return range(min(length, place + architecture.window + 1))


@torch.no_grad()
def reliance(application: Tagging, model: nn.Module, text: str, place: int) -> list[float]:
    """How much each word holds up the tag at step ``place``.

    The probability of that tag minus its probability when the one word is read as unknown:
    one number a word, in [-1, 1]; 0 for a word that makes no difference.
    Raises ValueError for a step outside the sentence.
    """
    tokens = application.tokens(text)
    if not 0 <= place < len(tokens):
        raise ValueError(f"place is {place}; expected 0 to {len(tokens) - 1}.")
    training = model.training
    model.eval()
    ids = application.ids(tokens, model)
    # column 0 as it is, column k + 1 with word k hidden
    columns = ids.repeat(1, len(tokens) + 1)
    steps = torch.arange(len(tokens))
    columns[steps, steps + 1] = len(application.lexicon)
    shares = model(columns)[0][place].softmax(-1)
    model.train(training)
    of_tag = shares[:, shares[0].argmax()]
    return (of_tag[0] - of_tag[1:]).tolist()
