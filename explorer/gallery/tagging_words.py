"""A tagged sentence as words with coloured tags, and what was found in it."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import streamlit as st

from explorer.captions import percent
from explorer.charts.look import GROUPS
from explorer.language import Texts
from explorer.words.pictures import is_dark

TaggedWord = tuple[str, str, float]
KINDS = ("time", "from", "to", "address")
DOUBTFUL = 0.8  # a tag that is less sure shows how sure it is

STYLE = """<style>
.tagged { display: flex; flex-wrap: wrap; gap: 6px 5px; align-items: flex-start; margin: 2px 0; }
.tagged > span { display: inline-flex; flex-direction: column; align-items: center;
  border-radius: 5px; padding: 2px 5px 1px; border-bottom: 3px solid transparent; }
.tagged b { font-weight: 500; font-size: 19px; line-height: 1.35; white-space: pre; }
.tagged small { font-size: 12.5px; line-height: 1.3; min-height: 16px; white-space: nowrap; }
.tagged.slim b { font-size: 16px; }
.tag-legend { display: flex; gap: 18px; font-size: 14px; flex-wrap: wrap; }
.tag-legend i { display: inline-block; width: 13px; height: 13px; border-radius: 3px;
  margin-right: 5px; vertical-align: -1px; }
.tag-slots { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 12px; }
.tag-slots > div { border-left: 5px solid; padding: 3px 12px; border-radius: 4px; }
.tag-slots em { font-style: normal; font-size: 14px; opacity: 0.85; display: block; }
.tag-slots strong { font-size: 22px; font-weight: 600; overflow-wrap: anywhere; }
.tag-slots span { font-size: 13px; opacity: 0.85; display: block; }
</style>"""


def colours() -> dict[str, str]:
    """The colour of each kind of phrase in the theme of the page."""
    found = GROUPS[is_dark()]
    return dict(zip(KINDS, (found[1], found[0], found[2], found[1])))


def colour_of(tag: str) -> str:
    """The colour of a tag; kinds that the page does not know by name share one."""
    kind = tag[2:]
    return colours().get(kind, GROUPS[is_dark()][3])


def tag_label(tag: str, texts: Texts) -> str:
    """The kind of a tag in the language of the page."""
    kind = tag[2:]
    return texts(f"tagging.kind_{kind}") if kind in KINDS else kind


def sentence_html(words: Sequence[TaggedWord], texts: Texts, *, slim: bool = False) -> str:
    """Words side by side, each phrase underlined in its colour and named at its first word."""
    parts = [_word_html(word, texts) for word in words]
    spoken = html.escape(", ".join(spoken_words(words, texts)), quote=True)
    kind = "tagged slim" if slim else "tagged"
    return f'<div class="{kind}" role="img" aria-label="{spoken}">{"".join(parts)}</div>'


def spoken_words(words: Sequence[TaggedWord], texts: Texts) -> list[str]:
    """The tagged words as a reader that cannot see them would say it."""
    return [
        word if tag == "O" else f"{word}: {tag_label(tag, texts)} {percent(share)}"
        for word, tag, share in words
    ]


def _word_html(word: TaggedWord, texts: Texts) -> str:
    token, tag, share = word
    notes = [] if tag == "O" or tag[0] in "IE" else [html.escape(tag_label(tag, texts))]
    if share < DOUBTFUL:
        notes.append(percent(share))
    style = ""
    if tag != "O":
        colour = colour_of(tag)
        tint = round(26 * share)
        style = (
            f"background: color-mix(in srgb, {colour} {tint}%, transparent); "
            f"border-bottom-color: {colour};"
        )
    title = html.escape(f"{tag} {percent(share)}", quote=True)
    return (
        f'<span style="{style}" title="{title}"><b>{html.escape(token)}</b>'
        f"<small>{' '.join(notes)}</small></span>"
    )


def legend(kinds: Sequence[str], texts: Texts) -> str:
    """What the colours mean."""
    known = colours()
    entries = [
        f'<span><i style="background:{known[kind]}"></i>{texts(f"tagging.kind_{kind}")}</span>'
        for kind in kinds
    ]
    return f'<div class="tag-legend">{"".join(entries)}</div>'


def slots_html(slots: Mapping[str, tuple[str, float]], texts: Texts) -> str:
    """Time, From and To, as the ticket office would want them."""
    known = colours()
    cells = []
    for kind in KINDS[:3]:
        words, share = slots.get(kind, ("—", 0.0))
        sure = texts("tagging.sure", share=percent(share)) if kind in slots else texts("tagging.no")
        cells.append(
            f'<div style="border-color:{known[kind]}"><em>{texts(f"tagging.kind_{kind}")}</em>'
            f"<strong>{html.escape(words)}</strong><span>{sure}</span></div>"
        )
    return f'<div class="tag-slots">{"".join(cells)}</div>'


def draw(markup: str) -> None:
    """One piece of the page, with the style that all of them share."""
    st.html(STYLE + markup)
