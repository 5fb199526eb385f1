"""Teacher forcing, running free, mixtures and beams, each against a plain loop."""

import itertools

import pytest
import torch

from core.networks.architecture import Architecture
from core.networks.decoding import (
    beam_search,
    likelihood,
    write_freely,
    write_with_teacher,
)
from core.networks.encoder_decoder import END, START, EncoderDecoder

OUTPUTS = 5


def made(seed=0, **options):
    torch.manual_seed(seed)
    model = EncoderDecoder(Architecture("gru", 4, embedding_size=3, **options), 5, OUTPUTS)
    model = model.double().eval()
    with torch.no_grad():  # far from uniform, so that the order of the tokens matters
        for weights in model.parameters():
            weights.mul_(3)
    return model


def start_of(model, batch=1):
    return model.start(torch.tensor([[1, 3, 2], [2, 2, 0]]).T[:, :batch])


def by_hand(model, source, fed):
    """The logits of a plain loop over the decoder's own layers, one step at a time."""
    vectors, state = model.vectors.embedding(source), None
    states, state = model.encoder(vectors)
    logits = []
    for token in fed:
        out, state = model.decoder(model.fed.embedding(token[None]), state)
        if model.attention is not None:
            out, _ = model.attention(out, states)
        logits.append(model.read_out(out)[0])
    return torch.stack(logits)


@pytest.mark.parametrize("attention", [False, True])
def test_teacher_forcing_is_a_loop_fed_with_the_truth(attention):
    model, source = made(attention=attention), torch.tensor([[1, 3, 2]]).T
    truth = torch.tensor([[3], [2], [4], [END]])
    fed = write_with_teacher(model, model.start(source), truth, 1.0)
    assert fed.tokens[:, 0].tolist() == [START, 3, 2, 4]
    assert fed.true.all()
    expected = by_hand(model, source, fed.tokens)
    torch.testing.assert_close(fed.written.logits, expected)


@pytest.mark.parametrize("attention", [False, True])
def test_without_a_teacher_each_step_is_fed_what_was_said_before(attention):
    model, source = made(attention=attention), torch.tensor([[1, 3, 2]]).T
    truth = torch.tensor([[3], [2], [4], [END]])
    fed = write_with_teacher(model, model.start(source), truth, 0.0)
    said = fed.written.logits.argmax(-1)
    assert fed.tokens[1:].equal(said[:-1])
    assert not fed.true[1:].any()
    torch.testing.assert_close(fed.written.logits, by_hand(model, source, fed.tokens))


def test_a_mixture_takes_the_true_token_as_often_as_it_says():
    model = made()
    start = model.start(torch.randint(5, (3, 400), generator=torch.Generator().manual_seed(1)))
    truth = torch.full((9, 400), 2)
    generator = torch.Generator().manual_seed(4)
    fed = write_with_teacher(model, start, truth, 0.7, generator)
    assert fed.true[1:].double().mean() == pytest.approx(0.7, abs=0.03)
    own = fed.written.logits.argmax(-1)[:-1]
    assert fed.tokens[1:].equal(torch.where(fed.true[1:], truth[:-1], own))
    again = write_with_teacher(model, start, truth, 0.7, torch.Generator().manual_seed(4))
    assert again.tokens.equal(fed.tokens)


def test_gradients_flow_through_a_mixture():
    model = made()
    truth = torch.tensor([[3], [2], [END]])
    fed = write_with_teacher(model, start_of(model), truth, 0.5, torch.Generator().manual_seed(0))
    fed.written.logits.sum().backward()
    assert all(weights.grad is not None for weights in model.encoder.parameters())


@pytest.mark.parametrize("ratio", [-0.1, 1.1])
def test_a_ratio_out_of_range_is_refused(ratio):
    model = made()
    with pytest.raises(ValueError, match="expected 0"):
        write_with_teacher(model, start_of(model), torch.tensor([[2]]), ratio)


def test_running_free_stops_at_the_end_and_keeps_it():
    for seed in range(20):
        model = made(seed)
        said = write_freely(model, start_of(model, 2), longest=12)
        for column in said.T.tolist():
            if END in column:
                assert set(column[column.index(END) :]) == {END}
            else:
                assert len(column) == 12


def test_a_sequence_is_as_likely_as_the_product_of_its_steps():
    model = made(3)
    found = likelihood(model, start_of(model), (2, 4))
    logits = by_hand(model, torch.tensor([[1, 3, 2]]).T, torch.tensor([[START], [2], [4]]))
    chances = torch.softmax(logits[:, 0], dim=-1)
    product = chances[0, 2] * chances[1, 4] * chances[2, END]
    assert found.log_probability == pytest.approx(product.log().item())


@pytest.mark.parametrize("attention", [False, True])
def test_a_wide_beam_finds_the_likeliest_of_all_sequences(attention):
    """Against every sequence of up to three tokens, counted out."""
    model = made(6, attention=attention)
    start = start_of(model)
    words = [token for token in range(OUTPUTS) if token != END]
    every = [
        likelihood(model, start, tokens)
        for length in range(4)
        for tokens in itertools.product(words, repeat=length)
    ]
    best = max(every, key=lambda one: one.log_probability)
    found = beam_search(model, start, width=80, longest=4)
    assert found[0].tokens == best.tokens
    assert found[0].log_probability == pytest.approx(best.log_probability)
    assert sum(2.718281828**one.log_probability for one in every) < 1


@pytest.mark.parametrize("seed", range(12))
def test_a_beam_is_never_less_likely_than_always_taking_the_likeliest(seed):
    model = made(seed)
    start = start_of(model)
    greedy = write_freely(model, start, 12)[:, 0].tolist()
    beam = beam_search(model, start, width=3, longest=12)
    assert [one.log_probability for one in beam] == sorted(
        (one.log_probability for one in beam), reverse=True
    )
    for one in beam:  # every score is that of the sequence when it is written again
        assert likelihood(model, start, one.tokens).log_probability == pytest.approx(
            one.log_probability
        )
    if END in greedy:
        alone = likelihood(model, start, tuple(greedy[: greedy.index(END)]))
        assert beam[0].log_probability >= alone.log_probability - 1e-12


def test_a_beam_takes_one_sequence_and_a_width():
    model = made()
    with pytest.raises(ValueError, match="width is 0"):
        beam_search(model, start_of(model), 0)
    with pytest.raises(ValueError, match="2 sequences"):
        beam_search(model, start_of(model, 2), 2)
