"""What is told of a file of tagged sentences."""

import pytest

from core.applications.tagging import file_statistics
from core.tasks.conll import Tagged


def test_counts():
    found = file_statistics(
        [
            Tagged(("to", "New", "York", "at", "9"), ("O", "B-city", "I-city", "O", "B-time")),
            Tagged(("New", "shoes"), ("O", "O")),
            Tagged(("Rome", "or", "New", "York"), ("B-city", "O", "B-city", "I-city")),
        ]
    )
    assert (found.sentences, found.tokens, found.words, found.longest) == (3, 11, 8, 5)
    assert found.kinds == {"city": 3, "time": 1}
    assert found.examples == {"city": "New York", "time": "9"}
    assert found.outside == 5 / 11
    assert found.ambiguous == 3 / 11


def test_nothing_to_count():
    with pytest.raises(ValueError, match="0 sentences"):
        file_statistics([])
