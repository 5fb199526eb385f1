"""Word embeddings: representations, word2vec, vectors and their file formats, evaluation.

Vectors are opened, searched, saved and, on the CPU, trained without torch.
"""

from importlib import import_module

from core.embeddings.corpus import EncodedCorpus, encode_corpus, read_sentences
from core.embeddings.tokenize import split_sentences, tokenize_chinese, tokenize_english
from core.embeddings.vocabulary import Vocabulary
from core.embeddings.word_vectors import WordVectors

_WHERE = {
    "OpenedVectors": "formats",
    "Snapshot": "word2vec",
    "TrainingDivergedError": "word2vec",
    "TrainingProgress": "word2vec",
    "VectorsFileError": "formats",
    "describe_vectors": "formats",
    "load_vectors": "formats",
    "open_vectors": "formats",
    "train_word2vec": "word2vec",
}
"""What is imported only when it is asked for: word2vec brings numba, the formats pyarrow."""

__all__ = [
    "EncodedCorpus",
    "OpenedVectors",
    "Snapshot",
    "TrainingDivergedError",
    "TrainingProgress",
    "VectorsFileError",
    "Vocabulary",
    "WordVectors",
    "describe_vectors",
    "encode_corpus",
    "load_vectors",
    "open_vectors",
    "read_sentences",
    "split_sentences",
    "tokenize_chinese",
    "tokenize_english",
    "train_word2vec",
]


def __getattr__(name: str) -> object:
    if name in _WHERE:
        return getattr(import_module(f"core.embeddings.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
