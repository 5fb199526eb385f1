"""Tasks of memory: something is read, a delay passes, and it is asked for; one file a task."""

from core.tasks.memory.adding import Adding
from core.tasks.memory.brackets import Brackets
from core.tasks.memory.copying import Copying
from core.tasks.memory.parity import Parity
from core.tasks.memory.recall import Recall
from core.tasks.memory.task import MemoryTask, Sample

MEMORY_TASKS: dict[str, type[MemoryTask]] = {
    task.name: task for task in (Copying, Adding, Parity, Recall, Brackets)
}

__all__ = [
    "MEMORY_TASKS",
    "Adding",
    "Brackets",
    "Copying",
    "MemoryTask",
    "Parity",
    "Recall",
    "Sample",
    "make_task",
]


def make_task(name: str, delay: int) -> MemoryTask:
    """The task called ``name`` with this delay; a ValueError that lists the known ones else."""
    if name not in MEMORY_TASKS:
        raise ValueError(f"Task {name!r} is not known; choose one of {', '.join(MEMORY_TASKS)}.")
    return MEMORY_TASKS[name](delay)
