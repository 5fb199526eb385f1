"""The loops of word2vec on the CPU, compiled: one step at every position of a stretch of text.

Everything compiled is in this one file: numba renews what it keeps on disk when the file changes
that holds a function, and does not look at the files of the functions that it calls.

The letters: m rows of H predict k rows of U at once. Row i of H and row j of U have the score
H_i . U_j, and S (k, m) and its transpose T (m, k) hold what each pair moves.
"""

# ruff: noqa: N803 - capital letters are the matrices of the equations
from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numba import njit, uint32, uint64

# Sums may be reordered, so that they run in vector registers. Numbers that are not finite keep
# their meaning: a divergence is seen by them.
_REORDER = {"reassoc", "contract", "nsz", "arcp"}
_GOLDEN = uint64(0x9E3779B97F4A7C15)


def _compiled(function: Callable) -> Callable:
    """Machine code, made at the first call and kept on disk where a folder can be written."""
    try:
        return njit(nogil=True, fastmath=_REORDER, cache=True)(function)
    except RuntimeError:  # numba has no folder to keep it in
        return njit(nogil=True, fastmath=_REORDER)(function)


@_compiled
def mix(counter):
    """The splitmix64 hash: counters that grow by the golden ratio become random numbers.

    Source: Steele, Lea and Flood, *Fast Splittable Pseudorandom Number Generators*, 2014.
    """
    z = (counter ^ (counter >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> uint64(27))) * uint64(0x94D049BB133111EB)
    return z ^ (z >> uint64(31))


@_compiled
def below(bits, count):
    """A whole number from 0 to count - 1 from the upper half of 64 random bits."""
    return ((bits >> uint64(32)) * uint64(count)) >> uint64(32)


@_compiled
def draw_negative(bits, threshold, alias):
    """A word from an alias table: a box, and one of the two words in it."""
    box = below(bits, len(threshold))
    own = uint64(uint32(bits)) < threshold[box]
    return np.int64(box) if own else np.int64(alias[box])


@_compiled
def subsample(tokens, keep, window, counter, words, reach):
    """Copy the occurrences that stay into ``words``, each with the reach of its window.

    An occurrence of w stays with probability keep[w] / 2^32; the reach is uniform on 1..window.
    Returns how many stayed and the counter of the random numbers.
    """
    count = 0
    for token in tokens:
        counter += _GOLDEN
        bits = mix(counter)
        if uint64(uint32(bits)) < keep[token]:
            words[count] = token
            reach[count] = 1 + below(bits, window)
            count += 1
    return count, counter


@_compiled
def scores(H, U, T, m, k):
    """T_ij = H_i . U_j, two rows by three at a time: each number is loaded once for several."""
    size = H.shape[1]
    pairs, triples = m - m % 2, k - k % 3
    for i in range(0, pairs, 2):
        for j in range(0, triples, 3):
            a = b = c = d = e = f = H.dtype.type(0)
            for x in range(size):
                g, h = H[i, x], H[i + 1, x]
                u, v, w = U[j, x], U[j + 1, x], U[j + 2, x]
                a += g * u
                b += g * v
                c += g * w
                d += h * u
                e += h * v
                f += h * w
            T[i, j], T[i, j + 1], T[i, j + 2] = a, b, c
            T[i + 1, j], T[i + 1, j + 1], T[i + 1, j + 2] = d, e, f
    for i in range(m):
        first = triples if i < pairs else 0
        for j in range(first, k):
            a = H.dtype.type(0)
            for x in range(size):
                a += H[i, x] * U[j, x]
            T[i, j] = a


@_compiled
def errors(T, S, sign, offset, m, k):
    """From scores to the step of each pair at rate 1; returns the loss.

        loss = -sum log s(sign_j (T_ij - offset_j)),   -d loss / d T_ij = sign_j (1 - s(...))

    The probabilities of a row are multiplied, which costs one logarithm for many.
    """
    loss = 0.0
    for i in range(m):
        likelihood = 1.0
        for j in range(k):
            p = 1 / (1 + math.exp(-sign[j] * (T[i, j] - offset[j])))
            T[i, j] = S[j, i] = sign[j] * (1 - p)
            likelihood *= p
            if likelihood < 1e-200:
                loss -= math.log(max(likelihood, 1e-300))
                likelihood = 1.0
        loss -= math.log(likelihood)
    return loss


@_compiled
def combine(weight, rows, result, count, terms):
    """result_r = sum over t < terms of weight_rt rows_t, for r < count."""
    size = rows.shape[1]
    triples = terms - terms % 3
    for r in range(count):
        for x in range(size):
            result[r, x] = 0
        for t in range(0, triples, 3):
            a, b, c = weight[r, t], weight[r, t + 1], weight[r, t + 2]
            for x in range(size):
                result[r, x] += a * rows[t, x] + b * rows[t + 1, x] + c * rows[t + 2, x]
        for t in range(triples, terms):
            a = weight[r, t]
            for x in range(size):
                result[r, x] += a * rows[t, x]


@_compiled
def gather(table, rows, result, count):
    """result_i = table[rows_i] for i < count."""
    for i in range(count):
        row = rows[i]
        for x in range(table.shape[1]):
            result[i, x] = table[row, x]


@_compiled
def gather_mean(table, rows, result, count):
    """result_0 = mean over i < count of table[rows_i]."""
    size = table.shape[1]
    for x in range(size):
        result[0, x] = 0
    for i in range(count):
        row = rows[i]
        for x in range(size):
            result[0, x] += table[row, x]
    for x in range(size):
        result[0, x] /= count


@_compiled
def scatter(table, rows, steps, count, rate):
    """table[rows_i] += rate * steps_i for i < count, one after the other."""
    for i in range(count):
        row = rows[i]
        for x in range(table.shape[1]):
            table[row, x] += rate * steps[i, x]


