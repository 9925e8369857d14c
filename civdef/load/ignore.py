"""The workspace's ``.gitignore``: personal tables stay out of git unless somebody decides otherwise."""

from __future__ import annotations

import importlib.resources
from pathlib import Path


def default_text() -> str:
    """Return the ``.gitignore`` of a new workspace."""
    return (importlib.resources.files("civdef.load") / "blank" / "gitignore").read_text(encoding="utf-8")


def with_personal_tables(root: Path) -> str | None:
    """Return the text of a ``.gitignore`` that keeps personal tables out of git; None where the one there does.

    Lines of the user's own stay; one that lets a table in on purpose (``!/plans/roster.csv``) is respected.
    """
    path = root / ".gitignore"
    try:
        present = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return default_text()
    except (OSError, ValueError):
        return None
    lines = {line.strip().removeprefix("!").strip("/") for line in present.splitlines()}
    wanted = [w for w in default_text().splitlines() if w.strip() and not w.startswith("#")]
    missing = [w for w in wanted if w.strip("/") not in lines and w != "/out/"]
    if not missing:
        return None
    head = "# 含个人信息的表格不进版本库。 Tables with personal data stay out of git."
    return present.rstrip("\n") + "\n\n" + "\n".join([head, *missing]) + "\n"
