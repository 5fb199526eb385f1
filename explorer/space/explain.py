"""What is wrong with a formula, said in the reader's language."""

from __future__ import annotations

from core.embeddings.axes import DirectionError, UnknownWordsError
from core.embeddings.formulas import FormulaError
from explorer.language import Texts
from explorer.sidebar import plain


def explain(error: ValueError, texts: Texts) -> str:
    """One sentence as Markdown; errors of another kind are told in their own words."""
    if isinstance(error, UnknownWordsError):
        words = texts("space.listed").join(word[:40] for word in error.words[:12])
        return plain(texts("space.unknown_words", words=words))
    if isinstance(error, FormulaError | DirectionError):
        reason = texts(f"space.formula_{error.problem}")
        return plain(texts("space.formula_wrong", place=error.position + 1, reason=reason))
    return plain(str(error))
