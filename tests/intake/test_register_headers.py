"""Where a table begins and which column is which."""

from __future__ import annotations

from typing import Any

import pytest

from civdef import registry
from civdef.intake.registers.columns import Kind, Table, plain
from civdef.intake.registers.headers import find_header
from civdef.intake.sheet import Sheet
from civdef.load.cells import columns
from civdef.load.tables import TABLES as FILES

TABLES: dict[str, Table] = {m.TABLE.name: m.TABLE for m in registry.modules("civdef.intake.registers.tables")}


def sheet(rows: list[list[Any]], merges: list[tuple[int, int, int, int]] | None = None) -> Sheet:
    return Sheet("s", rows, merges or [])


def fields(
    rows: list[list[Any]], table: str = "roster", mapping: dict[str, str] | None = None, **more: Any
) -> dict[str, int]:
    found = find_header(sheet(rows, **more), TABLES[table], mapping or {})
    assert found is not None
    return dict(found.fields)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_describes_every_column_of_its_file(name: str) -> None:
    table = TABLES[name]
    assert tuple(c.field for c in table.stored) == columns(FILES[table.file].noun)
    assert all(c.note.zh and c.note.en and c.title.zh and c.title.en for c in table.columns)
    assert all(c.choices for c in table.columns if c.kind is Kind.CHOICE)


@pytest.mark.parametrize("name", sorted(TABLES))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_exported_heading_is_read_back_column_by_column(name: str, lang: Any) -> None:
    table = TABLES[name]
    titles = [c.title.in_(lang) for c in table.stored]
    assert len(set(titles)) == len(titles)
    assert fields([titles], name) == {c.field: i for i, c in enumerate(table.stored)}
    assert fields([[c.field for c in table.stored]], name) == {c.field: i for i, c in enumerate(table.stored)}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_no_word_stands_for_two_values(name: str) -> None:
    for column in TABLES[name].columns:
        for choice in column.choices:
            words = (choice.code, choice.label.zh, choice.label.en)
            assert {column.codes[plain(w)] for w in words} == {choice.code}


def test_titles_above_the_heading_are_passed_over() -> None:
    rows = [
        ["明泽湖街道应急队员花名册"],
        ["填报单位：", "应急办"],
        [],
        ["序号", "姓  名", "联系电话", "单位"],
        [1, "张三", 1.0, ""],
    ]
    assert fields(rows) == {"name_zh": 1, "phone": 2, "office": 3}


def test_units_and_stars_do_not_hide_a_heading() -> None:
    assert fields([["*名称", "类 别", "数量（件）", "存放地点：", "有效期"]], "equipment") == {
        "name_zh": 0, "category": 1, "quantity": 2, "store": 3, "expires": 4,
    }  # fmt: skip


def test_a_heading_of_two_rows_with_merged_cells() -> None:
    rows = [["姓名", "联系方式", None, "住址"], [None, "手机", "座机", None], ["张三", "138", "0411", "x"]]
    merges = [(0, 1, 0, 2), (0, 0, 1, 0), (0, 3, 1, 3)]
    assert fields(rows, merges=merges) == {"name_zh": 0, "phone": 1, "alternate_phone": 2, "home": 3}


def test_a_heading_of_two_rows_in_csv_names_whose_telephone_it_is() -> None:
    rows = [
        ["姓名", "行动能力", "第一帮扶人", "", "楼栋"],
        ["", "", "姓名", "电话", ""],
        ["甲", "轮椅", "乙", "138", "1幢"],
    ]
    assert fields(rows, "assistance") == {
        "name_zh": 0, "mobility": 1, "helper_1": 2, "helper_1_phone": 3, "building": 4,
    }  # fmt: skip


def test_a_first_row_of_data_is_not_taken_for_a_second_row_of_heading() -> None:
    rows = [["姓名", "", "手机"], ["张三", "电话", "座机"]]
    found = find_header(sheet(rows), TABLES["roster"], {})
    assert found is not None
    assert found.last == 0


def test_what_the_user_says_goes_before_what_is_guessed() -> None:
    rows = [["姓名", "曾用名", "手机"]]
    assert fields(rows, mapping={"name_zh": "曾用名"})["name_zh"] == 1


def test_two_telephone_columns_find_their_places_whatever_their_order() -> None:
    assert fields([["姓名", "联系电话", "手机号码"]]) == {"name_zh": 0, "phone": 2, "alternate_phone": 1}


@pytest.mark.parametrize("rows", [[], [[]], [["a", "b"], ["c", "d"]], [[1.0, 2.0]], [[None]]])
def test_a_sheet_without_a_heading_has_none(rows: list[list[Any]]) -> None:
    assert find_header(sheet(rows), TABLES["roster"], {}) is None
