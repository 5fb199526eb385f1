"""Tokens on the time axis."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from core.recording import Recorder, record
from tests.core.recording.models import FEATURES, UNITS, build, draw


@pytest.mark.parametrize("tokens", ["na", ["n", "a", "m", "a"], []])
def test_tokens_of_a_wrong_number_are_refused_at_once(tokens) -> None:
    message = f"{len(tokens)} tokens were given for the 3 steps"
    with pytest.raises(ValueError, match=message):
        record(build("gru"), draw(3, 1, FEATURES), tokens=tokens)
    with (
        pytest.raises(ValueError, match=message),
        Recorder(build("gru"), tokens=tokens) as recorder,
    ):
        recorder.model(draw(3, 1, FEATURES))


def test_tokens_may_be_anything_with_a_name() -> None:
    trace = record(build("gru"), draw(3, 1, FEATURES), tokens=[1, None, "<s>"])[""]
    assert trace.tokens == ["1", "None", "<s>"]


class EncoderDecoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = build("gru"), nn.GRUCell(FEATURES, UNITS).double()

    def forward(self, source: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        state = self.encoder(source)[1][0]
        for x in target:
            state = self.decoder(x, state)
        return state


def test_each_module_may_have_tokens_of_its_own() -> None:
    inputs = draw(3, 1, FEATURES), draw(2, 1, FEATURES)
    traces = record(EncoderDecoder(), inputs, tokens={"encoder": "abc"})
    assert traces["encoder"].tokens == ["a", "b", "c"]
    assert traces["decoder"].tokens is None
    with pytest.raises(ValueError, match="3 tokens were given for the 2 steps that 'decoder'"):
        record(EncoderDecoder(), inputs, tokens="abc")
    with pytest.raises(ValueError, match=r"1 tokens .* 'decoder'"):
        record(EncoderDecoder(), inputs, tokens={"encoder": "abc", "decoder": "x"})


def test_settings_are_kept_as_plain_values() -> None:
    settings = {"rate": 0.5, "sizes": [1, 2], "nothing": None, "where": {"a": 1}, "on": True}
    trace = record(build("gru"), draw(2, 1, FEATURES), settings=settings)[""]
    kept = trace.settings
    assert kept["rate"] == 0.5
    assert kept["sizes"] == "[1, 2]"
    assert kept["where"] == '{"a": 1}'
    assert "nothing" not in kept
