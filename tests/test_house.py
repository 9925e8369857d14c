"""Rules of the house that no linter knows: one door to files, no clock in the pure part, small files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "civdef"
SOURCES = sorted(PACKAGE.rglob("*.py"))

WRITERS = ("files.py", "load/", "render/", "cli/")  # who may write files at all
IMPURE = ("load/", "render/", "cli/", "files.py")  # who may look at clock and environment
LONGEST = 600  # lines; about 300 is the aim

WRITE_METHODS = {
    "write_text", "write_bytes", "mkdir", "unlink", "rename", "touch", "rmdir", "to_file", "to_csv", "to_excel", "to_parquet", "savefig",
}  # fmt: skip
CLOCKS = {
    ("time", "time"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"),
    ("os", "getcwd"), ("os", "getenv"), ("os", "environ"), ("Path", "cwd"), ("uuid", "uuid4"),
}  # fmt: skip


def inside(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def writes(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield calls that write a file by themselves."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "open":
            mode = next(
                (k.value for k in node.keywords if k.arg == "mode"),
                node.args[1] if len(node.args) > 1 else None,
            )
            if mode is not None and (
                not isinstance(mode, ast.Constant) or set(str(mode.value)) & set("wax+")
            ):
                yield node
        elif isinstance(node.func, ast.Attribute) and node.func.attr in WRITE_METHODS:
            owner = node.func.value
            if not (isinstance(owner, ast.Name) and owner.id == "files"):
                yield node


@pytest.mark.parametrize("path", SOURCES, ids=inside)
def test_only_the_doors_write_files(path: Path) -> None:
    if inside(path).startswith(WRITERS):
        return
    found = [f"{inside(path)}:{call.lineno}" for call in writes(ast.parse(path.read_text(encoding="utf-8")))]
    assert not found, "only civdef.load, render and cli write, through civdef.files"


@pytest.mark.parametrize("path", SOURCES, ids=inside)
def test_the_pure_part_has_no_clock_and_no_environment(path: Path) -> None:
    if inside(path).startswith(IMPURE):
        return
    found = [
        f"{inside(path)}:{node.lineno}: {node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in CLOCKS
    ]
    assert not found, "same input, same bytes: pass it in as an argument"


def test_no_space_before_a_percent_sign() -> None:
    """In neither language; what is written for people of this workspace follows the same rule."""
    apart = re.compile(r"[0-9}] %(?![%0-9A-Za-z_({])")
    read = {p: p.read_text(encoding="utf-8") for p in SOURCES}
    said = [
        f"{inside(path)}:{node.lineno}"
        for path, text in read.items()
        for node in ast.walk(ast.parse(text))
        if (isinstance(node, ast.Constant) and isinstance(node.value, str) and apart.search(node.value))
        or (isinstance(node, ast.JoinedStr) and apart.search(ast.unparse(node)))
    ]
    sample = [
        PACKAGE.parent / "civdef.toml",
        *(p for d in ("plans", "drills") for p in (PACKAGE.parent / d).rglob("*.*")),
    ]
    said += [p.name for p in sample if apart.search(p.read_text(encoding="utf-8"))]
    assert not said


def test_files_are_small_and_none_is_called_utils() -> None:
    lengths = {inside(p): len(p.read_text(encoding="utf-8").splitlines()) for p in SOURCES}
    assert not {name: n for name, n in lengths.items() if n > LONGEST}
    assert not [name for name in lengths if Path(name).stem in {"util", "utils", "helpers", "misc"}]
