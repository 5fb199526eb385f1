"""What the reader chooses in the sidebar: sentences, corpus, words, and how to count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from core.embeddings.grammar import showcase
from explorer.address import chosen, publish
from explorer.language import LANGUAGES, Texts, texts_of
from explorer.sidebar import plain
from explorer.words.corpus import DEFAULT_SIZE, MIN_COUNT, SIZES, Corpus, Counting, corpus_of
from explorer.words.reading import MOST_CHARACTERS, MOST_SENTENCES, Reading, has_chinese, read

WINDOWS = ("1", "2", "3", "5", "8", "10")
DIMENSIONS = ("2", "4", "8", "16", "32", "64", "100")
SMOOTHINGS, SMOOTHING = ("1", "0.75", "0.5"), "0.75"
EXAMPLES = 4
MOST_WORDS = 24


def own_sentences(texts: Texts) -> Reading:
    """The reader's sentences: a text field, examples, and how Chinese is split."""
    _follow_language("sentences", texts, {one: _example(texts_of(one), 0) for one in LANGUAGES})
    text = st.session_state["sentences"]
    with st.sidebar:
        st.text_area(
            texts("words.sentences"),
            key="sentences",
            height=130,
            max_chars=MOST_CHARACTERS,
            help=texts("words.sentences_help", most=MOST_SENTENCES),
        )
        with st.popover(texts("sidebar.examples"), width="stretch"):
            for number in range(EXAMPLES):
                example = _example(texts, number)
                st.button(
                    plain(example.splitlines()[0]),
                    key=f"sentences-{number}",
                    on_click=_set,
                    args=("sentences", example),
                    width="stretch",
                )
    split = _choice_of_unit(text, texts)
    reading = read(text, unit=split)
    if not reading.tokens:
        st.sidebar.warning(texts("words.no_sentence"))
        reading = read(_example(texts, 0), unit=split)
    is_first = text == _example(texts, 0)
    publish(sentences=None if is_first else text, split=None if split == "words" else split)
    return reading


def counting_of(texts: Texts, *, using: Sequence[str] = ()) -> Counting:
    """Corpus size, and those settings of counting that are named in ``using``."""
    words = option("corpus_words", SIZES, DEFAULT_SIZE, texts("words.corpus_size"), form=_thousands)
    counting = Counting(language=texts.language, words=int(words))
    if "window" in using:
        window = option("word_window", WINDOWS, "5", texts("words.window"))
        counting = replace(counting, window=int(window))
    if "fading" in using:
        fading = switch("word_fading", texts("words.fading"), texts("words.fading_help"))
        counting = replace(counting, fading=fading)
    if "smoothing" in using:
        label, note = texts("words.smoothing"), texts("words.smoothing_help")
        smoothing = option("word_smoothing", SMOOTHINGS, SMOOTHING, label, note=note)
        counting = replace(counting, smoothing=float(smoothing))
    if "size" in using:
        size = option("word_size", DIMENSIONS, "64", texts("words.size"))
        counting = replace(counting, size=int(size))
    return counting


def corpus_and_words(counting: Counting, texts: Texts) -> tuple[Corpus, list[str], list[int]]:
    """The corpus, the words that are looked at, and the group (line) of each.

    Words that the corpus does not have often enough are named and left out.
    """
    corpus = made_corpus(counting, texts)
    defaults = {one: "\n".join(" ".join(g) for g in showcase(one)) for one in LANGUAGES}
    _follow_language("twenty", texts, defaults)
    with st.sidebar:
        st.text_area(
            texts("words.twenty"), key="twenty", height=140, help=texts("words.twenty_help")
        )
    text = st.session_state["twenty"]
    groups: dict[str, int] = {}
    for number, line in enumerate(text.splitlines()):
        groups |= {word: number for word in line.lower().split() if word not in groups}
    known = [word for word in groups if word in corpus.encoded.vocabulary][:MOST_WORDS]
    unknown = [word for word in groups if word not in corpus.encoded.vocabulary]
    if unknown:
        named = plain("  ".join(word[:40] for word in unknown[:20]))
        st.sidebar.warning(texts("words.unknown", words=named, count=MIN_COUNT))
    publish(twenty=None if text == defaults[texts.language] else text)
    if len(known) < 3:
        st.sidebar.warning(texts("words.too_few"))
        groups = {word: g for g, line in enumerate(showcase(texts.language)) for word in line}
        known = list(groups)
    return corpus, known, [groups[word] for word in known]


def made_corpus(counting: Counting, texts: Texts) -> Corpus:
    """The corpus; making it is said, as a million words take a second or two."""
    with st.spinner(texts("words.making")):
        return corpus_of(counting.language, counting.words)


def option(
    name: str,
    options: Sequence[str],
    default: str,
    label: str,
    *,
    form: Callable[[str], str] = str,
    note: str | None = None,
) -> str:
    """A slider over a few values, which is in the address where it is not the default."""
    chosen(name, default, options)
    with st.sidebar:
        st.select_slider(label, list(options), key=name, format_func=form, help=note)
    value = st.session_state[name]
    publish(**{name: None if value == default else value})
    return value


def switch(name: str, label: str, note: str, *, default: bool = False) -> bool:
    """A toggle, which is in the address where it is not the default."""
    value = st.session_state.get(name, st.query_params.get(name))
    if not isinstance(value, bool):
        value = {"1": True, "0": False}.get(value or "", default)
    st.session_state[name] = value
    with st.sidebar:
        st.toggle(label, key=name, help=note)
    value = st.session_state[name]
    publish(**{name: None if value == default else str(int(value))})
    return value


def one_of(name: str, options: Sequence[str], default: str, label: str, texts: Texts) -> str:
    """A few named choices beside each other, which are in the address."""
    chosen(name, default, options)
    with st.sidebar:
        st.segmented_control(
            label,
            list(options),
            format_func=lambda one: texts(f"words.kind_{one}"),
            key=name,
            required=True,
        )
    value = st.session_state[name]
    publish(**{name: None if value == default else value})
    return value


def _choice_of_unit(text: str, texts: Texts) -> str:
    split = chosen("split", "words", ("words", "characters"))
    if not has_chinese(text):
        return "words"
    with st.sidebar:
        st.segmented_control(
            texts("words.split"),
            ["words", "characters"],
            format_func=lambda unit: texts(f"words.by_{unit}"),
            key="split",
            required=True,
        )
    return st.session_state.get("split", split)


def _follow_language(name: str, texts: Texts, defaults: dict[str, str]) -> None:
    """Begin with the language's own default, also when the language changes before any edit."""
    if st.session_state.get(name) in [
        text for language, text in defaults.items() if language != texts.language
    ]:
        st.session_state[name] = defaults[texts.language]
    chosen(name, defaults[texts.language], most=MOST_CHARACTERS)


def _example(texts: Texts, number: int) -> str:
    return texts(f"words.example_{number}")


def _set(name: str, text: str) -> None:
    st.session_state[name] = text


def _thousands(value: str) -> str:
    return f"{int(value):,}"
