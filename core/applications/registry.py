"""Every application by its name; each is imported when it is first asked for."""

from __future__ import annotations

from importlib import import_module

from core.applications.application import Application

# name: where its class is
REGISTRY: dict[str, tuple[str, str]] = {}


def application_class(name: str) -> type[Application]:
    """The class of the application called ``name``; a ValueError that lists all otherwise."""
    if name not in REGISTRY:
        raise ValueError(f"No application is called {name!r}; choose one of {', '.join(REGISTRY)}.")
    module, title = REGISTRY[name]
    return getattr(import_module(module), title)
