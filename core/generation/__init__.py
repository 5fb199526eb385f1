"""Writing with a network that predicts the next token: sampling, beam search, and what it cost."""

from core.generation.beam import Node, Tree, beam_search
from core.generation.filters import Filtered, Filters
from core.generation.repetition import repetition
from core.generation.sampling import Written, write

__all__ = [
    "Filtered",
    "Filters",
    "Node",
    "Tree",
    "Written",
    "beam_search",
    "repetition",
    "write",
]
