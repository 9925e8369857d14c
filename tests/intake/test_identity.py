"""National identity numbers are recognised in whatever shape a spreadsheet leaves them, and nothing else is."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civdef.intake import identity


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Return a number with a right check character."""
    province = draw(st.sampled_from(sorted(identity.PROVINCES)))
    region = f"{province}{draw(st.integers(0, 9999)):04d}"
    born = draw(st.dates(dt.date(1900, 1, 1), dt.date(2025, 12, 31))).strftime("%Y%m%d")
    first = f"{region}{born}{draw(st.integers(0, 999)):03d}"
    return first + identity.check_character(first)


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_check_character_is_that_of_the_standards_examples(number: str) -> None:
    """Both numbers are examples of GB 11643-1999."""
    assert identity.check_character(number[:17]) == number[17]
    assert identity.is_number(number)


@given(
    numbers(),
    st.sampled_from(["", "张三", "身份证：", "（", "No. "]),
    st.sampled_from(["", "。", "）", " 望海社区"]),
)
def test_a_number_is_found_inside_text_and_taken_out(number: str, before: str, after: str) -> None:
    kept, count = identity.without(before + number + after)
    assert count == 1
    assert not any(part in kept for part in (number, number[:14], number[6:]))
    assert identity.found(kept) == []


@given(numbers())
def test_every_shape_of_a_number_is_recognised(number: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    shapes = [
        number,
        number.lower(),
        f" {number} ",
        f"'{number}",
        wide,
        f"{number[:6]} {number[6:14]} {number[14:]}",
    ]
    assert all(identity.is_number(shape) for shape in shapes)
    if number[-1] != "X":
        assert identity.is_number(float(number))
        assert identity.is_number(f"{float(number):.5E}")


@pytest.mark.parametrize(
    "text",
    [
        "13800000001",
        "0411-88000001",
        "6222021234567890123",  # a bank card
        "91210202MA0ABCDE1X",  # a unified social credit code
        "210202003002",  # a community's code
        "110105194902310021",  # the 31st of February
        "990105194912310021",  # no such province
        "20260101123456",
        "household/000061",
        "2026-11-01 12:00",
        "3.14159265358979",
        "ISBN 978-7-5111-2345-6",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert identity.without(text) == (text, 0)


@pytest.mark.parametrize(
    "value", [13800000001.0, 45000.0, 0.5, 1e14 + 0.5, 1e17, True, None, dt.date(2026, 1, 1)]
)
def test_other_cells_are_left_alone(value: object) -> None:
    assert not identity.is_number(value)


def test_fifteen_digits_need_a_province_and_a_day() -> None:
    assert identity.is_number("210202600101123")
    assert identity.is_number(210202600101123.0)
    assert not identity.is_number("210202601301123")
    assert not identity.is_number("861380000000123")


def test_a_slip_in_the_check_character_is_still_somebodys_number() -> None:
    assert identity.without("110105194912310021 张三")[1] == 1


def test_a_column_is_known_by_its_heading_or_by_its_cells() -> None:
    assert identity.is_column("身份证号", [])
    assert identity.is_column("ID Card No.", ["x"])
    assert identity.is_column("公民身份号码", [])
    assert not identity.is_column("证件类型", ["身份证"])
    assert not identity.is_column("编号", ["1", "2", "3"])
    assert identity.is_column("编号", ["11010519491231002X", "", None, "2"])
    assert identity.is_column("备注", [4.40103196001011e17, None])
