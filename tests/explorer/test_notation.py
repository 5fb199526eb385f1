"""One notation everywhere: W reads the input, U the states before, V makes the answer.

A letter is judged by what stands behind it: an input, a state of an earlier step, or the state
of this step. The key on the pages is the one place where the letters of others appear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.language import LANGUAGES, texts_of
from explorer.scaffold import WITHOUT_MATRICES
from tests.explorer.pages import open_page

ROOT = Path(__file__).resolve().parents[2]
MATRIX = r"(?P<matrix>[WUV])(?:_(?:\w|\{[^}]*\})|\^\{?\(?\w\)?\}?)?"
VECTOR = r"(?P<vector>[xhsyO])_(?P<step>\{[^}]*\}|\w)"
# W x_t, U_n (r_t \odot h_{t-1}), U ${fedBack}_{${p}}
TIMES = re.compile(rf"{MATRIX}\s*(?:\\,)?\s*\(?(?:[rf]_t\s*(?:\\odot|⊙)\s*)?{VECTOR}")
ROWS = re.compile(rf"{VECTOR}\s*(?P<matrix>[WUV])\b")  # x_t U: the vectors as rows
OF_THE_RECURRENT_MATRIX = re.compile(
    r"ρ\(W\)|\\rho\(W\)|‖W|\bW[ᵏⁿ²]|powers? of W|[Ee]igenvalues of W|W 的(各次幂|特征值)|∂L/∂W"
    r"|W_\{?hh|W_\{?ih|\bb_[WV]\b"
)


def written() -> Iterator[tuple[str, str]]:
    """(where, text) of all that a reader meets: lessons, labels, formulas, docstrings."""
    for path in sorted((ROOT / "explorer" / "lessons").glob("*/*.md")):
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    for language in LANGUAGES:
        for section, labels in texts_of(language).labels.items():
            if section != "notation":
                yield f"{language}.toml [{section}]", "\n".join(map(str, flat(labels)))
    for folder, kind in (("core", "py"), ("explorer", "py"), ("assets/players", "js")):
        for path in sorted((ROOT / folder).rglob(f"*.{kind}")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def flat(labels: object) -> Iterator[object]:
    if isinstance(labels, dict):
        for value in labels.values():
            yield from flat(value)
    else:
        yield labels


def expected(vector: str, step: str) -> str:
    """The letter of the matrix that this vector is multiplied by."""
    if vector == "x":
        return "W"
    earlier = re.search(r"-\s*[1-9jk]|^\{?0\}?$|\{?p\}?$|before", step)
    return "U" if earlier else "V"


def wrong_letters(text: str) -> list[str]:
    found = [match[0] for match in OF_THE_RECURRENT_MATRIX.finditer(text)]
    for match in TIMES.finditer(text):
        if match["step"] == "j":  # the states of an encoder, under attention's own W_a
            continue
        if match["matrix"] != expected(match["vector"], match["step"]):
            found.append(match[0])
    return found + [match[0] for match in ROWS.finditer(text)]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (r"h_t = \phi(W x_t + U h_{t-1} + b), \hat y_t = V h_t + b_y", 0),
        (r"n_t = \tanh(W_n x_t + U_n (r_t \odot h_{t-1}) + b_n)", 0),
        (r"O_t = f(W x_t + U O_{t-1} + b)", 0),
        (r"h_t = U^t h_0", 0),
        (r"h_t = \delta(x_t U + h_{t-1} W + b_W)", 3),
        (r"h_t = W^t h_0", 1),
        (r"\mathrm{softmax}(W_o s_t + b_o)", 1),
        ("ρ(W) × mean slope", 1),
        (r"W_{ih} x_t + W_{hh} h_{t-1}", 3),
    ],
)
def test_the_rule_tells_wrong_letters_from_right(text: str, wrong: int) -> None:
    assert len(wrong_letters(text)) == wrong


def test_every_matrix_has_the_letter_of_its_place() -> None:
    wrong = {where: found for where, text in written() if (found := wrong_letters(text))}
    # the docstring of the cell that the fifth source writes down says how it is written there
    wrong.pop("core/cells/output_feedback.py")
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_key_names_the_letters_of_torch_of_the_literature_and_of_the_sources(
    language: str,
) -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in texts_of(language)("notation.table").strip().splitlines()
        if line.startswith("|")
    ]
    assert len({len(row) for row in rows}) == 1
    head, _, reads, recurrent, answers, biases = (row[1:] for row in rows)
    assert head[1] == "torch"
    assert (reads[0], recurrent[0], answers[0]) == ("$W$", "$U$", "$V$")
    assert (reads[1], recurrent[1]) == ("`weight_ih`", "`weight_hh`")
    assert [row[2][:3] for row in (reads, recurrent, answers)] == ["$U$", "$W$", "$V$"]
    assert "$b_W$" in biases[2]


@pytest.mark.parametrize(("page", "language"), [("bptt", "en"), ("cell", "zh"), ("words", "en")])
def test_the_key_stands_where_there_are_matrices(page: str, language: str) -> None:
    app = open_page(page, lang=language)
    assert not app.exception
    titles = [one.label for one in app.expander]
    there = texts_of(language)("notation.title") in titles
    assert there is (page not in WITHOUT_MATRICES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", WITHOUT_MATRICES)
def test_a_page_without_the_key_has_no_such_letter(page: str, language: str) -> None:
    text = texts_of(language).lesson(page)
    formulas = " ".join(re.findall(r"\$[^$]+\$", text))
    assert not re.search(r"(?<![A-Za-z\\])[WUV](?![A-Za-z_])", formulas)


@pytest.mark.parametrize("language", LANGUAGES)
def test_skip_gram_is_told_in_one_direction(language: str) -> None:
    """The word foretells its neighbours; that the code turns it round is said, with the reason."""
    for page in ("words", "training"):
        text = texts_of(language).lesson(page)
        told = {"en": r"word foretells? its neighbours", "zh": r"词.{0,6}预测.{0,6}(邻居|邻词)"}
        assert re.search(told[language], text), page
    mirror = {"en": "mirror image", "zh": "镜像"}
    assert mirror[language] in texts_of(language).lesson("training")
