r"""One step of negative sampling in full: scores, sigmoids, errors, and which rows move where.

For the vector h that predicts, the word t that was there (y = 1) and words n that were drawn
(y = 0), with s the sigmoid:

.. math:: L = -\sum_j y_j \log s(h \cdot u_j) + (1 - y_j) \log s(-h \cdot u_j), \qquad
          \frac{\partial L}{\partial u_j} = (s(h \cdot u_j) - y_j)\,h, \qquad
          \frac{\partial L}{\partial h} = \sum_j (s(h \cdot u_j) - y_j)\,u_j

The second sign inside the logarithm matters: a loss of log(-y) for the negatives, as it is
sometimes written, is the logarithm of a negative number.
Source: T. Mikolov et al., Distributed representations of words and phrases (2013).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Step:
    """One gradient step on one pair.

    scores, probabilities, errors (J,): h.u_j, their sigmoids, and sigmoid minus y; the word that
    was there comes first. hidden, hidden_after (size,); outputs, outputs_after (J, size).
    """

    scores: np.ndarray
    probabilities: np.ndarray
    errors: np.ndarray
    loss: float
    loss_after: float
    hidden: np.ndarray
    hidden_after: np.ndarray
    outputs: np.ndarray
    outputs_after: np.ndarray


def one_step(hidden: np.ndarray, outputs: np.ndarray, learning_rate: float) -> Step:
    """Move ``hidden`` (size,) and ``outputs`` (J, size), of which the first row is the true word.

    Raises ValueError for shapes that do not fit or a learning rate of 0 or less.
    """
    if outputs.ndim != 2 or hidden.shape != outputs.shape[1:] or learning_rate <= 0:
        raise ValueError(
            f"hidden has shape {hidden.shape}, outputs {outputs.shape} and the learning rate is "
            f"{learning_rate}; expected (size,), (J, size) and a rate above 0."
        )
    hidden, outputs = hidden.astype(np.float64), outputs.astype(np.float64)
    true = np.zeros(len(outputs))
    true[0] = 1
    scores = outputs @ hidden
    probabilities = 1 / (1 + np.exp(-scores))
    errors = probabilities - true
    hidden_after = hidden - learning_rate * errors @ outputs
    outputs_after = outputs - learning_rate * np.outer(errors, hidden)
    return Step(
        scores,
        probabilities,
        errors,
        _loss(scores, true),
        _loss(outputs_after @ hidden_after, true),
        hidden,
        hidden_after,
        outputs,
        outputs_after,
    )


def draw_negatives(
    counts: np.ndarray, number: int, true: int, *, exponent: float = 0.75, seed: int = 0
) -> np.ndarray:
    """``number`` words drawn from count^exponent, the true word left out: (number,) rows."""
    weights = counts.astype(np.float64) ** exponent
    weights[true] = 0
    return np.random.default_rng(seed).choice(len(counts), number, p=weights / weights.sum())


def _loss(scores: np.ndarray, true: np.ndarray) -> float:
    signed = np.where(true == 1, scores, -scores)
    return float(np.logaddexp(0, -signed).sum())
