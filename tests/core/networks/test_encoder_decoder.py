"""Encoder and decoder: against the cells called by hand, in padded batches, and refused."""

import pytest
import torch

from core.networks.architecture import Architecture
from core.networks.encoder_decoder import (
    EncoderDecoder,
    VectorWriter,
    Writer,
    as_parts,
    state_sizes,
)
from core.networks.reader import PADDING

CELLS = ("elman", "lstm", "gru", "gru-original", "mgu", "higher-order")
SOURCES = ([1, 2, 3, 4, 0], [4, 4], [0, 3, 1])
FED = torch.tensor([[0, 0, 0], [2, 4, 3], [5, 2, 2]])


def made(cell="gru", *, kind=EncoderDecoder, **options):
    torch.manual_seed(5)
    architecture = Architecture(cell, 4, embedding_size=3, **options)
    return kind(architecture, 5, 6).double().eval()


def padded():
    ids = torch.full((5, 3), PADDING)
    for column, source in enumerate(SOURCES):
        ids[: len(source), column] = torch.tensor(source)
    return ids, torch.tensor([len(source) for source in SOURCES])


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("attention", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_in_a_padded_batch_a_source_gives_what_it_gives_alone(cell, attention, both):
    model = made(cell, attention=attention, bidirectional=both, num_layers=2)
    ids, lengths = padded()
    together = model(ids, FED, lengths)
    for column, source in enumerate(SOURCES):
        alone = model(torch.tensor(source)[:, None], FED[:, column : column + 1])
        torch.testing.assert_close(together.logits[:, column], alone.logits[:, 0])
        if attention:
            weights = together.attention[:, column]
            torch.testing.assert_close(weights[:, : len(source)], alone.attention[:, 0])
            assert (weights[:, len(source) :] == 0).all()
            torch.testing.assert_close(weights.sum(-1), torch.ones(3).double())


def test_without_attention_it_is_two_networks_one_after_the_other():
    model = made("lstm")
    source = torch.tensor(SOURCES[0])[:, None]
    _, last = model.encoder(model.vectors.embedding(source))
    outputs, _ = model.decoder(model.fed.embedding(FED[:, :1]), last)
    torch.testing.assert_close(model(source, FED[:, :1]).logits, model.read_out(outputs))


def test_both_last_states_of_a_two_way_encoder_reach_every_layer_of_the_decoder():
    model = made("gru", bidirectional=True, num_layers=2)
    source = torch.tensor(SOURCES[0])[:, None]
    _, last = model.encoder(model.vectors.embedding(source))
    (state,) = model.start(source).state
    for layer in range(2):
        both = torch.cat((last[2 * layer], last[2 * layer + 1]), dim=-1)
        torch.testing.assert_close(state[layer], model.bridge[0](both).tanh())


def test_a_vector_is_seen_in_the_first_state_of_every_layer_and_never_again():
    model = made("lstm", kind=VectorWriter, num_layers=2)
    numbers = torch.randn(3, 5).double()
    state = model.start(numbers).state
    by_hand = model.begin(numbers).tanh()
    assert [tuple(part.shape) for part in state] == [(2, 3, 4), (2, 3, 4)]
    torch.testing.assert_close(
        torch.cat([part[layer] for part in state for layer in range(2)], dim=-1), by_hand
    )
    outputs, _ = model.decoder(model.fed.embedding(FED), state)
    torch.testing.assert_close(model(numbers, FED).logits, model.read_out(outputs))


def test_gradients_reach_the_first_letter_of_the_source():
    model = made("gru")
    vectors = torch.randn(4, 1, 3, dtype=torch.double, requires_grad=True)
    _, state = model.encoder(vectors)
    outputs, _ = model.decoder(model.fed.embedding(FED[:, :1]), state)
    model.read_out(outputs)[-1].logsumexp(-1).sum().backward()
    assert (vectors.grad.abs().sum(-1) > 0).all()


@pytest.mark.parametrize("kind", [EncoderDecoder, VectorWriter])
@pytest.mark.parametrize(
    ("cell", "said"), [("jordan", "no hidden state"), ("convolution", "carries no state")]
)
def test_cells_without_a_state_to_hand_over_are_refused(kind, cell, said):
    with pytest.raises(ValueError, match=said):
        made(cell, kind=kind)


def test_a_writer_alone_does_not_know_where_to_start():
    with pytest.raises(TypeError, match="does not say where it starts"):
        Writer(Architecture("gru", 4), 6).start(torch.zeros(1, 1))


def test_parts_of_a_state():
    assert state_sizes(made("lstm").encoder) == (4, 4)
    assert state_sizes(made("higher-order").encoder) == (4, 4, 4)
    assert len(as_parts(torch.zeros(1))) == 1
