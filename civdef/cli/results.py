"""Results that belong to a command alone."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from civdef.result import Record, Result


class DrillLine(Record):
    """One drill of the demo."""

    id: str
    objectives: int
    met: int = Field(description="objectives rated P or S")
    grade: str


class DemoResult(Result):
    """What ``civdef demo`` came to; every part has a document of its own below ``out/``."""

    SCHEMA: ClassVar[str] = "civdef.demo/1"

    check_ok: bool
    audit_findings: int
    uncovered_persons: int = Field(description="beyond the reach of an earthquake shelter at night")
    demand_persons: int | None
    placed_persons: int | None
    left_over_persons: int | None
    simulated_clearance_s: float | None
    bound_s: float | None
    drills: list[DrillLine]
    index: str = Field(description="page that links everything, relative to the workspace")


class ExportedTable(Record):
    """One table that was written as a sheet of a workbook."""

    table: str
    file: str = Field(description="workbook: relative to the workspace if it lies in it, else its name")
    rows: int


class ExportResult(Result):
    """What ``civdef export`` wrote."""

    SCHEMA: ClassVar[str] = "civdef.export/1"

    tables: list[ExportedTable]
