"""The sentences of praise and blame: labels by a rule of their own, parts that share nothing."""

import re
from collections import Counter

import pytest

from core.tasks.sentiment import (
    KINDS,
    LABELS,
    LANGUAGES,
    LOCAL,
    ORDER,
    chinese,
    corpus,
    english,
    examples,
    tokenize,
)

ENGLISH = {
    1: "good great lovely nice wonderful excellent beautiful pleasant fantastic charming "
    "happy glad cheerful loves likes enjoys praises",
    -1: "bad awful terrible boring horrible ugly poor nasty disappointing dreadful "
    "sad unhappy angry hates dislikes regrets",
}
CHINESE = {
    1: "好 棒 精彩 舒服 干净 漂亮 有趣 可爱 出色 开心 高兴 满意 快乐 喜欢 夸奖 称赞",
    -1: "差 糟糕 无聊 难受 脏 难看 乏味 可怕 吵闹 难过 生气 失望 伤心 讨厌 批评 抱怨",
}
CUES = {
    language: {word: sign for sign, words in table.items() for word in words.split()}
    for language, table in (("en", ENGLISH), ("zh", CHINESE))
}
EVERY = {
    language: [*corpus(language).train, *corpus(language).validation, *corpus(language).test]
    for language in LANGUAGES
}
ELSEWHERE = {language: corpus(language).elsewhere for language in LANGUAGES}


def english_sign(text: str) -> int:
    """What a sentence says, by reading it once: which clause counts, then its negations."""
    clause = text.removesuffix(" .")
    expected = " thought " in clause and " would be " in clause and "," in clause
    if expected:  # what was expected does not count
        return english_clause(re.sub(r"[^,]*would be[^,]*", "", clause))
    if " , as " in clause:  # an aside
        clause = re.sub(r" , as [^,]* , ", " ", clause)
    if " , but " in clause:
        return english_clause(clause.split(" , but ")[1])
    if clause.startswith("although "):
        return english_clause(clause.split(" , ")[1])
    return english_clause(clause.split(" , although ")[0])


def english_clause(clause: str) -> int:
    words = re.findall(r"\w+", clause)
    signs = {CUES["en"][word] for word in words if word in CUES["en"]}
    turns = sum(word in ("not", "nobody", "never") for word in words)
    assert len(signs) <= 1, clause
    return sum(signs) * (-1) ** turns


def chinese_sign(text: str) -> int:
    """The same for the Chinese sentences."""
    clauses = text.removesuffix("。").split("，")
    expected = re.compile("以为|认为.*会")
    counted = [part for part in clauses if "这么" not in part and not expected.search(part)]
    for part in counted:
        if part.startswith(("但是", "不过")):
            return chinese_clause(part.removeprefix("不过"))
    main = [part for part in counted if not part.startswith("虽然")]
    return chinese_clause("".join(main))


def chinese_clause(clause: str) -> int:
    found = re.findall("|".join(sorted(CUES["zh"], key=len, reverse=True)), clause)
    signs = {CUES["zh"][word] for word in found}
    assert len(signs) <= 1, clause
    turns = len(re.findall("不|没有人", clause.replace("从来不", "不")))
    return sum(signs) * (-1) ** turns


RULES = {"en": english_sign, "zh": chinese_sign}


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_follow_from_the_words_alone(language):
    for sentence in (*EVERY[language], *ELSEWHERE[language]):
        assert sentence.label == LABELS[RULES[language](sentence.text) + 1], sentence


def template(text: str, language: str) -> str:
    """A sentence with its fillings replaced by their kinds, and without what may be left out."""
    for pattern, kind in FILLINGS[language]:
        text = pattern.sub(kind, text)
    return re.sub(" +", " ", text)


def _fillings(grammar, separator: str) -> list[tuple[re.Pattern, str]]:
    """Longest first, so that no filling hides in another."""
    groups = {
        "": (*grammar.PLACES, *grammar.TIMES, *(word.strip() for word in VERY[grammar])),
        "N": getattr(grammar, "NAMES", None) or grammar.PEOPLE,
        "T": grammar.NOUNS,
        "C": getattr(grammar, "CROWDS", ()),
        "±": (*grammar.POSITIVE, *grammar.NEGATIVE, *grammar.PLAIN),
        "M": (*grammar.GLAD, *grammar.UPSET),
        "L": (*grammar.LIKES, *grammar.DISLIKES),
        "D": grammar.DOES,
    }
    return [
        (re.compile(f"{separator}({'|'.join(sorted(words, key=len, reverse=True))}){separator}"), k)
        for k, words in groups.items()
        if words
    ]


