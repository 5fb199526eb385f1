"""The reader's language: labels from explorer/text, paragraphs from explorer/lessons."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.once import once

FOLDER = Path(__file__).resolve().parent
LANGUAGES = {"en": "English", "zh": "中文"}


@dataclass(frozen=True)
class Texts:
    """Every label of one language, by dotted key.

    ``texts("sidebar.model")``; ``texts("caption.proof", value="6e-08")`` fills in ``{value}``.
    Raises KeyError for a key that is not in the file.
    """

    language: str
    labels: Mapping[str, Any]

    def __call__(self, key: str, **values: object) -> str:
        found: Any = self.labels
        for part in key.split("."):
            if not isinstance(found, Mapping) or part not in found:
                raise KeyError(f"explorer/text/{self.language}.toml has no {key!r}.")
            found = found[part]
        return found.format_map(values) if values else found

    def section(self, key: str) -> Mapping[str, str]:
        """All labels of one table, as the players take them."""
        return self.labels[key]

    def lesson(self, name: str) -> str:
        """The lesson of a page, as Markdown."""
        return _read(FOLDER / "lessons" / self.language / f"{name}.md")


@once
def texts_of(language: str) -> Texts:
    """The labels of ``language``, one of ``LANGUAGES``."""
    return Texts(language, tomllib.loads(_read(FOLDER / "text" / f"{language}.toml")))


def preferred(locale: str | None) -> str:
    """The language to begin with for a browser's locale: zh for any Chinese, else English."""
    return "zh" if (locale or "").lower().startswith("zh") else "en"


def plain(text: str) -> str:
    """Text that Markdown leaves alone: what came from a reader is shown as it is."""
    return "".join(f"\\{mark}" if mark in r"\`*_{}[]<>()#+-.!|$:~&" else mark for mark in text)


@once
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
