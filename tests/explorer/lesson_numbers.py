"""Sentences of the lessons, filled in with what was computed.

A sentence whose number has drifted is not found, in either language.
"""

from __future__ import annotations

from explorer.language import texts_of


def states(lesson: str, *, en: str, zh: str, **values: object) -> None:
    """The lesson says ``en`` and ``zh``, filled in with ``values``."""
    for language, template in (("en", en), ("zh", zh)):
        said = template.format(**values)
        assert said in texts_of(language).lesson(lesson), (lesson, language, said)