VERY = {english: ("very", "really"), chinese: chinese.VERY}
FILLINGS = {"en": _fillings(english, r"\b"), "zh": _fillings(chinese, "")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_template_of_the_held_out_grammar_was_ever_trained_on(language):
    """And no word in it is new: what a network loses there is not its vocabulary."""
    learned = {template(one.text, language) for one in EVERY[language]}
    elsewhere = {template(one.text, language) for one in ELSEWHERE[language]}
    assert not learned & elsewhere
    assert len(elsewhere) >= 18
    known = {token for one in corpus(language).train for token in tokenize(one.text, language)}
    used = {token for one in ELSEWHERE[language] for token in tokenize(one.text, language)}
    assert used <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_in_the_held_out_grammar(language):
    kinds = Counter(one.kind for one in ELSEWHERE[language])
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) > 150
    labels = Counter(one.label for one in ELSEWHERE[language])
    assert labels["positive"] == pytest.approx(labels["negative"], rel=0.1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_are_held_out_sentences(language):
    """What stands under a table of held-out scores was not learned from."""
    found = corpus(language)
    learned = {one.text for one in (*found.train, *found.validation)}
    held_out = {one.text for one in (*found.test, *found.elsewhere)}
    contrast, turned, *others = examples(language)
    assert {contrast, *others} <= held_out
    assert not {contrast, turned, *others} & learned
    assert sorted(contrast) == sorted(turned)
    assert RULES[language](contrast) == -RULES[language](turned) != 0
    for kind in KINDS:
        for part in ("test", "elsewhere"):
            example = found.example(kind, part)
            assert example in getattr(found, part)
            assert example.kind == kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_in_two_parts(language):
    found = corpus(language)
    names = ("train", "validation", "test", "elsewhere")
    parts = [{one.text for one in getattr(found, name)} for name in names]
    assert len(set().union(*parts)) == sum(map(len, parts))
    assert min(len(part) for part in parts) > 800


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["train", "test"])
def test_every_kind_is_there_and_praise_and_blame_are_balanced(language, part):
    sentences = getattr(corpus(language), part)
    kinds = Counter(one.kind for one in sentences)
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) > len(sentences) / len(KINDS) / 2
    for group in (LOCAL, ORDER):
        labels = Counter(one.label for one in sentences if one.kind in group)
        assert labels["positive"] == pytest.approx(labels["negative"], rel=0.4)


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_order_matters_the_same_words_can_be_said_with_either_label(language):
    """Both clauses of a contrast changed over: the words are the same, the label is not."""
    conjunction = " , but " if language == "en" else "，不过"
    seen = 0
    for sentence in EVERY[language]:
        end = " ." if language == "en" else "。"
        first, *second = sentence.text.removesuffix(end).split(conjunction)
        if sentence.kind not in ("contrast", "scope") or not second:
            continue
        turned = f"{second[0]}{conjunction}{first}{end}"
        assert Counter(turned) == Counter(sentence.text)
        assert RULES[language](turned) == -RULES[language](sentence.text) != 0
        seen += 1
    assert seen > 400


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_decisive_words_of_a_contrast_are_out_of_reach_of_a_window(language):
    """Between what is said and the conjunction or the end stand at least two words."""
    marks = {"en": {"although", "but", ",", "."}, "zh": {"虽", "但", "不", "，", "。"}}[language]
    for sentence in EVERY[language]:
        if sentence.kind != "contrast" or language == "zh":
            continue
        words = tokenize(sentence.text, language)
        for at, word in enumerate(words):
            if word in CUES[language]:
                assert not marks & set(words[at - 2 : at + 3])


@pytest.mark.parametrize("language", LANGUAGES)
def test_open_words_carry_no_judgement(language):
    tokens = {token for word in CUES[language] for token in tokenize(word, language)}
    assert not corpus(language).open_words & tokens


def test_tokens():
    assert tokenize("I don't like it, Tom!", "en") == ["i", "don't", "like", "it", ",", "tom", "!"]
    assert tokenize("不 开心。", "zh") == ["不", "开", "心", "。"]


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="choose one of en, zh"):
        corpus("de")
