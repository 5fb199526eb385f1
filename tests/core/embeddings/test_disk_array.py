from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from core.embeddings.disk_array import DiskArray


def test_it_reads_what_was_written():
    array, expected = DiskArray(np.int32), np.arange(1000, dtype=np.int32)
    for part in np.array_split(expected, [3, 3, 400]):
        array.append(part)
    array.write(500, np.array([7, 8]))
    expected[500:502] = 7, 8
    assert len(array) == 1000
    for run in (slice(None), slice(10, 20), slice(-5, None), slice(990, 2000), slice(9, 3)):
        np.testing.assert_array_equal(array[run], expected[run])
    assert (array[0], array[-1]) == (0, 999)
    np.testing.assert_array_equal(np.asarray(array), expected)
    assert np.asarray(array, dtype=float).dtype == float
    array.cut(4)
    assert np.asarray(array).tolist() == [0, 1, 2, 3]


def test_what_it_cannot_do_is_said():
    array = DiskArray(np.int64)
    with pytest.raises(IndexError):
        array[0]
    with pytest.raises(ValueError, match="step 2"):
        array[::2]
    with pytest.raises(ValueError, match="only be read into a copy"):
        np.array(array, copy=False)


def test_threads_may_read_together():
    array, expected = DiskArray(np.int64), np.arange(200_000)
    array.append(expected)
    starts = np.random.default_rng(0).integers(0, 190_000, 400)
    with ThreadPoolExecutor(8) as pool:
        for start, part in zip(starts, pool.map(lambda s: array[s : s + 5000], starts.tolist())):
            np.testing.assert_array_equal(part, expected[start : start + 5000])
