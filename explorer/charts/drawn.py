"""A figure is drawn once for all who look at the same numbers.

Building a figure takes plotly thirty to a hundred milliseconds, most of a page's answer.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec

from explorer.language import Texts
from explorer.shared import shelf

if TYPE_CHECKING:
    import plotly.graph_objects as go

P = ParamSpec("P")


def drawn(draw: Callable[P, go.Figure]) -> Callable[P, go.Figure]:
    """Decorate a pure function from numbers to a figure, which nobody changes afterwards.

    Two calls are the same when the contents of all arguments are, whatever objects they are.
    """
    name = f"{draw.__module__}.{draw.__qualname__}"

    def kept(*arguments: P.args, **named: P.kwargs) -> go.Figure:
        content = _digest((arguments, named))
        return shelf().get((name, content), lambda: draw(*arguments, **named))

    kept.__name__, kept.__qualname__, kept.__doc__ = draw.__name__, draw.__qualname__, draw.__doc__
    kept.__wrapped__ = draw
    return kept


def _digest(arguments: Any) -> bytes:
    written = io.BytesIO()
    _Contents(written, protocol=5).dump(arguments)
    return hashlib.blake2b(written.getbuffer(), digest_size=20).digest()


class _Contents(pickle.Pickler):
    """Writes values for comparison only; nothing reads this back."""

    def persistent_id(self, value: Any) -> Any:
        """The labels of a language are many, and named by the language."""
        return ("texts", value.language) if isinstance(value, Texts) else None
