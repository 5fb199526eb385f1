"""A cell over time: layers, directions, read-outs, and the models built of them."""

from core.networks.recurrent import Recurrent, open_module
from core.networks.sequence_model import ModelSettings, SequenceModel
from core.networks.unroll import Unrolled, unroll
from core.networks.vocabulary import Vocabulary

__all__ = [
    "ModelSettings",
    "Recurrent",
    "SequenceModel",
    "Unrolled",
    "Vocabulary",
    "open_module",
    "unroll",
]
