"""Every application by its name; each is imported when it is first asked for."""

from __future__ import annotations

from importlib import import_module

from core.applications.application import Application

# name: where its class is
REGISTRY: dict[str, tuple[str, str]] = {
    "sentiment": ("core.applications.sentiment", "Sentiment"),
    "digit-rows": ("core.applications.digit_images", "DigitRows"),
    "digit-image": ("core.applications.digit_images", "DigitImage"),
    "next-letter": ("core.applications.next_letter", "NextLetter"),
    "next-character": ("core.applications.text", "NextCharacter"),
    "next-word": ("core.applications.text", "NextWord"),
    "dates": ("core.applications.translation", "Dates"),
    "numbers": ("core.applications.translation", "Numbers"),
    "digit-names-en": ("core.applications.describe", "EnglishDigits"),
    "digit-names-zh": ("core.applications.describe", "ChineseDigits"),
    "adding": ("core.applications.memory", "AddingApplication"),
    "copying": ("core.applications.memory", "CopyingApplication"),
    "recall": ("core.applications.memory", "RecallApplication"),
    "parity": ("core.applications.memory", "ParityApplication"),
    "brackets": ("core.applications.memory", "BracketsApplication"),
    "tickets": ("core.applications.tagging", "Tickets"),
    "addresses": ("core.applications.tagging", "Addresses"),
    "slots": ("core.applications.tagging", "Slots"),
    "morse": ("core.applications.morse", "Morse"),
    "frames": ("core.applications.frames", "Frames"),
    "sunspots": ("core.applications.sunspots", "Sunspots"),
    "series": ("core.applications.series", "SeriesForecast"),
}


def application_class(name: str) -> type[Application]:
    """The class of the application called ``name``; a ValueError that lists all otherwise."""
    if name not in REGISTRY:
        raise ValueError(f"No application is called {name!r}; choose one of {', '.join(REGISTRY)}.")
    module, title = REGISTRY[name]
    return getattr(import_module(module), title)
