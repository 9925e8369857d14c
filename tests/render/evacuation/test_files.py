"""The files of an evacuation plan: read back, printable, the same bytes twice, nothing private in public."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import re
import sqlite3
import zipfile
from pathlib import Path

import pyogrio
import pytest
from python_calamine import CalamineWorkbook

from civdef.cli import main
from civdef.evacuate.orders import orders
from civdef.evacuate.question import Question
from civdef.evacuate.result import EvacuationResult, RouteException, Wave, ZonePart
from civdef.evacuate.solve import Solution, report, solve
from civdef.graph.roads import build_street_network
from civdef.load import load_workspace
from civdef.model.base import Name
from civdef.model.workspace import Workspace
from civdef.render.audience import Audience
from civdef.render.evacuation import write_evacuation
from civdef.render.evacuation.report import report_page
from civdef.render.evacuation.sheets import Column, Sheet, sheet_name, workbook
from tests import toy_town

HOSTILE = "=1+1</td><script>alert(1)</script>&P"


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_town.write(tmp_path_factory.mktemp("toy"))


def planned(ws: Workspace, **question: object) -> tuple[Workspace, Solution, EvacuationResult]:
    solution = solve(ws, build_street_network(ws), Question("toy", **question))  # type: ignore[arg-type]
    return ws, solution, report(ws, solution)


def written(
    ws: Workspace, folder: Path, audience: Audience = Audience.TEAM, **question: object
) -> dict[str, bytes]:
    plan = planned(ws, **question)
    paths = write_evacuation(*plan, folder, audience=audience, lang="zh")
    assert sorted(p.name for p in folder.iterdir()) == sorted(p.name for p in paths)
    return {p.name: p.read_bytes() for p in paths}


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_object(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def table(rows: list[list[object]]) -> list[dict[str, object]]:
    """Return the rows below the heading, which is the first row with a running number below it."""
    top = next(k for k, row in enumerate(rows) if row[0] in ("序号", "no."))
    return [dict(zip(map(str, rows[top]), row, strict=True)) for row in rows[top + 1 :]]


def test_lists_hold_everybody_once(toy: Path, tmp_path: Path) -> None:
    files = written(load_workspace(toy), tmp_path)
    assert set(files) == {
        "plan.zh.html",
        "plan.en.html",
        "by-community.xlsx",
        "by-shelter.xlsx",
        "plan.gpkg",
        "result.json",
    }
    communities = [r for rows in sheets(files["by-community.xlsx"]).values() for r in table(rows)]
    shelters = [r for rows in sheets(files["by-shelter.xlsx"]).values() for r in table(rows)]
    for found in (communities, shelters):
        assert sorted(str(r["楼栋"]) for r in found) == ["h1", "h2", "h3", "h4"]
        assert sum(int(str(r["人数"]).split(".")[0]) for r in found) == 14
    by_name = {r["楼栋"]: r for r in communities}
    assert by_name["h1"]["避难场所"] == "南避难点"
    assert str(by_name["h1"]["路线"]).startswith("沿大街向西走 20 米")
    assert {name: len(table(rows)) for name, rows in sheets(files["by-shelter.xlsx"]).items()} == {
        "北避难点": 2,
        "南避难点": 2,
    }


def test_houses_without_a_name_stand_street_by_street(tmp_path: Path) -> None:
    houses = {
        "w1000010": (180, -10),
        "w1000200": (20, 110),
        "w1000900": (20, -10),
        "a10": (60, 110),
        "a9": (120, 110),
    }
    rows = [
        toy_town.feature(
            "Polygon", toy_town.square(x, y), id=f"building/{n}", name_zh=f"房屋 {n}" if n[0] == "w" else n[1:] + "号楼",
            community="community/toy", use="residential",
        )
        for n, (x, y) in houses.items()
    ]  # fmt: skip
    homes = "".join(f"household/{n},building/{n},2,0,0\n" for n in houses)
    changed: dict[str, str | None] = {
        "maps/buildings.geojson": toy_town.collection(rows),
        "plans/households.csv": "id,building,residents,children,elderly\n" + homes,
    }
    files = written(load_workspace(toy_town.write(tmp_path / "town", changed)), tmp_path / "out")
    (found,) = sheets(files["by-community.xlsx"]).values()
    assert [r["楼栋"] for r in table(found)] == [
        "9号楼", "10号楼", "未命名房屋 010（后巷）", "未命名房屋 900（后巷）", "未命名房屋 200（大街）",
    ]  # fmt: skip
    page = files["plan.zh.html"].decode()
    assert page.index("未命名房屋 900（后巷）") < page.index("未命名房屋 200（大街）")


def test_left_over_stand_in_the_lists_too(toy: Path, tmp_path: Path) -> None:
    files = written(load_workspace(toy), tmp_path, without_shelters=("south",))
    (rows,) = sheets(files["by-community.xlsx"]).values()
    found = table(rows)
    assert sum(int(str(r["人数"]).split(".")[0]) for r in found) == 14
    left = [r for r in found if str(r["路线"]).startswith("未安置")]
    assert sum(int(str(r["人数"]).split(".")[0]) for r in left) == 4
    page = files["plan.zh.html"].decode()
    assert "还有 4 人没有去处" in page
    assert "尚无去处的楼栋" in page
    assert "未安置" in pyogrio.list_layers(tmp_path / "plan.gpkg")[:, 0]
    shelters = pyogrio.read_dataframe(tmp_path / "plan.gpkg", layer="避难场所").set_index("shelter")
    assert shelters.loc["shelter/south", ["refused_zh", "refused_en"]].tolist() == [
        "本次停用",
        "left out of this question",
    ]


def test_who_is_late_is_said_before_anything_else(toy: Path) -> None:
    ws, solution, result = planned(load_workspace(toy))
    assert "晚于期限" not in report_page(ws, result, orders(ws, solution, result), Audience.TEAM, "zh")
    zone = ZonePart(
        deadline_s=600, footprints=(), buildings=4, persons=14, simulated_last_s=900, margin_s=-300,
        late_persons=12,
    )  # fmt: skip
    late = result.model_copy(update={"late_persons": 12, "zones": (zone,)})
    page = report_page(ws, late, orders(ws, solution, late), Audience.TEAM, "zh")
    assert "有 12 人晚于期限到达（期限 10 分钟）" in page
    two = late.model_copy(
        update={
            "late_persons": 14,
            "zones": (zone, zone.model_copy(update={"deadline_s": 1200, "late_persons": 2})),
        }
    )
    said = orders(ws, solution, two)
    assert "期限 10 分钟的 12 人、20 分钟的 2 人" in report_page(ws, two, said, Audience.TEAM, "zh")
    assert "12 due within 10 min, 2 due within 20 min" in report_page(ws, two, said, Audience.TEAM, "en")
    assert page.index("12 人晚于期限") < page.index("一、总体情况")
    public = report_page(ws, late, orders(ws, solution, late), Audience.PUBLIC, "zh")
    assert "12 人晚于期限" in public or "不足" in public


def test_buildings_that_come_late_are_marked_in_the_lists(toy: Path, tmp_path: Path) -> None:
    ws, solution, result = planned(load_workspace(toy))
    rows = tuple(
        r.model_copy(
            update={"deadline_s": 120.0, "arrival_last_s": 121.0 if r.building == "building/h1" else 120.0}
        )
        for r in result.assignments
    )
    late = result.model_copy(update={"assignments": rows})
    said = orders(ws, solution, late)
    assert report_page(ws, late, said, Audience.TEAM, "zh").count("0:03 晚") == 1
    assert report_page(ws, late, said, Audience.TEAM, "en").count("0:03 late") == 1
    for lang in ("zh", "en"):
        folder = tmp_path / lang
        write_evacuation(ws, solution, late, folder, audience=Audience.TEAM, lang=lang)
        for name, building, column in (
            ("by-community.xlsx", ("楼栋", "building"), ("最迟进入", "all inside by")),
            ("by-shelter.xlsx", ("楼栋", "building"), ("最迟到齐", "all in by")),
        ):
            pages = sheets((folder / name).read_bytes())
            k = lang == "en"
            times = {r[building[k]]: r[column[k]] for page in pages.values() for r in table(page)}
            marked = "0:03 late" if k else "0:03 晚"
            assert times == {"h1": marked, "h2": "0:02", "h3": "0:02", "h4": "0:02"}
            said = "4 persons in 1 building come" if k else "其中 1 栋 4 人按现方案晚于撤离期限，标为“晚”"
            with_h1 = [page for page in pages.values() if any("h1" in row for row in page)]
            assert [
                page for page in pages.values() if any(said in str(x) for row in page for x in row)
            ] == with_h1
    ws, solution, result = planned(load_workspace(toy))
    write_evacuation(ws, solution, result, tmp_path / "in-time", audience=Audience.TEAM, lang="zh")
    for name in ("by-community.xlsx", "by-shelter.xlsx"):
        assert "晚" not in str(sheets((tmp_path / "in-time" / name).read_bytes()))


def test_waves_and_exits_are_told(toy: Path, tmp_path: Path) -> None:
    ws, solution, result = planned(load_workspace(toy))
    waves = (
        Wave(wave=1, departure_s=0, buildings=2, persons=8),
        Wave(wave=2, departure_s=420, buildings=2, persons=6),
    )
    rows = tuple(
        r.model_copy(
            update={
                "departure_s": 420.0,
                "exceptions": ("longer_because_the_short_way_is_full",),
                "times_shortest": 2.34,
            }
        )
        if r.building == "building/h1"
        else r.model_copy(update={"departure_s": 0.0})
        for r in result.assignments
    )
    staged = result.model_copy(update={"waves": waves, "assignments": rows, "exceptions": 1})
    write_evacuation(ws, solution, staged, tmp_path, audience=Audience.TEAM, lang="zh")
    page = (tmp_path / "plan.zh.html").read_text(encoding="utf-8")
    assert "2 批，末批 0:07 出发" in page
    assert "1 条（近路已满，最远为最短路的 2.3 倍）" in page
    assert page.count("（近路已满，绕行路程为最短路的 2.3 倍）") == 1
    (found,) = (table(rows) for rows in sheets((tmp_path / "by-community.xlsx").read_bytes()).values())
    assert {r["楼栋"]: r["出发"] for r in found} == {"h1": "0:07", "h2": "0:00", "h3": "0:00", "h4": "0:00"}
    split = tuple(dataclasses.replace(o, part=2) for o in orders(ws, solution, staged))
    assert "h1（2号口）" in report_page(ws, staged, split, Audience.TEAM, "zh")


def test_the_reason_for_many_turns_stands_behind_the_way(toy: Path, tmp_path: Path) -> None:
    ws, solution, result = planned(load_workspace(toy))
    kinds: list[tuple[RouteException, int, float | None]] = [
        ("more_turns_because_no_plainer_way_exists", 13, None),
        ("more_turns_because_plainer_ways_are_later", 4, 40.0),
        ("more_turns_because_not_every_plainer_way_was_tried", 3, None),
        ("more_turns_because_plainer_ways_are_later", 4, 60.0),
    ]
    rows = tuple(
        r.model_copy(
            update={"turns": 14, "exceptions": (kind,), "fewest_turns": fewest, "plainer_later_s": later}
        )
        for r, (kind, fewest, later) in zip(result.assignments, kinds, strict=True)
    )
    bent = result.model_copy(update={"assignments": rows, "exceptions": 4})
    write_evacuation(ws, solution, bent, tmp_path, audience=Audience.TEAM, lang="zh")
    page = (tmp_path / "plan.zh.html").read_text(encoding="utf-8")
    assert (
        "转弯超过 12 次 1 条（附近没有较直的路）、转弯超过 12 次 2 条（改走较直的路要晚 40 至 60 秒）、"
        "转弯超过 12 次 1 条（另有较直的路，尚未逐一试排）"
    ) in page
    (found,) = (table(rows) for rows in sheets((tmp_path / "by-community.xlsx").read_bytes()).values())
    ways = {str(r["楼栋"]): str(r["路线"]) for r in found}
    assert ways["h1"].endswith("（转弯 14 次：最短路 1.5 倍以内的走法至少也要转 13 次）")
    assert ways["h2"].endswith("（转弯 14 次：改走较直的路要晚 40 秒）")
    assert ways["h3"].endswith("（转弯 14 次：另有较直的路，尚未逐一试排）")
    english = [o.why.en for o in orders(ws, solution, bent) if o.why is not None]
    assert english[1] == "14 turns: a plainer way would end 40 s later"


def test_sheets_print_on_a4(toy: Path, tmp_path: Path) -> None:
    files = written(load_workspace(toy), tmp_path)
    for name in ("by-community.xlsx", "by-shelter.xlsx"):
        book = zipfile.ZipFile(io.BytesIO(files[name]))
        titles = book.read("xl/workbook.xml").decode()
        for part in [n for n in book.namelist() if n.startswith("xl/worksheets/sheet")]:
            xml = book.read(part).decode()
            assert 'orientation="landscape"' in xml
            assert 'paperSize="9"' in xml
            assert 'fitToHeight="0"' in xml
            assert "第 &amp;P 页，共 &amp;N 页" in xml
            assert "队伍工作版" in xml
            assert "<f>" not in xml
        assert titles.count("_xlnm.Print_Titles") == len(re.findall("<sheet ", titles))


def test_the_same_plan_gives_the_same_bytes(toy: Path, tmp_path: Path) -> None:
    ws = load_workspace(toy)
    assert written(ws, tmp_path / "a") == written(ws, tmp_path / "b")


def test_layers_are_metric_and_as_long_as_the_routes(toy: Path, tmp_path: Path) -> None:
    ws = load_workspace(toy)
    written(ws, tmp_path)
    path = tmp_path / "plan.gpkg"
    assert set(pyogrio.list_layers(path)[:, 0]) == {"疏散路线", "楼栋去向", "避难场所"}
    routes = pyogrio.read_dataframe(path, layer="疏散路线")
    assert routes.crs.to_epsg() == 4550
    assert routes.length.to_numpy() == pytest.approx(routes["length_m"].to_numpy(), abs=0.2)
    assert routes["persons"].sum() == 14
    buildings = pyogrio.read_dataframe(path, layer="楼栋去向")
    assert dict(zip(buildings["building"], buildings["shelter"], strict=True)) == {
        "building/h1": "shelter/south", "building/h2": "shelter/north",
        "building/h3": "shelter/north", "building/h4": "shelter/south",
    }  # fmt: skip
    shelters = pyogrio.read_dataframe(path, layer="避难场所")
    assert dict(zip(shelters["shelter"], shelters["persons"], strict=True)) == {
        "shelter/north": 8,
        "shelter/south": 6,
    }


def test_every_field_has_a_chinese_alias(toy: Path, tmp_path: Path) -> None:
    written(load_workspace(toy), tmp_path, without_shelters=("south",))
    path = tmp_path / "plan.gpkg"
    layers = pyogrio.list_layers(path)[:, 0]
    assert "未安置" in layers
    with contextlib.closing(sqlite3.connect(path)) as base:
        rows = base.execute("SELECT table_name, column_name, name FROM gpkg_data_columns").fetchall()
        known = {row[0] for row in base.execute("SELECT table_name FROM gpkg_extensions")}
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    aliases = {(layer, field): alias for layer, field, alias in rows}
    for layer in layers:
        for field in pyogrio.read_info(path, layer=layer)["fields"]:
            assert re.search(r"[\u4e00-\u9fff]", aliases[layer, field]), (layer, field)
    assert "gpkg_data_columns" in known


def test_the_public_sees_no_lists_and_no_small_counts(toy: Path, tmp_path: Path) -> None:
    ws = load_workspace(toy)
    files = written(ws, tmp_path, Audience.PUBLIC)
    assert set(files) == {"plan.zh.html", "plan.en.html", "plan.gpkg"}
    least = ws.settings.maps.public_small_count
    assert least == 5
    buildings = pyogrio.read_dataframe(tmp_path / "plan.gpkg", layer="楼栋去向")
    assert buildings.set_index("building")["persons"].dropna().to_dict() == {"building/h3": 5}, (
        "4, 3 and 2 are small"
    )
    assert not {"assisted", "elderly", "children"} & set(buildings.columns)
    page = files["plan.zh.html"].decode()
    assert f"不足 {least}" in page
    for person in ws.people.values():
        assert person.phone is None or person.phone not in page


def test_shelters_in_charge_are_told_to_the_team_only(toy: Path, tmp_path: Path) -> None:
    ws = load_workspace(toy)
    north = ws.shelters["shelter/north"].model_copy(
        update={"team": "team/toy", "key_holder": "post/commander"}
    )
    ws = dataclasses.replace(ws, shelters={**ws.shelters, "shelter/north": north})
    files = written(ws, tmp_path / "team")
    said = [str(row[0]) for row in sheets(files["by-shelter.xlsx"])["北避难点"]]
    assert "负责：玩具队 陈 19900000003、钥匙 安 19900000001" in said
    public = written(ws, tmp_path / "public", Audience.PUBLIC)
    assert not any(b"19900000003" in data for data in public.values())


def test_a_latin_name_stands_apart_in_a_title(toy: Path, tmp_path: Path) -> None:
    ws = load_workspace(toy)
    north = ws.shelters["shelter/north"].model_copy(update={"name": Name(zh="Kasarmitori", en="Kasarmitori")})
    files = written(dataclasses.replace(ws, shelters={**ws.shelters, "shelter/north": north}), tmp_path)
    first = sheets(files["by-shelter.xlsx"])["Kasarmitori"][0]
    assert str(first[0]).startswith("Kasarmitori 接收清单")


def test_names_are_text_and_nothing_else(toy: Path, tmp_path: Path) -> None:
    ws = load_workspace(toy)
    named = {
        "buildings": {k: v.model_copy(update={"name": Name(zh=HOSTILE, en=HOSTILE)}) for k, v in ws.buildings.items()},
        "shelters": {k: v.model_copy(update={"name": Name(zh=HOSTILE, en=HOSTILE)}) for k, v in ws.shelters.items()},
        "communities": {k: v.model_copy(update={"name": Name(zh=HOSTILE, en=HOSTILE)}) for k, v in ws.communities.items()},
        "roads": {k: v.model_copy(update={"name": Name(zh=HOSTILE, en=HOSTILE)}) for k, v in ws.roads.items()},
    }  # fmt: skip
    files = written(dataclasses.replace(ws, **named), tmp_path)
    for name in ("plan.zh.html", "plan.en.html"):
        page = files[name].decode()
        assert "<script" not in page
        assert "&lt;script&gt;" in page
        assert "connect-src" not in page
        assert "default-src 'none'" in page
    found = sheets(files["by-shelter.xlsx"])
    assert len(found) == 2, "two sheets of the same name"
    for rows in found.values():
        assert {r["楼栋"] for r in table(rows)} == {HOSTILE}
    for name in ("by-community.xlsx", "by-shelter.xlsx"):
        book = zipfile.ZipFile(io.BytesIO(files[name]))
        assert not any(b"<f>" in book.read(n) for n in book.namelist() if "worksheets/sheet" in n)


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("望海社区", "望海社区"), ("a/b:c*d?e[f]g\\h", "a b c d e f g h"), ("", "–"), ("'", "–"), ("History", "History "),
        ("长" * 60, "长" * 31), ("望海社区", "望海社区 2"),
    ],
)  # fmt: skip
def test_names_that_excel_takes(wanted: str, name: str) -> None:
    taken = {"望海社区"} if name.endswith(" 2") else set()
    assert sheet_name(wanted, taken).rstrip() == name.rstrip()
    assert len(sheet_name(wanted, taken)) <= 31
    again = [sheet_name(wanted, taken).casefold() for _ in range(12)]
    assert len(set(again)) == 12


def test_an_empty_table_is_a_sheet(tmp_path: Path) -> None:
    data = workbook([Sheet("a", "t", (), (Column("x", 10),), ())], "en", "mark")
    assert sheets(data) == {"a": [["t"], ["x"]]}


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(list(argv))
    out, err = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, out, err


def test_by_the_command(toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = ("evacuate", "--plan", "toy", "-C", str(toy), "-o", str(tmp_path / "x"))
    code, out, _ = run(capsys, *args, "--format", "json", "--json")
    assert code == 0
    assert [p.name for p in (tmp_path / "x").iterdir()] == ["result.json"]
    assert json.loads(out) == json.loads((tmp_path / "x" / "result.json").read_text(encoding="utf-8"))
    code, out, _ = run(capsys, *args, "--audience", "public", "--lang", "en")
    assert code == 0
    assert out.count("Written:") == 3
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    code, out, err = run(
        capsys, "evacuate", "--plan", "toy", "-C", str(toy), "-o", str(blocked / "y"), "--lang", "en"
    )
    assert code == 2
    assert "Cannot write" in err
    assert blocked.read_text(encoding="utf-8") == ""


def test_the_lists_of_further_communities_begin_on_sheets_of_their_own(toy: Path) -> None:
    ws, solution, result = planned(load_workspace(toy))
    told = orders(ws, solution, result)
    assert 'class="new-sheet"' not in report_page(ws, result, told, Audience.TEAM, "zh")
    halves = [
        dataclasses.replace(o, community="community/b" if k % 2 else "community/a")
        for k, o in enumerate(told)
    ]
    (whole,) = result.communities
    two = result.model_copy(
        update={"communities": tuple(whole.model_copy(update={"community": f"community/{c}"}) for c in "ab")}
    )
    page = report_page(ws, two, halves, Audience.TEAM, "zh")
    assert page.count('<h2 class="new-sheet">') == 1
    assert ".orders h2.new-sheet { break-before: page; }" in page
    assert (
        ".orders h2 + p { break-after: avoid; }" in page
    )  # nor does a heading stay behind on the sheet before
