import math

import numpy as np
import pytest
from gensim.models import KeyedVectors
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from core.embeddings import WordVectors
from core.embeddings.evaluation import (
    all_sections,
    score_analogies,
    score_similarity,
)
from core.embeddings.evaluation_files import read_analogy_file, read_similarity_file

RANDOM = np.random.default_rng(0)
WORDS = tuple(f"w{row}" for row in range(200))
ARRAY = RANDOM.standard_normal((200, 12)).astype(np.float32)
# Parallel pairs, so that some analogies are answered.
ARRAY[100:120] = ARRAY[120:140] + 1.5 + 0.3 * RANDOM.standard_normal((20, 12))
VECTORS = WordVectors(WORDS, ARRAY)
ORACLE = KeyedVectors(12)
ORACLE.add_vectors(list(WORDS), ARRAY)
SECTIONS = {
    "pairs": [(f"w{i}", f"w{i + 20}", f"w{j}", f"w{j + 20}")
              for i in range(100, 120) for j in range(100, 120) if i != j],
    "others": [tuple(f"w{i}" for i in RANDOM.choice(210, 4, replace=False)) for _ in range(40)],
}  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 199), st.integers(0, 199), st.integers(0, 5)), min_size=1))
def test_spearman_agrees_with_scipy(rows):
    pairs = [(WORDS[i], WORDS[j], float(judgement)) for i, j, judgement in rows]
    score = score_similarity(VECTORS, pairs)
    found = [VECTORS.similarity(a, b) for a, b, _ in pairs]
    if len(set(found)) < 2 or len({judgement for *_, judgement in pairs}) < 2:
        assert math.isnan(score.spearman)
    else:
        expected = spearmanr(found, [judgement for *_, judgement in pairs])[0]
        assert score.spearman == pytest.approx(expected, abs=1e-9)
    assert score.coverage == 1


def test_unknown_words_lower_the_coverage_and_capitals_do_not():
    pairs = [("W1", "w2", 1.0), ("w3", "w4", 2.0), ("w5", "unheard", 3.0)]
    score = score_similarity(VECTORS, pairs)
    assert (score.used, score.total) == (2, 3)
    assert score.coverage == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match="no pairs"):
        score_similarity(VECTORS, [])


@pytest.mark.parametrize("method", ["3cosadd", "3cosmul"])
@pytest.mark.parametrize("exclude", [True, False])
def test_answers_are_those_of_the_single_question(method, exclude):
    scores = score_analogies(VECTORS, SECTIONS, method=method, exclude_question=exclude)
    for section in scores:
        for answer in section.answers[::7]:
            a, b, c, expected = answer.question
            ranking = [
                word
                for word, _ in VECTORS.analogy(
                    a, b, c, method=method, exclude_question=exclude, k=200
                )
            ]
            assert answer.answer == ranking[0]
            assert answer.rank == 1 + ranking.index(expected)
            assert answer.correct == (ranking[0] == expected)


def test_accuracy_agrees_with_gensim(tmp_path):
    path = tmp_path / "questions.txt"
    lines = [line for name in SECTIONS for line in (f": {name}", *map(" ".join, SECTIONS[name]))]
    path.write_text("\n".join(lines))
    _, theirs = ORACLE.evaluate_word_analogies(str(path), case_insensitive=False)
    ours = score_analogies(VECTORS, read_analogy_file(path))
    for section, expected in zip(ours, theirs):
        assert section.name == expected["section"]
        assert sum(a.correct for a in section.answers) == len(expected["correct"])
        assert len(section.answers) == len(expected["correct"]) + len(expected["incorrect"])
    assert 0.1 < ours[0].accuracy < 1
    total = all_sections(ours)
    assert total.accuracy == pytest.approx(theirs[-1]["correct"].__len__() / len(total.answers))
    assert total.coverage == len(total.answers) / 420


def test_leaving_the_question_in_is_harder():
    within = all_sections(score_analogies(VECTORS, SECTIONS, exclude_question=False))
    without = all_sections(score_analogies(VECTORS, SECTIONS))
    assert within.accuracy < without.accuracy
    assert within.mean_reciprocal_rank < without.mean_reciprocal_rank


def test_a_question_may_expect_one_of_its_own_words():
    vectors = WordVectors(("a", "b", "c"), np.array([[1, 0], [1, 0], [0, 1]], np.float32))
    (section,) = score_analogies(vectors, {"": [("a", "b", "c", "c")]})
    assert section.answers[0].correct


def test_only_the_most_frequent_words_take_part():
    (section,) = score_analogies(VECTORS, {"": SECTIONS["pairs"]}, most_frequent=130)
    assert section.total == len(SECTIONS["pairs"])
    assert 0 < section.coverage < 1
    assert {word for a in section.answers for word in a.question} <= set(WORDS[:130])


def test_a_section_without_known_words_has_no_accuracy():
    (section,) = score_analogies(VECTORS, {"": [("x", "y", "z", "w1")]})
    assert section.coverage == 0
    assert math.isnan(section.accuracy)
    with pytest.raises(ValueError, match="'cos' came"):
        score_analogies(VECTORS, SECTIONS, method="cos")


@pytest.mark.parametrize(
    "text",
    [
        "# comment\nWord 1\tWord 2\tHuman\nlove\tsex\t6.77\nnew york\tcity\t9\n",
        "word1,word2,score\r\nlove,sex,6.77\r\n\r\nnew york,city,9,extra\r\n",
    ],
)
def test_similarity_files(tmp_path, text):
    path = tmp_path / "pairs.txt"
    path.write_bytes(text.encode("utf-8-sig"))
    assert read_similarity_file(path) == [("love", "sex", 6.77), ("new york", "city", 9.0)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a\tb\t1\nc\td\thigh\n", r"line 2 .*'c\\td\\thigh'; a word, a word and a number"),
        (b"# nothing\n", "holds no word pairs"),
        (b"a\tb\t1\n\xff\tb\t1\n", "is not UTF-8 text .*line 2, is 0xff"),
    ],
)
def test_bad_similarity_files(tmp_path, data, message):
    path = tmp_path / "pairs.tsv"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=message):
        read_similarity_file(path)


def test_analogy_files(tmp_path):
    path = tmp_path / "questions.txt"
    path.write_text("a b c d\n: capital  \nAthens Greece Oslo Norway\n: empty\n")
    assert read_analogy_file(path) == {
        "": [("a", "b", "c", "d")],
        "capital": [("Athens", "Greece", "Oslo", "Norway")],
        "empty": [],
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [(": x\na b c\n", r"line 2 .* has 3 words, 'a b c'; four"), (": x\n", "holds no questions")],
)
def test_bad_analogy_files(tmp_path, text, message):
    path = tmp_path / "questions.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        read_analogy_file(path)
