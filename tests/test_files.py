"""Writing: whole files or none, alone and together."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from civdef import files
from civdef.errors import OutputError


def test_files_written_together_are_all_there(tmp_path: Path) -> None:
    files.write_all({tmp_path / "a/x": b"1", tmp_path / "b/y": b"2"})
    assert ((tmp_path / "a/x").read_bytes(), (tmp_path / "b/y").read_bytes()) == (b"1", b"2")


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_when_one_cannot_take_its_place_all_are_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    old = {tmp_path / "a": b"old a", tmp_path / "b": b"old b"}
    for path, data in old.items():
        path.write_bytes(data)
    calls = 0
    real = os.replace

    def refuse(source: str, target: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == fails_at:
            raise PermissionError(13, "held open by another program")
        real(source, target)

    monkeypatch.setattr(files.os, "replace", refuse)
    with pytest.raises(OutputError, match="Cannot write"):
        files.write_all({tmp_path / "a": b"new", tmp_path / "b": b"new", tmp_path / "c": b"new"})
    assert {p: p.read_bytes() for p in tmp_path.iterdir()} == old


def test_a_folder_that_cannot_be_made_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"a file")
    with pytest.raises(OutputError):
        files.write_all({tmp_path / "ok": b"1", tmp_path / "f/x": b"2"})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["f"]
