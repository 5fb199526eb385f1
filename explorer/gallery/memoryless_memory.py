"""The same input at different times: a feed-forward network beside a recurrent one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from core.tasks.next_letter import smallest_window, told_apart
from explorer.address import chosen, publish
from explorer.captions import Caption, Lead, sentence, spoken, visible
from explorer.gallery.memoryless_nets import (
    CELLS,
    WINDOWS,
    Pair,
    group_of_pair,
    learned_pair,
    shipped_pair,
    shown_classes,
    spread,
    telling,
)
from explorer.language import Texts
from explorer.pictures import caption_panel
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, plain_spec
from explorer.players.stage import opening_cursor, show_stage
from explorer.sidebar import plain

HEIGHT = 556
LONGEST = 40
HERE, SHIPPED = "here", "shipped"
TEXTS = {
    HERE: {"en": ("namaskar", "she sells sea shells"), "zh": ("人人为我，我为人人", "namaskar")},
    SHIPPED: {
        "en": ("The cats see the lazy dog.", "The owl sings (3: la la la)."),
        "zh": ("小狗叫了三声：汪汪汪。", "妈妈说：「我喜欢一朵白色的花。」"),
    },
}


def show(texts: Texts) -> None:
    """Draw the part of the page."""
    source, text, cell, window = choose(texts)
    pair = pair_of(source, text, cell, int(window), texts.language)
    if pair is None:
        st.info(texts("gallery.none"))
        return
    group = group_of_pair("memory", source, text, cell, window, texts.language)
    start = {"time": first_step(pair), **opening_cursor("memoryless", group)}
    show_stage(memory_stage(pair, source, cell, texts, group, start), group=group, key="stage-same")
    table(text if source == HERE else pair.text, texts)


def choose(texts: Texts) -> tuple[str, str, str, str]:
    """Where the networks come from, the text, the recurrent cell, and the window."""
    chosen("feed_from", HERE, (HERE, SHIPPED))
    with st.sidebar:
        st.radio(
            texts("memoryless.source"),
            (HERE, SHIPPED),
            format_func=lambda name: texts(f"memoryless.source_{name}"),
            key="feed_from",
        )
    source = st.session_state["feed_from"]
    text = choose_text(source, texts)
    cell = _choose("feed_cell", CELLS, texts, "cell.") if source == HERE else "elman"
    window = _choose("feed_window", WINDOWS, texts, "memoryless.window_")
    publish(feed_from=None if source == HERE else source)
    return source, text, cell, window


def choose_text(source: str, texts: Texts) -> str:
    """The reader's text, at least two letters; an example where there is none."""
    examples = TEXTS[source][texts.language]
    key, mark = "feed_text", f"{source} {texts.language}"
    if st.session_state.get("feed_for") not in (None, mark):
        others = {text for found in TEXTS.values() for some in found.values() for text in some}
        if st.session_state.get(key) in others:  # the reader's own text stays
            st.session_state[key] = examples[0]
    st.session_state["feed_for"] = mark
    chosen(key, examples[0], most=LONGEST)
    with st.sidebar:
        st.text_input(
            texts("memoryless.text"), key=key, max_chars=LONGEST, help=texts("memoryless.text_help")
        )
        for number, example in enumerate(examples):
            label = plain(example)
            st.button(label, key=f"feed-{number}", on_click=_set, args=(key, example))
    text = st.session_state[key][:LONGEST]
    if len(text) < 2:
        st.sidebar.warning(texts("memoryless.short"))
        text = examples[0]
    publish(feed_text=None if text == examples[0] else text)
    return text


def pair_of(source: str, text: str, cell: str, window: int, language: str) -> Pair | None:
    """Both networks with their answers."""
    if source == HERE:
        return learned_pair(text, cell, window)
    return shipped_pair(text, language, window)


def first_step(pair: Pair) -> int:
    """Where the cursor starts: at the last time that the telling input is read."""
    found = telling(pair)
    return found[1][-1] if found else len(pair.text) - 1


