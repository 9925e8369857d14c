"""Cells as offices fill them in."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civdef.intake.registers import values
from civdef.intake.registers.columns import Column, Kind, choices
from civdef.text import Text

ANY = Text("甲", "a")


def column(kind: Kind, **more: object) -> Column:
    return Column("x", kind, Text("数量", "Quantity"), ANY, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "want"),
    [
        (None, ""),
        ("  王五　", "王五"),
        (13800000001.0, "13800000001"),
        (3.5, "3.5"),
        (float("nan"), ""),
        (dt.datetime(2026, 11, 1), "2026-11-01"),
        (dt.datetime(2026, 11, 1, 8, 30), "2026-11-01 08:30"),
        ("\ufeff䶮\u200b", "䶮"),
        ("𠮷", "𠮷"),
        ("007", "007"),
        ("a\r\nb\rc", "a\nb\nc"),
        (True, "true"),
    ],
)
def test_text(cell: object, want: str) -> None:
    assert values.text_of(cell) == want  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "first", "second"),
    [
        (13800000001.0, "13800000001", ""),
        ("13800000001", "13800000001", ""),
        ("138 0000 0001", "138 0000 0001", ""),
        ("138-0000-0001", "138-0000-0001", ""),
        ("１３８０００００００１", "13800000001", ""),
        ("13800000001/13900000002", "13800000001", "13900000002"),
        ("13800000001、 0411-88000001", "13800000001", "0411-88000001"),
        ("13800000001 13900000002", "13800000001", "13900000002"),
        ("手机：13800000001", "13800000001", ""),
        ("(0411)88000001", "0411-88000001", ""),
        ("+86 13800000001", "+86 13800000001", ""),
        ("041188000001转802", "041188000001", ""),
        ("01012345678", "01012345678", ""),
    ],
)
def test_telephones(cell: object, first: str, second: str) -> None:
    got = values.read(column(Kind.PHONE), cell)  # type: ignore[arg-type]
    assert (got.value, got.more) == (first, second)


@pytest.mark.parametrize("cell", ["同上", "见通讯录", "12"])
def test_no_telephone_is_said(cell: str) -> None:
    got = values.read(column(Kind.PHONE), cell)
    assert got.value == ""
    assert got.told is not None
    assert cell in got.told.zh


@pytest.mark.parametrize(
    ("cell", "want"),
    [
        (dt.date(2025, 3, 1), "2025-03-01"),
        (dt.datetime(2025, 3, 1, 9, 0), "2025-03-01"),
        ("2025-03-01", "2025-03-01"),
        ("2025/3/1", "2025-03-01"),
        ("2025.3.1", "2025-03-01"),
        ("20250301", "2025-03-01"),
        (20250301.0, "2025-03-01"),
        ("2025年3月1日", "2025-03-01"),
        ("２０２５年３月１日", "2025-03-01"),
        ("2025-03-01 00:00:00", "2025-03-01"),
        (45717.0, "2025-03-01"),
        ("45717", "2025-03-01"),
        ("长期", ""),
    ],
)
def test_dates(cell: object, want: str) -> None:
    got = values.read(column(Kind.DATE), cell)  # type: ignore[arg-type]
    assert got == values.Read(want)


@given(st.dates(dt.date(1955, 1, 1), dt.date(2110, 12, 31)))
def test_every_day_is_read_from_every_way_to_write_it(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    ways = [
        day,
        float(serial),
        str(serial),
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y/%m/%d}",
    ]
    assert {values.read(column(Kind.DATE), way).value for way in ways} == {day.isoformat()}


def test_a_month_is_its_last_day_where_something_expires_and_its_first_elsewhere() -> None:
    assert values.read(column(Kind.DATE, month_end=True), "2024年2月").value == "2024-02-29"
    assert values.read(column(Kind.DATE), "2024.2").value == "2024-02-01"
    assert values.read(column(Kind.DATE), "2024-02").told is not None


@pytest.mark.parametrize("cell", ["2025-02-30", "2025年13月", "明天", "1.5", "1600-01-01"])
def test_no_date_is_said(cell: str) -> None:
    got = values.read(column(Kind.DATE), cell)
    assert got.value == ""
    assert got.told is not None


@pytest.mark.parametrize(
    ("cell", "want"),
    [("12", "12"), (12.0, "12"), ("12.0", "12"), ("1,200", "1200"), ("12台", "12"), ("约30", "30"), ("三", "3"),
     ("二十三", "23"), ("一百零五", "105"), ("十", "10"), ("两人", "2"), ("/", ""), ("—", ""), ("无", "")],
)  # fmt: skip
def test_whole_numbers(cell: object, want: str) -> None:
    assert values.read(column(Kind.WHOLE), cell).value == want  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["3.5", "若干", "1e3", "#REF!", 2.5])
def test_no_whole_number_is_said(cell: object) -> None:
    got = values.read(column(Kind.WHOLE), cell)  # type: ignore[arg-type]
    assert got.value == ""
    assert got.told is not None


def test_limits_are_said() -> None:
    got = values.read(column(Kind.WHOLE, low=0, high=60), "61")
    assert got.value == ""
    assert got.told == Text("数量 应为 0 至 60，实为 61", "Quantity must be 0 to 60, and is 61")


@given(st.integers(0, 9999))
def test_spelled_numbers_come_back(number: int) -> None:
    assert values.chinese_number(spell(number)) == number


def spell(number: int) -> str:
    """Return a number in Chinese, written by another rule than the one under test: digit by digit, zeros in between."""
    digits = "零一二三四五六七八九"
    if number == 0:
        return "零"
    out = ""
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            out += digits[digit] + unit
        elif out and number % power and not out.endswith("零"):
            out += "零"
    return out


def test_choices_know_their_labels_in_both_languages() -> None:
    kinds = choices([("bus", "大客车", "bus", ("大巴",)), ("van", "面包车", "van")])
    closed, opened = column(Kind.CHOICE, choices=kinds), column(Kind.CHOICE, choices=kinds, other="other")
    assert [values.read(closed, c).value for c in ("大客车", "大巴", "BUS", "bus", " 面包车 ")] == [
        "bus"
    ] * 3 + ["bus", "van"]
    refused = values.read(closed, "大客")
    assert refused.value == ""
    assert refused.told is not None
    assert "大客车" in refused.told.zh
    assert values.read(opened, "挖掘机").value == "other"
    assert values.read(opened, "crane").value == "crane"


def test_lists_are_split_at_what_people_write_between() -> None:
    kinds = choices([("first_aid", "急救", "first aid")])
    assert (
        values.read(column(Kind.LIST, choices=kinds), "急救、水电维修，急救/驾车").value
        == "first_aid;水电维修;驾车"
    )


@pytest.mark.parametrize(
    ("written", "want"),
    [
        ("张　三", "张三"),
        ("欧 阳 锋", "欧阳锋"),
        ("John  Smith", "John Smith"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
    ],
)
def test_spaced_out_names(written: str, want: str) -> None:
    assert values.person_name(written) == want
