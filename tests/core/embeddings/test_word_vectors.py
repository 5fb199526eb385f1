import subprocess
import sys

import numpy as np
import pytest
from gensim.models import KeyedVectors

from core.embeddings import WordVectors
from core.embeddings.similarity import largest

RANDOM = np.random.default_rng(0)
WORDS = tuple(f"word{row}" for row in range(500))
ARRAY = RANDOM.standard_normal((500, 24)).astype(np.float32)
VECTORS = WordVectors(WORDS, ARRAY)
ORACLE = KeyedVectors(24)
ORACLE.add_vectors(list(WORDS), ARRAY)


def assert_same_answers(ours, theirs, tolerance=1e-5):
    assert [word for word, _ in ours] == [word for word, _ in theirs]
    np.testing.assert_allclose([s for _, s in ours], [s for _, s in theirs], atol=tolerance)


@pytest.mark.parametrize("word", ["word0", "word7", "word499"])
def test_nearest_by_cosine_agrees_with_gensim(word):
    assert_same_answers(VECTORS.nearest(word, 12), ORACLE.most_similar(word, topn=12))


def test_nearest_to_a_vector_agrees_with_gensim():
    query = RANDOM.standard_normal(24)
    assert_same_answers(VECTORS.nearest(query, 9), ORACLE.similar_by_vector(query, topn=9))


@pytest.mark.parametrize("scale", [1.0, 1e-3])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_nearest_by_distance_is_the_length_of_the_difference(scale, kind):
    # A far-away common offset is what makes |v|^2 - 2 v.q + |q|^2 lose its digits.
    array = (3 + scale * RANDOM.standard_normal((300, 8))).astype(kind)
    exact = np.linalg.norm(array.astype(np.float64) - array[5].astype(np.float64), axis=1)
    nearest = WordVectors(WORDS[:300], array).nearest("word5", 20, metric="euclidean")
    rows = np.argsort(exact)[1:21]
    assert [word for word, _ in nearest] == [WORDS[row] for row in rows]
    np.testing.assert_allclose([d for _, d in nearest], exact[rows], rtol=1e-4)


def test_excluded_words_are_not_neighbours_and_fewer_come_when_there_are_no_more():
    best = [word for word, _ in VECTORS.nearest("word0", 5)]
    others = [word for word, _ in VECTORS.nearest("word0", 5, exclude=[best[1], "unheard"])]
    assert others[:4] == [best[0], *best[2:]]
    assert len(VECTORS.nearest("word0", 10_000)) == 499
    assert len(VECTORS.nearest(ARRAY[0], 10_000)) == 500


@pytest.mark.parametrize("scale", [1e20, 1e-25])
def test_numbers_too_large_or_small_to_square_have_the_same_neighbours(scale):
    table = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)
    words = [f"w{n}" for n in range(40)]
    plain, extreme = WordVectors(words, table), WordVectors(words, table * np.float32(scale))
    for metric, factor in (("cosine", 1), ("euclidean", scale)):
        expected = plain.nearest("w3", 8, metric=metric)
        found = extreme.nearest("w3", 8, metric=metric)
        assert [word for word, _ in found] == [word for word, _ in expected]
        np.testing.assert_allclose(
            [number for _, number in found], [factor * n for _, n in expected], rtol=1e-4
        )


def test_zero_and_not_a_number_rows_are_harmless():
    array = np.array([[1, 0], [0, 0], [np.nan, 1], [1, 1]], dtype=np.float32)
    vectors = WordVectors(("a", "zero", "nan", "b"), array)
    assert vectors.nearest("a") == [("b", pytest.approx(0.5**0.5)), ("zero", 0.0)]
    assert vectors.nearest("zero")[0][1] == 0.0
    nearest = vectors.nearest("a", metric="euclidean")
    assert {word: pytest.approx(d) for word, d in nearest} == {"zero": 1.0, "b": 1.0}


@pytest.mark.parametrize(("a", "b", "c"), [WORDS[1:4], WORDS[7:10]])
def test_analogies_agree_with_gensim(a, b, c):
    added = ORACLE.most_similar(positive=[b, c], negative=[a], topn=8)
    # gensim averages the three unit vectors; the cosine does not see the factor.
    assert_same_answers(VECTORS.analogy(a, b, c, k=8), added)
    multiplied = ORACLE.most_similar_cosmul(positive=[b, c], negative=[a], topn=8)
    assert_same_answers(VECTORS.analogy(a, b, c, method="3cosmul", k=8), multiplied, 1e-4)


def test_the_words_of_the_question_win_unless_excluded():
    array = np.array([[1, 0, 0], [0.9, 0.5, 0], [1, 0, 0.2], [0.3, 0.5, 0.9]], np.float32)
    vectors = WordVectors(("man", "king", "woman", "queen"), array)
    assert vectors.analogy("man", "king", "woman")[0][0] == "queen"
    answers = vectors.analogy("man", "king", "woman", exclude_question=False)
    assert answers[0][0] == "king"
    assert len(answers) == 4


def test_the_k_largest_are_found_in_order_of_score_then_row():
    scores = np.array([0.5, np.nan, 2.0, 0.5, -1.0, 2.0])
    assert largest(scores, 3).tolist() == [2, 5, 0]
    assert largest(scores, 3, {2}).tolist() == [5, 0, 3]
    assert largest(scores, 99).tolist() == [2, 5, 0, 3, 4]
    with pytest.raises(ValueError, match="k must be at least 1"):
        largest(scores, 0)


def test_a_word_has_a_row_a_vector_and_a_length():
    np.testing.assert_array_equal(VECTORS["word3"], ARRAY[3])
    assert "word3" in VECTORS
    assert "queen" not in VECTORS
    assert (len(VECTORS), VECTORS.size) == (500, 24)
    assert VECTORS.similarity("word3", "word4") == pytest.approx(
        ORACLE.similarity("word3", "word4"), abs=1e-6
    )
    with pytest.raises(KeyError, match="'queen' is not among the 500 words"):
        VECTORS["queen"]


def test_whole_numbers_become_float32():
    assert WordVectors(("a",), np.array([[1, 2]])).vectors.dtype == np.float32


def test_what_cannot_be_word_vectors_is_refused():
    with pytest.raises(ValueError, match=r"shape \(2, 3\) came with 1 words"):
        WordVectors(("a",), np.zeros((2, 3)))
    with pytest.raises(ValueError, match="'b' is listed twice"):
        WordVectors(("a", "b", "b"), np.zeros((3, 2)))
    with pytest.raises(ValueError, match=r"vector of shape \(3,\) came"):
        VECTORS.nearest(np.zeros(3))
    with pytest.raises(ValueError, match="'dot' came"):
        VECTORS.nearest("word1", metric="dot")
    with pytest.raises(ValueError, match="'add' came"):
        VECTORS.analogy("word1", "word2", "word3", method="add")


def test_word_vectors_work_without_torch():
    code = (
        "import sys; from core.embeddings import WordVectors, encode_corpus, load_vectors\n"
        "import numpy as np\n"
        "WordVectors(('a', 'b'), np.eye(2)).nearest('a')\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
