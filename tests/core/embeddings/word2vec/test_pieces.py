import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.embeddings import EncodedCorpus, Vocabulary, encode_corpus
from core.embeddings import corpus as corpus_module
from core.embeddings.word2vec import pieces as pieces_module
from core.embeddings.word2vec.batches import batch_positions
from core.embeddings.word2vec.pieces import Pieces


def corpus_of(lengths):
    total = sum(lengths)
    tokens = np.arange(total, dtype=np.int32)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return EncodedCorpus(Vocabulary(("a",), np.array([total])), tokens, offsets, total)


@given(
    st.lists(st.integers(0, 900), min_size=1, max_size=60).filter(sum),
    st.integers(1, 3),
    st.integers(1, 700),
    st.integers(2, 9),
)
def test_pieces_cover_every_epoch_in_order(lengths, epochs, size, run):
    corpus = corpus_of(lengths)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces_module, "RUN", run)  # the offsets are read in several parts
        cut = Pieces(corpus, epochs, size)
    total, seen = sum(lengths), []
    for number in range(len(cut)):
        piece = cut[number]
        assert (piece.number, piece.before) == (number, len(seen))
        assert cut.words_before(number) == len(seen)
        assert 0 < piece.words <= 2 * size
        assert piece.ends[-1] == piece.words
        start = len(seen) % total
        inside = [o for o in corpus.offsets.tolist() if start < o < start + piece.words]
        # An empty sentence at the end of a piece ends where the one before it does.
        assert {*(piece.ends[piece.ends < piece.words] + start).tolist()} == set(inside)
        seen += piece.tokens.tolist()
    assert seen == list(range(total)) * epochs
    assert cut.words_before(len(cut)) == cut.words == epochs * total
    with pytest.raises(IndexError):
        cut[len(cut)]


@given(st.lists(st.integers(0, 40), min_size=200, max_size=300))
def test_short_sentences_are_never_cut(lengths):
    corpus = corpus_of([*lengths, 1])
    cut = Pieces(corpus, 1, 500)
    for number in range(len(cut)):
        assert cut[number].before in corpus.offsets


def test_one_endless_sentence_is_cut_into_pieces():
    cut = Pieces(corpus_of([300_000]), 1, 10_000)
    assert len(cut) == 30


def test_a_corpus_on_disk_gives_the_same_pieces(monkeypatch):
    monkeypatch.setattr(corpus_module, "RUN", 100)
    random = np.random.default_rng(0)
    sentences = [random.choice(list("abcdefgh"), random.integers(0, 60)) for _ in range(300)]
    here, there = (
        Pieces(encode_corpus([s.tolist() for s in sentences], on_disk=disk), 2, 150)
        for disk in (False, True)
    )
    assert len(here) == len(there) > 50
    for number in range(len(here)):
        np.testing.assert_array_equal(here[number].tokens, there[number].tokens)
        np.testing.assert_array_equal(here[number].ends, there[number].ends)


@pytest.mark.parametrize(("words", "batch"), [(10, 64), (50_000, 192), (10**7, 2048)])
def test_batches_grow_with_the_corpus(words, batch):
    assert batch_positions(words) == batch
