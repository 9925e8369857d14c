"""A sheet → rows of a table, with every change told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from civdef.intake import identity
from civdef.intake.raw import Change
from civdef.intake.registers import values
from civdef.intake.registers.columns import Column, Kind, Table, plain
from civdef.intake.registers.draft import Draft
from civdef.intake.registers.headers import Header
from civdef.intake.registers.lookup import Lookup
from civdef.intake.sheet import Cell, Sheet
from civdef.text import Text

_TOTALS = {plain(w) for w in ("合计", "总计", "小计", "共计", "累计", "总数", "合计数", "汇总", "total", "subtotal", "sum", "grand total", "totals")}  # fmt: skip
_REMARK = re.compile(
    r"(填表人|填报人|填报单位|制表|审核|负责人签字|联系人[:：]|备注[:：]|注[:：]|说明[:：]|填表说明|note[:s]|remark)",
    re.I,
)


@dataclass
class Register:
    """What a sheet holds.

    Attributes
    ----------
    drafts
        Rows that are taken over, in the order of the sheet.
    fields
        Fields that the sheet has a column for, aids left out.
    changes
        Every row left out or mended.
    read
        Rows read: those with anything in them below the heading.
    """

    drafts: list[Draft] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)
    read: int = 0


def read_register(
    sheet: Sheet, table: Table, header: Header, constants: Mapping[str, str], lookup: Lookup
) -> Register:
    """Return the rows of a sheet below its heading.

    Columns of identity numbers are not read at all; one inside another cell is taken out. Rows of totals, remarks,
    headings of sections and headings repeated on every page are left out and said.

    Parameters
    ----------
    constants
        Field → value for every row.
    lookup
        Finds what references name.
    """
    out = Register()
    rows = _unmerged(sheet, header.last + 1)
    hidden = _identity_columns(rows, header, out)
    fields = {f: i for f, i in header.fields.items() if i not in hidden}
    out.fields = {c.field for c in table.stored if c.field in fields or c.field in constants}
    titles = {f: header.titles[i] for f, i in fields.items()}
    heading = {plain(t): i for i, t in enumerate(header.titles) if t}
    reader = _Reader(table, fields, constants)
    references = sorted(
        (c.field for c in table.columns if c.kind is Kind.REF),
        key=lambda f: f not in ("community", "compound"),
    )
    for offset, cells in enumerate(rows):
        number = header.last + 2 + offset
        if not any(c is not None and c != "" for c in cells):
            continue
        out.read += 1
        why = None if reader.has_id(cells) else _not_data(cells, heading, len(fields))
        if why is not None:
            out.changes.append(Change(number, None, "dropped", why))
            continue
        draft = Draft(table, number, lookup, titles=titles)
        reader.fill(draft, cells)
        _settle(draft, references)
        out.changes.extend(draft.changes)
        if not draft.dropped:
            out.drafts.append(draft)
    return out


def _unmerged(sheet: Sheet, start: int) -> list[list[Cell]]:
    """Return the rows from `start` on; a cell merged over several rows stands in each of them."""
    rows = [list(r) for r in sheet.rows[start:]]
    for top, left, bottom, right in sheet.merges:
        if top < start or bottom == top or right != left:
            continue
        if left < len(sheet.rows[top]):
            value = sheet.rows[top][left]
            for row in rows[top - start + 1 : bottom - start + 1]:
                row.extend([None] * (left + 1 - len(row)))
                row[left] = value
    return rows


def _identity_columns(rows: Sequence[Sequence[Cell]], header: Header, out: Register) -> set[int]:
    found = set()
    for at, title in enumerate(header.titles):
        if identity.is_column(title, (r[at] for r in rows if at < len(r))):
            found.add(at)
            said = Text(
                "“{t}”一列是公民身份号码，按规定不保存，整列未读入",
                "Column {t} holds national identity numbers, which are never stored: the column was not read",
            )
            out.changes.append(Change(header.last + 1, None, "noted", said.format(t=title or at + 1)))
    return found


def _not_data(cells: Sequence[Cell], heading: Mapping[str, int], mapped: int) -> Text | None:
    """Return why a row is no row of data, None if it is one."""
    filled = [c for c in cells if c is not None and c != ""]
    texts = [values.text_of(c) for c in filled[:3]]
    head = [plain(t) for t in texts]
    if not any(head) and not any(values.text_of(c) for c in filled):
        return Text("空行", "An empty row")
    if any(t in _TOTALS for t in head):
        return Text("合计行", "A row of totals")
    if len(filled) <= max(2, mapped // 2) and _REMARK.match(texts[0]):
        return Text("填表说明或签字行", "A row of remarks or signatures")
    if head[0] in heading or (len(head) > 1 and head[1] in heading):
        same = sum(heading.get(plain(values.text_of(c)), -1) == at for at, c in enumerate(cells) if c)
        if same >= 2 and same >= len(filled) - 1:
            return Text("重复的表头", "The heading again")
    if len(filled) == 1 and mapped >= 3:
        return Text(
            "只有一格有内容，是分节标题或说明",
            "Only one cell is filled: the heading of a section, or a remark",
        )
    return None


class _Reader:
    """Reads the cells of a sheet; what stands in many cells is read once."""

    KEPT = 20_000
    """So many different cells of a column are remembered."""

    def __init__(self, table: Table, fields: Mapping[str, int], constants: Mapping[str, str]) -> None:
        self.kind = table.kind
        self.id_at = fields.get("id", -1) if table.kind else -1
        self.columns = [
            (c, fields.get(c.field, -1), constants.get(c.field))
            for c in table.columns
            if c.field in fields or c.field in constants
        ]
        self.seen: dict[str, dict[tuple[type, Cell], tuple[values.Read, bool]]] = {
            c.field: {} for c, _, _ in self.columns
        }

    def has_id(self, cells: Sequence[Cell]) -> bool:
        """Whether a row bears an id of the workspace: it is a row of data, whatever else it looks like."""
        if not 0 <= self.id_at < len(cells):
            return False
        return str(cells[self.id_at]).startswith(f"{self.kind}/")

    def fill(self, draft: Draft, cells: Sequence[Cell]) -> None:
        """Read a row into a draft."""
        for column, at, constant in self.columns:
            if constant is not None:
                cell: Cell = constant
            elif at < len(cells):
                cell = cells[at]
            else:
                continue
            if cell is None or cell == "":
                continue
            got, cleaned = self._read(column, cell)
            if cleaned:
                draft.repair(
                    Text("单元格内的公民身份号码已删去", "An identity number was taken out of a cell")
                )
            if got.value:
                draft.values[column.field] = got.value
                if got.more:
                    _second(draft, column.field, got.more)
                if got.told is not None:
                    draft.repair(got.told)
            elif got.told is not None:
                draft.lose(column, got.told)

    def _read(self, column: Column, cell: Cell) -> tuple[values.Read, bool]:
        seen = self.seen[column.field]
        key = (type(cell), cell)
        known = seen.get(key)
        if known is None:
            kept, cleaned = _without_identity(cell)
            known = values.read(column, kept), cleaned
            if len(seen) < self.KEPT:
                seen[key] = known
        return known


def _without_identity(cell: Cell) -> tuple[Cell, bool]:
    if isinstance(cell, str):
        kept, count = identity.without(cell) if len(cell) >= 7 else (cell, 0)
        return kept, count > 0
    return (None, True) if identity.is_number(cell) else (cell, False)


def _second(draft: Draft, name: str, more: str) -> None:
    """Keep the second value of a cell: another telephone, the unit after a quantity."""
    other = {"phone": "alternate_phone", "quantity": "unit_zh"}.get(name)
    if other is not None and other in draft.table.by_field:
        draft.values.setdefault(other, more)


def _settle(draft: Draft, references: Sequence[str]) -> None:
    table = draft.table
    if plain(draft.titles.get("name_zh", "")) == "name" and "name_en" not in draft.titles:
        written = draft.values.get("name_zh", "")
        if written.isascii():
            draft.values.pop("name_zh", None)
            if written:
                draft.values["name_en"] = written
    table.settle(draft)
    for name in references:
        if not draft.dropped and draft.values.get(name):
            draft.resolve(name)
    if draft.dropped:
        return
    for column in table.columns:
        if column.required and not draft.values.get(column.field):
            if column.field == "name_zh" and draft.values.get("name_en"):
                continue
            draft.drop(Text("缺少{c}", "{c} is missing").format(c=column.title))
            return
