"""The general network: padding changes nothing, windows and ends are where they should be."""

import pytest
import torch
from torch.nn import functional

from core.networks.architecture import Architecture
from core.networks.reader import PADDING, Convolution, Ends, InputVectors, Reader

CELLS = ("elman", "jordan", "lstm", "gru", "gru-original", "mgu")


def made(network, architecture, ends):
    torch.manual_seed(5)
    return network(architecture, ends).double().eval()


def padded(sequences):
    steps = max(map(len, sequences))
    ids = torch.full((steps, len(sequences)), PADDING)
    for column, sequence in enumerate(sequences):
        ids[: len(sequence), column] = torch.tensor(sequence)
    return ids, torch.tensor([len(sequence) for sequence in sequences])


SEQUENCES = ([1, 2, 3, 4, 0], [4, 4], [0, 3, 1])


@pytest.mark.parametrize("each_step", [True, False])
@pytest.mark.parametrize("window", [0, 2])
@pytest.mark.parametrize("embedding", [0, 3])
@pytest.mark.parametrize("cell", [*CELLS, "convolution", "both-lstm", "both-elman", "both-mgu"])
def test_a_sequence_in_a_padded_batch_gives_what_it_gives_alone(cell, embedding, window, each_step):
    kind = cell.removeprefix("both-")
    network = Convolution if kind == "convolution" else Reader
    architecture = Architecture(
        kind, 4, embedding_size=embedding, window=window, bidirectional=kind != cell
    )
    model = made(network, architecture, Ends(5, 3, each_step=each_step))
    together, _ = model(*padded(SEQUENCES))
    for column, sequence in enumerate(SEQUENCES):
        alone, _ = model(torch.tensor(sequence)[:, None])
        if each_step:
            torch.testing.assert_close(together[: len(sequence), column], alone[:, 0])
        else:
            torch.testing.assert_close(together[column], alone[0])


def test_an_answer_of_both_directions_has_read_everything_twice():
    """Forward at the last step beside backward at the first, against torch called by hand."""
    model = made(
        Reader,
        Architecture("gru", 4, bidirectional=True, embedding_size=0),
        Ends(5, 3, each_step=False),
    )
    ids = torch.tensor(SEQUENCES[0])[:, None]
    vectors = functional.one_hot(ids, 5).double()
    _, last = model.rnn(vectors)
    by_hand = model.read_out(torch.cat((last[0], last[1]), dim=-1))
    torch.testing.assert_close(model(ids)[0], by_hand)


def test_a_window_puts_the_neighbours_side_by_side():
    vectors = InputVectors(
        Architecture("elman", 2, embedding_size=0, window=1), Ends(3, 2)
    ).double()
    read = vectors(torch.tensor([[0], [2], [1]]))[:, 0]
    nothing, a, b, c = torch.zeros(3), *torch.eye(3)[[0, 2, 1]]
    expected = torch.stack(
        [torch.cat(parts) for parts in ((nothing, a, b), (a, b, c), (b, c, nothing))]
    )
    torch.testing.assert_close(read, expected.to(read.dtype))


@pytest.mark.parametrize("embedding", [0, 4])
def test_ids_that_are_not_known_are_read_as_nothing(embedding):
    vectors = InputVectors(Architecture("elman", 2, embedding_size=embedding), Ends(3, 2))
    assert not vectors(torch.tensor([[3], [PADDING], [77]])).any()
    assert vectors(torch.tensor([[2]])).any()


def test_a_jordan_network_predicts_what_it_feeds_back():
    model = made(Reader, Architecture("jordan", 4), Ends(5, 3))
    logits, state = model(torch.tensor([[1], [2]]))
    torch.testing.assert_close(logits.exp().sum(-1), torch.ones(2, 1).double())
    torch.testing.assert_close(logits[-1].exp(), state[0])


def test_a_convolution_sees_its_window_and_nothing_else():
    model = made(Convolution, Architecture("convolution", 4, window=1), Ends(5, 3))
    before, _ = model(torch.tensor([[1], [2], [3], [4], [0]]))
    after, _ = model(torch.tensor([[1], [2], [3], [4], [4]]))
    torch.testing.assert_close(before[:3], after[:3], rtol=0, atol=0)
    assert not torch.allclose(before[3:], after[3:])


@pytest.mark.parametrize("cell", ["mgu", "gru-original", "lstm-peephole"])
def test_open_cells_read_backward_from_each_sequences_own_end(cell):
    """Two layers, so that the second reads what the first gave in both directions."""
    architecture = Architecture(cell, 4, num_layers=2, bidirectional=True)
    model = made(Reader, architecture, Ends(5, 3))
    together, _ = model(*padded(SEQUENCES))
    for column, sequence in enumerate(SEQUENCES):
        alone, _ = model(torch.tensor(sequence)[:, None])
        torch.testing.assert_close(together[: len(sequence), column], alone[:, 0])
