"""Options of the form ``FIELD=VALUE``."""

from __future__ import annotations

from civdef.errors import UsageError
from civdef.text import Text


def pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    """Return ``FIELD=VALUE`` options as a mapping. Raises ``UsageError`` for one of another form."""
    out: dict[str, str] = {}
    for item in given:
        field, equals, value = item.partition("=")
        if not equals or not field.strip() or not value.strip():
            raise UsageError(
                Text("{o} {i}：应写成 字段=值", "{o} {i}: write FIELD=VALUE").format(o=option, i=item)
            )
        out[field.strip()] = value.strip()
    return out