@_compiled
def scatter_mean(table, rows, steps, count, rate):
    """table[rows_i] += rate / count * steps_0 for i < count: what the loss of a mean asks for."""
    size = table.shape[1]
    for x in range(size):
        steps[0, x] *= rate / count
    for i in range(count):
        row = rows[i]
        for x in range(size):
            table[row, x] += steps[0, x]


@_compiled
def step(inputs, outputs, sources, m, targets, k, sign, offset, mean, rate, work):
    """One step of descent: the rows ``sources`` of the inputs predict the rows ``targets``.

    Each source by itself, or with ``mean`` their mean, whose gradient each gets the m-th part of.
    A target has sign +1 if it was there and -1 if it was drawn (or is the turn not taken).
    All scores are from before the step. Returns the loss.
    """
    H, U, dH, dU, S, T = work
    gather(outputs, targets, U, k)
    if mean:
        heads = 1
        gather_mean(inputs, sources, H, m)
    else:
        heads = m
        gather(inputs, sources, H, m)
    scores(H, U, T, heads, k)
    loss = errors(T, S, sign, offset, heads, k)
    combine(T, U, dH, heads, k)
    combine(S, H, dU, k, heads)
    scatter(outputs, targets, dU, k, rate)
    if mean:
        scatter_mean(inputs, sources, dH, m, rate)
    else:
        scatter(inputs, sources, dH, m, rate)
    return loss


@_compiled
def buffers(inputs, m, k):
    """What ``step`` works in, for at most m sources and k targets."""
    size, kind = inputs.shape[1], inputs.dtype
    return (
        np.empty((m, size), kind),
        np.empty((k, size), kind),
        np.empty((m, size), kind),
        np.empty((k, size), kind),
        np.empty((k, m), kind),
        np.empty((m, k), kind),
    )


@_compiled
def walk_negatives(
    tokens, ends, keep, inputs, outputs, threshold, alias, log_odds, negatives, window, cbow,
    shared, first_rate, last_rate, seed,
):  # fmt: skip
    """Negative sampling and NCE at every position of the sentences that end at ``ends``.

    ``threshold`` (over 2^32) and ``alias`` are the alias table of P; ``log_odds`` (V,) is taken
    off every score (zeros for negative sampling). With ``shared`` the words of one window meet
    the same negatives, else each has its own. The rate goes from ``first_rate`` to ``last_rate``.
    Returns the summed loss, the number of examples and the number of positions trained.
    """
    counter, loss, examples, positions, start = uint64(seed), 0.0, 0, 0, 0
    work = buffers(inputs, 2 * window, negatives + 1)
    sources, targets = np.empty(2 * window, np.int64), np.empty(negatives + 1, np.int64)
    sign = np.full(negatives + 1, inputs.dtype.type(-1))
    sign[0] = 1
    offset = np.empty(negatives + 1, inputs.dtype)
    words, reach = np.empty(len(tokens), np.int32), np.empty(len(tokens), np.int32)
    for stop in ends:
        rate = inputs.dtype.type(first_rate + (last_rate - first_rate) * start / len(tokens))
        count, counter = subsample(tokens[start:stop], keep, window, counter, words, reach)
        start = stop
        for place in range(count):
            m = window_of(words, count, place, reach[place], sources)
            run = m if shared or cbow else 1
            for first in range(0, m, max(1, run)):
                targets[0] = words[place]
                for j in range(1, negatives + 1):
                    counter += _GOLDEN
                    targets[j] = draw_negative(mix(counter), threshold, alias)
                for j in range(negatives + 1):
                    offset[j] = log_odds[targets[j]]
                loss += step(
                    inputs, outputs, sources[first:], run, targets, negatives + 1, sign, offset,
                    cbow, rate, work,
                )  # fmt: skip
            examples += min(m, 1) if cbow else m
            positions += min(m, 1)
    return loss, examples, positions


@_compiled
def walk_tree(
    tokens, ends, keep, inputs, outputs, nodes, turns, lengths, window, cbow, first_rate,
    last_rate, seed,
):  # fmt: skip
    """Hierarchical softmax at every position: a word is predicted by the turns on its path.

    ``nodes`` (V, depth) lists the inner nodes on the way to each word, ``turns`` (V, depth) is
    +1 or -1 for the branch taken, and ``lengths`` (V,) says how many there are. The rest is as
    in ``walk_negatives``.
    """
    counter, loss, examples, positions, start = uint64(seed), 0.0, 0, 0, 0
    work = buffers(inputs, 2 * window, nodes.shape[1])
    sources = np.empty(2 * window, np.int64)
    offset = np.zeros(nodes.shape[1], inputs.dtype)
    words, reach = np.empty(len(tokens), np.int32), np.empty(len(tokens), np.int32)
    for stop in ends:
        rate = inputs.dtype.type(first_rate + (last_rate - first_rate) * start / len(tokens))
        count, counter = subsample(tokens[start:stop], keep, window, counter, words, reach)
        start = stop
        for place in range(count):
            m, word = window_of(words, count, place, reach[place], sources), words[place]
            if m == 0:
                continue
            loss += step(
                inputs, outputs, sources, m, nodes[word], lengths[word], turns[word], offset,
                cbow, rate, work,
            )  # fmt: skip
            examples += 1 if cbow else m
            positions += 1
    return loss, examples, positions


@_compiled
def window_of(words, count, place, reach, sources):
    """Write the words within ``reach`` of a place into ``sources``; returns how many."""
    m = 0
    for other in range(max(0, place - reach), min(count, place + reach + 1)):
        if other != place:
            sources[m] = words[other]
            m += 1
    return m
