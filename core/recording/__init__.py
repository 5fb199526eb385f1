"""Record once, look from every side: what a recurrent network does, under names.

``Trace`` opens without torch; ``record`` and ``Recorder`` import it when first asked for.
"""

from core.recording.errors import RecordingError
from core.recording.signals import SIGNALS
from core.recording.trace import Trace

__all__ = ["SIGNALS", "Recorder", "RecordingError", "Trace", "record"]


def __getattr__(name: str):
    if name in ("record", "Recorder"):
        from core.recording import recorder

        return getattr(recorder, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
