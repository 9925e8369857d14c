"""``civdef import repair``: mends the streets that the workspace has, and tells every change with its place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from civdef.errors import Fault, UsageError, WorkspaceError
from civdef.files import digest, write_all
from civdef.intake.repair import RULES, repair_streets
from civdef.intake.repair.apply import Mending
from civdef.load import geojson_file
from civdef.load.imported import ACTIONS, ConnectivityRecord
from civdef.load.reader import Reader
from civdef.load.settings import read_settings
from civdef.load.shapes import LINE, to_shape
from civdef.load.tables import SETTINGS
from civdef.load.target import Surroundings
from civdef.load.write_layer import layer_text, report_text
from civdef.model.settings import Settings, StreetRepair
from civdef.result import Record, Result
from civdef.source import Place
from civdef.text import Lang, Text

ROADS = "maps/roads.geojson"
REPORT = "out/import-repair.csv"

_ROAD = re.compile(r"road/[^\s\"'#,\]}]+")


class StreetChange(Record):
    """One thing found in the streets."""

    rule: str
    action: str = Field(description="repaired, dropped, or noted: found and left alone")
    line: int = Field(description="line of the file on which the road stands")
    road: str
    other: str | None = Field(description="the road it has to do with")
    lon: float
    lat: float
    reason: str
    before: str
    after: str


class StreetRepairResult(Result):
    """What ``civdef import repair`` found and did."""

    SCHEMA: ClassVar[str] = "civdef.street-repair/1"

    file: str
    written: bool = Field(description="whether the file was changed")
    near_miss_m: float
    island_gap_m: float
    duplicate_m: float
    read: int = Field(description="roads in the file")
    roads: int = Field(description="roads after repair")
    rules: dict[str, int] = Field(description="rule → how often it was used")
    before: ConnectivityRecord
    after: ConnectivityRecord
    changes: list[StreetChange]
    report: str = Field(description="table of the changes, in the workspace")

    @property
    def to_do(self) -> int:
        """Number of changes that are more than a note."""
        return sum(c.action != "noted" for c in self.changes)


def repair_workspace(
    root: Path,
    lang: Lang,
    *,
    write: bool,
    near_miss_m: float | None = None,
    island_gap_m: float | None = None,
) -> StreetRepairResult:
    """Mend the streets of the workspace at `root`; only the report is written unless `write` is set.

    Compounds are walls that no gap is closed across except at gates. Roads that a plan or a drill names keep their
    ids.

    Raises
    ------
    UsageError
        If ``civdef.toml`` cannot be read.
    WorkspaceError
        If the streets cannot be read; carries every fault.
    OutputError
        If a file cannot be written.
    """
    given = {"near_miss_m": near_miss_m, "island_gap_m": island_gap_m}
    tolerances = _settings(root).streets.model_copy(update={k: v for k, v in given.items() if v is not None})
    features, lines, hashed = _read(root)
    known = mending(root, tolerances)
    out = repair_streets(features, tolerances, walls=known.walls, gates=known.gates, keep=known.keep)
    rows = [
        (
            ROADS, lines[r.feature], r.road_id, f"{RULES[r.rule].zh} {r.rule}", f"{ACTIONS[r.action].zh} {r.action}",
            round(r.lon, 7), round(r.lat, 7), r.reason.zh, r.reason.en, r.before.zh, r.after.zh, r.before.en, r.after.en,
        )
        for r in out.repairs
    ]  # fmt: skip
    columns = (
        "文件 file", "行 line", "道路 road", "规则 rule", "处理 action", "经度 lon", "纬度 lat", "原因", "reason",
        "处理前", "处理后", "before", "after",
    )  # fmt: skip
    files = {root / REPORT: report_text(columns, rows).encode()}
    changed = any(r.action != "noted" for r in out.repairs)
    if write and changed:
        files[root / ROADS] = layer_text(out.features).encode()
    write_all(files)
    return StreetRepairResult(
        inputs={ROADS: hashed},
        file=ROADS,
        written=write and changed,
        near_miss_m=tolerances.near_miss_m,
        island_gap_m=tolerances.island_gap_m,
        duplicate_m=tolerances.duplicate_m,
        read=len(features),
        roads=len(out.features),
        rules=out.counts(),
        before=ConnectivityRecord.of(out.before),
        after=ConnectivityRecord.of(out.after),
        changes=[
            StreetChange(
                rule=r.rule,
                action=r.action,
                line=lines[r.feature],
                road=r.road_id,
                other=r.other_id,
                lon=r.lon,
                lat=r.lat,
                reason=r.reason.in_(lang),
                before=r.before.in_(lang),
                after=r.after.in_(lang),
            )
            for r in out.repairs
        ],
        report=REPORT,
    )


def mending(root: Path, tolerances: StreetRepair | None = None) -> Mending:
    """Return what repair needs to know of the workspace at `root`: its settings, walls, gates, the roads its plans name.

    Raises
    ------
    UsageError
        If ``civdef.toml`` cannot be read.
    """
    if tolerances is None:
        tolerances = _settings(root).streets
    around = Surroundings(root)
    compounds = [s for s in around.shapes("maps/compounds.geojson").values() if not s.is_empty]
    gates = [s for s in around.shapes("maps/gates.geojson").values() if not s.is_empty]
    return Mending(tolerances, compounds, gates, named_roads(root))


def _settings(root: Path) -> Settings:
    settings = read_settings(root)
    if settings is None:
        raise UsageError(
            Text("{f} 有错误，无法读取设置", "{f} has faults, so the settings cannot be read").format(
                f=SETTINGS
            ),
            hint=Text("运行 civdef check 查看位置。", "civdef check says where."),
        )
    return settings


def named_roads(root: Path) -> set[str]:
    """Return the ids of roads that a plan or a drill of the workspace at `root` names."""
    found: set[str] = set()
    for folder in ("plans", "drills"):
        for path in sorted((root / folder).rglob("*.yaml")):
            try:
                found |= set(_ROAD.findall(path.read_text(encoding="utf-8-sig")))
            except (OSError, UnicodeDecodeError):
                continue  # civdef check tells of files that cannot be read
    return found


def _read(root: Path) -> tuple[list[tuple[dict[str, Any], BaseGeometry]], list[int], str]:
    """Return the streets as written, the line of each, and the hash of the file."""
    reader = Reader(root)
    data = reader.bytes_of(ROADS, required=True, most=geojson_file.MAX_BYTES)
    text = reader.text_of(ROADS, required=True, most=geojson_file.MAX_BYTES) if data is not None else None
    features: list[tuple[dict[str, Any], BaseGeometry]] = []
    lines: list[int] = []
    if text is not None:
        parsed = geojson_file.parse_geojson(text, ROADS)
        reader.faults.extend(parsed.faults)
        seen: set[str] = set()
        for feature in parsed.features:
            place = Place(ROADS, feature.line, feature=feature.index)
            shape = to_shape(feature.geometry, LINE, place, reader.faults)
            road = feature.properties.get("id")
            if not isinstance(road, str) or road in seen:
                reader.faults.append(
                    Fault(
                        "bad-id",
                        place,
                        Text("道路缺少编号或编号重复", "The road has no id, or one that is taken"),
                    )
                )
            elif shape is not None:
                seen.add(road)
                features.append((feature.properties, shape))
                lines.append(feature.line)
    if reader.faults:
        raise WorkspaceError(
            Text("{f} 有 {n} 处错误，无法修整", "{f} has {n} faults and cannot be mended").format(
                f=ROADS, n=len(reader.faults)
            ),
            reader.faults,
            hint=Text("逐一改正，或重新导入道路。", "Mend each, or import the streets again."),
        )
    return features, lines, digest(data or b"")
