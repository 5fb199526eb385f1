"""The pages of the menu, read from the app without starting it."""

from __future__ import annotations

import ast

from tests.explorer.pages import APP


def _pages() -> tuple[str, ...]:
    """The one list of pages in explorer/app.py, which draws the app when it is imported."""
    for node in ast.parse(APP.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PAGES":
            return tuple(page for part in ast.literal_eval(node.value).values() for page in part)
    raise LookupError(f"{APP} has no list of pages any more")


PAGES = _pages()
