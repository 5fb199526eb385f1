"""What a text must be remembered for, worked out by hand."""

import numpy as np
import pytest

from core.tasks import grammar_text, hanyu_text, structure


def digits(values):
    return "".join(str(int(value)) for value in values)


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("a (b [c (d)]) e", "001112223321000"),
        ("（旁〔有〕）。", "1122100"),
        ("a) (b", "00011"),
        ("([)]", "1221"),  # the round bracket closes nothing while the square one is open
    ],
)
def test_bracket_depth(text, depth):
    assert digits(structure(text).bracket_depth) == depth


def test_quote_depth_straight_and_nested():
    assert digits(structure('x "ab" y').quote_depth) == "00111000"
    assert digits(structure("说：「他说『好』。」了").quote_depth) == "00111221100"


def test_remaining_counts_down_after_each_item():
    assert digits(structure("s (3: la la la).").remaining) == "0003333222111000"
    assert digits(structure("叫了三声：汪汪汪。").remaining) == "003332100"


def test_remaining_is_never_negative_when_a_text_breaks_the_rule():
    assert digits(structure("叫了一声：汪汪汪。").remaining) == "001110000"


def test_column_starts_again_after_a_line_break():
    assert digits(structure("abc\nde").column) == "123012"


@pytest.mark.parametrize("make", [grammar_text, hanyu_text])
def test_generated_text_ends_with_everything_closed_and_counted(make):
    text = make(5000, seed=3)
    found = structure(text)
    assert found.bracket_depth[-1] == found.quote_depth[-1] == 0
    assert found.bracket_depth.max() >= 2
    ends = np.array([character in ".。" for character in text])
    assert (found.remaining[ends] == 0).all()
    assert found.remaining.max() == 9
    assert all(len(values) == len(text) for values in vars(found).values())
