"""Tables go out as workbooks and come back the same, cell by cell."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civdef.intake.registers.lookup import Lookup
from civdef.load import load_workspace
from civdef.load.init import make_sample
from civdef.load.known import lookup_of
from civdef.load.registers import TableRequest, import_register, table_rows, tables
from civdef.render.workbook import SPARE_ROWS, Content, workbook
from civdef.text import Lang
from tests import toy_town

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("toy") / "town"
    toy_town.write(root)
    return root


@pytest.fixture(scope="module")
def lookup(toy: Path) -> Lookup:
    return lookup_of(load_workspace(toy))


def cells(root: Path, table: str) -> Rows:
    rows, _ = table_rows(root, tables()[table])
    return [{k: v for k, v in r.items() if v} for r in rows]


def cycle(root: Path, table: str, rows: Rows, lookup: Lookup, lang: Lang) -> tuple[Rows, bytes]:
    """Write rows as a workbook, empty the table, read the workbook, and return what is in the table now."""
    content = Content(tables()[table], rows)
    made = workbook([content], lookup, lang)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{table}.xlsx"
        path.write_bytes(made)
        clear(root, table)
        result = import_register(root, TableRequest(table, path), lang)
    assert [c for c in result.changes if c.action != "noted"] == []
    return cells(root, table), made


def clear(root: Path, table: str) -> None:
    """Take away a table and what is remembered of it."""
    (root / tables()[table].file).unlink(missing_ok=True)
    shutil.rmtree(root / ".imported", ignore_errors=True)


TRAPS = st.sampled_from(
    ["=1+1", "+86 10", "-", "@SUM(A1)", "'007", "007", "1e5", "TRUE", "2025-03-01", "#N/A", "䶮", "𠮷野家", "〇", "ﾊﾝｶｸ",
     "A；B", "a;b", "、", "http://example.org", "甲 [person/an]", "ß", "Ａ１", "\U0001f6b2", "e\u0301", "合计", "制表人：甲", "姓名",
     "_x0041_", "多行\n说明", "  两端空格  ", "tab\tin", "two\rlines", "\x07bell", "\ufeffbom", "\u202eabc", "null", "nan", "1.0", "0.1", "1,5"]
)  # fmt: skip
WORDS = st.one_of(st.text(max_size=12), TRAPS)
PHONES = st.from_regex(r"0\d{2,3}-\d{7,8}|1[3-9]\d{9}|00\d{8}", fullmatch=True)
DAYS = st.dates().map(str)
WHOLE = st.integers(0, 10**6).map(str)


@st.composite
def people(draw: st.DrawFn) -> Rows:
    one = st.fixed_dictionaries(
        {},
        optional={
            "name_zh": WORDS, "name_en": WORDS, "phone": PHONES, "alternate_phone": st.one_of(PHONES, WORDS),
            "office": st.sampled_from(["玩具办", "office/toy"]), "community": st.sampled_from(["玩具", "玩具社区居委会"]),
            "home": st.sampled_from(["h1", "building/h2"]), "travel_night_min": WHOLE,
            "skills": st.lists(WORDS, max_size=3).map("；".join), "phone_checked": st.one_of(DAYS, WORDS),
        },
    )  # fmt: skip
    return draw(st.lists(one, min_size=1, max_size=8))


@st.composite
def things(draw: st.DrawFn) -> Rows:
    one = st.fixed_dictionaries(
        {"category": st.sampled_from(["消防", "医疗急救", "flood", "没有的类"]), "quantity": WHOLE, "store": st.just("指挥室")},
        optional={
            "name_zh": WORDS, "name_en": WORDS, "unit_zh": WORDS, "owner": st.just("玩具办"),
            "expires": DAYS, "checked": DAYS,
        },
    )  # fmt: skip
    return draw(st.lists(one, min_size=1, max_size=8))


@pytest.mark.parametrize(("table", "raw"), [("roster", people()), ("equipment", things())])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), lang=st.sampled_from(["zh", "en"]))
def test_xlsx_to_workspace_to_xlsx_to_workspace(
    toy: Path, lookup: Lookup, table: str, raw: Any, data: st.DataObject, lang: Lang
) -> None:
    """Whatever a register holds: what the workspace took from it comes back the same, and the workbook is the same too."""
    content = tables()[table]
    fields = [c.field for c in content.stored]
    head = [content.by_field[f].title.zh for f in fields]
    rows = [
        {
            "name_zh": "首行",
            "name_en": "First",
            "category": "fire",
            "quantity": "7",
            "store": "fixed-post/room",
            "phone": "00861",
        },
        *data.draw(raw),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "raw.xlsx"
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            sheet = book.add_worksheet()
            for r, line in enumerate([head, *([row.get(f, "") for f in fields] for row in rows)]):
                for c, text in enumerate(line):
                    sheet.write_string(r, c, text)
        clear(toy, table)
        import_register(toy, TableRequest(table, path, constants={}), "zh")
    first = cells(toy, table)
    second, made = cycle(toy, table, first, lookup, lang)
    assert second == first
    third, again = cycle(toy, table, second, lookup, lang)
    assert third == first
    assert sheets(again) == sheets(made)
    assert again == made, "the same rows make the same bytes"


def sheets(made: bytes) -> dict[str, list[list[Any]]]:
    book = python_calamine.load_workbook(io.BytesIO(made))
    return {n: book.get_sheet_by_name(n).to_python() for n in book.sheet_names}


ROSTER: Rows = [
    {"id": "person/a", "name_zh": "张䶮", "phone": "013800000001", "office": "office/toy", "skills": "first_aid;driving",
     "phone_checked": "2026-09-05", "travel_night_min": "8"},
    {"id": "person/b", "name_zh": "𠮷=王", "name_en": "=HYPERLINK(\"x\")", "phone": "0411-88000001", "home": "building/h1"},
]  # fmt: skip


def test_cells_are_text_and_never_a_formula(lookup: Lookup) -> None:
    made = workbook([Content(tables()["roster"], ROSTER)], lookup, "zh")
    sheet = sheets(made)["人员名册"]
    at = {t: i for i, t in enumerate(sheet[0])}
    assert sheet[1][at["手机"]] == "013800000001"
    assert sheet[1][at["姓名"]] == "张䶮"
    assert sheet[1][at["所属单位"]] == "玩具办 [office/toy]"
    assert str(sheet[1][at["电话核对日期"]])[:10] == "2026-09-05"
    assert sheet[2][at["英文姓名"]] == '=HYPERLINK("x")'
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        text = b"".join(parts.read(n) for n in parts.namelist() if "worksheets" in n).decode()
    assert "<f>" not in text
    assert "<hyperlink" not in text


def test_enumerations_and_references_have_lists_that_reach_below_the_last_row(lookup: Lookup) -> None:
    made = workbook([Content(tables()["equipment"], [{"id": "equipment/a", "name_zh": "泵"}])], lookup, "zh")
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        text = parts.read("xl/worksheets/sheet1.xml").decode()
    rules = re.findall(
        r'<dataValidation [^>]*sqref="([A-Z]+)2:\1(\d+)"[^>]*?(?:/>|>(.*?)</dataValidation>)', text, re.S
    )
    lists = {column: rule for column, last, rule in rules if "<formula1>" in rule and "$" in rule}
    assert all(int(last) == 2 + SPARE_ROWS for _, last, _ in rules)
    head = sheets(made)["器材物资"][0]
    titles = {head[ord(c) - 65] for c in lists}
    assert {"类别", "归属"} <= titles
    options = sheets(made)["选项"]
    assert any("防汛" in [row[i] for row in options] for i in range(len(options[0])))
    assert any("玩具办 [office/toy]" in [row[i] for row in options] for i in range(len(options[0])))


@pytest.mark.parametrize("name", sorted(tables()))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_notes_explain_every_column_in_both_languages(lookup: Lookup, name: str, lang: Lang) -> None:
    table = tables()[name]
    every = sheets(workbook([Content(table, [])], lookup, lang))
    notes = every["填表说明" if lang == "zh" else "Notes"]
    flat = {str(c) for row in notes for c in row}
    assert {c.title.zh for c in table.columns} <= flat
    assert {c.title.en for c in table.columns} <= flat
    assert all(any(str(c).endswith(column.note.zh) for c in flat) for column in table.columns)
    assert every[table.title.in_(lang)][0] == [c.title.in_(lang) for c in table.stored]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_whole_sample_comes_back_byte_by_byte(tmp_path: Path, lang: Lang) -> None:
    """All tables in one workbook, each read back from its own sheet."""
    root = tmp_path / "town"
    make_sample(root)
    lookup = lookup_of(load_workspace(root))
    known = tables()
    before = {n: (root / t.file).read_bytes() for n, t in known.items()}
    assert len(before) == 6
    path = tmp_path / "all.xlsx"
    path.write_bytes(workbook([Content(t, table_rows(root, t)[0]) for t in known.values()], lookup, lang))
    # Households stay while the assistance register is read: it refers to them.
    for name in sorted(known, key=lambda n: n == "households"):
        result = import_register(root, TableRequest(name, path, force=True), lang)
        assert (result.dropped, result.repaired, result.added) == (0, 0, 0), name
        assert (root / known[name].file).read_bytes() == before[name], name
