"""A few hostile files of every format; ``python -m tools.fuzz_imports`` runs ten thousand of each."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tools import fuzz_imports
from tools.fuzz_imports import FORMATS, Format, make, mutate

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="children are forked")


def test_a_few_of_every_format_keep_the_rules() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.fuzz_imports", "--first", "-1", "--cases", "4"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for name in FORMATS:
        assert f"\n{name}: " in "\n" + done.stdout


@pytest.mark.parametrize(
    ("name", "first", "cases"),
    [
        ("csv", 23, 3),
        ("csv", 5368, 1),
        ("kmz", 245, 1),
        ("asc", 599, 1),
        ("geojson", 345, 1),
        ("geojson", 1361, 1),
        ("shapefile", 10, 2),
        ("shapefile", 181, 1),
        ("shapefile", 463, 1),
        ("shapefile", 742, 1),
        ("shapefile", 5121, 1),
        ("xlsx", 2704, 1),
        ("register-xlsx", 1750, 1),
    ],
)
def test_what_once_broke_the_rules_keeps_them(name: str, first: int, cases: int) -> None:
    """What each was: see "Hostile files" in docs/import.md."""
    done = subprocess.run(
        [
            sys.executable, "-m", "tools.fuzz_imports", "--format", name, "--first", str(first), "--cases", str(cases),
        ],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["geojson", "kmz", "register-xlsx", "osm-bz2"])
def test_a_seed_makes_the_same_file_again(name: str) -> None:
    data = make(name).data
    made = [mutate(data, random.Random(f"0/{name}/{i}")) for i in range(20)]
    assert len(set(made)) > 15


def test_the_judge_sees_what_breaks_the_rules(tmp_path: Path) -> None:
    form = Format("csv", "点.csv", ("sirens",), b"")
    (tmp_path / "maps").mkdir()
    layer = tmp_path / "maps/roads.geojson"
    layer.write_text("{}")
    before = fuzz_imports.digest_of(tmp_path)
    judge = fuzz_imports._judge
    assert judge(2, "点.csv: no", form, tmp_path, before) == ""
    assert "name" in judge(2, "no", form, tmp_path, before)
    assert judge(4, "点.csv", form, tmp_path, before)
    assert judge(-99, "", form, tmp_path, before) == "hang"
    assert judge(-11, "", form, tmp_path, before)
    assert judge(0, "Traceback (most recent call last)", form, tmp_path, before) == "traceback"
    layer.write_text("{")
    assert "changed" in judge(2, "点.csv", form, tmp_path, before)
    assert "half-written" in judge(0, "", form, tmp_path, before)
