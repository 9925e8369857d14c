"""docs/first-workspace.md, word by word: its commands run in order, and end with a map."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest
import xlsxwriter

from civdef.cli import main

DOCS = Path(__file__).resolve().parents[2] / "docs"
LON, LAT = 123.0, 28.5
STEP = 0.002
SHEETS: dict[str, list[list[str | int]]] = {
    "四至.xlsx": [
        ["社区名称", "东至", "南至", "西至", "北至"],
        ["东风社区", "东街", "南街", "中街", "北街"],
        ["西湖社区", "中街中心线", "南街", "西街", "北街"],
    ],
    "人口.xlsx": [
        ["社区名称", "户数", "常住人口", "65岁以上"],
        ["东风社区", 60, 150, 20],
        ["西湖社区", 40, 100, 10],
    ],
    "名册.xlsx": [
        ["姓名", "手机", "所属社区", "专长"],
        ["王一", "13800000001", "东风社区", "疏散引导"],
        ["李二", "13800000002", "西风社区", "急救"],
    ],
}


def extract() -> str:
    """Return five streets round two blocks, with buildings and a park in each."""
    nodes: list[str] = []
    ways: list[str] = []

    def way(points: list[tuple[float, float]], closed: bool, **tags: str) -> None:
        refs = []
        for x, y in points:
            text = f'lat="{LAT + y * STEP:.7f}" lon="{LON + x * STEP:.7f}"/>'
            known = next((i for i, n in enumerate(nodes) if n.endswith(text)), None)
            if known is None:
                nodes.append(f'<node id="{len(nodes) + 1}" {text}')
                known = len(nodes) - 1
            refs.append(known + 1)
        refs += refs[:1] if closed else []
        inner = "".join(f'<nd ref="{r}"/>' for r in refs)
        inner += "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        ways.append(f'<way id="{len(ways) + 1}">{inner}</way>')

    for name, x in (("西街", 0), ("中街", 1), ("东街", 2)):
        way([(x, 0), (x, 1)], False, highway="residential", name=name)
    for name, y in (("南街", 0), ("北街", 1)):
        way([(0, y), (1, y), (2, y)], False, highway="residential", name=name)
    for block in (0, 1):
        for i in range(6):
            x, y = block + 0.1 + 0.3 * (i % 3), 0.1 + 0.2 * (i // 3)
            tags = {"building": "apartments", "building:levels": "4"}
            way([(x, y), (x + 0.15, y), (x + 0.15, y + 0.1), (x, y + 0.1)], True, **tags)
        x = block + 0.1
        way(
            [(x, 0.55), (x + 0.8, 0.55), (x + 0.8, 0.95), (x, 0.95)],
            True,
            leisure="park",
            name=f"公园{block}",
        )
    return f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{"".join(nodes + ways)}</osm>'


def commands(page: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return [line for block in found for line in block.splitlines() if line.strip()]


def test_both_pages_have_the_same_commands() -> None:
    assert commands("first-workspace.md") == commands("first-workspace.zh.md")


def test_the_page_leads_to_a_map(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "街道.osm").write_text(extract(), encoding="utf-8")
    for name, rows in SHEETS.items():
        with xlsxwriter.Workbook(tmp_path / name) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    monkeypatch.chdir(tmp_path)
    said = {}
    for line in commands("first-workspace.md"):
        program, *words = shlex.split(line)
        if program == "cd":
            os.chdir(words[0])
            continue
        assert program == "civdef"
        with pytest.raises(SystemExit) as left:
            main(words)
        out = capsys.readouterr()
        said[line] = out.out + out.err
        # findings of `check` are the point of it; nothing else may end with anything but success
        assert left.value.code in ((0, 1) if words[0] in ("check", "evacuate") else (0, None)), (
            line,
            said[line],
        )
    assert "写入 2 个" in said["civdef import bounds ../四至.xlsx"]
    assert "未用的列" not in said["civdef import roster ../名册.xlsx"]
    assert "250" in said["civdef evacuate"], said["civdef evacuate"]
    assert list(Path("out").glob("*map*.html"))
