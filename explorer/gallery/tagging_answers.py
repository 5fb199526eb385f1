"""What the shipped taggers say to a sentence; asked once for all who ask the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

import streamlit as st

from explorer.gallery.tagging_words import TaggedWord
from explorer.language import Texts
from explorer.models import load_applied
from explorer.shared import shared
from explorer.sidebar import plain

if TYPE_CHECKING:
    from core.applications.tagging import Tagging

CITIES = ("from", "to")
ORDINAL = re.compile(r"(\d) (st|nd|rd|th)\b")  # read as two words, written as one


@shared
def answer(model_id: str, text: str) -> list[TaggedWord]:
    """Every word with its tag. Raises ValueError for a text that cannot be an input."""
    import torch

    torch.set_num_threads(1)
    return load_applied(model_id).answer(text)


@shared
def relied_on(model_id: str, text: str, place: int) -> list[float]:
    """How much each word holds up the tag at ``place``; see ``reliance``."""
    import torch

    from core.applications.tagging import reliance

    torch.set_num_threads(1)
    applied = load_applied(model_id)
    return reliance(cast("Tagging", applied.application), applied.model, text, place)


def read_or_example(
    model_id: str, text: str, example: str, texts: Texts
) -> tuple[str, list[TaggedWord]]:
    """The text and its answer; where it cannot be read that is told, and the example is read."""
    try:
        return text, answer(model_id, text)
    except ValueError as error:
        st.sidebar.warning(plain(f"{texts('gallery.refused')} {error}"))
        return example, answer(model_id, example)


def slots_of(words: list[TaggedWord]) -> dict[str, tuple[str, float]]:
    """The first phrase of each kind with the least sure of its words."""
    from core.applications.tagging import found_slots

    found: dict[str, tuple[str, float]] = {}
    for kind, phrase, share in found_slots(words, joiner(words)):
        found.setdefault(kind, (ORDINAL.sub(r"\1\2", phrase), share))
    return found


def joiner(words: list[TaggedWord]) -> str:
    """What stands between two words: a blank, in Chinese nothing."""
    return "" if is_chinese("".join(word[0] for word in words)) else " "


def is_chinese(text: str) -> bool:
    """Whether a text has Chinese characters in it."""
    return any("\u3400" <= letter <= "\u9fff" for letter in text)
