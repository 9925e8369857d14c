"""The files of the sample workspace that come from the generator."""

from __future__ import annotations

from typing import Any

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from tools.make_sample import (
    cast,
    hazards,
    organisation,
    people,
    posts,
    resources,
    roads,
    shelters,
    units,
    write,
)
from tools.make_sample.build import build
from tools.make_sample.cast import Cast
from tools.make_sample.layout import COMMUNITIES
from tools.make_sample.town import Town

Feature = tuple[dict[str, Any], BaseGeometry]


def files() -> dict[str, bytes]:
    """Path in the workspace → bytes. The same on every run."""
    town = build()
    cast_ = cast.appoint()
    offices = {c: people.largest_shop(town, c) for c in cast.COMMUNITIES}
    for c, b in offices.items():
        b.use, b.zh, b.en = (
            "government",
            f"{posts.ZH[c]}社区综合服务楼",
            f"{c.capitalize()} Community Service House",
        )
    found = people.households(town)
    property_contacts(town, cast_)
    helped = people.assisted(town, cast_, found)
    people.settle(town, cast_, found)
    out: dict[str, bytes] = {}
    out.update(_maps(town, cast_, offices))
    zones = hazards.draw(town)
    for name in sorted({z.file for z in zones}):
        out[f"maps/hazards/{name}.geojson"] = write.geojson(
            (z.properties, z.shape) for z in zones if z.file == name
        )
    out["plans/organisation.yaml"] = organisation.text().encode()
    out["plans/households.csv"] = write.table(
        [
            {
                "id": h.id, "building": h.building, "stairwell": h.stairwell, "floor": h.floor,
                "residents": h.residents, "children": h.children, "elderly": h.elderly,
            }
            for h in found
        ],
        ("id", "building", "stairwell", "floor", "residents", "children", "elderly"),
    )  # fmt: skip
    out["plans/assistance.csv"] = write.table(
        [
            {
                "id": a.id, "name_zh": a.zh, "name_en": a.en, "household": a.household, "mobility": a.mobility, "reason": a.reason,
                "helper_1": a.helpers[0], "helper_2": a.helpers[1], "reserve_helper": a.helpers[2],
            }
            for a in helped
        ],
        ("id", "name_zh", "name_en", "household", "mobility", "reason", "helper_1", "helper_2", "reserve_helper"),
    )  # fmt: skip
    out["plans/roster.csv"] = roster(cast_)
    equipment, vehicles, duty = resources.equipment(), resources.vehicles(cast_), resources.duty(cast_)
    out["plans/equipment.csv"] = write.table(equipment, tuple(equipment[0]))
    out["plans/vehicles.csv"] = write.table(vehicles, tuple(vehicles[0]))
    out["plans/duty.csv"] = write.table(duty, tuple(duty[0]))
    return dict(sorted(out.items()))


def property_contacts(town: Town, cast_: Cast) -> None:
    """A property contact for every walled housing compound; also holds the keys of its locked gates."""
    for compound in sorted(town.compounds, key=lambda c: c.id):
        slug = compound.id.split("/")[1]
        c = compound.community.split("/")[1]
        cast_.single(
            f"property.{slug}.contact",
            f"office/property-{c}",
            community=c,
            lives=c,
            skills=("gate_keys", "building_knowledge"),
        )


def roster(cast_: Cast) -> bytes:
    """The roster table."""
    columns = (
        "id", "name_zh", "name_en", "phone", "alternate_phone", "office", "community", "home",
        "travel_night_min", "travel_workday_min", "skills", "phone_checked",
    )  # fmt: skip
    rows = [
        {
            "id": p.id, "name_zh": p.zh, "name_en": p.en, "phone": p.phone, "alternate_phone": p.alternate, "office": p.office,
            "community": p.community, "home": p.home, "travel_night_min": p.travel_night_min,
            "travel_workday_min": p.travel_workday_min, "skills": ";".join(p.skills), "phone_checked": p.checked,
        }
        for p in sorted(cast_.people, key=lambda p: p.id)
    ]  # fmt: skip
    return write.table(rows, columns)


def _maps(town: Town, cast_: Cast, offices: dict[str, Any]) -> dict[str, bytes]:
    records = shelters.draw(town)
    out = {
        "communities": [
            ({"id": key, "name_zh": COMMUNITIES[key.split("/")[1]][0], "name_en": COMMUNITIES[key.split("/")[1]][1],
              "code": COMMUNITIES[key.split("/")[1]][2]}, shape)
            for key, shape in town.communities.items()
        ],
        "compounds": _compounds(town, cast_),
        "gates": _gates(town, cast_),
        "buildings": _buildings(town),
        "units": _units(town, cast_, offices),
        "roads": _roads(town),
        "shelters": [(_shelter(r, cast_), r.shape) for r in records],
        "entrances": [
            (
                {
                    "id": f"entrance/{str(r.properties['id']).split('/')[1]}-{k}",
                    "name_zh": f"{r.properties['name_zh']}{k}号口", "name_en": f"{r.properties['name_en']} entrance {k}",
                    "shelter": r.properties["id"], "width_m": width, "step_free": step_free,
                },
                Point(p),
            )
            for r in records
            for k, (p, width, step_free) in enumerate(r.doors, start=1)
        ],
        "sirens": [(s.properties, Point(s.point)) for s in posts.sirens(town, cast_)],
        "posts": [(s.properties, Point(s.point)) for s in posts.draw(town, offices)],
        "landmarks": _landmarks(town),
    }  # fmt: skip
    return {f"maps/{name}.geojson": write.geojson(features) for name, features in out.items()}


