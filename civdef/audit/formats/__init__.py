"""How an audit is printed: one file per format, each with ``render(audit, lang)`` → text. Found by discovery."""

from __future__ import annotations

import importlib
from typing import Protocol, cast

from civdef import registry
from civdef.audit.result import Audit
from civdef.text import Lang


class Format(Protocol):
    """What a module of this package offers."""

    def render(self, audit: Audit, lang: Lang) -> str:
        """Return the audit as text with a newline at the end."""
        ...


def formats() -> list[str]:
    """Return the names of all formats, sorted, without importing them."""
    return registry.names("civdef.audit.formats")


def render(audit: Audit, name: str, lang: Lang) -> str:
    """Return the audit in the format `name`."""
    return cast(Format, importlib.import_module(f"civdef.audit.formats.{name}")).render(audit, lang)
