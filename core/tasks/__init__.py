"""Sequences with known answers, and texts to read; one file a task."""

from core.tasks.grammar import grammar_text
from core.tasks.hanyu import hanyu_text
from core.tasks.namaskar import Namaskar
from core.tasks.structure import Structure, structure
from core.tasks.task import IGNORED, Batch, Task
from core.tasks.text import TextTask

__all__ = [
    "IGNORED",
    "Batch",
    "Namaskar",
    "Structure",
    "Task",
    "TextTask",
    "grammar_text",
    "hanyu_text",
    "structure",
]
