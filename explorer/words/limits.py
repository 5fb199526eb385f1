"""Step 9: what one vector a word cannot say: two meanings, and words never seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.embeddings.senses import Mixture, Pseudoword, Told, merge_words, mixture, told_by_context
from explorer.address import chosen, publish
from explorer.charts.look import GROUPS
from explorer.charts.representations import bars_figure, growth_figure
from explorer.language import Texts
from explorer.shared import shared
from explorer.sidebar import plain
from explorer.words.corpus import MIN_COUNT, Corpus, corpus_of
from explorer.words.pictures import HEIGHT, draw, draw_plane, is_dark, say
from explorer.words.settings import counting_of, made_corpus, option
from explorer.words.skipgram import Trained
from explorer.words.space import Space
from explorer.words.trained import trained_with

PAIR = {"en": ("king", "cat"), "zh": ("国王", "猫")}
SHARES = ("0.1", "0.2", "0.35", "0.5", "0.65", "0.8", "0.9")
NEIGHBOURS, IN_PLANE = 12, 4
EPOCHS = 5


@dataclass(frozen=True, eq=False)
class Finding:
    """What is measured of a word with two meanings.

    other: the mixture of two words of like frequency, the control. nearest: the words around the
    name without the two themselves; sides: which of the two each of them is nearer to, 0 or 1.
    """

    mixed: Mixture
    other: Mixture
    nearest: tuple[tuple[str, float], ...]
    sides: tuple[int, ...]
    told: Told


def show(texts: Texts) -> None:
    """Draw the step."""
    counting = counting_of(texts, using=("window", "size"))
    corpus = made_corpus(counting, texts)
    first, second = _choose_pair(corpus, texts)
    share = option("meaning_share", SHARES, "0.5", texts("words.meaning_share"), form=_percent)
    try:
        pseudoword = _merged(counting.language, counting.words, first, second, share)
    except ValueError:  # too rare to be divided so
        st.warning(texts("words.too_rare", share=_percent(share)))
        return
    merged = (first, second, share)
    trained = trained_with(counting, pseudoword.corpus, texts, epochs=EPOCHS, merged=merged)
    if trained is None:
        return
    finding = found(trained, pseudoword, counting.window)
    say(texts, *sentences(finding, pseudoword, corpus, texts))
    left, middle, right = st.columns([7, 9, 7])
    with left:
        _draw_nearest(finding, pseudoword.name, texts)
    with middle:
        _draw_plane(trained.space, finding, pseudoword, texts)
    with right:
        _draw_unknown(corpus, texts)


def found(trained: Trained, pseudoword: Pseudoword, window: int) -> Finding:
    """What the trained vectors say of the name and of its two words."""
    space, (first, second) = trained.space, pseudoword.words
    rows = np.asarray(space.rows)
    vector = {word: rows[row] for word, row in space.index.items()}
    near = space.nearest(pseudoword.name, NEIGHBOURS + 2)
    near = [one for one in near if one[0] not in pseudoword.words][:NEIGHBOURS]
    cosines = space.cosines([first, second, *(word for word, _ in near)])[:2, 2:]
    control = [_like(word, pseudoword) for word in pseudoword.words]
    return Finding(
        mixed=mixture(vector[pseudoword.name], vector[first], vector[second]),
        other=mixture(vector[pseudoword.name], *(vector[word] for word in control)),
        nearest=tuple(near),
        sides=tuple(cosines.argmax(0).tolist()),
        told=told_by_context(pseudoword, rows, window=window),
    )


def sentences(
    finding: Finding, pseudoword: Pseudoword, corpus: Corpus, texts: Texts
) -> tuple[str, ...]:
    """What was measured, computed."""
    first, second = map(plain, pseudoword.words)
    told, mixed = finding.told, finding.mixed
    names = {"first": first, "second": second, "name": plain(pseudoword.name)}
    one = finding.sides.count(0)
    return (
        texts("words.about_limits", places=f"{told.occurrences:,}", **names),
        texts(
            "words.mixed",
            a=f"{mixed.first:.2f}",
            b=f"{mixed.second:.2f}",
            explained=_percent(mixed.explained),
            other=_percent(finding.other.explained),
            **names,
        ),
        texts(
            "words.mixed_neighbours",
            count=len(finding.sides),
            one=one,
            two=len(finding.sides) - one,
            **names,
        ),
        texts(
            "words.told",
            right=_percent(told.right),
            guess=_percent(told.guess),
            count=f"{told.occurrences:,}",
        ),
        texts(
            "words.unknown_now",
            words=f"{corpus.unknown_read[-1]:,}",
            share=f"{100 * corpus.unknown[-1]:.1f}%",
        ),
    )


def _like(word: str, pseudoword: Pseudoword) -> str:
    """The word nearest in frequency that is none of those looked at: the control's."""
    vocabulary = pseudoword.corpus.vocabulary
    row = vocabulary.index[word]
    away = np.abs(vocabulary.counts - vocabulary.counts[row])
    taken = {*pseudoword.words, pseudoword.name}
    order = [vocabulary.words[place] for place in np.argsort(away, kind="stable")]
    side = pseudoword.words.index(word)  # so that the two words get two different ones
    return [one for one in order if one not in taken][side]


