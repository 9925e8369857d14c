"""What pyproject.toml depends on, docs/dependencies.md explains and requirements/ lock."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")


def names(requirements: list[str]) -> list[str]:
    return [name for r in requirements if (name := re.split(r"[\s>=<\[;]", r)[0]) != "civdef"]


BASE = names(PROJECT["dependencies"])
OPTIONAL = {extra: names(r) for extra, r in PROJECT["optional-dependencies"].items()}
EVERY = sorted({*BASE, *(name for extra in OPTIONAL.values() for name in extra)})


@pytest.mark.parametrize("name", EVERY)
def test_has_a_line_that_says_why_and_under_which_licence(name: str) -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith(f"| {name} |")]
    assert len(rows) == 1, f"docs/dependencies.md needs exactly one row for {name}"
    assert all(cell.strip() for cell in rows[0].strip("|").split("|"))


def test_has_no_line_for_what_is_not_used() -> None:
    rows = re.findall(r"^\| ([^|]+) \|", PAGE, flags=re.MULTILINE)
    assert {row for row in rows if row != "package"} == set(EVERY)


def locked(file: str) -> dict[str, str]:
    text = (ROOT / "requirements" / file).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize(("file", "wanted"), [("base.txt", BASE), ("dev.txt", EVERY)])
def test_is_locked(file: str, wanted: list[str]) -> None:
    lock = locked(file)
    missing = [name for name in wanted if re.sub(r"[._]", "-", name).lower() not in lock]
    assert not missing, f"run `make lock`: requirements/{file} lacks {missing}"


def test_the_locks_agree() -> None:
    everything = locked("dev.txt")
    for file in ("base.txt", "build.txt"):
        for name, version in locked(file).items():
            assert everything[name] == version, f"{file}: {name}"
