"""To be written by the helper who owns the page."""

from explorer.language import Texts
from explorer.scaffold import heading


def show(texts: Texts) -> None:
    """Draw the page."""
    heading("classify", texts)