def _draw_nearest(finding: Finding, name: str, texts: Texts) -> None:
    colours = GROUPS[is_dark()]
    title = texts("words.nearest", word=name[:16])
    names, values = zip(*finding.nearest)
    figure = bars_figure(
        names,
        values,
        title=title,
        colours=[colours[side] for side in finding.sides],
        dark=is_dark(),
        height=HEIGHT,
    )
    draw(figure, "mixed-nearest", f"{title}: {' '.join(names)}")


def _draw_plane(space: Space, finding: Finding, pseudoword: Pseudoword, texts: Texts) -> None:
    """The name between its two words and the nearest of either."""
    words, groups = [pseudoword.name], [2]
    for side, word in enumerate(pseudoword.words):
        near = [one for one, _ in space.nearest(word, IN_PLANE + 2)]
        near = [one for one in near if one != pseudoword.name and one not in words][:IN_PLANE]
        words += [word, *near]
        groups += [side] * (1 + len(near))
    unique = list(dict.fromkeys(words))
    groups = [groups[words.index(word)] for word in unique]
    draw_plane(space, unique, groups, texts, "mixed-plane", width=360)


def _draw_unknown(corpus: Corpus, texts: Texts) -> None:
    title = texts("words.unknown_share")
    figure = growth_figure(
        corpus.unknown_read,
        corpus.unknown,
        labels=(texts("words.words_learned"), title),
        title=title,
        share=True,
        dark=is_dark(),
        height=HEIGHT,
    )
    draw(figure, "unknown", f"{title}: {100 * corpus.unknown[-1]:.1f}%")


def _choose_pair(corpus: Corpus, texts: Texts) -> tuple[str, str]:
    """The two words that get one name; each must be frequent enough to be divided."""
    vocabulary = corpus.encoded.vocabulary
    frequent = (w for w, n in zip(vocabulary.words, vocabulary.counts) if n >= 2 * MIN_COUNT)
    words = sorted(frequent)
    pair = PAIR[texts.language]
    for name, default in zip(("meaning_1", "meaning_2"), pair):
        chosen(name, default, words)
        with st.sidebar:
            label = texts("words.first_meaning" if name == "meaning_1" else "words.second_meaning")
            st.selectbox(label, words, key=name)
        value = st.session_state[name]
        publish(**{name: None if value == default else value})
    both = (st.session_state["meaning_1"], st.session_state["meaning_2"])
    if both[0] == both[1]:
        st.sidebar.warning(texts("words.same_meaning"))
        return pair
    return both


@shared
def _merged(language: str, words: int, first: str, second: str, share: str) -> Pseudoword:
    corpus = corpus_of(language, words).encoded
    return merge_words(corpus, first, second, share=float(share))


def _percent(value: str | float) -> str:
    return f"{100 * float(value):.0f}%"
