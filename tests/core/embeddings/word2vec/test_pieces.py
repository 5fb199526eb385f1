import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.embeddings import EncodedCorpus, Vocabulary
from core.embeddings.word2vec import pieces


def corpus_of(lengths):
    tokens = np.zeros(sum(lengths), dtype=np.int32)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return EncodedCorpus(Vocabulary(("a",), np.array([len(tokens)])), tokens, offsets, len(tokens))


@given(st.lists(st.integers(0, 900), min_size=1, max_size=60).filter(sum), st.integers(1, 3))
def test_pieces_cover_every_epoch_in_order(lengths, epochs):
    corpus = corpus_of(lengths)
    cut = pieces.cut_pieces(corpus, epochs)
    total = len(corpus.tokens)
    place = 0
    for piece in cut:
        assert piece.before == place
        assert piece.start == place % total
        assert piece.stop > piece.start
        place += piece.stop - piece.start
        assert int(pieces.sentence_lengths(corpus, piece).sum()) == piece.stop - piece.start
    assert place == epochs * total


@given(st.lists(st.integers(0, 40), min_size=200, max_size=300))
def test_short_sentences_are_never_cut(lengths):
    corpus = corpus_of([*lengths, 1])
    for piece in pieces.cut_pieces(corpus, 1):
        assert piece.start in corpus.offsets
        inside = [n for n in pieces.sentence_lengths(corpus, piece).tolist() if n]
        assert set(inside) <= set(lengths) | {1}


def test_one_endless_sentence_is_cut_into_pieces():
    cut = pieces.cut_pieces(corpus_of([300_000]), 1)
    assert len(cut) > 10
    assert max(piece.stop - piece.start for piece in cut) <= 2 * pieces.LARGEST_BATCH * 8


@pytest.mark.parametrize(("words", "batch"), [(10, 64), (50_000, 192), (10**7, 2048)])
def test_batches_grow_with_the_corpus(words, batch):
    assert pieces.batch_positions(words) == batch
