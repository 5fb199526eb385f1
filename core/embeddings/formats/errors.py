"""What goes wrong with a vectors file."""


class VectorsFileError(ValueError):
    """A file cannot be read as word vectors; the message says where and what to do."""


def shorten(data: bytes, length: int = 40) -> str:
    """Some bytes of a file as they may be shown in a message: escaped, and not too long."""
    shown = ascii(data[:length].decode("utf-8", "replace"))
    return shown + " ..." if len(data) > length else shown
