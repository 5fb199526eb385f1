"""word2vec in torch: skip-gram and CBOW under four objectives, without autograd."""

from core.embeddings.word2vec.training import Snapshot, train_word2vec
from core.embeddings.word2vec.worker import TrainingDivergedError

__all__ = ["Snapshot", "TrainingDivergedError", "train_word2vec"]
