"""The work lists of war time: they add up to the result, nobody stands on two, and nobody who lives there is named."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from civdef.errors import OutputError, UsageError
from civdef.evacuate.orders import place_name
from civdef.evacuate.question import Question
from civdef.evacuate.wartime.lists import march_name, shelter_doors
from civdef.evacuate.wartime.report import wartime
from civdef.evacuate.wartime.result import BeyondLimit, WartimeResult
from civdef.evacuate.wartime.stages import Stage
from civdef.evacuate.wartime.words import BEYOND, STAGES, clock, doors_short
from civdef.graph.roads import build_street_network
from civdef.load import load_workspace
from civdef.model.base import Name
from civdef.model.workspace import Workspace
from civdef.render.audience import Audience
from civdef.render.evacuation.wartime import write_wartime
from civdef.text import Text
from tests.browser import Browser
from tests.cli.test_evacuate_compare import run
from tests.cli.test_evacuate_wartime import WARTIME, toy

Plan = tuple[Workspace, WartimeResult]
Row = dict[str, str]

HOSTILE = "=1+1</td><script>alert(1)</script>"
BOOKS = {"by-assembly-point.xlsx", "by-column.xlsx", "cover-by-shelter.xlsx"}
HEADS = ("车次", "车队", "出入口", "社区", "项目", "楼栋", "掩蔽工程", "警报响起后（分）")


@pytest.fixture(scope="module")
def planned(sample_root: Path) -> Plan:
    ws = load_workspace(sample_root)
    return ws, wartime(ws, build_street_network(ws), Question("civil-protection"))


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """A town of 14 whose destination receives two, and whose only shelter takes ten."""
    ws = load_workspace(toy(tmp_path_factory.mktemp("short"), WARTIME.replace("places = 100", "places = 2")))
    ask = Question("toy", without_shelters=("shelter/south",))
    return ws, wartime(ws, build_street_network(ws), ask)


def written(plan: Plan, folder: Path, audience: Audience = Audience.TEAM) -> dict[str, bytes]:
    paths = write_wartime(*plan, folder, audience=audience, lang="zh")
    assert sorted(p.name for p in folder.iterdir()) == sorted(p.name for p in paths)
    return {p.name: p.read_bytes() for p in paths}


def sheets(data: bytes) -> dict[str, list[Row]]:
    """Return the rows of each sheet below its heading."""
    book = CalamineWorkbook.from_object(io.BytesIO(data))
    found = {}
    for name in book.sheet_names:
        rows = [[str(c).removesuffix(".0") for c in row] for row in book.get_sheet_by_name(name).to_python()]
        top = next(k for k, row in enumerate(rows) if row[0] in HEADS)
        found[name] = [dict(zip(rows[top], row, strict=True)) for row in rows[top + 1 :]]
    return found


def total(rows: list[Row], column: str = "人数") -> int:
    return sum(int(r[column] or 0) for r in rows)


def minutes(said: str) -> int:
    """Return 第1日02:20 as minutes from the start of the stage."""
    day, hour, minute = map(int, re.fullmatch(r"第(\d+)日(\d\d):(\d\d)", said).groups())  # type: ignore[union-attr]
    return (day - 1) * 1440 + hour * 60 + minute


def test_what_gathers_at_a_point_rides_from_there_or_is_named_as_left(planned: Plan, short: Plan) -> None:
    """Persons of a point's buildings = persons of the marches that load there + those named as left, for each point and stage."""
    for _, result in (planned, short):
        for stage in result.stages:
            rides: Counter[tuple[str, str]] = Counter()
            for m in stage.marches:
                rides[m.community, m.assembly_point] += m.persons
            rows: Counter[tuple[str, str | None]] = Counter()
            by_march: Counter[tuple[int | None, int | None]] = Counter()
            for b in stage.boarding:
                rows[b.community, b.assembly_point] += b.persons
                by_march[b.column, b.march] += b.persons
                assert (b.left is None) is (b.march is not None)
            for p in result.assembly_points:
                if p.stage is stage.stage:
                    assert rows[p.community, p.assembly_point] == p.persons
                    assert rides[p.community, p.assembly_point] == p.carried_persons
                    left = p.without_destination_persons + p.without_vehicle_persons
                    assert p.persons == p.carried_persons + left
            assert {k: n for k, n in by_march.items() if k[0] is not None} == {
                (m.column, m.march): m.persons for m in stage.marches
            }
            assert sum(b.persons for b in stage.boarding) == stage.persons
            assert sum(b.households for b in stage.boarding) == stage.households
            assert sum(b.assisted_persons for b in stage.boarding) == stage.assisted_persons


