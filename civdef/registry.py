"""Discovery: one file = one entry.

A package such as ``civdef.audit.rules`` holds one module for each entry; :func:`modules` imports
them in name order. A file added is an entry added; nobody keeps a list by hand.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def names(package: str) -> list[str]:
    """Return the public module names inside `package`, sorted, without importing them."""
    root = importlib.import_module(package)
    return sorted(m.name for m in pkgutil.iter_modules(root.__path__) if not m.name.startswith("_"))


def modules(package: str) -> list[ModuleType]:
    """Import and return every public module inside `package`, in name order."""
    return [importlib.import_module(f"{package}.{name}") for name in names(package)]
