"""The JSON document of :class:`civdef.audit.result.AuditResult`."""

from __future__ import annotations

from civdef.audit.result import Audit
from civdef.text import Lang


def render(audit: Audit, lang: Lang) -> str:
    """Return the document."""
    return audit.result(lang).to_json()
