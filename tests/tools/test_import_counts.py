"""The table of docs/import-counts.md against counts made independently of civdef."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.import_counts import CASES, rows

OF_EVERY_FILE = ("networks", "shelters", "communities", "hazard")


@pytest.mark.real_data
def test_every_file_has_its_line(real_data: Path) -> None:
    there = {
        str(p.relative_to(real_data))
        for folder in OF_EVERY_FILE
        for p in (real_data / folder).rglob("*")
        if p.is_file()
    }
    assert there == {c.file for c in CASES}


@pytest.mark.real_data
def test_counts_are_those_made_independently(real_data: Path) -> None:
    counts = json.loads((real_data / "COUNTS.json").read_text(encoding="utf-8"))
    known = {**counts["networks"], **counts["shelters"]}
    compared = 0
    for row in rows(real_data, [c for c in CASES if c.command[0] != "osm" or "shanghai" in c.file]):
        expected = known.get(row.case.file, {})
        if row.refusal:
            assert Path(row.case.file).name in row.refusal or "format" in row.refusal
            continue
        if row.case.layer:
            assert row.read == expected["layers"][row.case.layer]["n"], row.case
        elif "highway_ways" in expected:
            assert row.parts["roads"] == expected["highway_ways"]
        elif "rows" in expected:
            assert row.read == expected["rows"], row.case
        else:
            continue
        compared += 1
        assert row.dropped <= row.read
    assert compared >= 14
