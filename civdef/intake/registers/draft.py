"""A row of a register on its way into the workspace."""

from __future__ import annotations

from dataclasses import dataclass, field

from civdef.intake.raw import Change
from civdef.intake.registers.columns import Column, Table
from civdef.intake.registers.lookup import Found, Lookup
from civdef.text import Text


@dataclass
class Draft:
    """One row.

    Attributes
    ----------
    row
        Row of the sheet, 1-based, as a spreadsheet shows it.
    values
        Field → value as the workspace stores it, aids included; fields without a value are absent.
    titles
        Field → heading of the column it came from.
    changes
        What was done to the row.
    compound
        Name of the compound, where the register gives one: buildings may be called 3号楼 within it.
    """

    table: Table
    row: int
    lookup: Lookup
    values: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    dropped: bool = False
    compound: str = ""

    def drop(self, reason: Text) -> None:
        """Leave the row out."""
        if not self.dropped:
            self.dropped = True
            self.changes = [Change(self.row, None, "dropped", reason)]

    def repair(self, reason: Text) -> None:
        """Record that the row was mended."""
        if not self.dropped:
            self.changes.append(Change(self.row, None, "repaired", reason))

    def lose(self, column: Column, reason: Text) -> None:
        """Empty a cell that cannot be used; without a value that it needs, the row is left out."""
        self.values.pop(column.field, None)
        if column.required:
            self.drop(reason)
        else:
            self.repair(reason)

    def look(self, name: str) -> Found:
        """Return what the name written in a reference leads to."""
        column = self.table.by_field[name]
        written = self.values.get(name, "")
        within = [self.values[f] for f in ("compound", "community") if self.values.get(f) and f != name]
        phones = [self.values[f] for f in (f"{name}_phone",) if self.values.get(f)]
        found = self.lookup.find(written, column.refs, within=within, phones=phones)
        if found.id is None and "building" in column.refs and (compound := self.compound):
            longer = self.lookup.find(compound + written, column.refs, within=within)
            found = longer if longer.id is not None else found
        return found

    def resolve(self, name: str) -> str | None:
        """Turn the name written in a reference into an id; None where there is none or it leads nowhere."""
        column = self.table.by_field[name]
        if not self.values.get(name):
            return None
        if name == "compound":
            self.compound = self.values[name]
        found = self.look(name)
        if found.id is not None:
            self.values[name] = found.id
            return found.id
        if column.aid:
            del self.values[name]
            return None
        assert found.told is not None
        said = Text("{c}：{w}", "{c}: {w}").format(c=column.title, w=found.told)
        if not column.required:
            said = Text(f"{said.zh}；留空", f"{said.en}; left empty")
        self.lose(column, said)
        return None
