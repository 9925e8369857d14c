"""An evacuation plan as a GeoPackage in the workspace's metric CRS: routes, buildings, shelters, people left over."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
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
    """Return the file; layers are named in the language, fields are the same in both.

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
        way = words.way(workspace, order.legs, order.entrance)
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
            return path.read_bytes() if path.exists() else b""
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
