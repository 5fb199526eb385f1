"""Variants of a sentence that show what the tags hang on."""

from __future__ import annotations

import random

from explorer.gallery.tagging_answers import CITIES, is_chinese, joiner, slots_of
from explorer.gallery.tagging_words import TaggedWord

CUES = {False: (("from", "to"),), True: (("从", "去"), ("从", "到"))}
NOWHERE = {False: "Zubrovka", True: "云梦泽"}
SHUFFLE = 3  # a seed


def variants(words: list[TaggedWord]) -> dict[str, str]:
    """Sentences to ask again, by what was done: keys of the texts.

    swapped: the two cities have changed places. cues: the words before them have. unknown: the
    origin is a place that no network has heard of. shuffled: the same words in another order.
    Only what this sentence allows.
    """
    tokens = [word[0] for word in words]
    chinese, between = is_chinese("".join(tokens)), joiner(words)
    origin, destination = (_span(words, kind) for kind in CITIES)
    found: dict[str, str] = {}
    if origin and destination:
        (first, one), (second, other) = sorted((origin, destination))
        turned = [
            *tokens[:first], *tokens[second:other], *tokens[one:second], *tokens[first:one],
            *tokens[other:],
        ]  # fmt: skip
        found["swapped"] = between.join(turned)
        if exchanged := _exchanged(tokens, (first, second), CUES[chinese]):
            found["cues"] = between.join(exchanged)
    if origin:
        start, stop = origin
        found["unknown"] = between.join([*tokens[:start], NOWHERE[chinese], *tokens[stop:]])
    if len(tokens) > 2:
        mixed = list(tokens)
        random.Random(SHUFFLE).shuffle(mixed)
        found["shuffled"] = between.join(mixed) if not chinese else " ".join(mixed)
    return found


def _exchanged(
    tokens: list[str], cities: tuple[int, int], cues: tuple[tuple[str, str], ...]
) -> list[str]:
    """The small words nearest before either city in each other's place; else nothing.

    Only those two: the *to* of *I wish to go* is no cue of a city.
    """
    first, second = cities
    lower = [token.lower() for token in tokens]
    for pair in cues:
        places = (_last_of(pair, lower[:first]), _last_of(pair, lower[first:second]))
        if places[0] is None or places[1] is None:
            continue
        one, other = places[0], first + places[1]
        if {lower[one], lower[other]} == set(pair):
            found = list(tokens)
            found[one], found[other] = tokens[other], tokens[one]
            return found
    return []


def _last_of(words: tuple[str, str], tokens: list[str]) -> int | None:
    """The last place at which one of ``words`` stands."""
    return next((at for at in reversed(range(len(tokens))) if tokens[at] in words), None)


def verdict(before: list[TaggedWord], after: list[TaggedWord], what: str) -> str:
    """Whether the tags did what a reader would want: the end of a key of the texts."""
    old, new = slots_of(before), slots_of(after)
    if what in ("swapped", "cues"):
        wanted = {"from": old.get("to", ("",))[0], "to": old.get("from", ("",))[0]}
        same = all(new.get(kind, ("",))[0] == wanted[kind] for kind in CITIES)
        return "followed" if same else "astray"
    if what == "unknown":
        return "followed" if new.get("from", ("",))[0] in NOWHERE.values() else "astray"
    changed = {word[:2] for word in before} != {word[:2] for word in after}
    return "changed" if changed else "unchanged"


def _span(words: list[TaggedWord], kind: str) -> tuple[int, int] | None:
    """Where the first phrase of a kind begins and ends."""
    from core.applications.tagging import chunks_of

    return next(((p.start, p.stop) for p in chunks_of(words) if p.kind == kind), None)
