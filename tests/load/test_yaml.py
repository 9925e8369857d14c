"""YAML as people write it in plans: scalars by YAML 1.2, marks in characters, and nothing dangerous comes out."""

from __future__ import annotations

from typing import Any

import pytest

from civdef.load.yaml_file import parse_yaml


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12:30", "12:30"),
        ("no", "no"),
        ("off", "off"),
        ("017", 17),
        ("1_000", "1_000"),
        ("0x1f", "0x1f"),
        ("1e3", 1000.0),
        ("-2.5", -2.5),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("''", ""),
        ("'12'", "12"),
        ('"true"', "true"),
        ("2026-11-01", "2026-11-01"),
        ("4.3.1", "4.3.1"),
        ("440102199001011234", 440102199001011234),
        ("4401021990010112345", "4401021990010112345"),
        ("望海社区", "望海社区"),
        ("䶮𠀀", "䶮𠀀"),
    ],
)
def test_scalars_are_read_as_yaml_1_2(written: str, read: Any) -> None:
    document = parse_yaml(f"a: {written}\n", "f.yaml")
    assert not document.faults
    assert document.data == {"a": read}
    assert type(document.data["a"]) is type(read)


def test_marks_count_characters_and_name_values() -> None:
    text = "名: {zh: 望海, en: 𠀀x}\nlist:\n  - a\n  - b: 1\n"
    marks = parse_yaml(text, "f.yaml").marks
    assert marks[("名", "zh")] == (1, 9)
    assert marks[("名", "en")] == (1, 17)
    assert marks[("list",)] == (2, 1)
    assert marks[("list", 0)] == (3, 5)
    assert marks[("list", 1, "b")] == (4, 8)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x 1\nb: *x\n", "yaml-alias"),
        ("a: !!python/object/apply:os.system [ls]\n", "yaml-tag"),
        ("a: 1\na: 2\n", "duplicate-key"),
        ("a: 1\n---\nb: 2\n", "yaml-documents"),
        ("? [a, b]\n: 1\n", "yaml-key"),
        ("a: " + "[" * 60 + "]" * 60, "yaml-depth"),
        ("a: [1, 2\n", "yaml-syntax"),
        ("a:\n\t- b\n", "yaml-syntax"),
        ("a: \x07\n", "yaml-syntax"),
    ],
)
def test_what_must_not_be_is_a_fault_with_a_place(text: str, code: str) -> None:
    document = parse_yaml(text, "f.yaml")
    assert code in {f.code for f in document.faults}
    assert all(f.place.file == "f.yaml" for f in document.faults)


def test_a_hundred_thousand_brackets_do_not_hang_or_crash() -> None:
    assert parse_yaml("[" * 100_000, "f.yaml").faults
