"""word2vec: skip-gram and CBOW under four objectives, by hand-written gradients.

Compiled loops train on the CPU; torch, which is only then imported, the full softmax and on other
devices.
"""

from core.embeddings.word2vec.snapshot import Snapshot, TrainingProgress
from core.embeddings.word2vec.training import train_word2vec
from core.embeddings.word2vec.walk import compile_loops
from core.embeddings.word2vec.worker import TrainingDivergedError

__all__ = [
    "Snapshot",
    "TrainingDivergedError",
    "TrainingProgress",
    "compile_loops",
    "train_word2vec",
]
