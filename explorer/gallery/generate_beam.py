"""The tree of alternatives: beam search, with all that it weighed and gave up."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import streamlit as st

from explorer.captions import Caption, Lead, percent, sentence, spoken, visible
from explorer.gallery.generate_settings import Wish
from explorer.gallery.generate_writer import searched
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, plain_spec
from explorer.players.stage import opening_cursor, show_stage

if TYPE_CHECKING:
    from core.generation import Tree

HEIGHT = 604
ROWS = 27  # lines of one column that can be told apart on the screen
MOST_UNDER = 5  # alternatives given up that are shown under each beginning
PRUNED, LOST, KEPT, FOUND, BEST = range(5)


def show(wish: Wish, texts: Texts) -> None:
    """Draw the part of the page."""
    given = (*wish.prompt, *wish.kept)
    tree = searched(wish.writer, given, wish.depth, wish.width)
    names = (wish.card.id, str(given), str(wish.depth), str(wish.width))
    group = hashlib.sha256("\x1f".join(("beam", *names)).encode()).hexdigest()[:16]
    opening_cursor("generate-beam", group)  # a tree is always seen whole at first
    show_stage(beam_stage(tree, wish, texts, group), group=group, key="stage-beam")
    st.caption(texts("generate.beam_note"))


def beam_stage(tree: Tree, wish: Wish, texts: Texts, group: str) -> bytes:
    """The tree, the texts found, and a sentence about the node at the cursor."""
    best = tree.tokens(tree.beams[0])
    places = drawn_nodes(tree)
    own = {place: number for number, place in enumerate(places)}
    caption = beam_caption(tree, wish, texts, own)
    shown = shown_nodes(tree, places)
    options = {"nodes": shown, "prompt": "".join(wish.given)}
    spec = plain_spec(
        [caption_panel("a", caption), Panel("beam", "b", alt=spoken(caption), options=options)],
        Layout("'a' 'b'", "minmax(0, 1fr)", "auto minmax(0, 1fr)", HEIGHT),
        texts,
        group=group,
        tokens=[wish.given[-1], *wish.tokens(best)],
        units=len(places),
        cursor={"time": wish.depth, "unit": own[tree.beams[0]]},
        extra={"vocabulary": list(wish.writer.vocabulary.tokens), "loop": False},
    )
    return pack({}, spec)


def drawn_nodes(tree: Tree) -> list[int]:
    """The nodes that are shown: all that were kept, if only for a while, and of the others the
    likeliest after each beginning."""
    under = min(MOST_UNDER, max(1, ROWS // len(tree.beams) - 1))
    found, given_up = set[int](), Counter[int]()
    for place in sorted(range(len(tree.nodes)), key=lambda place: -tree.nodes[place].total):
        node = tree.nodes[place]
        if not node.kept and given_up[node.parent] == under:
            continue
        given_up[node.parent] += not node.kept
        found.add(place)
    return sorted(found)


def shown_nodes(tree: Tree, places: list[int]) -> list[list[Any]]:
    """[parent, token, depth, log p of the token, log p of the path, state] of each node."""
    own = {place: number for number, place in enumerate(places)}
    found, best = set(tree.beams), set(tree.path(tree.beams[0]))
    alive = {place for beam in tree.beams for place in tree.path(beam)}

    def state(place: int) -> int:
        if place in best:
            return BEST
        if place in found:
            return FOUND
        if place in alive:
            return KEPT
        return LOST if tree.nodes[place].kept else PRUNED

    return [
        [
            own.get(node.parent, -1),
            node.token,
            node.depth,
            node.log_probability,
            node.total,
            state(place),
        ]
        for place, node in ((place, tree.nodes[place]) for place in places)
    ]


def beam_caption(tree: Tree, wish: Wish, texts: Texts, own: dict[int, int]) -> Caption:
    """How the best text compares with always taking the likeliest token, and what was weighed."""
    best = tree.beams[0]
    greedy = searched(wish.writer, (*wish.prompt, *wish.kept), wish.depth, 1)
    other = greedy.beams[0]
    gain = tree.nodes[best].total - greedy.nodes[other].total
    asked = 1 + sum(node.kept and node.depth < wish.depth for node in tree.nodes)
    values: dict[str, Any] = {
        "weighed": f"{asked * len(wish.writer.vocabulary):,}",
        "width": wish.width,
        "best": Lead(_said(tree.tokens(best), wish, texts), {"unit": own[best]}),
        "bits": _bits(tree.nodes[best].total),
        "all": percent(sum(math.exp(tree.nodes[beam].total) for beam in tree.beams)),
    }
    if tree.tokens(best) == greedy.tokens(other):
        return sentence(texts("generate.beam_same"), **values)
    key = "generate.beam_better" if gain > 0 else "generate.beam_worse"
    return sentence(
        texts(key),
        greedy=_said(greedy.tokens(other), wish, texts),
        greedy_bits=_bits(greedy.nodes[other].total),
        times=f"{math.exp(abs(gain)):.3g}",
        **values,
    )


def _bits(total: float) -> str:
    """A natural logarithm as one to base 2."""
    return f"{total / math.log(2):.1f}".replace("-", "−")


def _said(ids: list[int], wish: Wish, texts: Texts) -> str:
    text = "".join(token if len(token) > 1 else _seen(token) for token in wish.tokens(ids))
    return texts("caption.quoted", token=text)


def _seen(token: str) -> str:
    return token if token == " " else visible(token)
