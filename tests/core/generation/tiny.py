"""A tiny network with random weights in float64, and all texts that it could write."""

from __future__ import annotations

import itertools

import torch

from core.networks import ModelSettings, SequenceModel

TOKENS = 4


def tiny(cell: str = "lstm", *, embedding: int = 0, seed: int = 0, tokens: int = TOKENS):
    """A network whose predictions differ enough from token to token to tell texts apart."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        settings = ModelSettings(cell, tokens, 5, embedding_size=embedding)
        model = SequenceModel(settings).double().eval()
        for parameter in model.parameters():
            parameter.data.normal_(std=1.5)
    return model


@torch.no_grad()
def log_probability(model, prompt, text) -> float:
    """log p(text | prompt) read in one go."""
    ids = torch.tensor([*prompt, *text])[:, None]
    scores = model(ids)[0].log_softmax(-1)[:, 0]
    return sum(scores[len(prompt) - 1 + at, token].item() for at, token in enumerate(text))


def all_texts(length: int, tokens: int = TOKENS):
    """Every text of this length."""
    return itertools.product(range(tokens), repeat=length)
