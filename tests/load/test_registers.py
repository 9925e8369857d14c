"""Registers from Excel and CSV come into a workspace: nothing is lost in silence, nothing of a person's number is kept."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from civdef.errors import ImportRefusedError, UsageError, WorkspaceError
from civdef.load import load_workspace
from civdef.load.init import make_blank
from civdef.load.registers import TableImportResult, TableRequest, import_register
from tests import toy_town

NUMBER = "11010519491231002X"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    root = tmp_path / "town"
    toy_town.write(root)
    return root


def book(path: Path, sheets: dict[str, list[list[Any]]], **merges: list[tuple[int, int, int, int]]) -> Path:
    """Write a workbook."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(r, c, dt.datetime.combine(value, dt.time()), day)
                    elif value is not None:
                        sheet.write(r, c, value)
            for a, b, c, d in merges.get(name, []):
                sheet.merge_range(a, b, c, d, rows[a][b])
    return path


def take(root: Path, table: str, path: Path, **more: Any) -> TableImportResult:
    return import_register(root, TableRequest(table, path, **more), "zh")


def rows(root: Path, table: str) -> list[dict[str, str]]:
    text = (root / "plans" / f"{table}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def reasons(result: TableImportResult, action: str) -> dict[int, str]:
    return {c.row: c.reason for c in result.changes if c.action == action}


def every_byte(root: Path) -> str:
    return "\n".join(
        p.read_text(encoding="utf-8", errors="replace") for p in sorted(root.rglob("*")) if p.is_file()
    )


def test_a_register_as_offices_keep_it(town: Path, tmp_path: Path) -> None:
    path = book(
        tmp_path / "花名册.xlsx",
        {
            "队员": [
                ["应急队员花名册", None, None, None, None, None],
                ["序号", "姓  名", "联系方式", None, "所属社区", "核对日期"],
                [None, None, "手机", "座机", None, None],
                [1, "张　三", 13800000001, "0411-88000001", "玩具社区", 45717],
                [2, "李䶮", "138 0000 0002", "/", None, dt.date(2025, 3, 2)],
                [3, "𠮷王五", "１３８0000000３/13900000003", "", "虎滩社区", "2025年3月3日"],
                [4, None, "13800000005", "", "玩具", ""],
                ["合计", 4],
                ["填表人：王"],
            ]
        },
        队员=[(0, 0, 0, 5), (1, 2, 1, 3), (1, 1, 2, 1), (3, 4, 4, 4)],
    )
    result = take(town, "roster", path)
    assert (result.read, result.added, result.dropped) == (6, 3, 3)
    got = {r["name_zh"]: r for r in rows(town, "roster")}
    assert got["张三"]["phone"] == "13800000001"
    assert got["张三"]["alternate_phone"] == "0411-88000001"
    assert got["张三"]["phone_checked"] == "2025-03-01"
    assert got["李䶮"]["community"] == "community/toy", "the cell is merged with the one above"
    assert got["𠮷王五"]["phone"] == "13800000003"
    assert got["𠮷王五"]["alternate_phone"] == "13900000003"
    assert got["𠮷王五"]["community"] == ""
    assert "虎滩社区" in reasons(result, "repaired")[6]
    assert "玩具社区" in reasons(result, "repaired")[6]
    assert reasons(result, "dropped") == {7: "缺少姓名", 8: "合计行", 9: "填表说明或签字行"}
    report = (town / "out/import-roster.csv").read_bytes()
    assert report.startswith(b"\xef\xbb\xbf")
    assert "花名册.xlsx,8,".encode() in report
    load_workspace(town)


def test_identity_numbers_are_nowhere_in_the_workspace(town: Path, tmp_path: Path) -> None:
    path = book(
        tmp_path / "r.xlsx",
        {
            "r": [
                ["姓名", "身份证号", "人员编号", "手机", "专长", "英文名"],
                ["甲", NUMBER, 4.40103196001011e17, "13800000001", f"急救，证号{NUMBER}", "A"],
                [f"乙 {NUMBER}", NUMBER, NUMBER, NUMBER, "", "B"],
            ]
        },
    )
    result = take(town, "roster", path)
    text = every_byte(town) + result.to_json()
    assert NUMBER not in text
    assert NUMBER[:14] not in text
    assert not re.search(r"4\.?40103", text)
    assert [r["name_zh"] for r in rows(town, "roster") if r["name_zh"] in "甲乙"] == ["甲", "乙"]
    assert result.unused_columns == ["身份证号", "人员编号"] or set(result.unused_columns) >= {"身份证号"}
    assert sum("公民身份号码" in c.reason for c in result.changes) >= 4


def test_a_column_of_identity_numbers_cannot_be_mapped(town: Path, tmp_path: Path) -> None:
    path = book(tmp_path / "r.xlsx", {"r": [["姓名", "号"], ["甲", NUMBER], ["乙", NUMBER]]})
    take(town, "roster", path, mapping={"alternate_phone": "号"})
    assert NUMBER[:14] not in every_byte(town)
    assert all(not r.get("alternate_phone") for r in rows(town, "roster") if r["name_zh"] in "甲乙")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_csv_in_every_encoding(town: Path, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes("姓名,手机\n张䶮,013800000001\n".encode(encoding))
    take(town, "roster", path)
    assert [r["phone"] for r in rows(town, "roster") if r["name_zh"] == "张䶮"] == ["013800000001"]


def test_ids_stay_when_a_register_comes_again_in_another_order(town: Path, tmp_path: Path) -> None:
    first = [["姓名", "手机"], ["甲", "13800000001"], ["乙", "13800000002"], ["丙", "13800000003"]]
    take(town, "roster", book(tmp_path / "r.xlsx", {"r": first}))
    ids = {r["name_zh"]: r["id"] for r in rows(town, "roster")}
    again = [["姓名", "手机"], ["丁", "13800000004"], ["丙", "13900000003"], ["甲", "13800000001"]]
    result = take(town, "roster", book(tmp_path / "r.xlsx", {"r": again}))
    after = {r["name_zh"]: r["id"] for r in rows(town, "roster")}
    assert {n: after[n] for n in "甲丙"} == {n: ids[n] for n in "甲丙"}
    assert "乙" not in after
    assert after["丁"] not in ids.values()
    assert (result.added, result.changed, result.removed, result.unchanged) == (1, 1, 1, 1)
    assert [(d.action, d.fields) for d in result.differences if d.action == "changed"] == [
        ("changed", {"phone": ("13800000003", "13900000003")})
    ]


def test_somebody_who_is_referred_to_stays(town: Path, tmp_path: Path) -> None:
    people = [["姓名", "手机"], ["甲", "13800000001"], ["乙", "13800000002"]]
    take(town, "roster", book(tmp_path / "r.xlsx", {"r": people}))
    ids = {r["name_zh"]: r["id"] for r in rows(town, "roster")}
    (town / "plans/duty.csv").write_text(
        f"date,shift,role,person\n2026-11-01,day,duty_officer,{ids['乙']}\n", encoding="utf-8"
    )
    result = take(town, "roster", book(tmp_path / "r.xlsx", {"r": people[:2]}))
    assert result.removed == 0
    assert {r["name_zh"] for r in rows(town, "roster")} >= {"甲", "乙"}
    assert any("仍引用" in c.reason for c in result.changes)
    load_workspace(town)


def test_an_id_that_stood_for_somebody_is_not_given_again(town: Path, tmp_path: Path) -> None:
    take(town, "roster", book(tmp_path / "r.xlsx", {"r": [["姓名"], ["甲"]]}))
    old = next(r["id"] for r in rows(town, "roster") if r["name_zh"] == "甲")
    (town / "drills").mkdir(exist_ok=True)
    path = town / "plans" / "contingency" / "note.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# {old}.\n", encoding="utf-8")
    (town / "plans/roster.csv").write_text("id,name_zh\n", encoding="utf-8")
    take(town, "roster", book(tmp_path / "r.xlsx", {"r": [["姓名"], ["乙"]]}))
    assert next(r["id"] for r in rows(town, "roster") if r["name_zh"] == "乙") != old


def test_an_edit_by_hand_is_kept_and_force_overrides_it(town: Path, tmp_path: Path) -> None:
    path = book(tmp_path / "r.xlsx", {"r": [["姓名", "手机"], ["甲", "13800000001"]]})
    take(town, "roster", path)
    file = town / "plans/roster.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("13800000001", "13999999999"), encoding="utf-8")
    result = take(town, "roster", path)
    assert result.kept == 1
    assert "13999999999" in file.read_text(encoding="utf-8")
    assert take(town, "roster", path, force=True).changed == 1
    assert "13999999999" not in file.read_text(encoding="utf-8")


def test_households_by_address_and_the_people_who_live_there(town: Path, tmp_path: Path) -> None:
    (town / "plans/households.csv").unlink()
    path = book(
        tmp_path / "h.xlsx",
        {"h": [["户号", "楼栋", "单元", "房号", "人数", "65岁以上", "14岁以下"],
               ["0012", "h1", 1, "501", 3, 1, 0], ["0013", "h1", 2, "302", 2, "", ""], ["0014", "h9", 1, "101", 2, 0, 0],
               ["0015", "h2", 1, "101", 2, 2, 1], ["0012", "h2", 1, "101", 2, 0, 0]]},
    )  # fmt: skip
    result = take(town, "households", path)
    got = {r["id"]: r for r in rows(town, "households")}
    assert set(got) == {"household/0012", "household/0013"}
    assert got["household/0012"]["floor"] == "5"
    assert got["household/0012"]["building"] == "building/h1"
    assert set(reasons(result, "dropped")) == {4, 5, 6}
    path = book(
        tmp_path / "a.xlsx",
        {"a": [["姓名", "楼栋", "单元", "房号", "行动能力"], ["赵奶奶", "h1", 1, "501", "坐轮椅"], ["钱爷爷", "h1", 2, "302", "飞"],
               ["孙奶奶", "h7", 1, "101", "轮椅"], ["李奶奶", "h3", 1, "101", "轮椅"]]},
    )  # fmt: skip
    result = take(town, "assistance", path)
    people = rows(town, "assistance")
    assert [(r["name_zh"], r["household"], r["mobility"]) for r in people] == [
        ("赵奶奶", "household/0012", "wheelchair")
    ]
    dropped = reasons(result, "dropped")
    assert "轮椅" in dropped[3]
    assert "h7" in dropped[4]
    assert "没有登记住户" in dropped[5]
    load_workspace(town)


def test_several_sheets_of_one_register(town: Path, tmp_path: Path) -> None:
    path = book(
        tmp_path / "r.xlsx",
        {"说明": [["本表由各社区填报"]], "一区": [["姓名", "手机"], ["甲", "13800000001"], ["合计", 1]], "二区": [["姓名", "手机"], ["乙", "12"]]},
    )  # fmt: skip
    result = take(town, "roster", path)
    assert {r["name_zh"] for r in rows(town, "roster")} >= {"甲", "乙"}
    assert result.sheets == ["r.xlsx:一区", "r.xlsx:二区"]
    assert any("工作表 二区" in c.reason for c in result.changes)
    assert take(town, "roster", path, sheet="二区").sheets == ["r.xlsx:二区"]
    with pytest.raises(UsageError, match="no sheet"):
        take(town, "roster", path, sheet="三区")


def test_personal_tables_are_kept_out_of_git(town: Path, tmp_path: Path) -> None:
    (town / ".gitignore").write_text("/out/\n!/plans/roster.csv\n", encoding="utf-8")
    take(town, "roster", book(tmp_path / "r.xlsx", {"r": [["姓名"], ["甲"]]}))
    lines = (town / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "/plans/households.csv" in lines
    assert "/.imported/plans/" in lines
    assert "/plans/roster.csv" not in lines, "the user lets it in on purpose"


def test_memory_holds_no_content(town: Path, tmp_path: Path) -> None:
    take(town, "roster", book(tmp_path / "r.xlsx", {"r": [["姓名", "手机"], ["甲乙丙", "13800000001"]]}))
    text = (town / ".imported/plans/roster.csv.json").read_text(encoding="utf-8")
    assert json.loads(text)["sources"] == ["r.xlsx"]
    assert "13800000001" not in text
    assert "甲乙丙" not in text


@pytest.mark.parametrize(
    ("table", "heading", "row", "want"),
    [
        ("equipment", ["品名", "类别", "数量", "存放地点", "有效期"], ["帐篷", "安置", "12顶", "指挥室", "2027年5月"],
         {"category": "shelter", "quantity": "12", "unit_zh": "顶", "store": "fixed-post/room", "expires": "2027-05-31"}),
        ("vehicles", ["车牌号码", "车型", "座位", "停放点"], ["虚A 60397", "大巴", "45座", "指挥室"],
         {"plate": "虚A·60397", "name_zh": "虚A·60397", "kind": "bus", "seats": "45", "base": "fixed-post/room"}),
    ],
)  # fmt: skip
def test_equipment_and_vehicles(
    town: Path, tmp_path: Path, table: str, heading: list[str], row: list[Any], want: dict[str, str]
) -> None:
    take(town, table, book(tmp_path / "x.xlsx", {"x": [heading, row]}))
    got = rows(town, table)[0]
    assert {k: got[k] for k in want} == want
    load_workspace(town)


def test_a_duty_rota_replaces_the_days_it_has(town: Path, tmp_path: Path) -> None:
    take(town, "roster", book(tmp_path / "r.xlsx", {"r": [["姓名"], ["甲"], ["乙"]]}))
    head = ["日期", "班次", "值班岗位", "姓名"]
    take(
        town,
        "duty",
        book(
            tmp_path / "d.xlsx",
            {"d": [head, ["2026-11-01", "白班", "值班员", "甲"], ["2026-11-02", "夜班", "带班领导", "甲"]]},
        ),
    )
    result = take(
        town,
        "duty",
        book(
            tmp_path / "d.xlsx",
            {"d": [head, ["2026-11-02", "夜", "领导", "乙"], ["2026-11-03", "白", "值班员", "丙"]]},
        ),
    )
    names = {r["id"]: r["name_zh"] for r in rows(town, "roster")}
    assert [(r["date"], r["shift"], r["role"], names[r["person"]]) for r in rows(town, "duty")] == [
        ("2026-11-01", "day", "duty_officer", "甲"),
        ("2026-11-02", "night", "duty_leader", "乙"),
    ]
    assert "丙" in reasons(result, "dropped")[3]
    load_workspace(town)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.xlsx", b""), ("x.xlsx", b"PK\x03\x04rubbish"), ("x.xlsx", b"not a workbook"), ("x.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 600),
        ("x.csv", b"\x80\x81\x82\xff"), ("x.csv", b"a\x00b"), ("x.csv", "甲,乙\n1,2\n".encode()),
        ("x.csv", "姓名,手机\n".encode()), ("x.pdf", b"%PDF"), ("x.csv", b"\n\n\n"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_and_nothing_changes(
    town: Path, tmp_path: Path, name: str, data: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    before = every_byte(town)
    with pytest.raises(ImportRefusedError):
        take(town, "roster", path)
    assert every_byte(town) == before


def test_a_workbook_that_unpacks_to_more_than_memory_holds_is_refused(town: Path, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        sheet.write(0, 0, "姓名")
        sheet.write(1_048_575, 16_383, "甲")
    with pytest.raises(ImportRefusedError, match="unpacks"):
        take(town, "roster", path)


def test_a_field_or_column_that_is_not_there_is_named(town: Path, tmp_path: Path) -> None:
    path = book(tmp_path / "r.xlsx", {"r": [["姓名", "手机"], ["甲", "1"]]})
    with pytest.raises(UsageError, match="fone"):
        take(town, "roster", path, mapping={"fone": "手机"})
    with pytest.raises(ImportRefusedError, match="电邮"):
        take(town, "roster", path, mapping={"phone": "电邮"})


def test_what_was_said_of_columns_is_remembered(town: Path, tmp_path: Path) -> None:
    settings = town / "civdef.toml"
    settings.write_text("# 我们的街道\n" + settings.read_text(encoding="utf-8"), encoding="utf-8")
    first = [["姓名", "拨打", "手机"], ["甲", "13800000001", "13900000009"]]
    take(town, "roster", book(tmp_path / "r.xlsx", {"r": first}), mapping={"phone": "拨打"})
    assert settings.read_text(encoding="utf-8").startswith("# 我们的街道\n")
    text = settings.read_bytes()
    take(town, "roster", book(tmp_path / "s.xlsx", {"r": [*first, ["乙", "13800000002", ""]]}))
    assert {r["name_zh"]: r["phone"] for r in rows(town, "roster") if r["name_zh"] in "甲乙"} == {
        "甲": "13800000001", "乙": "13800000002",
    }  # fmt: skip
    assert settings.read_bytes() == text, "nothing new to remember"
    other = book(tmp_path / "t.xlsx", {"r": [["姓名", "手机"], ["丙", "13800000003"]]})
    take(town, "roster", other)
    assert [r["phone"] for r in rows(town, "roster") if r["name_zh"] == "丙"] == ["13800000003"], (
        "other headings"
    )
    load_workspace(town)


def test_a_table_with_faults_is_not_added_to(town: Path, tmp_path: Path) -> None:
    file = town / "plans/roster.csv"
    file.write_text("id,name_zh,extra\nperson/x,甲,1\n", encoding="utf-8")
    path = book(tmp_path / "r.xlsx", {"r": [["姓名"], ["甲"]]})
    with pytest.raises(WorkspaceError):
        take(town, "roster", path)
    assert "extra" in file.read_text(encoding="utf-8")


def test_a_blank_workspace_takes_a_register_first(tmp_path: Path) -> None:
    make_blank(tmp_path / "ws")
    take(tmp_path / "ws", "roster", book(tmp_path / "r.xlsx", {"r": [["姓名"], ["甲"]]}))
    assert [r["id"] for r in rows(tmp_path / "ws", "roster")] == ["person/0001"]
    shutil.rmtree(tmp_path / "ws")
