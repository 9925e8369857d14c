"""``civdef check``: what is in the workspace, counted and compared with what it declares."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from civdef.errors import Fault
from civdef.load.plausible import LayersRecord, record_of
from civdef.load.workspace import read_workspace
from civdef.model.workspace import Workspace
from civdef.result import Record, Result
from civdef.text import Lang


class FaultRecord(Record):
    """A fault as data; `message`, `allowed` are in the language of the run."""

    code: str
    file: str
    line: int | None
    column: int | None
    row: int | None = Field(description="1-based data row of a table")
    field: str | None = Field(description="CSV column, GeoJSON property or TOML key")
    feature: int | None = Field(description="0-based index of a GeoJSON feature")
    message: str
    value: str | None
    allowed: str | None
    nearest: str | None


class Totals(Record):
    """How many there are."""

    communities: int
    households: int
    residents: int = Field(description="[persons]")
    units: int
    plans: int = Field(description="general and contingency plans")
    area_km2: float = Field(description="area of the communities [km²]")


class Difference(Record):
    """A declared total that is not what was counted."""

    total: str
    declared: float
    counted: float


class CheckResult(Result):
    """What ``civdef check`` found."""

    SCHEMA: ClassVar[str] = "civdef.check/1"

    ok: bool = Field(description="no faults, every declared total met, and no layer beside the others")
    totals: Totals | None = Field(description="counted from the data; null if the settings cannot be read")
    differences: list[Difference]
    objects: dict[str, int] = Field(description="kind of object → how many")
    faults: list[FaultRecord]
    layers: LayersRecord | None = Field(
        default=None, description="whether layers fit one another; null if they cannot be read"
    )


def fault_record(fault: Fault, lang: Lang) -> FaultRecord:
    """Return a fault as data."""
    place = fault.place
    return FaultRecord(
        code=fault.code,
        file=place.file,
        line=place.line,
        column=place.column,
        row=place.row,
        field=place.field,
        feature=place.feature,
        message=fault.message.in_(lang),
        value=fault.value,
        allowed=fault.allowed.in_(lang) if fault.allowed else None,
        nearest=fault.nearest,
    )


def count(workspace: Workspace) -> Totals:
    """Count the totals that a street declares."""
    area = workspace.area_m
    return Totals(
        communities=len(workspace.communities),
        households=len(workspace.households),
        residents=workspace.residents,
        units=len(workspace.units),
        plans=len(workspace.plans),
        area_km2=round(area.area / 1e6, 4) if area is not None else 0.0,
    )


def differences(workspace: Workspace, totals: Totals) -> list[Difference]:
    """Compare the counted totals with the declared ones; the area may differ by 0.5%."""
    found = []
    for name, declared in workspace.settings.totals:
        if declared is None:
            continue
        counted = getattr(totals, name)
        same = abs(counted - declared) <= 0.005 * declared if name == "area_km2" else counted == declared
        if not same:
            found.append(Difference(total=name, declared=declared, counted=counted))
    return found


def check(root: Path, lang: Lang) -> tuple[CheckResult, list[Fault]]:
    """Read the workspace at `root`; return the result and the faults as found."""
    workspace, faults = read_workspace(root)
    return result_of(workspace, faults, lang), faults


def result_of(workspace: Workspace | None, faults: Sequence[Fault], lang: Lang) -> CheckResult:
    """Return what is said of a workspace that was read, None if it could not be, with its faults."""
    totals = count(workspace) if workspace else None
    different = differences(workspace, totals) if workspace and totals else []
    layers = record_of(workspace, lang) if workspace else None
    return CheckResult(
        inputs=dict(workspace.inputs) if workspace else {},
        ok=not faults and not different and not (layers and layers.suspects),
        totals=totals,
        differences=different,
        objects={kind: len(found) for kind, found in workspace.collections()} if workspace else {},
        faults=[fault_record(f, lang) for f in faults],
        layers=layers,
    )
