"""Published cases; and that the numbers restated here are those of the public data set."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from civdef.movement.verification import Case, cases, table

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.key)
def test_case(case: Case) -> None:
    assert case.passed, f"{case.key}: {case.measured} {case.unit}, allowed {case.low} … {case.high}"


def test_table_lists_every_case_and_is_in_the_docs() -> None:
    text = table()
    assert "**no**" not in text
    assert len(text.splitlines()) == len(CASES) + 2
    page = Path(__file__).parents[2] / "docs" / "movement.md"
    assert text in page.read_text(encoding="utf-8"), "run: python -m benchmarks.verify_movement --write"


@pytest.mark.real_data
def test_numbers_are_those_of_the_data_set(real_data: Path) -> None:
    text = (real_data / "benchmarks" / "evac_verification" / "cases.json").read_text(encoding="utf-8")
    given = {c["id"]: c["expected"] for c in json.loads(text)["cases"]}
    ours = {c.key: c for c in CASES}
    assert given["NIST-2.1/ENZ-2.1"]["time_s"] == pytest.approx(ours["NIST 2.1"].low + 0.01)
    for n in (1, 10, 100):
        for kind in ("door", "opening"):
            expected = given[f"ENZ-2.2 {kind} w=1 n={n}"]["clear_time_s_lower"]
            assert expected == pytest.approx(ours[f"ENZ 2.2 {kind}, {n}"].low + 0.01)
    for n, length in ((1, 10), (10, 200), (100, 200)):
        expected = given[f"ENZ-2.3 stair L={length} W=1 n={n}"]["time_s_lower"]
        assert expected == pytest.approx(ours[f"ENZ 2.3 stair, {n}"].low + 0.01)
    assert (
        given["ENZ-2.6 SFPE guide ex.1 start=0.00 m"]["evac_time_s_lower"] == ours["ENZ 2.6 SFPE guide"].low
    )
    assert given["ENZ-3.2 no delay"]["time_s_lower"] == pytest.approx(ours["ENZ 3.2"].low + 0.01)
    assert given["IMO-4"]["flow_pps_max"] == pytest.approx(ours["IMO 4"].high)
    assert given["ENZ-2.5 SFPE nine-storey"]["total_s_about"] == pytest.approx(
        ours["ENZ 2.5 SFPE"].measured, abs=1
    )