def _named(id_: str, zh: str, en: str) -> dict[str, Any]:
    return {"id": id_, "name_zh": zh, "name_en": en}


def _compounds(town: Town, cast_: Cast) -> list[Feature]:
    from tools.make_sample.names import FIRMS

    homes = {b.compound for b in town.buildings if b.homes}
    out: list[Feature] = []
    for k, c in enumerate(sorted(town.compounds, key=lambda c: c.id)):
        props = _named(c.id, c.zh, c.en) | {"community": c.community}
        if c.id in homes:
            firm = FIRMS[k % len(FIRMS)]
            props |= {
                "owners_committee": k % 3 != 1,
                "property_firm": {"zh": firm[0], "en": firm[1]},
            }
        props["contact"] = cast_.one[f"property.{c.id.split('/')[1]}.contact"]
        out.append((props, c.shape))
    return out


def _gates(town: Town, cast_: Cast) -> list[Feature]:
    out: list[Feature] = []
    for g in town.gates:
        props = _named(g.id, g.zh, g.en) | {"compound": g.compound, "width_m": g.width_m, "locked": g.locked}
        if g.locked:
            props["key_holder"] = cast_.one[f"property.{g.compound.split('/')[1]}.contact"]
        out.append((props, Point(g.point)))
    return out


def _buildings(town: Town) -> list[Feature]:
    out: list[Feature] = []
    for b in town.buildings:
        props = _named(b.id, b.zh, b.en) | {"community": b.community}
        if b.compound:
            props["compound"] = b.compound
        props |= {"use": b.use, "floors": b.floors}
        if b.basement_floors:
            props["basement_floors"] = b.basement_floors
        if b.stairwells > 1:
            props["stairwells"] = b.stairwells
        if b.lift:
            props["lift"] = True
        if b.year:
            props["year_built"] = b.year
        out.append((props, b.shape))
    return out


def _units(town: Town, cast_: Cast, offices: dict[str, Any]) -> list[Feature]:
    out: list[Feature] = []
    for u in units.draw(town, offices):
        props = _named(u.id, u.zh, u.en) | {
            "kind": u.kind, "community": u.community, "building": u.building,
            "night_persons": u.night, "workday_persons": u.workday, "holiday_persons": u.holiday,
        }  # fmt: skip
        if u.children:
            props["children"] = u.children
        if u.hazardous:
            props["hazardous"] = True
        contact = cast_.one.get(f"property.{u.id.split('/')[1]}.contact")
        if contact:
            props["contact"] = contact
        out.append((props, Point(u.point)))
    return out


def _roads(town: Town) -> list[Feature]:
    out: list[Feature] = []
    for id_, w in roads.stretches(town):
        props = _named(id_, w.zh, w.en) | {"kind": w.kind, "width_m": w.width_m}
        if w.drive != "both":
            props["drive"] = w.drive
        if w.speed_kmh:
            props["speed_kmh"] = w.speed_kmh
        if w.lanes:
            props["lanes"] = w.lanes
        if w.layer:
            props["layer"] = w.layer
        if w.bridge:
            props["bridge"] = True
        if w.tunnel:
            props["tunnel"] = True
        if w.compound:
            props["compound"] = w.compound
        out.append((props, w.line))
    return out


def _shelter(record: shelters.Record, cast_: Cast) -> dict[str, Any]:
    props = dict(record.properties)
    name = str(props["id"]).split("/")[1]
    props["team"] = f"team/{str(props['community']).split('/')[1]}-volunteers"
    props["key_holder"] = cast_.many[f"shelter.{name}.openers"][0]
    return props


def _landmarks(town: Town) -> list[Feature]:
    out: list[Feature] = [(_named(m.id, m.zh, m.en) | {"kind": m.kind}, m.shape) for m in town.landmarks]
    out.append(
        (_named("landmark/mingze-lake", "明泽湖", "Mingze Lake") | {"kind": "lake"}, town.shapes["lake"])
    )
    out.append(
        (_named("landmark/qingxi-river", "清溪河", "Qingxi River") | {"kind": "river"}, town.shapes["river"])
    )
    return out
