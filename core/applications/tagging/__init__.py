"""A tag for every word: slots of a ticket sentence, addresses, and any file of tagged sentences."""

from core.applications.tagging.corpora import Addresses, Slots, Tickets
from core.applications.tagging.phrases import TaggedWord, chunks_of, found_slots
from core.applications.tagging.sight import reliance, seen
from core.applications.tagging.statistics import FileStatistics, file_statistics
from core.applications.tagging.tagging import Sentences, Tagging

__all__ = [
    "Addresses",
    "FileStatistics",
    "Sentences",
    "Slots",
    "TaggedWord",
    "Tagging",
    "Tickets",
    "chunks_of",
    "file_statistics",
    "found_slots",
    "reliance",
    "seen",
]
