"""Words and documents as counts: one-hot codes, bags of words, TF-IDF, and how they compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from scipy import sparse

Matrix: TypeAlias = np.ndarray | sparse.csr_array


def one_hot(rows: Sequence[int] | np.ndarray, size: int) -> np.ndarray:
    """One-hot codes, float64 of shape (N, size): a 1 in the column of each word, 0 elsewhere.

    Parameters
    ----------
    rows
        The place of each of N words in the vocabulary.
    size
        How many words the vocabulary has; each costs every code one more number.

    Raises
    ------
    ValueError
        A place is outside the vocabulary.
    """
    places = np.asarray(rows, dtype=np.int64)
    outside = places[(places < 0) | (places >= size)]
    if outside.size:
        raise ValueError(
            f"row {outside[0]} is not in a vocabulary of {size} words; rows go from 0 to {size - 1}"
        )
    codes = np.zeros((len(places), size))
    codes[np.arange(len(places)), places] = 1.0
    return codes


def bag_of_words(documents: Iterable[Sequence[str]], words: Sequence[str]) -> sparse.csr_array:
    """How often each word occurs in each document, float64 of shape (documents, words).

    The order of the words in a document is lost. What is not among ``words`` is not counted.

    Raises
    ------
    TypeError
        A document is one string instead of its words.
    ValueError
        A word is listed twice.
    """
    column = {word: place for place, word in enumerate(words)}
    if len(column) != len(words):
        raise ValueError("a word is listed twice; give every word one column")
    columns, ends = [], [0]
    for number, document in enumerate(documents):
        if isinstance(document, str):
            raise TypeError(
                f"document {number} is one string, {document[:40]!r}; a list of words was "
                "expected: split it first, for example with tokenize_english"
            )
        columns += [column[word] for word in document if word in column]
        ends.append(len(columns))
    ones = np.ones(len(columns))
    counts = sparse.csr_array((ones, columns, ends), shape=(len(ends) - 1, len(words)))
    counts.sum_duplicates()
    return counts


def inverse_document_frequency(counts: Matrix, *, smooth: bool = True) -> np.ndarray:
    """How telling each word is, float64 of shape (words,).

    With D documents, df(w) of which have the word:

        smooth    idf(w) = log((1 + D) / (1 + df(w))) + 1
        plain     idf(w) = log(D / df(w)),   0 for a word in no document

    The smooth form, scikit-learn's, acts as if one more document had every word, so that a word
    found everywhere keeps weight 1. In the plain one, the textbooks', such a word weighs 0.
    """
    documents = counts.shape[0]
    frequency = np.asarray(sparse.csr_array(counts != 0).sum(axis=0), dtype=np.float64)
    if smooth:
        return np.log((1 + documents) / (1 + frequency)) + 1
    return np.log(np.divide(documents, frequency, out=np.ones_like(frequency), where=frequency > 0))


def tf_idf(counts: Matrix, *, smooth: bool = True, normalise: bool = True) -> sparse.csr_array:
    """Counts weighted by how telling each word is, of shape (documents, words).

        weight(d, w) = count(d, w) idf(w)

    and with ``normalise`` each document's row divided by its Euclidean length, if it has one.

    Source: Sparck Jones, *A Statistical Interpretation of Term Specificity and Its Application
    in Retrieval*, 1972.
    """
    idf = inverse_document_frequency(counts, smooth=smooth)
    weights = sparse.csr_array(sparse.csr_array(counts, dtype=np.float64) * idf)
    return unit_rows(weights) if normalise else weights


def unit_rows(rows: Matrix) -> Matrix:
    """Each row divided by its Euclidean length; a row of zeros stays as it is."""
    if isinstance(rows, np.ndarray):
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / np.where(lengths > 0, lengths, 1)
    lengths = np.sqrt(rows.multiply(rows).sum(axis=1))
    return sparse.csr_array(rows.multiply(1 / np.where(lengths > 0, lengths, 1)[:, None]))


def cosine_matrix(rows: Matrix) -> np.ndarray:
    """Cosine of the angle between every two of N rows, float64 of shape (N, N).

        cos(x, y) = x.y / (|x| |y|)

    A row of zeros points nowhere: its cosines, that with itself too, are 0.
    """
    unit = unit_rows(rows)
    product = unit @ unit.T
    return np.clip(product if isinstance(product, np.ndarray) else product.toarray(), -1.0, 1.0)


def vocabulary_growth(tokens: np.ndarray, *, points: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Distinct words among the first n of a corpus, for ``points`` values of n.

    Parameters
    ----------
    tokens
        The corpus in its order, as words or as their rows: shape (N,), not empty.

    Returns
    -------
    words_read, distinct
        int64; n is spaced evenly on a logarithmic scale from 1 to N, without repetition.
    """
    tokens = np.asarray(tokens)
    if not len(tokens):
        raise ValueError("the corpus is empty; give at least one word")
    _, first_places = np.unique(tokens, return_index=True)
    words_read = np.unique(np.geomspace(1, len(tokens), points).round().astype(np.int64))
    return words_read, np.searchsorted(np.sort(first_places), words_read, side="left")


def heaps_exponent(words_read: np.ndarray, distinct: np.ndarray) -> float:
    """Slope b of Heaps' law, distinct = K words_read^b, by least squares on the logarithms.

    Source: Heaps, *Information Retrieval: Computational and Theoretical Aspects*, 1978.
    """
    if len(words_read) < 2:
        raise ValueError("a slope needs at least two points; give a longer corpus")
    return float(np.polyfit(np.log(words_read), np.log(distinct), 1)[0])
