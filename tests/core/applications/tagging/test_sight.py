"""What a tag can depend on, against what happens to the network when a word changes."""

import pytest
import torch

from core.applications import new_network
from core.applications.tagging import Slots, reliance, seen
from core.networks.architecture import Architecture
from core.tasks.tickets import tickets

TEXT = "I want to go from Rome to Paris tomorrow"
APPLICATION = Slots(sentences=tickets(200, "en", "train", seed=2))
NETWORKS = (
    Architecture("lstm", 6, embedding_size=4),
    Architecture("elman", 6, embedding_size=4, window=2),
    Architecture("gru", 6, embedding_size=4, bidirectional=True),
    Architecture("convolution", 6, embedding_size=4, window=1),
    Architecture("convolution", 24, embedding_size=4, window=1, num_layers=2),
    Architecture("convolution", 6, embedding_size=4, window=0),
)


@pytest.mark.parametrize("architecture", NETWORKS, ids=str)
@pytest.mark.parametrize("place", [0, 4, 8])
def test_only_words_that_are_seen_change_the_answer(architecture, place):
    model = new_network(APPLICATION, architecture, seed=3).double().eval()
    ids = APPLICATION.ids(APPLICATION.tokens(TEXT), model)
    before = model(ids)[0][place, 0]
    changing = []
    for step in range(len(ids)):
        other = ids.clone()
        other[step] = (other[step] + 7) % 20
        if not torch.equal(model(other)[0][place, 0], before):
            changing.append(step)
    assert changing == list(seen(architecture, len(ids), place))


@pytest.mark.parametrize("architecture", NETWORKS[::2], ids=str)
def test_reliance_is_the_probability_lost_with_a_word(architecture):
    model = new_network(APPLICATION, architecture, seed=3).eval()
    tokens, place = TEXT.split(), 5
    found = reliance(APPLICATION, model, TEXT, place)
    _, tag, share = APPLICATION.answer(model, TEXT)[place]
    kind = APPLICATION.tags.index(tag)
    for step in range(len(tokens)):
        ids = APPLICATION.ids([*tokens[:step], "\N{SNOWMAN}", *tokens[step + 1 :]], model)
        without = model(ids)[0][place, 0].softmax(-1)[kind].item()
        assert found[step] == pytest.approx(share - without, abs=1e-6)
    reach = seen(architecture, len(tokens), place)
    assert all(found[step] == 0 for step in range(len(tokens)) if step not in reach)


def test_a_step_outside_is_refused():
    model = new_network(APPLICATION, NETWORKS[0], seed=3)
    with pytest.raises(ValueError, match="place is 9; expected 0 to 8"):
        reliance(APPLICATION, model, TEXT, 9)
    with pytest.raises(ValueError, match="place is -1"):
        seen(NETWORKS[0], 9, -1)
