"""Ways with ``highway`` → streets: who may use them, how wide, on which level."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from civdef.intake.osm.edge import CUT_AREA, CUT_NODES, MARGIN_DEG, OUTSIDE
from civdef.intake.osm.records import Box, Extract, Found, LonLat, Tags, Way
from civdef.intake.osm.tags import NO, YES, called, first, is_set, length_m, number, speed_kmh, whole
from civdef.intake.streets import KINDS, NOT_THERE, WIDTH_M
from civdef.model.town import Drive, RoadKind
from civdef.text import Text

LANE_M = 3.0
"""Usable walking width for each lane of a carriageway [m]; a planning assumption below the 3.25 to 3.75 m of Chinese
urban lanes (CJJ 37), because kerbs and parked cars take room."""

MORE_KINDS: dict[str, RoadKind] = {
    **KINDS,
    "trail": RoadKind.FOOTWAY,
    "crossing": RoadKind.FOOTWAY,
    "bridleway": RoadKind.TRACK,
    "busway": RoadKind.SERVICE,
    "bus_guideway": RoadKind.SERVICE,
}

NO_STREET: dict[str, Text] = {
    "platform": Text("站台，不作通道", "A platform, no way through"),
    "corridor": Text("室内走廊", "A corridor inside a building"),
    "elevator": Text("电梯", "A lift"),
    "raceway": Text("赛道", "A race track"),
    "escape": Text("避险车道", "An escape lane for runaway lorries"),
    "rest_area": Text("休息区，不是道路", "A rest area, no street"),
    "services": Text("服务区，不是道路", "A service area, no street"),
    "via_ferrata": Text("攀岩路线", "A climbing route"),
    "bus_stop": Text("公交站，不是道路", "A bus stop, no street"),
    "street_lamp": Text("路灯，不是道路", "A street lamp, no street"),
    "no": Text("标明不是道路", "Marked as no street"),
}

_ON_FOOT = {RoadKind.FOOTWAY, RoadKind.STEPS}
_MAY = {
    "yes",
    "permissive",
    "designated",
    "official",
    "destination",
    "delivery",
    "customers",
    "residents",
    "private",
}
_MAY_NOT = {"no", "emergency", "agricultural", "forestry", "use_sidepath", "military"}
_WALK_NOT = {"no", "emergency", "agricultural", "forestry", "military"}
_WHAT = Text("道路", "Street")
_FAST = {"motorway", "motorway_link"}
_EXPRESSWAY = ("高架", "高速", "快速路")


def streets(extract: Extract, area: Box | None) -> Found:
    """Return the streets of an extract, id ``road/w<number of the way>``.

    Vertices are nodes of OpenStreetMap and keep their coordinates to the digit, so ways that share a node still do.
    A street that runs far out of `area` is cut at a node; one that lost nodes to the cut is used where it has them. A
    pedestrian area is walked along its edge.

    Parameters
    ----------
    area
        What the file was cut out for; None: nothing is cut.
    """
    out = Found()
    plazas = _plaza_rings(extract)
    for way in extract.ways.values():
        if "highway" in way.tags:
            out.read += 1
            _street(way, way.tags, area, out)
        elif way.id in plazas and _runs(way, area)[0]:
            _street(way, plazas[way.id], area, out)
    return out


def _street(way: Way, tags: Tags, area: Box | None, out: Found) -> None:
    value = first(tags["highway"])
    kind, why = kind_of(tags)
    if kind is None:
        assert why is not None
        out.leave_out(way.ref, why)
        return
    walk, drive = permission(tags, kind)
    if not walk and drive is Drive.NONE:
        out.leave_out(way.ref, Text("禁止通行", "Closed to everybody"))
        return
    runs, cut = _runs(way, area)
    if not runs:
        reason = Text("节点不在文件中", "Its nodes are not in the file") if cut != "area" else OUTSIDE
        out.leave_out(way.ref, reason)
        return
    for n, run in enumerate(runs, start=1):
        object_id = f"road/w{way.id}" if n == 1 else f"road/w{way.id}-{n}"
        properties: dict[str, object] = {"id": object_id, **called(tags, _WHAT, object_id[5:])}
        properties |= {"kind": kind.value, "width_m": width_m(tags, kind), "walk": walk, "drive": drive.value}
        lanes = whole(tags.get("lanes"), 1, 20)
        if lanes is not None:
            properties["lanes"] = lanes
        speed = speed_kmh(tags.get("maxspeed"))
        if speed is not None and 0 < speed <= 130:
            properties["speed_kmh"] = round(speed, 1)
        layer, bridge, tunnel = level(tags)
        if layer:
            properties["layer"] = layer
        if bridge:
            properties["bridge"] = True
        if tunnel:
            properties["tunnel"] = True
        out.features.append((properties, shapely.LineString(run)))
    first_id = f"road/w{way.id}"
    if why is not None:
        out.mend(way.ref, first_id, why)
    if cut == "area":
        out.mend(way.ref, first_id, CUT_AREA)
    elif cut == "nodes":
        out.mend(way.ref, first_id, CUT_NODES)
    if "highway" not in way.tags or (way.closed and _is_area(tags)):
        out.mend(way.ref, first_id, Text("步行区域，按其边线通行", "A pedestrian area: walked along its edge"))  # fmt: skip
    elif value in _FAST and walk:
        out.mend(way.ref, first_id, Text("高速公路标明可以步行", "A motorway marked as open to people on foot"))  # fmt: skip


def kind_of(tags: Tags) -> tuple[RoadKind | None, Text | None]:
    """Return the kind of a street and what is odd about it; None and the reason where it is no street."""
    value = first(tags.get("highway"))
    if value in NOT_THERE:
        return None, Text("道路尚未建成或已停用（{k}）", "No street to use ({k})").format(k=value)
    if value in NO_STREET:
        return None, NO_STREET[value]
    if tags.get("indoor", "no") not in NO:
        return None, Text("在建筑物内部", "Inside a building")
    if any(is_set(tags, k) for k in ("abandoned", "disused", "demolished", "razed")):
        return None, Text("已停用", "No longer in use")
    kind = MORE_KINDS.get(value.removesuffix("_link"))
    if kind is None:
        return RoadKind.RESIDENTIAL, Text(
            "道路等级 {k} 不认识，按居住区道路处理", "Unknown class {k}: taken as residential"
        ).format(k=value or "?")
    return kind, None


def permission(tags: Tags, kind: RoadKind) -> tuple[bool, Drive]:
    """Return whether people may walk and in which direction vehicles may go.

    What is marked for a mode counts before what is marked for all (``access``). Private streets stay open: those who
    live behind them leave by them. Ways for walking are closed to vehicles unless marked otherwise.
    """
    value = first(tags.get("highway"))
    access = first(tags.get("access"))
    foot = first(tags.get("foot"))
    walk = value not in _FAST
    if access in _WALK_NOT:
        walk = False
    if first(tags.get("motorroad")) in YES or _expressway(tags):
        walk = False
    if foot in _MAY or foot == "use_sidepath":
        walk = True
    elif foot in _WALK_NOT:
        walk = False
    vehicles = kind not in _ON_FOOT
    if access in _MAY_NOT:
        vehicles = False
    for key in ("vehicle", "motor_vehicle", "motorcar"):
        said = first(tags.get(key))
        if said in _MAY_NOT:
            vehicles = False
        elif said in _MAY and value != "steps":
            vehicles = True
    return walk, _direction(tags) if vehicles else Drive.NONE


def _expressway(tags: Tags) -> bool:
    """Whether a street is an elevated or fast road by its name, or a trunk road on a bridge: nobody is sent to walk there."""
    value = first(tags.get("highway")).removesuffix("_link")
    if value not in ("trunk", "primary"):
        return False
    name = tags.get("name", "") + tags.get("name:zh", "")
    return any(w in name for w in _EXPRESSWAY) or (value == "trunk" and is_set(tags, "bridge"))


def _direction(tags: Tags) -> Drive:
    said = first(tags.get("oneway:motor_vehicle") or tags.get("oneway"))
    if said in ("-1", "reverse"):
        return Drive.BACKWARD
    if said in YES:
        return Drive.FORWARD
    if said in NO or said in ("reversible", "alternating"):
        return Drive.BOTH
    round_ = first(tags.get("junction")) in ("roundabout", "circular")
    return Drive.FORWARD if round_ or first(tags.get("highway")) in _FAST else Drive.BOTH


def width_m(tags: Tags, kind: RoadKind) -> float:
    """Return the usable walking width: as marked, else by lanes, else the usual one of its kind [m]."""
    marked = length_m(tags.get("width"))
    if marked is not None and 0.5 <= marked <= 120:
        return round(marked, 1)
    lanes = whole(tags.get("lanes"), 1, 20)
    if lanes is not None and kind not in _ON_FOOT:
        return max(WIDTH_M[kind], lanes * LANE_M) if kind is not RoadKind.SERVICE else lanes * LANE_M
    return WIDTH_M[kind]


def level(tags: Tags) -> tuple[int, bool, bool]:
    """Return (layer, on a bridge, in a tunnel).

    A passage through a building is at street level: houses have doors on it. A bridge or tunnel without a marked level
    is one above or below.
    """
    bridge = is_set(tags, "bridge")
    tunnel = is_set(tags, "tunnel") and first(tags["tunnel"]) not in (
        "building_passage",
        "covered",
        "passage",
    )
    marked = number(tags.get("layer"))
    if marked is not None and not (marked == 0 and (bridge or tunnel)):
        return max(-5, min(5, int(marked))), bridge, tunnel
    return (1 if bridge else -1 if tunnel else 0), bridge, tunnel


def _is_area(tags: Tags) -> bool:
    return first(tags.get("area")) in YES or (
        first(tags.get("highway")) == "pedestrian" and first(tags.get("area")) not in NO
    )


def _plaza_rings(extract: Extract) -> dict[int, Tags]:
    """Return the untagged rings of pedestrian areas drawn as relations: way → tags of the area."""
    found: dict[int, Tags] = {}
    for relation in extract.relations.values():
        kind, _ = kind_of(relation.tags) if "highway" in relation.tags else (None, None)
        if kind is None or relation.tags.get("type") != "multipolygon":
            continue
        for member in relation.members:
            if member.kind == "w" and member.id in extract.ways and member.role != "inner":
                found.setdefault(member.id, relation.tags)
    return found


def _runs(way: Way, area: Box | None) -> tuple[list[list[LonLat]], str]:
    """Return the stretches of a way that can be used, and what was cut: ``nodes``, ``area`` or nothing."""
    cut = "" if way.complete else "nodes"
    runs: list[list[LonLat]] = [[]]
    for coord in way.coords:
        if coord is None:
            runs.append([])
        elif not runs[-1] or runs[-1][-1] != coord:
            runs[-1].append(coord)
    if area is not None:
        kept = [part for run in runs for part in _inside(run, area)]
        if not cut and sum(map(len, kept)) < len(runs[0]):
            cut = "area"
        runs = kept
    return [r for r in runs if len(r) >= 2], cut


def _inside(run: Sequence[LonLat], area: Box) -> list[list[LonLat]]:
    """Return the stretches with at least one end of every segment inside the area, a little enlarged."""
    w, s, e, n = area[0] - MARGIN_DEG, area[1] - MARGIN_DEG, area[2] + MARGIN_DEG, area[3] + MARGIN_DEG
    inside = [w <= x <= e and s <= y <= n for x, y in run]
    if all(inside):
        return [list(run)]
    kept: list[list[LonLat]] = [[]]
    for k in range(1, len(run)):
        if inside[k - 1] or inside[k]:
            if not kept[-1]:
                kept[-1].append(run[k - 1])
            kept[-1].append(run[k])
        elif kept[-1]:
            kept.append([])
    return [r for r in kept if r]