def test_the_sheet_of_a_point_says_what_the_result_says(planned: Plan, tmp_path: Path) -> None:
    result = planned[1]
    files = written(planned, tmp_path)
    assert set(files) == {*BOOKS, "wartime.zh.html", "wartime.en.html", "wartime.json"}
    assert json.loads(files["wartime.json"])["schema"] == "civdef.wartime/2"
    found = sheets(files["by-assembly-point.xlsx"])
    assert len(found) == len({(p.stage, p.assembly_point) for p in result.assembly_points})
    for stage in result.stages:
        marches = {march_name(m.column, m.march): m for m in stage.marches}
        mine = {n: rows for n, rows in found.items() if n.startswith(STAGES[stage.stage].zh)}
        assert sum(total(rows) for rows in mine.values()) == stage.persons
        assert sum(total(rows, "户数") for rows in mine.values()) == stage.households
        assert sum(total(rows, "行动不便") for rows in mine.values()) == stage.assisted_persons
        carried: Counter[str] = Counter()
        for rows in mine.values():
            for row in rows:
                m = marches[row["车次"]]
                carried[row["车次"]] += int(row["人数"])
                assert row["到点时刻"] == clock(m.load_from_min).zh
                assert row["出发"] == clock(m.leave_min).zh
                assert row["接收地"] == result.destinations[m.destination - 1].name_zh
        assert carried == {n: m.persons for n, m in marches.items()}


def test_a_columns_times_never_overlap(planned: Plan, tmp_path: Path) -> None:
    """On a sheet each march begins after the one before is back, its own times rise, and the next one is the one that follows."""
    result = planned[1]
    found = sheets(written(planned, tmp_path)["by-column.xlsx"])
    vehicles = found.pop("全部车辆")
    assert Counter(int(r["车队"]) for r in vehicles) == Counter(v.column for v in result.fleet)
    assert len(found) == len({(s.stage, m.column) for s in result.stages for m in s.marches})
    for rows in found.values():
        back = 0
        for row, after in zip(rows, [*rows[1:], None], strict=True):
            steps = [
                minutes(row[c])
                for c in ("开始上车", "首车出发", "尾车出发", "尾车到达", "移交完毕", "返回街道")
            ]
            assert steps == sorted(steps)
            assert steps[0] >= back
            back = steps[-1]
            if after is None:
                assert row["下一趟（上车）"] == "本期完成"
            else:
                assert row["下一趟（上车）"] == f"{after['车次']}（{after['开始上车']}）"
    for stage in result.stages:
        mine = [r for n, rows in found.items() if n.startswith(STAGES[stage.stage].zh) for r in rows]
        assert total(mine) == stage.carried_persons
        assert total(mine, "行动不便") == sum(
            b.assisted_persons for b in stage.boarding if b.march is not None
        )


