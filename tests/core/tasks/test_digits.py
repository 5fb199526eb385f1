"""The handwritten digits: in three parts, disjoint, whole and always the same."""

import numpy as np
import pytest

from core.tasks.digits import PARTS, all_digits, digits


def test_the_parts_are_disjoint_and_together_everything():
    numbers = [set(digits(part).numbers.tolist()) for part in PARTS]
    assert sum(map(len, numbers)) == len(set().union(*numbers)) == len(all_digits()) == 1797


@pytest.mark.parametrize("part", PARTS)
def test_images_and_labels_are_those_of_the_library(part):
    from sklearn.datasets import load_digits

    source, found = load_digits(), digits(part)
    np.testing.assert_array_equal(found.images * 16, source.images[found.numbers])
    np.testing.assert_array_equal(found.labels, source.target[found.numbers])
    assert found.images.dtype == np.float32
    assert (found.images.min(), found.images.max()) == (0, 1)


@pytest.mark.parametrize("part", PARTS)
def test_every_digit_has_its_share_in_every_part(part):
    shares = np.bincount(digits(part).labels, minlength=10) / np.bincount(all_digits().labels)
    expected = {"train": 0.7, "validation": 0.1, "test": 0.2}[part]
    np.testing.assert_allclose(shares, expected, atol=0.006)


def test_the_images_cannot_be_changed_by_whoever_reads_them():
    with pytest.raises(ValueError, match="read-only"):
        all_digits().images[0, 0, 0] = 1


def test_an_unknown_part_is_refused():
    with pytest.raises(ValueError, match="choose one of train, validation, test"):
        digits("dev")
