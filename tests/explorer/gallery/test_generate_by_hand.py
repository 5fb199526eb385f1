"""The captions of writing and of beam search: every beginning is read again from its first token,
in float64, and what may be drawn is counted from sorted lists."""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.generation import write
from explorer.captions import spoken
from explorer.gallery.generate_beam import beam_caption, drawn_nodes
from explorer.gallery.generate_settings import Wish
from explorer.gallery.generate_write import writing_caption
from explorer.gallery.generate_writer import searched, writer_of, writers
from explorer.language import LANGUAGES, texts_of
from tests.explorer.by_hand import percent_of

every_language = pytest.mark.parametrize("language", LANGUAGES)
every_weight = pytest.mark.parametrize("seed", [None, 2, 4], ids=lambda seed: f"seed-{seed}")
PROMPT = "The cats (near the owl "  # with it all three verdicts about a beam occur


def wish_of(card_id: str, seed: int | None, **changes) -> Wish:
    """Writing with a shipped network, or with one of its shape and random weights."""
    card = writers()[card_id]
    writer = writer_of(card)
    if seed is not None:
        model, generator = deepcopy(writer.model), torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.normal_(0, 0.4, generator=generator)
        writer = replace(writer, id=f"{writer.id}-by-hand-{seed}", model=model)
    values = {"temperature": "0.8", "top_k": 0, "top_p": 0.95, "width": 3, "depth": 5}
    return Wish(
        card=card,
        writer=writer,
        text=PROMPT,
        prompt=tuple(writer.encode(PROMPT)),
        kept=(),
        given=tuple(writer.split(PROMPT)),
        seed=3,
        length=25,
        **values | changes,
    )


def chances(model: torch.nn.Module, ids) -> np.ndarray:
    """What the network expects after these tokens."""
    with torch.no_grad():
        logits = model(torch.tensor(list(ids))[:, None])[0][-1, 0].numpy()
    shares = np.exp(logits - logits.max())
    return shares / shares.sum()


def left_of(shares: np.ndarray, temperature: float, top_k: int, top_p: float) -> int:
    """How many tokens may be drawn."""
    if temperature == 0:
        return 1
    warm = sorted(shares ** (1 / temperature), reverse=True)[: top_k or None]
    count, reached = 0, 0.0
    while count < len(warm) and (top_p == 1 or reached < top_p):
        reached += warm[count] / sum(warm)
        count += 1
    return count


def seen(tokens: list[str]) -> str:
    return "".join({"\n": "⏎", "\t": "⇥"}.get(token, token) for token in tokens)


@every_weight
@every_language
@pytest.mark.parametrize(
    ("card", "changes"),
    [
        ("grammar-gru", {}),
        ("grammar-lstm", {"temperature": "2", "top_k": 5, "top_p": 0.7}),
        ("grammar-gru", {"temperature": "0"}),
        ("words-grammar-gru", {"top_p": 1.0, "top_k": 8}),
    ],
)
def test_what_was_written(card: str, changes: dict, seed: int | None, language: str) -> None:
    texts, wish = texts_of(language), wish_of(card, seed, **changes)
    done = write(wish.writer.model, wish.prompt, wish.length, wish.filters, seed=wish.seed)
    model = deepcopy(wish.writer.model).double()
    ids, start = done.ids.tolist(), len(wish.prompt)
    found = [chances(model, ids[:end]) for end in range(start, len(ids))]
    each = [shares[token] for shares, token in zip(found, ids[start:], strict=True)]
    left = [left_of(one, float(wish.temperature), wish.top_k, wish.top_p) for one in found]
    least = min(range(len(each)), key=each.__getitem__)
    token = wish.writer.vocabulary.decode([ids[start + least]])[0]
    bits = -math.log2(math.prod(each))
    unit = "word_unit" if card.startswith("words") else "letter_unit"
    assert spoken(writing_caption(done, wish, texts)) == texts(
        "generate.caption",
        count=25,
        unit=texts(f"generate.{unit}"),
        each=f"{bits / 25:.2f}",
        bits=f"{bits:.1f}",
        token=texts("caption.quoted", token={" ": "␣", "\n": "⏎"}.get(token, token)),
        probability=percent_of(each[least]),
        left=f"{sum(left) / 25:.1f}",
        classes=len(wish.writer.vocabulary),
        forced=left.count(1),
    )


def beams(model: torch.nn.Module, wish: Wish, width: int) -> tuple[list, int]:
    """The texts found as (probability, tokens), the likeliest first, and how many continuations
    were looked at."""
    kept: list[tuple[float, tuple[int, ...]]] = [(1.0, ())]
    weighed = 0
    for _ in range(wish.depth):
        every = [
            (chance * float(share), (*tokens, token))
            for chance, tokens in kept
            for token, share in enumerate(chances(model, (*wish.prompt, *tokens)))
        ]
        weighed += len(every)
        kept = sorted(every, key=lambda one: -one[0])[:width]
    return kept, weighed


def log2(chance: float) -> str:
    return f"{math.log2(chance):.1f}".replace("-", "−")


@every_weight
@pytest.mark.parametrize(
    ("card", "width", "depth"),
    [
        ("grammar-gru", 3, 5),
        ("grammar-lstm", 2, 8),
        ("words-grammar-gru", 4, 4),
        ("grammar-gru", 1, 6),
    ],
)
def test_what_the_beam_found(card: str, width: int, depth: int, seed: int | None) -> None:
    wish = wish_of(card, seed, width=width, depth=depth)
    model = deepcopy(wish.writer.model).double()
    found, weighed = beams(model, wish, width)
    (greedy, greedily), *_ = beams(model, wish, 1)[0]
    (best, tokens), *_ = found
    tree = searched(wish.writer, wish.prompt, depth, width)
    own = {place: number for number, place in enumerate(drawn_nodes(tree))}
    for language in LANGUAGES:
        texts = texts_of(language)

        def said(ids: tuple[int, ...], texts=texts) -> str:
            return texts("caption.quoted", token=seen(wish.writer.vocabulary.decode(ids)))

        values = {
            "width": width,
            "best": said(tokens),
            "bits": log2(best),
            "all": percent_of(sum(chance for chance, _ in found)),
            "weighed": f"{weighed:,}",
        }
        key = "same"
        if tokens != greedily:
            key = "better" if best > greedy else "worse"
            times = f"{max(best / greedy, greedy / best):.3g}"
            values |= {"greedy": said(greedily), "greedy_bits": log2(greedy), "times": times}
        assert spoken(beam_caption(tree, wish, texts, own)) == texts(
            f"generate.beam_{key}", **values
        )
