"""Points of any map → units, posts, sirens, gates, entrances; and landmarks of any shape."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake import shapes, words
from civdef.intake.areas import NEAR_DEG, Within, named
from civdef.intake.fields import Fields, Ids
from civdef.intake.raw import Cleaned, RawTable
from civdef.model.town import FixedPostKind, UnitKind
from civdef.text import Text

Areas = Mapping[str, BaseGeometry]

AT_DEG = 0.0003
"""A point this near a building counts as in it: entrances and signs stand outside, about 30 m [degrees]."""

GATE_DEG = 0.001
"""A gate or entrance this near a compound or shelter is one of it, about 100 m [degrees]."""

_IN_NO_COMMUNITY = Text("不在任何社区内", "In no community")


def clean_units(raw: RawTable, fields: Fields, communities: Areas, buildings: Areas) -> Cleaned:
    """Return enterprises and institutions, each in its community and building.

    Fields used: id, name, kind, night_persons, workday_persons, holiday_persons, children, hazardous.
    """
    out = Cleaned(read=len(raw.rows))
    ids = Ids("unit")
    within, houses = Within(communities, NEAR_DEG), Within(buildings, AT_DEG)
    for number, (row, shape) in enumerate(zip(raw.rows, raw.shapes, strict=True), start=1):
        point = shapes.point(shape, number, out)
        if point is None:
            continue
        community = within.of(point)
        if community is None:
            out.drop(number, _IN_NO_COMMUNITY)
            continue
        names = fields.names(row)
        object_id = ids.take(fields.get(row, "id"), names.get("name_en") or f"u{number:05d}")
        properties: dict[str, object] = {"id": object_id}
        properties |= named(names, object_id, number, Text("单位", "Unit"), out)
        written = fields.get(row, "kind")
        kind = words.code(written, words.UNITS, [k.value for k in UnitKind])
        if kind is None:
            out.repair(
                number,
                object_id,
                Text("单位类别 {k} 不认识，按服务业处理", "Unknown kind {k}: taken as service").format(
                    k=written
                )
                if written is not None
                else Text("没有单位类别，按服务业处理", "No kind: taken as service"),
            )
        properties |= {"kind": kind or UnitKind.SERVICE.value, "community": community}
        _put(properties, "building", houses.of(point))
        for field in ("night_persons", "workday_persons", "holiday_persons", "children"):
            value = fields.number(row, field)
            if value is not None and value >= 0:
                properties[field] = int(value)
        if words.yes(fields.get(row, "hazardous")):
            properties["hazardous"] = True
        out.features.append((properties, shapes.rounded(point)))
    out.made = ids.made
    return out


def clean_posts(raw: RawTable, fields: Fields, communities: Areas, buildings: Areas) -> Cleaned:
    """Return fixed posts. Fields used: id, name, kind, phone. A post outside all communities keeps its place on the map."""
    out = Cleaned(read=len(raw.rows))
    ids = Ids("fixed-post")
    within, houses = Within(communities, NEAR_DEG), Within(buildings, AT_DEG)
    for number, (row, shape) in enumerate(zip(raw.rows, raw.shapes, strict=True), start=1):
        point = shapes.point(shape, number, out)
        if point is None:
            continue
        names = fields.names(row)
        object_id = ids.take(fields.get(row, "id"), names.get("name_en") or f"p{number:04d}")
        properties: dict[str, object] = {"id": object_id}
        properties |= named(names, object_id, number, Text("固定点位", "Post"), out)
        written = fields.get(row, "kind") or names.get("name_zh") or names.get("name_en")
        kind = words.code(written, words.POSTS, [k.value for k in FixedPostKind])
        if kind is None:
            out.repair(
                number,
                object_id,
                Text("点位类别 {k} 不认识，按其他处理", "Unknown kind {k}: taken as other").format(
                    k=written or "?"
                ),
            )
        properties["kind"] = kind or FixedPostKind.OTHER.value
        _put(properties, "community", within.of(point))
        _put(properties, "building", houses.of(point))
        phone = fields.get(row, "phone")
        _put(properties, "phone", str(phone).strip() if phone is not None else None)
        out.features.append((properties, shapes.rounded(point)))
    out.made = ids.made
    return out


def clean_sirens(raw: RawTable, fields: Fields, communities: Areas, buildings: Areas) -> Cleaned:
    """Return sirens. Fields used: id, name, level_dbc. One whose sound level is not known is left out."""
    out = Cleaned(read=len(raw.rows))
    ids = Ids("siren")
    within, houses = Within(communities, NEAR_DEG), Within(buildings, AT_DEG)
    for number, (row, shape) in enumerate(zip(raw.rows, raw.shapes, strict=True), start=1):
        point = shapes.point(shape, number, out)
        if point is None:
            continue
        level = fields.number(row, "level_dbc")
        if level is None or not 60 < level <= 150:
            out.drop(
                number,
                Text(
                    "声级未知或不在 60–150 分贝之间（可加 --set level_dbc=115 统一假设）",
                    "Its sound level is unknown or not 60 to 150 dB (--set level_dbc=115 assumes one for all)",
                ),
            )
            continue
        names = fields.names(row)
        object_id = ids.take(fields.get(row, "id"), names.get("name_en") or f"s{number:03d}")
        properties: dict[str, object] = {"id": object_id}
        properties |= named(names, object_id, number, Text("警报点", "Siren"), out)
        _put(properties, "community", within.of(point))
        _put(properties, "building", houses.of(point))
        properties["level_dbc"] = level
        out.features.append((properties, shapes.rounded(point)))
    out.made = ids.made
    return out


def clean_gates(raw: RawTable, fields: Fields, compounds: Areas) -> Cleaned:
    """Return gates, each of the compound in whose wall it stands. Fields used: id, name, width_m, locked, compound."""
    return _openings(raw, fields, compounds, kind="gate", of="compound", title=Text("出入口", "Gate"))


def clean_entrances(raw: RawTable, fields: Fields, shelters: Areas) -> Cleaned:
    """Return entrances, each of the nearest shelter. Fields used: id, name, width_m, step_free, shelter."""
    return _openings(raw, fields, shelters, kind="entrance", of="shelter", title=Text("入口", "Entrance"))


def _openings(raw: RawTable, fields: Fields, owners: Areas, *, kind: str, of: str, title: Text) -> Cleaned:
    out = Cleaned(read=len(raw.rows))
    ids = Ids(kind)
    owner_ids = sorted(owners)
    walls = shapely.STRtree([_rim(owners[i]) for i in owner_ids])
    for number, (row, shape) in enumerate(zip(raw.rows, raw.shapes, strict=True), start=1):
        point = shapes.point(shape, number, out)
        if point is None:
            continue
        width_m = fields.number(row, "width_m")
        if width_m is None or not 0 < width_m <= 60:
            out.drop(
                number,
                Text(
                    "净宽未知或不合理（可加 --set width_m=3 统一假设）",
                    "Its clear width is unknown or impossible (--set width_m=3 assumes one for all)",
                ),
            )
            continue
        owner = fields.get(row, of)
        if owner not in owners:
            near = walls.query_nearest(point, max_distance=GATE_DEG) if owner_ids else np.array([], dtype=int)
            owner = owner_ids[int(min(near))] if len(near) else None
        if owner is None:
            out.drop(
                number,
                Text("附近 100 米内没有小区", "No compound within 100 m")
                if of == "compound"
                else Text("附近 100 米内没有避难场所", "No shelter within 100 m"),
            )
            continue
        names = fields.names(row)
        object_id = ids.take(fields.get(row, "id"), names.get("name_en") or f"{kind[0]}{number:04d}")
        properties: dict[str, object] = {"id": object_id}
        properties |= named(names, object_id, number, title, out)
        properties |= {of: owner, "width_m": width_m}
        flag = "locked" if kind == "gate" else "step_free"
        answer = words.yes(fields.get(row, flag))
        if answer is not None:
            properties[flag] = answer
        out.features.append((properties, shapes.rounded(point)))
    out.made = ids.made
    return out


def clean_landmarks(raw: RawTable, fields: Fields) -> Cleaned:
    """Return scenery of any shape. Fields used: id, name, kind. What cannot be told apart is left out."""
    out = Cleaned(read=len(raw.rows))
    ids = Ids("landmark")
    for number, (row, shape) in enumerate(zip(raw.rows, raw.shapes, strict=True), start=1):
        drawn = shapes.any_shape(shape, number, out)
        if drawn is None:
            continue
        names = fields.names(row)
        written = fields.get(row, "kind") or names.get("name_zh") or names.get("name_en")
        kind = words.code(written, words.LANDMARKS, words.SCENERY)
        if kind is None:
            out.drop(
                number, Text("地物类别 {k} 不认识", "Unknown kind of scenery: {k}").format(k=written or "?")
            )
            continue
        object_id = ids.take(fields.get(row, "id"), names.get("name_en") or f"l{number:04d}")
        properties: dict[str, object] = {"id": object_id}
        properties |= named(names, object_id, number, Text("地物", "Landmark"), out)
        properties["kind"] = kind
        out.features.append((properties, shapes.rounded(drawn)))
    out.made = ids.made
    return out


def _rim(shape: BaseGeometry) -> BaseGeometry:
    """Return the wall of an area; a point stays a point."""
    return shape.boundary if shape.geom_type in ("Polygon", "MultiPolygon") else shape


def _put(properties: dict[str, object], field: str, value: object) -> None:
    if value is not None:
        properties[field] = value
