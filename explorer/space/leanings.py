"""A bias axis: how far words lean to either pole, and whether that could be chance."""

from __future__ import annotations

import re

import streamlit as st

from core.embeddings.bias import association_test
from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.space.explain import explain
from explorer.space.scene import Scene
from explorer.words.pictures import draw, is_dark

FIELDS = ("bias_first", "bias_second", "bias_pole", "bias_opposite")
EXAMPLES = {
    "en": (
        "uncle grandson landlord emperor wizard monk",
        "aunt granddaughter landlady empress witch nun",
        "he his himself",
        "she her herself",
    ),
    "zh": (
        "叔叔 孙子 皇帝 和尚 哥哥 儿子",
        "阿姨 孙女 皇后 尼姑 姐姐 女儿",
        "他 男人 先生",
        "她 女人 女士",
    ),
}
PERMUTATIONS = 10_000
_SEPARATORS = re.compile(r"[\s,，、;；]+")


def show_leanings(scene: Scene, texts: Texts) -> None:
    """Two groups, two poles, the test's outcome and a dot for each word."""
    for name, example in zip(FIELDS, EXAMPLES[texts.language]):
        chosen(name, example, most=2000)
    for pair in (FIELDS[:2], FIELDS[2:]):
        for name, place in zip(pair, st.columns(2)):
            place.text_input(texts(f"space.{name}"), key=name, max_chars=2000)
    values = tuple(st.session_state[name] for name in FIELDS)
    is_first = values == EXAMPLES[texts.language]
    publish(**dict.fromkeys(FIELDS) if is_first else dict(zip(FIELDS, values)))
    first, second, pole, opposite = (split_words(value) for value in values)
    vectors = scene.source.vectors
    try:
        found = association_test(
            vectors, first, second, pole, opposite, permutations=PERMUTATIONS, seed=0
        )
    except ValueError as error:
        st.error(explain(error, texts))
        return
    key = "space.bias_exact" if found.exact else "space.bias_drawn"
    said = texts(
        "space.bias_said",
        effect=f"{found.effect:+.2f}",
        statistic=f"{found.statistic:+.3f}",
        p=f"{found.p_value:.4f}" if found.p_value >= 1e-4 else f"{found.p_value:.1e}",
    )
    st.markdown(said + texts("caption.gap") + texts(key, count=f"{found.permutations:,}"))
    from explorer.charts.leanings import leanings_figure

    scores = {**dict(zip(first, found.first)), **dict(zip(second, found.second))}
    figure = leanings_figure(scores, len(first), pole, opposite, texts, dark=is_dark())
    draw(figure, "leanings", said)
    st.caption(texts("space.bias_help"))


def split_words(text: str) -> list[str]:
    """Words between spaces or commas of either language."""
    return [word for word in _SEPARATORS.split(text) if word]
