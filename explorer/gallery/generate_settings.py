"""What a reader chooses of the writing: network, prompt, filters, die and length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from explorer.address import chosen, follow_link, publish
from explorer.gallery.generate_writer import Writer, writer_of, writers
from explorer.language import Texts
from explorer.models import Card
from explorer.sidebar import card_label, plain
from explorer.workshop.opened import opened

if TYPE_CHECKING:
    from core.generation import Filters

DEFAULT_WRITER = {"en": "grammar-lstm", "zh": "chinese-lstm"}
OFFERED = {
    "g_temperature": ("0", *(f"{number / 10:g}" for number in range(1, 16)), "2", "3", "5"),
    "g_top_k": ("0", "1", "2", "3", "4", "5", "8", "10", "20", "50"),
    "g_top_p": (*(f"{number / 10:g}" for number in range(1, 10)), "0.95", "0.99", "1"),
    "g_seed": tuple(map(str, range(100))),
    "g_length": tuple(map(str, (10, 20, 30, 40, 60, 80, 100, 150, 200))),
    "g_width": tuple(map(str, range(1, 7))),
    "g_depth": tuple(map(str, range(2, 17))),
}
STANDARD = {
    "g_temperature": "0.8",
    "g_top_k": "0",
    "g_top_p": "0.95",
    "g_seed": "1",
    "g_length": "80",
    "g_width": "3",
    "g_depth": "10",
}
FILTERS = (("g_temperature",), ("g_top_k", "g_top_p"), ("g_length", "g_seed"))
ROWS = {  # of sliders, for each part of the page
    "write": FILTERS,
    "beam": (("g_width", "g_depth"),),
    "compare": (*FILTERS, ("g_width",)),
}
MOST_PROMPT = 200


@dataclass(frozen=True)
class Wish:
    """What shall be written. prompt, kept: ids of what was given, and of what must come first;
    given: the tokens of both, as they were typed."""

    card: Card
    writer: Writer
    text: str
    prompt: tuple[int, ...]
    kept: tuple[int, ...]
    given: tuple[str, ...]
    temperature: str
    top_k: int
    top_p: float
    seed: int
    length: int
    width: int
    depth: int

    @property
    def filters(self) -> Filters:
        """Temperature, top-k and top-p."""
        from core.generation import Filters

        return Filters(float(self.temperature), self.top_k, self.top_p)

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """Ids as tokens."""
        return self.writer.vocabulary.decode(ids)

    def whole(self, ids: Sequence[int]) -> list[str]:
        """Ids that begin with prompt and kept as tokens; unknown ones as they were typed."""
        return [*self.given, *self.tokens(ids[len(self.given) :])]


def choose_writing(part: str, texts: Texts) -> Wish:
    """The controls in the sidebar that this part of the page needs, and what they say."""
    follow_link("g_model", "g_prompt")
    card, updates = _choose_writer(texts)
    writer = writer_of(card, updates)
    text = _choose_prompt(card, writer, texts)
    values = _choose_numbers(part, texts)
    kept = _choose_kept(writer, texts)
    given = (*writer.split(text), *kept)
    _warn_of_unknown(given, writer, texts)
    changed = {name: None if value == STANDARD[name] else value for name, value in values.items()}
    publish(g_model=card.id, g_prompt=text, g_kept=st.session_state["g_kept"] or None, **changed)
    return Wish(
        card=card,
        writer=writer,
        text=text,
        prompt=tuple(writer.encode(text)),
        kept=tuple(writer.vocabulary.encode(kept)),
        given=given,
        temperature=values["g_temperature"],
        top_k=int(values["g_top_k"]),
        top_p=float(values["g_top_p"]),
        seed=int(values["g_seed"]),
        length=max(int(values["g_length"]), len(kept)),
        width=int(values["g_width"]),
        depth=int(values["g_depth"]),
    )


def keep_writing(tokens: Sequence[str]) -> None:
    """From the next run on the text must begin with these tokens."""
    st.session_state["g_next_kept"] = tuple(tokens)


def _choose_writer(texts: Texts) -> tuple[Card, int]:
    """The network, and of a run of the workshop the checkpoint (else 0)."""
    cards = writers()
    chosen("g_model", DEFAULT_WRITER[texts.language], cards)
    with st.sidebar:
        st.selectbox(
            texts("generate.model"),
            list(cards),
            format_func=lambda card_id: card_label(cards[card_id], texts),
            key="g_model",
            help=texts("generate.model_help"),
        )
    try:
        card = opened(cards[st.session_state["g_model"]])
    except ValueError as error:
        st.error(plain(str(error)))
        st.stop()
    if len(card.updates) < 2:
        publish(g_updates=None)
        return card, (*card.updates, 0)[0]
    offered = [str(updates) for updates in card.updates]
    chosen("g_updates", offered[-1], offered)
    with st.sidebar:
        st.select_slider(
            texts("generate.updates"), offered, key="g_updates", help=texts("generate.updates_help")
        )
    publish(g_updates=st.session_state["g_updates"])
    return card, int(st.session_state["g_updates"])


def _choose_prompt(card: Card, writer: Writer, texts: Texts) -> str:
    prompts = _prompts(card, writer)
    read = f"{card.corpus} {card.application} {card.language}"
    if st.session_state.get("g_read") not in (None, read):
        st.session_state["g_prompt"] = prompts[0]
    st.session_state["g_read"] = read
    chosen("g_prompt", prompts[0], most=MOST_PROMPT)
    with st.sidebar:
        st.text_area(
            texts("generate.prompt"),
            key="g_prompt",
            height=72,
            max_chars=MOST_PROMPT,
            help=texts("generate.prompt_help"),
        )
        with st.popover(texts("gallery.examples"), width="stretch"):
            for number, prompt in enumerate(prompts):
                st.button(
                    plain(prompt),
                    key=f"g-example-{number}",
                    on_click=_set,
                    args=("g_prompt", prompt),
                    width="stretch",
                )
    text = st.session_state["g_prompt"][:MOST_PROMPT].replace("\r\n", "\n")
    if writer.words:
        text = text.rstrip(" ")  # the space belongs to the word that comes next
    if not text:
        st.sidebar.warning(texts("generate.empty"))
        text = prompts[0].rstrip(" ") if writer.words else prompts[0]
    return text


def _warn_of_unknown(tokens: Sequence[str], writer: Writer, texts: Texts) -> None:
    found = dict.fromkeys(tokens[place] for place in writer.vocabulary.unknown(tokens))
    if found:
        st.sidebar.warning(plain(texts("sidebar.unknown", tokens="  ".join(found))))


def _prompts(card: Card, writer: Writer) -> tuple[str, ...]:
    from core.tasks.corpora import CORPORA

    if card.corpus in CORPORA and not card.application:
        return CORPORA[card.corpus].prompts
    found = tuple(example[:MOST_PROMPT] for example in card.examples if example)
    return found or writer.vocabulary.tokens[:1]


def _choose_numbers(part: str, texts: Texts) -> dict[str, str]:
    values = {name: chosen(name, STANDARD[name], OFFERED[name]) for name in STANDARD}
    with st.sidebar:
        for row in ROWS[part]:
            for name, place in zip(row, st.columns(len(row))):
                key = name.removeprefix("g_")
                place.select_slider(
                    texts(f"generate.{key}"),
                    OFFERED[name],
                    format_func=_named(key, texts),
                    key=name,
                    help=texts(f"generate.{key}_help"),
                )
                values[name] = st.session_state[name]
    return values


def _named(key: str, texts: Texts) -> Callable[[str], str]:
    everything = {"top_k": "0", "top_p": "1"}.get(key)
    return lambda value: texts("generate.all") if value == everything else value


def _choose_kept(writer: Writer, texts: Texts) -> tuple[str, ...]:
    """The beginning that is not free; forgotten when prompt or network change."""
    if "g_next_kept" in st.session_state:
        st.session_state["g_kept_tokens"] = st.session_state.pop("g_next_kept")
        st.session_state["g_kept"] = "".join(st.session_state["g_kept_tokens"])
    begun = (writer.id, st.session_state["g_prompt"])
    if st.session_state.get("g_begun") not in (None, begun):
        st.session_state["g_kept"] = ""
    st.session_state["g_begun"] = begun
    chosen("g_kept", "", most=MOST_PROMPT)
    with st.sidebar:
        st.text_input(
            texts("generate.kept"),
            key="g_kept",
            max_chars=MOST_PROMPT,
            help=texts("generate.kept_help"),
        )
    text = st.session_state["g_kept"]
    if text:
        st.sidebar.button(
            texts("generate.free"), on_click=_set, args=("g_kept", ""), icon=":material/undo:"
        )
    tokens = st.session_state.get("g_kept_tokens", ())
    if "".join(tokens) == text:  # what was chosen token by token is read in the same tokens
        return tuple(tokens)
    spaced = f" {text}"
    if writer.words and writer.split(spaced)[0] in writer.vocabulary:
        text = spaced  # the space before a word belongs to it, and nobody types it
    return tuple(writer.split(text))


def _set(key: str, value: str) -> None:
    st.session_state[key] = value
