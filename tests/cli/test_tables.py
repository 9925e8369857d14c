"""Tables on narrow terminals: no figure is cut short, no English word is broken."""

from __future__ import annotations

import pytest

from civdef.cli.tables import print_table
from civdef.text import Text

COLUMNS = [
    Text("类别", "class"), Text("服务距离（米）", "reach [m]"), Text("处", "shelters"), Text("名额", "places"),
    Text("范围内（人）", "within reach"), Text("范围外（人）", "out of reach"),
    Text("中位步行（米）", "median walk [m]"), Text("95% 步行（米）", "95% walk [m]"),
]  # fmt: skip
ROWS = [
    ("medium-term", 1500.0, 3, 14830, 49493, 1, 729.9, 1325.2),
    ("air-raid", 200.0, 29, 50700, 19166, 30328, 261.0, 537.9),
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_every_figure_is_printed_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int, lang: str
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("LINES", "24")
    print_table(lang, COLUMNS, ROWS)  # type: ignore[arg-type]
    out = capsys.readouterr().out
    words = out.split()
    for row in ROWS:
        for value in row[1:]:
            assert (f"{value:,.1f}" if isinstance(value, float) else f"{value:,}") in words
    assert "medium-term" in words
    for heading in COLUMNS:
        assert set(heading.in_(lang)) <= set(out)  # type: ignore[arg-type]


def test_a_unit_in_brackets_stays_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("LINES", "24")
    heads = [Text("最近的工程", "nearest"), Text("最快（分）", "fastest"), Text("按方案（分）", "planned")]
    print_table("zh", heads, [("医院人防地下室", 16.1, 23.7)])
    out = capsys.readouterr().out
    assert out.count("（分）") == 2
    assert "按方案（分）" not in out
