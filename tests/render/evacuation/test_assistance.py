"""The work lists of those who fetch people: everybody once, printable, nothing for the public, names are text."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from civdef.errors import UsageError
from civdef.evacuate.assist.report import assist
from civdef.evacuate.assist.result import AssistanceResult
from civdef.evacuate.question import Question
from civdef.graph.roads import build_street_network
from civdef.load import load_workspace
from civdef.model.base import Name
from civdef.model.workspace import Workspace
from civdef.render.audience import Audience
from civdef.render.evacuation.assistance import write_assistance
from tests.browser import Browser
from tests.cli.test_evacuate_assist import toy
from tests.cli.test_evacuate_compare import run

HOSTILE = "=1+1</td><script>alert(1)</script>"


@pytest.fixture(scope="module")
def planned(sample_root: Path) -> tuple[Workspace, AssistanceResult]:
    ws = load_workspace(sample_root)
    return ws, assist(ws, build_street_network(ws), Question("flood"))


def written(
    planned: tuple[Workspace, AssistanceResult], folder: Path, audience: Audience = Audience.TEAM
) -> dict[str, bytes]:
    paths = write_assistance(*planned, folder, audience=audience, lang="zh")
    assert sorted(p.name for p in folder.iterdir()) == sorted(p.name for p in paths)
    return {p.name: p.read_bytes() for p in paths}


def sheets(data: bytes) -> dict[str, list[dict[str, str]]]:
    """Return the rows of each sheet below its heading."""
    book = CalamineWorkbook.from_object(io.BytesIO(data))
    found = {}
    for name in book.sheet_names:
        rows = [[str(c) for c in row] for row in book.get_sheet_by_name(name).to_python()]
        top = next(k for k, row in enumerate(rows) if row[0] in ("趟次", "上门", "人员"))
        found[name] = [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]
    return found


def test_everybody_stands_in_the_lists_once(
    planned: tuple[Workspace, AssistanceResult], tmp_path: Path
) -> None:
    ws, result = planned
    files = written(planned, tmp_path)
    assert set(files) == {
        "assist.zh.html",
        "assist.en.html",
        "by-vehicle.xlsx",
        "assist-by-community.xlsx",
        "assistance.json",
    }
    communities = [r for rows in sheets(files["assist-by-community.xlsx"]).values() for r in rows]
    names = sorted(ws.name(p.person).in_("zh") for p in (*result.persons, *result.left_over))
    assert sorted(r["人员"] for r in communities) == names
    stops = sheets(files["by-vehicle.xlsx"])
    assert len(stops) == len({t.vehicle for t in result.trips})
    rows = [r for found in stops.values() for r in found]
    assert (
        sum(r["事项"] == "接上" for r in rows)
        == sum(r["事项"].startswith("送到") for r in rows)
        == result.riding_persons
    )
    assert all(r["帮扶人"] for r in rows if r["事项"] == "接上")
    page = files["assist.zh.html"].decode()
    assert all(n in page for n in names)
    assert "default-src 'none'" in page


def test_the_driver_can_be_called(planned: tuple[Workspace, AssistanceResult], tmp_path: Path) -> None:
    ws, result = planned
    files = written(planned, tmp_path)
    driver = ws.people[next(v.driver for v in result.vehicles if v.used and v.driver)]
    assert driver.phone is not None
    assert f"驾驶员电话 {driver.phone}" in files["assist.zh.html"].decode()
    assert f"driver&#x27;s telephone {driver.phone}" in files["assist.en.html"].decode() or f"driver's telephone {driver.phone}" in files["assist.en.html"].decode()  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "plan", "clock", "mark", "done"),
    [
        ("zh", "明泽湖街道防汛抗旱应急预案，夜间", "时间从开始疏散算起", "队伍工作版", ("已办", "已接")),
        ("en", "Flood and Drought Plan, night", "Times count from the start", "Team edition", ("done", "fetched")),
    ],
)  # fmt: skip
def test_a_sheet_handed_out_alone_explains_itself(
    planned: tuple[Workspace, AssistanceResult],
    tmp_path: Path,
    lang: str,
    plan: str,
    clock: str,
    mark: str,
    done: tuple[str, str],
) -> None:
    result = planned[1]
    written(planned, tmp_path)
    first, *alone = (
        (tmp_path / f"assist.{lang}.html").read_text(encoding="utf-8").split('<h2 class="new-sheet"')
    )
    communities = {p.community for p in result.persons}
    assert len(alone) == len({t.vehicle for t in result.trips}) + len(communities)
    for sheet in alone:
        head, _, table = sheet.partition("<table")
        assert all(said in head for said in (plan, clock, mark)), head
        assert any(f">{word}</th>" in table for word in done)
    assert "<table" in first  # the vehicles at a glance stay with the summary, no driver's list does
    assert not any(f">{word}</th>" in first for word in done)


def test_the_overview_says_whom_to_call_and_when(
    planned: tuple[Workspace, AssistanceResult], tmp_path: Path
) -> None:
    ws, result = planned
    written(planned, tmp_path)
    page = (tmp_path / "assist.en.html").read_text(encoding="utf-8")
    overview = page.split("Vehicles at a glance")[1].split("</table>")[0]
    rows = [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in overview.split("<tr>")[2:]]
    assert [row[0] for row in rows] == [ws.name(v.vehicle).in_("en") for v in result.vehicles if v.trips]
    assert sum(int(row[4]) for row in rows) == result.riding_persons
    for row, duty in zip(rows, [v for v in result.vehicles if v.trips], strict=True):
        assert duty.driver is not None
        assert row[2] == ws.people[duty.driver].phone
        stops = [s for t in result.trips if t.vehicle == duty.vehicle for s in t.stops]
        early, late = (int(t.split(":")[0]) * 60 + int(t.split(":")[1]) for t in row[5:])
        assert early == min(s.arrive_s for s in stops) // 60
        assert late == max(s.end_s for s in stops) // 60


def test_one_is_no_plural(planned: tuple[Workspace, AssistanceResult], tmp_path: Path) -> None:
    written(planned, tmp_path)
    page = (tmp_path / "assist.en.html").read_text(encoding="utf-8")
    assert "1 trip, 1 person;" in page
    assert not re.search(r"\b1 (trips|persons)\b", page)


def test_who_is_late_is_said_and_marked(planned: tuple[Workspace, AssistanceResult], tmp_path: Path) -> None:
    ws, result = planned
    on_time = [p.model_copy(update={"late": False, "deadline_s": 7200.0}) for p in result.persons]
    k = next(k for k, p in enumerate(on_time) if p.mode == "vehicle")
    slow = on_time.pop(k).model_copy(update={"late": True, "deadline_s": 1800.0})
    late = result.model_copy(update={"late_persons": 1, "persons": (slow, *on_time)})
    files = written((ws, late), tmp_path)
    assert "其中 1 人晚于期限（30 至 120 分钟）" in files["assist.zh.html"].decode()
    assert "1 are later than their deadline (30 to 120 min)" in files["assist.en.html"].decode()
    rows = [r for rows in sheets(files["assist-by-community.xlsx"]).values() for r in rows]
    assert [r["人员"] for r in rows if r["到达"].endswith("晚")] == [ws.name(slow.person).in_("zh")]
    stops = [r for rows in sheets(files["by-vehicle.xlsx"]).values() for r in rows]
    marked = [r["人员"] for r in stops if r["事项"] == "送到（晚）"]
    assert marked == [ws.name(slow.person).in_("zh")]  # the driver sees it too
    assert (
        "晚于期限"
        not in written(
            (ws, late.model_copy(update={"persons": (slow.model_copy(update={"late": False}), *on_time)})),
            tmp_path,
        )["assist.zh.html"].decode()
    )


def test_nothing_for_the_public(planned: tuple[Workspace, AssistanceResult], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="public"):
        write_assistance(*planned, tmp_path / "x", audience=Audience.PUBLIC, lang="zh")
    assert not (tmp_path / "x").exists()


def test_sheets_print_and_bytes_are_the_same(
    planned: tuple[Workspace, AssistanceResult], tmp_path: Path
) -> None:
    files = written(planned, tmp_path / "a", Audience.COMMAND)
    assert files == written(planned, tmp_path / "b", Audience.COMMAND)
    for name in ("by-vehicle.xlsx", "assist-by-community.xlsx"):
        book = zipfile.ZipFile(io.BytesIO(files[name]))
        for part in [n for n in book.namelist() if n.startswith("xl/worksheets/sheet")]:
            xml = book.read(part).decode()
            assert 'orientation="landscape"' in xml
            assert 'paperSize="9"' in xml
            assert "指挥部版" in xml
            assert "<f>" not in xml


def test_names_are_text_and_nothing_else(planned: tuple[Workspace, AssistanceResult], tmp_path: Path) -> None:
    ws, result = planned
    name = Name(zh=HOSTILE, en=HOSTILE)
    ws = dataclasses.replace(
        ws,
        buildings={k: v.model_copy(update={"name": name}) for k, v in ws.buildings.items()},
        vehicles={k: v.model_copy(update={"name": name}) for k, v in ws.vehicles.items()},
        communities={k: v.model_copy(update={"name": name}) for k, v in ws.communities.items()},
    )
    files = written((ws, result), tmp_path)
    page = files["assist.zh.html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert len(sheets(files["by-vehicle.xlsx"])) == len({t.vehicle for t in result.trips}), (
        "sheets of one name"
    )


def test_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = str(toy(tmp_path / "toy"))
    base = ("evacuate", "assist", "--plan", "toy", "-C", root)
    code, out, _ = run(capsys, *base, "-o", str(tmp_path / "out"), "--lang", "en")
    assert code == 0
    assert out.count("Written:") == 5
    assert len(list((tmp_path / "out").iterdir())) == 5
    code, out, err = run(capsys, *base, "-o", str(tmp_path / "out"), "--audience", "public", "--lang", "en")
    assert (code, out) == (2, "")
    assert "team, command" in err


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_mark_and_the_title_do_not_meet_on_paper(
    planned: tuple[Workspace, AssistanceResult], tmp_path: Path, chromium: Browser, lang: str
) -> None:
    written(planned, tmp_path, Audience.COMMAND)
    for width in (1000, 560):
        page = chromium.open(tmp_path / f"assist.{lang}.html", width=width)
        page.send("Emulation.setEmulatedMedia", media="print")
        title, mark = (
            page.evaluate(
                f"(() => {{ const r = document.createRange(); r.selectNodeContents(document.querySelector('{q}'));"
                " const b = r.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })()"
            )
            for q in ("h1", ".exercise")
        )
        page.close()
        assert title[2] <= mark[0] or title[1] >= mark[3], (width, title, mark)
