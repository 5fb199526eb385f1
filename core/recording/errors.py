"""The one error that recording raises on its own account."""


class RecordingError(RuntimeError):
    """A recording would be wrong or cannot be made; the message gives the reason and remedy."""
