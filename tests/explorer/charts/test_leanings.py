"""Two groups of words between two poles."""

from explorer.charts.leanings import leanings_figure
from explorer.language import texts_of

EN = texts_of("en")


def test_each_word_is_a_dot_in_its_group() -> None:
    scores = {"uncle": 0.3, "monk": 0.1, "aunt": -0.4, "nun": -0.2}
    figure = leanings_figure(scores, 2, ["he"], ["she", "her", "hers", "herself"], EN)
    assert [list(trace.x) for trace in figure.data] == [[0.3, 0.1], [-0.4, -0.2]]
    assert [list(trace.text) for trace in figure.data] == [["uncle", "monk"], ["aunt", "nun"]]
    low, high = figure.layout.xaxis.range
    assert low == -high
    assert high > 0.4
    ends = [note.text for note in figure.layout.annotations]
    assert ends == ["← she, her, hers, …", "he →"]


def test_words_are_shown_literally() -> None:
    figure = leanings_figure({"<b>x</b>": 0.1, "y": 0}, 1, ["<i>"], ["&"], EN)
    assert figure.data[0].text[0] == "&lt;b&gt;x&lt;/b&gt;"
    assert [note.text for note in figure.layout.annotations] == ["← &amp;", "&lt;i&gt; →"]