def test_every_building_stands_in_one_cover_sheet_or_is_named_left_over(
    planned: Plan, short: Plan, tmp_path: Path
) -> None:
    for folder, (ws, result) in (("all", planned), ("short", short)):
        found = sheets(written((ws, result), tmp_path / folder)["cover-by-shelter.xlsx"])
        left = found.pop("没有掩蔽位置的楼栋", [])
        listed = Counter(r["楼栋"] for rows in found.values() for r in rows)
        listed.update(r["楼栋"] for r in left)
        assert listed == Counter(place_name(ws, b.building, b.part).zh for b in result.buildings)
        assert total(left) == result.left_over_persons
        checks = {ws.name(d.shelter).in_("zh"): d for d in result.doors if d.assigned_persons}
        assert {n: total(rows) for n, rows in found.items()} == {
            n: d.assigned_persons for n, d in checks.items()
        }
        for d in checks.values():
            assert sum(e.assigned_persons for e in d.entrances) == d.assigned_persons
            assert all(e.door_persons <= 700 for e in d.entrances)
    assert total(left) > 0


def test_who_misses_which_limit_adds_up(planned: Plan, tmp_path: Path) -> None:
    result = planned[1]
    rows = [r for rows in sheets(written(planned, tmp_path)["cover-by-shelter.xlsx"]).values() for r in rows]
    for t in result.in_time:
        for column, persons in (("赶不上（分）", t.planned_persons), ("最快也赶不上（分）", t.best_persons)):
            missing = [r for r in rows if r[column] and float(r[column]) >= t.limit_min]
            assert total(missing) == result.present_persons - persons


def test_what_is_left_is_named_with_its_reason(short: Plan, tmp_path: Path) -> None:
    result = short[1]
    files = written(short, tmp_path)
    found = sheets(files["by-assembly-point.xlsx"])
    left = [r for rows in found.values() for r in rows if r["车次"] == "–"]
    assert {r["到点时刻"] for r in left} == {"没有接收地"}
    assert total(left) == sum(s.without_destination_persons for s in result.stages) > 0


def test_nobody_gets_to_a_point_is_a_sheet_of_its_own(short: Plan, tmp_path: Path) -> None:
    ws, _ = short
    bare = dataclasses.replace(
        ws, fixed_posts={k: p for k, p in ws.fixed_posts.items() if p.kind != "assembly"}
    )
    result = wartime(bare, build_street_network(bare), Question("toy"))
    files = written((bare, result), tmp_path)
    found = sheets(files["by-assembly-point.xlsx"])
    assert {r["到点时刻"] for rows in found.values() for r in rows} == {"到不了集合点"}
    assert sum(total(rows) for rows in found.values()) == sum(s.persons for s in result.stages) > 0
    assert "by-column.xlsx" not in files


def test_the_command_sees_more_and_the_public_nothing(planned: Plan, tmp_path: Path) -> None:
    team = written(planned, tmp_path / "team")
    command = written(planned, tmp_path / "command", Audience.COMMAND)
    assert set(command) - set(team) == {"wartime-command.xlsx"}
    with pytest.raises(UsageError, match="public"):
        write_wartime(*planned, tmp_path / "x", audience=Audience.PUBLIC, lang="zh")
    assert not (tmp_path / "x").exists()


def test_residents_are_not_named_and_drivers_can_be_called(planned: Plan, tmp_path: Path) -> None:
    ws, result = planned
    files = written(planned, tmp_path, Audience.COMMAND)
    text = "\n".join(
        "|".join(map(str, row))
        for name in files
        if name.endswith(".xlsx")
        for sheet in CalamineWorkbook.from_object(io.BytesIO(files[name])).sheet_names
        for row in CalamineWorkbook.from_object(io.BytesIO(files[name])).get_sheet_by_name(sheet).to_python()
    )
    staff = {p.name.in_("zh") for p in ws.people.values()}
    residents = {p.name.in_("zh") for p in ws.assisted.values()} - staff
    assert residents
    cells = set(re.split(r"[|\n]", text))
    assert not residents & cells
    for v in result.fleet:
        if v.driver is not None:
            assert {ws.people[v.driver].name.in_("zh"), ws.people[v.driver].phone} <= cells
    for point in {p.assembly_point for p in result.assembly_points}:
        team = ws.teams[ws.fixed_posts[point].team or ""]
        assert f"{ws.people[team.leader].name.in_('zh')} {ws.people[team.leader].phone}" in text


