"""The science of Unrolled: networks, recordings, gradients, embeddings.

``from core import record, Recorder, Trace``
"""

__all__ = ["Recorder", "RecordingError", "Trace", "record"]


def __getattr__(name: str):
    if name in __all__:
        from core import recording

        return getattr(recording, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