def memory_stage(
    pair: Pair, source: str, cell: str, texts: Texts, group: str, cursor: Mapping[str, Any]
) -> bytes:
    """Both networks' answers at every step, equal inputs marked and joined."""
    caption = memory_caption(pair, cell, texts, source=source)
    classes = shown_classes(pair)
    place = {label: at for at, label in enumerate(classes)}
    names = {"feed": texts("cell.perceptron"), "rnn": texts(f"cell.{cell}")}
    nets = [{"name": net, "label": names[net], "note": note_of(pair, net, texts)} for net in names]
    options = {
        "nets": nets,
        "classes": [pair.labels[at] for at in classes],
        "keys": list(pair.keys),
        "joined": True,
        "right": [place.get(at, -1) for at in pair.right],
    }
    panels = [
        caption_panel("a", caption),
        Panel("same", "b", alt=spoken(caption), options=options),
    ]
    spec = plain_spec(
        panels,
        Layout("'a' 'b'", "1fr", "auto minmax(0, 1fr)", HEIGHT),
        texts,
        group=group,
        tokens=list(pair.text),
        units=1,
        cursor=cursor,
        extra={"unknown": list(pair.unknown)},
    )
    arrays = {
        f"same.{net}": values[:, classes].astype(np.float32)
        for net, values in pair.probabilities.items()
    }
    return pack(arrays, spec)


def note_of(pair: Pair, net: str, texts: Texts) -> str:
    """How many next letters it guesses, and its size."""
    known = sum(at >= 0 for at in pair.right)
    return texts(
        "memoryless.note", right=pair.guessed(net), known=known, numbers=pair.parameters[net]
    )


def memory_caption(pair: Pair, cell: str, texts: Texts, *, source: str = HERE) -> Caption:
    """What both say where they read the same, measured."""
    found = telling(pair)
    names = {"feed": texts("cell.perceptron"), "rnn": texts(f"cell.{cell}")}
    if found is None:
        return sentence(texts("memoryless.all_different"), text=pair.text)
    key, steps = found
    shown = "".join(visible(letter) for letter in key)
    leads: Caption = []
    for step in steps:
        leads += [texts("memoryless.and")] if leads else []
        leads.append(Lead(str(step + 1), {"time": step}))
    before, after = texts("memoryless.told").split("{steps}")
    told = [*sentence(before, input=shown), *leads, *sentence(after, input=shown)]
    numbers = {net: spread_text(spread(pair, net, steps)) for net in names}
    told += sentence(
        texts("memoryless.differ"), rnn=names["rnn"], **{f"by_{n}": v for n, v in numbers.items()}
    )
    if source == HERE:
        text = pair.text + pair.labels[pair.right[-1]]
        most, known = told_apart(text, len(max(pair.keys, key=len)))
        told += sentence(texts("memoryless.ceiling"), most=most, known=known)
    else:
        shares = {net: f"{100 * share:.1f}%" for net, share in pair.scores.items()}
        told += sentence(texts("memoryless.held_out"), name=names["rnn"], **shares)
    return told


def spread_text(value: float) -> str:
    """0 exactly, else as many digits as it takes."""
    if value == 0:
        return "0"
    return f"{value:.2f}" if value >= 0.01 else f"{value:.0e}"


def table(text: str, texts: Texts) -> None:
    """What a window of so many letters can tell apart in this text, counted."""
    needed = smallest_window(text)
    sizes = sorted({*range(1, 5), needed})
    head = "| " + " | ".join(texts("memoryless.letters", number=size) for size in sizes) + " |"
    line = "|" + ":-:|" * (len(sizes) + 1)
    counts = [told_apart(text, size) for size in sizes if size < len(text)]
    cells = " | ".join(f"{right} / {known}" for right, known in counts)
    size = len(set(text))
    inputs = " | ".join(f"{number} × {size} = {number * size}" for number in sizes[: len(counts)])
    st.markdown(
        f"**{texts('memoryless.windows')}**\n\n"
        f"| {texts('memoryless.window')} {head}\n{line}\n"
        f"| {texts('memoryless.most')} | {cells} |\n"
        f"| {texts('memoryless.inputs')} | {inputs} |\n"
    )
    st.markdown(texts("memoryless.needed", needed=needed))


def _choose(name: str, allowed: tuple[str, ...], texts: Texts, prefix: str) -> str:
    chosen(name, allowed[0], allowed)
    with st.sidebar:
        st.segmented_control(
            texts(f"memoryless.{name}"),
            allowed,
            format_func=lambda value: texts(f"{prefix}{value}"),
            key=name,
            required=True,
        )
    value = st.session_state[name]
    publish(**{name: None if value == allowed[0] else value})
    return value


def _set(key: str, value: str) -> None:
    st.session_state[key] = value
