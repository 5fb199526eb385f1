"""Files of vectors: word2vec text and binary, GloVe, fastText, TSV, numpy, safetensors."""

from core.embeddings.formats.description import Description
from core.embeddings.formats.errors import VectorsFileError
from core.embeddings.formats.loading import (
    OpenedVectors,
    describe_vectors,
    load_vectors,
    open_vectors,
)
from core.embeddings.formats.saving import save_vectors

__all__ = [
    "Description",
    "OpenedVectors",
    "VectorsFileError",
    "describe_vectors",
    "load_vectors",
    "open_vectors",
    "save_vectors",
]
