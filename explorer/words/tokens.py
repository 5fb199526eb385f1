"""Step 1: a text becomes tokens, in the two ways that its writing allows."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from explorer.address import chosen
from explorer.charts.look import GROUPS
from explorer.language import Texts
from explorer.words.corpus import DEFAULT_SIZE, SIZES, Counting
from explorer.words.pictures import is_dark, joined, say
from explorer.words.reading import Reading, alternatives
from explorer.words.settings import made_corpus, own_sentences

STYLE = """
.u-tokens { display: grid; grid-template-columns: 1fr 1fr; gap: 0.3rem 1.2rem;
  max-height: 440px; overflow: auto; }
.u-tokens h4 { font-size: 0.95rem; font-weight: 600; padding: 0; margin: 0.2rem 0; }
.u-tokens .raw { grid-column: 1 / -1; margin-top: 0.5rem; padding-top: 0.4rem;
  border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.u-tokens .row { display: flex; flex-wrap: wrap; gap: 0.35rem; align-content: start; }
.u-tokens .token { padding: 0.1rem 0.45rem; border-radius: 6px; font-size: 1.1rem;
  border: 1.5px solid var(--c); background: color-mix(in srgb, var(--c) 14%, transparent);
  overflow-wrap: anywhere; }
.u-tokens .token sub { margin-left: 0.25rem; opacity: 0.7; font-size: 0.7rem; }
"""


def show(texts: Texts) -> None:
    """Draw the step."""
    reading = own_sentences(texts)
    counting = Counting(texts.language, int(chosen("corpus_words", DEFAULT_SIZE, SIZES)))
    corpus = made_corpus(counting, texts)
    both = [alternatives(sentence) for sentence in reading.sentences]
    say(texts, _counted(both, texts), _corpus_sizes(corpus.words, texts))
    st.html(f"<style>{STYLE}</style>{token_table(reading, both, texts)}")


def token_table(reading: Reading, both: Sequence[dict[str, Sequence[str]]], texts: Texts) -> str:
    """Each sentence with its tokens; the small number is the token's row in the vocabulary."""
    rows: list[dict[str, int]] = [{}, {}]
    parts = []
    for sentence, ways in zip(reading.sentences, both):
        parts.append(f'<div class="raw">{html.escape(sentence)}</div>')
        for side, (way, tokens) in enumerate(ways.items()):
            chips = "".join(_chip(token, rows[side]) for token in tokens)
            label = html.escape(texts(f"words.by_{way}"))
            parts.append(f'<div><h4>{label}</h4><div class="row">{chips}</div></div>')
    return f'<div class="u-tokens">{"".join(parts)}</div>'


def _chip(token: str, rows: dict[str, int]) -> str:
    row = rows.setdefault(token, len(rows))
    colours = GROUPS[is_dark()]
    style = f"--c: {colours[row % len(colours)]}"
    return f'<span class="token" style="{style}">{html.escape(token)}<sub>{row}</sub></span>'


def _counted(both: Sequence[dict[str, Sequence[str]]], texts: Texts) -> str:
    """How many tokens, and how many distinct ones, either way gives."""
    ways: dict[str, list[str]] = {}
    for sentence in both:
        for way, tokens in sentence.items():
            ways.setdefault(way, []).extend(tokens)
    return joined(
        texts,
        *(
            texts(
                "words.token_count",
                way=texts(f"words.by_{way}"),
                tokens=len(tokens),
                distinct=len(set(tokens)),
            )
            for way, tokens in ways.items()
        ),
    )


def _corpus_sizes(words: Sequence[str], texts: Texts) -> str:
    characters = {character for word in words for character in word}
    return texts("words.token_corpus", words=f"{len(words):,}", characters=f"{len(characters):,}")