def test_sheets_print_and_bytes_are_the_same(planned: Plan, tmp_path: Path) -> None:
    files = written(planned, tmp_path / "a", Audience.COMMAND)
    assert files == written(planned, tmp_path / "b", Audience.COMMAND)
    for name in (n for n in files if n.endswith(".xlsx")):
        book = zipfile.ZipFile(io.BytesIO(files[name]))
        for part in [n for n in book.namelist() if n.startswith("xl/worksheets/sheet")]:
            xml = book.read(part).decode()
            assert 'orientation="landscape"' in xml
            assert 'paperSize="9"' in xml
            assert "指挥部版" in xml
            assert "_xlnm.Print_Titles" in book.read("xl/workbook.xml").decode()  # the heading on every page
            assert "<f>" not in xml


def test_a_file_that_cannot_be_replaced_leaves_all_as_they_were(planned: Plan, tmp_path: Path) -> None:
    (tmp_path / "wartime.json").mkdir()
    (tmp_path / "by-column.xlsx").write_bytes(b"of somebody else")
    with pytest.raises(OutputError):
        write_wartime(*planned, tmp_path, audience=Audience.TEAM, lang="zh")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["by-column.xlsx", "wartime.json"]
    assert (tmp_path / "by-column.xlsx").read_bytes() == b"of somebody else"


def test_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = str(toy(tmp_path / "toy"))
    base = ("evacuate", "wartime", "--plan", "toy", "-C", root)
    plain, _, _ = run(capsys, *base)
    code, out, _ = run(capsys, *base, "-o", str(tmp_path / "out"), "--lang", "en", "--audience", "command")
    assert code == plain == 0
    assert out.count("Written:") == len(list((tmp_path / "out").iterdir())) == 7
    code, out, _ = run(capsys, *base, "-o", str(tmp_path / "out"), "--json")
    assert json.loads(out) == json.loads((tmp_path / "out/wartime.json").read_text(encoding="utf-8"))
    code, out, err = run(capsys, *base, "-o", str(tmp_path / "out"), "--audience", "public", "--lang", "en")
    assert (code, out) == (2, "")
    assert "team, command" in err
    code, _, err = run(capsys, *base, "-o", str(tmp_path / "toy/civdef.toml"), "--lang", "en")
    assert code == 2
    assert "is a file; give a folder" in err
    short = str(toy(tmp_path / "short", ""))
    code, _, _ = run(
        capsys, "evacuate", "wartime", "--plan", "toy", "-C", short, "-o", str(tmp_path / "left")
    )
    assert code == 3  # somebody without a destination: the sheets are written all the same
    assert (tmp_path / "left/wartime.json").exists()


def hand_outs(page: str) -> list[str]:
    return page.split('<table class="hand-out"')[1:]


def head(sheet: str) -> str:
    """Return what is repeated on every page of a sheet."""
    return sheet.partition("</thead>")[0]


def last_table(sheet: str) -> list[Row]:
    """Return the rows of a sheet's last table."""
    inner = sheet.rsplit("<table", maxsplit=1)[-1]
    names = re.findall(r"<th[^>]*>([^<]*)</th>", inner)
    return [
        dict(zip(names, (re.sub(",", "", c) for c in re.findall(r"<td[^>]*>([^<]*)</td>", row)), strict=True))
        for row in inner.partition("<tbody>")[2].split("<tr>")[1:]
    ]


