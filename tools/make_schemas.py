"""Generate ``docs/schemas/``: a JSON Schema for every result that a command prints.

Run ``python -m tools.make_schemas``. A test compares the files with the classes, so that a changed key shows.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from pathlib import Path

import civdef
from civdef.files import write_text
from civdef.result import Result

FOLDER = Path(__file__).parent.parent / "docs" / "schemas"


def result_classes() -> dict[str, type[Result]]:
    """Return schema name → class for every result of the package.

    Raises
    ------
    ValueError
        If two results share a schema name.
    """
    for module in pkgutil.walk_packages(civdef.__path__, "civdef."):
        if not module.name.startswith(("civdef.cli.commands", "civdef.__main__", "civdef.sample")):
            importlib.import_module(module.name)
    found: dict[str, type[Result]] = {}
    for cls in _below(Result):
        if "SCHEMA" not in vars(cls):
            continue
        if found.setdefault(cls.SCHEMA, cls) is not cls:
            raise ValueError(f"{cls.SCHEMA} is the schema of two results: {cls} and {found[cls.SCHEMA]}")
    return dict(sorted(found.items()))


def schemas() -> dict[str, str]:
    """Return file name → text of every schema."""
    return {
        f"{name.replace('/', '-')}.schema.json": json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                **cls.model_json_schema(mode="serialization"),
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
        for name, cls in result_classes().items()
    }


def _below(cls: type[Result]) -> list[type[Result]]:
    found = []
    for sub in cls.__subclasses__():
        found += [sub, *_below(sub)]
    return found


def main() -> None:
    """Write every schema and delete those of results that are gone."""
    wanted = schemas()
    for old in FOLDER.glob("*.schema.json"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        write_text(FOLDER / name, text)


if __name__ == "__main__":
    main()
