"""Streets of any map → roads."""

from __future__ import annotations

from civdef.intake import shapes, words
from civdef.intake.fields import Fields, Ids
from civdef.intake.raw import Cleaned, RawTable
from civdef.model.town import Drive, RoadKind
from civdef.text import Text

KINDS: dict[str, RoadKind] = {
    "motorway": RoadKind.PRIMARY,
    "trunk": RoadKind.PRIMARY,
    "primary": RoadKind.PRIMARY,
    "secondary": RoadKind.SECONDARY,
    "tertiary": RoadKind.TERTIARY,
    "residential": RoadKind.RESIDENTIAL,
    "living_street": RoadKind.RESIDENTIAL,
    "unclassified": RoadKind.RESIDENTIAL,
    "road": RoadKind.RESIDENTIAL,
    "service": RoadKind.SERVICE,
    "footway": RoadKind.FOOTWAY,
    "pedestrian": RoadKind.FOOTWAY,
    "path": RoadKind.FOOTWAY,
    "cycleway": RoadKind.FOOTWAY,
    "steps": RoadKind.STEPS,
    "track": RoadKind.TRACK,
}
"""Class of a street in OpenStreetMap's words → kind; ``…_link`` counts as its class."""

NOT_THERE = {"construction", "proposed", "planned", "abandoned", "razed", "disused"}
"""Classes of streets that cannot be used: not built yet, or no more."""

NO_WALKING = {"motorway", "motorway_link"}

WIDTH_M: dict[RoadKind, float] = {
    RoadKind.PRIMARY: 8.0,
    RoadKind.SECONDARY: 6.0,
    RoadKind.TERTIARY: 5.0,
    RoadKind.RESIDENTIAL: 4.0,
    RoadKind.SERVICE: 3.0,
    RoadKind.FOOTWAY: 2.5,
    RoadKind.STEPS: 2.0,
    RoadKind.TRACK: 2.0,
}
"""Walking width where the source gives none, both directions together [m]; a planning assumption, to be surveyed."""

_NO_CARS = {RoadKind.FOOTWAY, RoadKind.STEPS}
_YES = {"yes", "true", "1", "是", "t"}


def clean_streets(raw: RawTable, fields: Fields) -> Cleaned:
    """Return roads from a layer of lines already in WGS84.

    A street without a name is named by its id, which maps know not to print. Fields used: id, name, kind, width_m, lanes,
    oneway, layer, bridge, tunnel, speed_kmh. A street of unknown class becomes residential, which the report says.
    """
    out = Cleaned(read=len(raw.rows))
    ids = Ids("road")
    for number, (row, shape) in enumerate(zip(raw.rows, raw.shapes, strict=True), start=1):
        named = str(fields.get(row, "kind") or "residential").strip().lower()
        named = words.code(named, words.ROADS, (*KINDS, *NOT_THERE)) or named
        if named in NOT_THERE:
            out.drop(number, Text("道路尚未建成或已停用（{k}）", "No street to use ({k})").format(k=named))
            continue
        parts = shapes.lines(shape, number, out)
        kind = KINDS.get(named.removesuffix("_link"))
        if parts and kind is None:
            out.repair(
                number,
                None,
                Text(
                    "道路等级 {k} 不认识，按居住区道路处理", "Unknown class {k}: taken as residential"
                ).format(k=named),
            )
            kind = RoadKind.RESIDENTIAL
        for part in parts:
            assert kind is not None
            names = fields.names(row)
            object_id = ids.take(fields.get(row, "id"), names.get("name_en") or f"r{number:05d}")
            out.rows[object_id] = number
            properties: dict[str, object] = {"id": object_id}
            if not names:
                out.unnamed.add(object_id)
            properties |= names or {"name_en": object_id}
            properties |= {"kind": kind.value, "width_m": _width(fields.number(row, "width_m"), kind)}
            properties["walk"] = named not in NO_WALKING
            properties["drive"] = (
                Drive.NONE if kind in _NO_CARS else _direction(fields.get(row, "oneway"))
            ).value
            _optional(properties, fields, row)
            out.features.append((properties, part))
    out.made = ids.made
    return out


def _width(given: float | None, kind: RoadKind) -> float:
    return given if given is not None and 0 < given <= 120 else WIDTH_M[kind]


def _direction(value: object) -> Drive:
    text = str(value or "").strip().lower()
    if text in ("-1", "reverse"):
        return Drive.BACKWARD
    return Drive.FORWARD if text in _YES else Drive.BOTH


def _optional(properties: dict[str, object], fields: Fields, row: object) -> None:
    lanes = fields.number(row, "lanes")  # type: ignore[arg-type]
    if lanes is not None and 1 <= lanes <= 20:
        properties["lanes"] = int(lanes)
    speed = fields.number(row, "speed_kmh")  # type: ignore[arg-type]
    if speed is not None and 0 < speed <= 130:
        properties["speed_kmh"] = speed
    layer = fields.number(row, "layer")  # type: ignore[arg-type]
    if layer is not None and -5 <= layer <= 5:
        properties["layer"] = int(layer)
    for flag in ("bridge", "tunnel"):
        if str(fields.get(row, flag) or "").strip().lower() in _YES:  # type: ignore[arg-type]
            properties[flag] = True
