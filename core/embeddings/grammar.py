"""Two small languages whose meaning is known: what an embedding ought to find is in a table.

The English and the Chinese grammar are data, in ``lexicon``: tables whose rows are things (a
country with its capital, a verb with its tenses, a person in both genders) and sentences with
places for them. What is said of a row is said of both its partners, and what is said of a column
of all its rows, so king stands to queen as man to woman. The questions that test this are made
from the same rows. Invented villages, most of them rare, keep new words coming as real text does.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise, permutations

from core.embeddings.lexicon import LANGUAGES, Entry, Lexicon, Table, Template, read_lexicon

Question = tuple[str, str, str, str]
ScoredPair = tuple[str, str, float]

__all__ = ["LANGUAGES", "analogies", "generate_corpus", "showcase", "similar_pairs"]


def generate_corpus(language: str, words: int = 1_000_000, *, seed: int = 0) -> Iterator[list[str]]:
    """Sentences of the grammar of ``language`` ("en" or "zh") until they have ``words`` words.

    The same language and seed give the same sentences, whatever ``words`` is: a shorter corpus
    is the beginning of a longer one. A sentence is a list of words, in Chinese too, where nothing
    has to be guessed because the grammar knows them.

    Raises
    ------
    ValueError
        ``words`` is below 1, or the language has no grammar.
    """
    if words < 1:
        raise ValueError(f"words must be at least 1; {words} came")
    return _sentences(lexicon_of(language), words, random.Random(seed))


def analogies(language: str) -> dict[str, list[Question]]:
    """Questions "a is to b as c is to d" that the grammar answers, by category.

    A category is a relation between two columns of a table; every ordered pair of its rows gives
    a question, such as ``("man", "woman", "king", "queen")``. Rows are left out whose words are
    not theirs alone in that category (lion and bear both have a cub), so d is the only answer.
    """
    lexicon = lexicon_of(language)
    questions = {}
    for analogy in lexicon.analogies:
        pairs = lexicon.pairs(analogy)
        times = Counter(word for pair in pairs for word in pair)
        clear = [pair for pair in pairs if all(times[word] == 1 for word in pair)]
        questions[analogy.name] = [first + second for first, second in permutations(clear, 2)]
    return questions


def similar_pairs(language: str, *, of_each: int = 60, seed: int = 0) -> list[ScoredPair]:
    """Pairs of words with the likeness that the grammar gives them, for a rank correlation.

    2 for partners in one row (walk, walked), 1 for the same column of neighbouring rows (walk,
    play), 0 for first words of two tables (walk, france); ``of_each`` of each, if there are as
    many. No pair comes twice.

    Raises
    ------
    ValueError
        ``of_each`` is below 1, or the language has no grammar.
    """
    if of_each < 1:
        raise ValueError(f"of_each must be at least 1; {of_each} came")
    draw = random.Random(seed)
    lexicon = lexicon_of(language)
    relations = [lexicon.pairs(analogy) for analogy in lexicon.analogies]
    partners = [pair for pairs in relations for pair in pairs]
    alike = [
        (first[side], second[side])
        for pairs in relations
        for side in (0, 1)
        for first, second in pairwise(pairs)
    ]
    scored: dict[frozenset[str], float] = {}
    for score, pairs in ((2.0, partners), (1.0, alike), (0.0, _strangers(lexicon, draw))):
        new = dict.fromkeys(frozenset(pair) for pair in pairs if pair[0] != pair[1])
        left = [pair for pair in new if pair not in scored]
        scored |= dict.fromkeys(draw.sample(left, min(of_each, len(left))), score)
    return [(min(pair), max(pair), score) for pair, score in scored.items()]


def showcase(language: str) -> list[list[str]]:
    """The words that pages show first, in groups that belong together."""
    return [list(group) for group in lexicon_of(language).showcase]


@cache
def lexicon_of(language: str) -> Lexicon:
    """The grammar of a language, read once."""
    return read_lexicon(language)


def _sentences(lexicon: Lexicon, words: int, draw: random.Random) -> Iterator[list[str]]:
    count = 0
    while count < words:
        sentence = _fill(lexicon.draw_template(draw), lexicon.tables, draw)
        count += len(sentence)
        yield sentence


def _fill(template: Template, tables: dict[str, Table], draw: random.Random) -> list[str]:
    """A sentence: each slot takes a column of the entry drawn under its name."""
    drawn: dict[str, Entry] = {}
    sentence = []
    for part in template:
        if isinstance(part, str):
            sentence.append(part)
            continue
        if part.name not in drawn:
            drawn[part.name] = _draw_another(tables[part.table], drawn, draw)
        choices = drawn[part.name][part.column]
        sentence.append(choices[0] if len(choices) == 1 else draw.choice(choices))
    return sentence


def _draw_another(table: Table, drawn: dict[str, Entry], draw: random.Random) -> Entry:
    """An entry that this sentence does not have yet."""
    entry = table.draw(draw)
    while any(entry is other for other in drawn.values()):
        entry = table.draw(draw)
    return entry


def _strangers(lexicon: Lexicon, draw: random.Random, count: int = 1000) -> list[tuple[str, str]]:
    """Words of two tables each, the first words of random rows."""
    first_words: dict[str, list[str]] = {}
    for analogy in lexicon.analogies:
        first_words[analogy.table] = [pair[0] for pair in lexicon.pairs(analogy)]
    found = []
    for _ in range(count):
        one, other = draw.sample(sorted(first_words), 2)
        found.append((draw.choice(first_words[one]), draw.choice(first_words[other])))
    return found
