"""Record once, look from every side: what a recurrent network does, under names.

``Trace`` opens without torch; ``record`` and ``Recorder`` import it when first asked for.
"""

from core.recording.errors import RecordingError
from core.recording.signals import SIGNALS
from core.recording.trace import Trace

__all__ = ["SIGNALS", "Recorder", "RecordingError", "Trace", "read_text", "record"]


def __getattr__(name: str):
    if name == "read_text":
        from core.recording.reading import read_text

        return read_text
    if name in ("record", "Recorder"):
        from core.recording import recorder

        return getattr(recorder, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
