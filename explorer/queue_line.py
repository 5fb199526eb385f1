"""What stands on a job's progress bar: its place in the queue, then what it is doing."""

from __future__ import annotations

from explorer.jobs import Job, jobs
from explorer.language import Texts


def queue_line(job: Job, at_work: str, texts: Texts) -> str:
    """The place in the queue, counted from 1, while the job waits for its turn; else ``at_work``.

    The number is that of the order in which jobs came: who has none at work comes sooner.
    """
    if not job.waiting:
        return at_work
    return texts("reading.waiting", place=jobs().waiting_before(job.key) + 1)
