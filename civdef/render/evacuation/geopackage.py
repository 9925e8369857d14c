"""An evacuation plan as a GeoPackage in the workspace's metric CRS: routes, buildings, shelters, people left over."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from civdef.evacuate.orders import Order
from civdef.evacuate.problem import NOWHERE
from civdef.evacuate.result import EvacuationResult
from civdef.evacuate.solve import Solution
from civdef.model.workspace import Workspace
from civdef.render.audience import Audience
from civdef.render.evacuation import words
from civdef.render.evacuation.lists import REASONS
from civdef.text import Lang, Text

LAYERS = {
    "routes": Text("疏散路线", "routes"),
    "buildings": Text("楼栋去向", "assignments"),
    "shelters": Text("避难场所", "shelters"),
    "left_over": Text("未安置", "left_over"),
}
FIELDS = {
    "building": Text("楼栋编号", "building id"),
    "building_zh": Text("楼栋", "building (Chinese)"),
    "building_en": Text("楼栋（英文）", "building"),
    "part": Text("第几路（0 为不分路）", "part, 0: whole building"),
    "community": Text("社区编号", "community id"),
    "persons": Text("人数", "persons"),
    "elderly": Text("老人", "elderly"),
    "children": Text("儿童", "children"),
    "assisted": Text("需协助", "need assistance"),
    "shelter": Text("避难场所编号", "shelter id"),
    "shelter_zh": Text("避难场所", "shelter (Chinese)"),
    "shelter_en": Text("避难场所（英文）", "shelter"),
    "entrance": Text("出入口编号", "entrance id"),
    "length_m": Text("步行（米）", "walk [m]"),
    "walk_s": Text("步行用时（秒）", "walking time [s]"),
    "way_zh": Text("路线", "way (Chinese)"),
    "way_en": Text("路线（英文）", "way"),
    "departure_s": Text("出发（秒）", "leave [s]"),
    "arrival_s": Text("最迟进入（秒）", "inside by [s]"),
    "deadline_s": Text("撤离期限（秒）", "deadline [s]"),
    "usable": Text("可用", "usable"),
    "refused_zh": Text("不能用的原因", "why not usable (Chinese)"),
    "refused_en": Text("不能用的原因（英文）", "why not usable"),
    "places": Text("名额", "places"),
    "buildings": Text("楼栋数", "number of buildings"),
    "reason": Text("原因代码", "reason code"),
    "reason_zh": Text("原因", "reason (Chinese)"),
    "reason_en": Text("原因（英文）", "reason"),
}
"""What the fields are called where a program shows their alias."""

_DATE = "2000-01-01T00:00:00.000Z"
"""GeoPackage notes when a layer was changed; a date that does not change keeps the bytes the same."""

Row = tuple[Mapping[str, Any], BaseGeometry]


def geopackage(
    workspace: Workspace,
    solution: Solution,
    result: EvacuationResult,
    orders: Sequence[Order],
    audience: Audience,
    lang: Lang,
) -> bytes:
    """Return the file; layers and the aliases of fields are named in the language, fields are the same in both.

    In public, counts of persons below the setting are left empty, and so are those of people who need help.
    """
    least = workspace.settings.maps.public_small_count if audience is Audience.PUBLIC else 0

    def count(persons: int) -> int | None:
        return persons if persons == 0 or persons >= least else None

    layers = {
        "routes": _routes(workspace, solution, orders, count),
        "buildings": _buildings(workspace, orders, count, public=audience is Audience.PUBLIC),
        "shelters": _shelters(workspace, solution, result, count),
        "left_over": _left_over(workspace, result, count),
    }
    return _written(layers, workspace.crs, lang)


def _routes(workspace: Workspace, solution: Solution, orders: Sequence[Order], count: Any) -> list[Row]:
    net, routes = solution.asked.problem.network, solution.plan.routes
    placed = np.flatnonzero(solution.plan.assignment.shelter != NOWHERE)
    found: list[Row] = []
    for i, order in zip(placed.tolist(), orders, strict=True):
        arcs = routes.arcs[i]
        if len(arcs) == 0:
            continue
        points = np.concatenate([net.arc_lonlat(int(a)) for a in arcs])
        keep = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
        if keep.sum() < 2:
            continue
        way = words.told(workspace, order)
        found.append(
            (
                {
                    "building": order.building, "part": order.part, "shelter": order.shelter, "entrance": order.entrance,
                    "persons": count(order.persons), "length_m": round(order.length_m, 1),
                    "walk_s": round(order.walk_s), "way_zh": way.zh, "way_en": way.en,
                },
                shapely.LineString(points[keep]),
            )
        )  # fmt: skip
    return found


def _buildings(workspace: Workspace, orders: Sequence[Order], count: Any, *, public: bool) -> list[Row]:
    return [
        (
            {
                **_names("building", workspace, o.building), "community": o.community, "persons": count(o.persons),
                **({} if public else {"elderly": o.elderly, "children": o.children, "assisted": o.assisted}),
                **_names("shelter", workspace, o.shelter), "entrance": o.entrance, "length_m": round(o.length_m, 1),
                "part": o.part, "departure_s": o.departure_s, "arrival_s": o.arrival_last_s, "deadline_s": o.deadline_s,
            },
            workspace.buildings[o.building].shape,
        )
        for o in orders
    ]  # fmt: skip


def _shelters(workspace: Workspace, solution: Solution, result: EvacuationResult, count: Any) -> list[Row]:
    refused = solution.asked.problem.refused
    return [
        (
            {
                **_names("shelter", workspace, s.shelter), "usable": s.usable,
                "refused_zh": refused[s.shelter].zh if s.shelter in refused else None, "refused_en": s.refused,
                "places": s.places,
                "persons": count(s.assigned_persons), "buildings": s.buildings,
            },
            workspace.shelters[s.shelter].shape,
        )
        for s in result.shelters
    ]  # fmt: skip


def _left_over(workspace: Workspace, result: EvacuationResult, count: Any) -> list[Row]:
    return [
        (
            {
                **_names("building", workspace, row.building), "part": row.part, "persons": count(row.persons), "reason": row.reason.value,
                "reason_zh": REASONS[row.reason].zh, "reason_en": REASONS[row.reason].en,
            },
            workspace.buildings[row.building].shape,
        )
        for row in result.left_over
        if row.building is not None
    ]  # fmt: skip


def _names(what: str, workspace: Workspace, object_id: str) -> dict[str, str]:
    name = workspace.name(object_id)
    return {what: object_id, f"{what}_zh": name.in_("zh"), f"{what}_en": name.in_("en")}


def _written(layers: Mapping[str, list[Row]], crs: str, lang: Lang) -> bytes:
    import geopandas
    import pyogrio

    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _DATE})
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "plan.gpkg"
            for key, rows in layers.items():
                if not rows:
                    continue
                columns = {name: [row[name] for row, _ in rows] for name in rows[0][0]}
                frame = geopandas.GeoDataFrame(
                    columns, geometry=[s for _, s in rows], crs="EPSG:4326"
                ).to_crs(crs)
                for name in ("persons",):
                    frame[name] = frame[name].astype("Int64")
                pyogrio.write_dataframe(
                    frame, path, layer=LAYERS[key].in_(lang), driver="GPKG", append=path.exists()
                )
            if path.exists():
                _name_fields(path, layers, lang)
            return path.read_bytes() if path.exists() else b""
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _name_fields(path: Path, layers: Mapping[str, list[Row]], lang: Lang) -> None:
    """Give the fields their aliases by the schema extension of the GeoPackage standard (table ``gpkg_data_columns``).

    Sources
    -------
    OGC 12-128r18, GeoPackage Encoding Standard 1.3.1, annex F.9.
    """
    names = [
        (LAYERS[key].in_(lang), field, FIELDS[field].in_(lang))
        for key, rows in layers.items()
        if rows
        for field in rows[0][0]
    ]
    extension = ("gpkg_schema", "http://www.geopackage.org/spec/#extension_schema", "read-write")
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(
            "CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,"
            " description TEXT, mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),"
            " CONSTRAINT gdc_tn UNIQUE (table_name, name))"
        )
        base.execute(
            "CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL,"
            " value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,"
            " CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))"
        )
        base.executemany(
            "INSERT INTO gpkg_data_columns (table_name, column_name, name) VALUES (?, ?, ?)", names
        )
        base.executemany(
            "INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope)"
            " VALUES (?, NULL, ?, ?, ?)",
            [(table, *extension) for table in ("gpkg_data_columns", "gpkg_data_column_constraints")],
        )
