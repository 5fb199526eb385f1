r"""Backpropagation through time for all parameters of an Elman network, use by use.

.. math:: a_k = W x_k + U h_{k-1} + b, \quad h_k = \phi(a_k), \qquad z_t = V h_t + b_y

Every use of a parameter turns what it reads into a pre-activation, so the gradient that the use
gets from one loss is an outer product: what the loss sends back to that pre-activation, and what
the use has read. W, U and b are used at every step up to the loss, V and b_y at the loss's alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

PARAMETERS = ("U", "W", "b", "V", "b_y")


class ParameterTerms(NamedTuple):
    r"""The gradient of one parameter from every loss, use by use; t and k are steps from 0.

    The gradient that the use at step k gets from the loss at step t is
    :math:`\text{back}_{t,k} \otimes \text{read}_k`.

    back: (t, k, rows), 0 where no road leads from use to loss. read: (k, columns).
    """

    back: np.ndarray
    read: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        """The norm of every term: (t, k)."""
        return np.linalg.norm(self.back, axis=-1) * np.linalg.norm(self.read, axis=-1)

    @property
    def gradients(self) -> np.ndarray:
        """The gradient of every loss, the sum over the uses: (t, rows, columns)."""
        return np.einsum("tkr,kc->trc", self.back, self.read)

    def mean_of(self, losses: np.ndarray) -> ParameterTerms:
        r"""The same for one loss that is the mean of the ``losses`` (t,), marked True:
        :math:`L = \frac{1}{T} \sum_t L_t`. Raises ValueError where none is."""
        if not losses.any():
            raise ValueError("No step has a loss; expected at least one to take the mean of.")
        return ParameterTerms(self.back[losses].sum(0, keepdims=True) / losses.sum(), self.read)


def parameter_terms(
    out: np.ndarray,
    errors: np.ndarray,
    jacobian: np.ndarray,
    slope: np.ndarray,
    inputs: np.ndarray,
    before: np.ndarray,
    after: np.ndarray,
) -> dict[str, ParameterTerms]:
    r"""The terms of U, W, b, V and b_y, for T steps.

    out: :math:`\partial L_t/\partial h_t` (t, n), the direct part. errors:
    :math:`\partial L_t/\partial z_t` (t, classes). jacobian:
    :math:`\partial h_k/\partial h_{k-1}` (k, n, n). slope: :math:`\phi'(a_k)` (k, n).
    inputs: x_k (k, features). before, after: :math:`h_{k-1}` and :math:`h_k` (k, n).
    Source: P. Werbos, Backpropagation through time, Proc. IEEE 78 (1990).
    """
    steps = len(out)
    carried = np.zeros((steps, steps, out.shape[1]))
    for k in reversed(range(steps)):
        if k + 1 < steps:
            carried[k + 1 :, k] = carried[k + 1 :, k + 1] @ jacobian[k + 1]
        carried[k, k] = out[k]
    hidden = carried * slope
    answer = np.zeros((steps, steps, errors.shape[1]))
    answer[np.arange(steps), np.arange(steps)] = errors
    one = np.ones((steps, 1))
    read = {"U": before, "W": inputs, "b": one, "V": after, "b_y": one}
    return {
        name: ParameterTerms(answer if name in ("V", "b_y") else hidden, read[name])
        for name in PARAMETERS
    }
