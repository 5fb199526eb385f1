"""Words by their company: co-occurrence counts, PPMI, and a truncated SVD of either."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from core.embeddings.corpus import EncodedCorpus


def cooccurrence(
    corpus: EncodedCorpus, *, window: int = 5, fading: bool = False
) -> sparse.csr_array:
    """How often every two words stand near each other, symmetric, of shape (V, V).

        C(w, c) = sum over pairs of positions i, j of one sentence with words w and c and
                  0 < |i - j| <= window of weight(|i - j|)

    Parameters
    ----------
    window
        The largest distance of two words that see each other.
    fading
        False counts every pair 1. True counts a pair at distance d as (window - d + 1) / window:
        what skip-gram sees on average, as it draws the window of each position from 1 to this.

    Raises
    ------
    ValueError
        ``window`` is below 1.
    """
    if window < 1:
        raise ValueError(f"window must be at least 1; {window} came")
    size = len(corpus.vocabulary)
    sentence = np.repeat(np.arange(len(corpus)), np.diff(corpus.offsets))
    total = sparse.csr_array((size, size), dtype=np.float64)
    for distance in range(1, window + 1):
        together = sentence[:-distance] == sentence[distance:]
        left, right = corpus.tokens[:-distance][together], corpus.tokens[distance:][together]
        weight = (window - distance + 1) / window if fading else 1.0
        pairs = (np.full(len(left), weight), (left, right))
        total = total + sparse.coo_array(pairs, shape=(size, size)).tocsr()
    return sparse.csr_array(total + total.T)


def ppmi(counts: sparse.csr_array, *, smoothing: float = 0.75, shift: int = 1) -> sparse.csr_array:
    """Positive pointwise mutual information of words and contexts, of shape (V, V).

        PPMI(w, c) = max(0, log(P(w, c) / (P(w) P(c))) - log(shift))

    with P(w, c) = C(w, c) / sum C, P(w) from the row sums, and P(c) from the column sums raised
    to ``smoothing``: below 1 it lifts rare contexts, which otherwise score too high.

    Parameters
    ----------
    shift
        With the number of negatives here, an exact factorisation of this matrix (without its
        max) is what skip-gram with negative sampling tends to (Levy and Goldberg, 2014).

    Raises
    ------
    ValueError
        A setting is out of range, or nothing was counted.

    Source: Levy, Goldberg and Dagan, *Improving Distributional Similarity with Lessons Learned
    from Word Embeddings*, 2015, sections 2.1 and 3.
    """
    if not 0 <= smoothing <= 1:
        raise ValueError(f"smoothing must be from 0 to 1; {smoothing} came")
    if shift < 1:
        raise ValueError(f"shift must be at least 1; {shift} came")
    pairs = sparse.coo_array(counts)
    pairs.eliminate_zeros()
    total = pairs.data.sum()
    if not total > 0:
        raise ValueError("no two words stand together; give longer sentences or a wider window")
    word, context = pairs.sum(axis=1) / total, pairs.sum(axis=0)
    context = np.where(context > 0, context, 0) ** smoothing * (context > 0)
    context /= context.sum()
    row, column = pairs.coords
    information = np.log(pairs.data / total / (word[row] * context[column])) - np.log(shift)
    positive = information > 0
    kept = (information[positive], (row[positive], column[positive]))
    return sparse.coo_array(kept, shape=counts.shape).tocsr()


def truncated_svd(
    matrix: sparse.csr_array, size: int, *, exponent: float = 0.5, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Dense vectors of ``size`` numbers from a sparse matrix M of shape (V, C).

        M ~ U S W',   vectors = U S^exponent

    where S has the largest ``size`` singular values and U, W orthonormal columns: the best
    approximation of that rank in the sum of squares. The share kept is sum S^2 / sum M^2.

    Parameters
    ----------
    exponent
        1 keeps M's geometry (the vectors' inner products are those of the approximated rows);
        0.5 shares the singular values between words and contexts and is better at analogies.

    Returns
    -------
    vectors, singular_values
        float64 of shapes (V, size) and (size,), the largest singular value first. The number of
        the largest size in each column of U is positive, so a seed gives the same signs.

    Raises
    ------
    ValueError
        ``size`` is not below both dimensions of the matrix.

    Source: Eckart and Young, 1936; the exponent, Levy, Goldberg and Dagan 2015, section 3.3.
    """
    if not 1 <= size < min(matrix.shape):
        raise ValueError(
            f"size must be from 1 to {min(matrix.shape) - 1} for a matrix of shape "
            f"{matrix.shape}; {size} came"
        )
    from scipy.sparse.linalg import svds

    start = np.random.default_rng(seed).standard_normal(min(matrix.shape))
    left, singular, _ = svds(matrix, k=size, v0=start, return_singular_vectors="u")
    order = np.argsort(-singular)
    left, singular = left[:, order], singular[order]
    peaks = left[np.abs(left).argmax(axis=0), np.arange(size)]
    return left * np.where(peaks < 0, -1.0, 1.0) * singular**exponent, singular