@pytest.mark.parametrize(
    ("lang", "plan", "version", "stages", "clocks", "mark"),
    [
        (
            "zh", "明泽湖街道民事防护预案，夜间", "预案版本 2026.1", ("早期疏散", "临战疏散", "紧急疏散（就近掩蔽），警报响起时尚无人离开"),
            ("时刻从早期疏散开始时算起", "时刻从临战疏散开始时算起", "时间从空袭警报响起时算起"), "队伍工作版",
        ),
        (
            "en", "Civil-Protection Plan of Mingze Lake Sub-district, night", "plan version 2026.1",
            ("early evacuation", "imminent evacuation", "emergency evacuation (cover nearby), when the siren sounds nobody has left"),
            ("from the start of the early evacuation", "from the start of the imminent evacuation", "from the start of the air-raid signal"),
            "Team edition",
        ),
    ],
)  # fmt: skip
def test_a_sheet_handed_out_alone_explains_itself_on_every_page(
    planned: Plan, tmp_path: Path, lang: str, plan: str, version: str, stages: tuple[str, ...], clocks: tuple[str, ...], mark: str
) -> None:  # fmt: skip
    result = planned[1]
    written(planned, tmp_path)
    page = (tmp_path / f"wartime.{lang}.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    glance, *alone = hand_outs(page)
    columns = len({(s.stage, m.column) for s in result.stages for m in s.marches})
    points = len({(p.stage, p.assembly_point) for p in result.assembly_points})
    shelters = sum(d.assigned_persons > 0 for d in result.doors)
    assert len(alone) == columns + points + shelters
    assert sum(stages[0] in head(s) for s in alone) == columns / 2 + len(
        {p.assembly_point for p in result.assembly_points if p.stage is Stage.EARLY}
    )
    for sheet in alone:
        said = head(sheet)
        assert all(one in said for one in (plan, version, mark)), said
        assert [clock for clock in clocks if clock in said] == [
            clock for clock, stage in zip(clocks, stages, strict=True) if stage in said
        ]
        assert sum(stage in said for stage in stages) == 1
    assert plan in head(glance)


def test_the_page_lists_what_the_workbooks_list(planned: Plan, tmp_path: Path) -> None:
    result = planned[1]
    files = written(planned, tmp_path)
    sheets_ = hand_outs(files["wartime.zh.html"].decode())
    for stage in result.stages:
        mine = [s for s in sheets_ if f"{STAGES[stage.stage].zh}集合点任务单" in head(s)]
        persons = sorted(total(last_table(s)) for s in mine)
        at: Counter[str] = Counter()
        for p in result.assembly_points:
            if p.stage is stage.stage:
                at[p.assembly_point] += p.persons
        assert persons == sorted(at.values())
    cover = [s for s in sheets_ if "掩蔽工程任务单" in head(s)]
    assert sum(total(last_table(s)) for s in cover) == result.planned_persons


def test_what_is_short_and_what_would_fix_it_is_on_the_commands_page_only(
    planned: Plan, short: Plan, tmp_path: Path
) -> None:
    first = hand_outs(written(planned, tmp_path / "a", Audience.COMMAND)["wartime.zh.html"].decode())[0]
    assert "指挥部综合页" in head(first)
    result = planned[1]
    led = [e for d in result.doors for e in d.entrances if e.beyond not in (None, BeyondLimit.ROUNDING)]
    persons = sum(e.assigned_persons - e.door_persons for e in led)
    assert f"超过单口限额的出入口 {len(led)} 处，多来 {persons:,} 人，无法整栋改走" in first
    assert f"共 {len(result.in_time[1].hopeless_buildings)} 栋" in first
    assert "担架" in first
    first = hand_outs(written(short, tmp_path / "b", Audience.COMMAND)["wartime.zh.html"].decode())[0]
    assert "没有接收地，请报上级增加接收地" in first
    assert f"还有 {short[1].left_over_persons} 人没有掩蔽位置" in first
    for folder, plan in (("c", planned), ("d", short)):
        page = written(plan, tmp_path / folder)["wartime.zh.html"].decode()
        assert "综合页" not in page
        assert "重要目标" not in page


def test_a_door_that_gets_too_many_is_named_with_the_reason(planned: Plan, tmp_path: Path) -> None:
    ws, result = planned
    page = written(planned, tmp_path)["wartime.zh.html"].decode()
    reasons = set()
    for check in result.doors:
        [sheet] = [
            s for s in hand_outs(page) if f"掩蔽工程任务单：{ws.name(check.shelter).in_('zh')}<" in head(s)
        ]
        over = [
            f"超出 {e.assigned_persons - e.door_persons:,} 人：{BEYOND[e.beyond].zh}"
            for e in check.entrances
            if e.beyond is not None
        ]
        assert re.findall(r"超出 [\d,]+ 人：[^<]+", sheet) == over
        reasons |= {e.beyond for e in check.entrances}
        mine = [b for b in result.buildings if b.shelter == check.shelter and round(b.farther_m or 0)]
        told = re.findall(r"([\d,]+) 人（(\d+) 栋）不走最近的出入口，最多多走 (\d+) 米", sheet)
        if mine:
            persons, farthest = sum(b.persons for b in mine), max(round(b.farther_m or 0) for b in mine)
            assert told == [(f"{persons:,}", str(len({b.building for b in mine})), str(farthest))]
        else:
            assert told == []
    assert {BeyondLimit.ROUNDING, BeyondLimit.OTHERWISE_LATE} <= reasons


@pytest.mark.parametrize("reason", BeyondLimit)
def test_every_reason_says_what_to_do(planned: Plan, reason: BeyondLimit) -> None:
    """Where another door has room the warden leads people there, else not; what needs doing is told to the command."""
    ws, result = planned
    check = next(d for d in result.doors if any(e.beyond for e in d.entrances))
    doors = tuple(e.model_copy(update={"beyond": e.beyond and reason}) for e in check.entrances)
    check = check.model_copy(update={"entrances": doors})
    said = [row[-1] for row in shelter_doors(ws, check).rows if row[-1] is not None]
    led = reason not in (BeyondLimit.ROUNDING, BeyondLimit.OTHER_DOORS_FULL)
    assert ["引到其余出入口" in t.zh for t in said if isinstance(t, Text)] == [led] * len(said)
    short = [t.zh for t in doors_short(result.model_copy(update={"doors": (check,)}))]
    assert ["引到同一工程" in t for t in short] == [led] * (reason is not BeyondLimit.ROUNDING)


def test_names_are_text_and_nothing_else(short: Plan, tmp_path: Path) -> None:
    ws, result = short
    name = Name(zh=HOSTILE, en=HOSTILE)
    kinds = ("buildings", "shelters", "communities", "fixed_posts", "entrances")
    ws = dataclasses.replace(
        ws, **{k: {i: v.model_copy(update={"name": name}) for i, v in getattr(ws, k).items()} for k in kinds}
    )
    files = written((ws, result), tmp_path, Audience.COMMAND)
    for lang in ("zh", "en"):
        page = files[f"wartime.{lang}.html"].decode()
        assert "<script" not in page
        assert "&lt;script&gt;" in page


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_clipped_and_the_command_has_one_page(
    planned: Plan, tmp_path: Path, chromium: Browser, lang: str
) -> None:
    """On A4 across, margins taken off, no table is wider than the paper; heads of sheets and tables are repeated."""
    written(planned, tmp_path, Audience.COMMAND)
    page = chromium.open(tmp_path / f"wartime.{lang}.html", width=1024)
    page.send("Emulation.setEmulatedMedia", media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1024
    assert page.evaluate(
        "[...document.querySelectorAll('thead')].every(t => getComputedStyle(t).display === 'table-header-group')"
    )
    assert page.evaluate(
        "[...document.querySelectorAll('.hand-out > tbody > tr')].every(t => getComputedStyle(t).breakInside === 'auto')"
    )
    page.evaluate("document.querySelectorAll('.hand-out').forEach((one, k) => { if (k) one.remove(); })")
    answer = page.send("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
    pdf = base64.b64decode(answer["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    page.close()
