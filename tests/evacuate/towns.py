"""Small towns made in memory: a grid of streets with houses, shelters and whatever a test needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from civdef.model.base import Name, figure
from civdef.model.plan import Evacuation, HazardClass, Plan
from civdef.model.resident import Household
from civdef.model.settings import Presence, PresenceByTime, Settings
from civdef.model.shelter import Entrance, Footprint, Shelter, ShelterClass
from civdef.model.town import Building, BuildingUse, Community, Road, RoadKind, Unit
from civdef.model.workspace import Workspace
from tests.toy_town import CRS, EAST, NORTH, lonlat

HOME = PresenceByTime(
    night=Presence(adult=1, child=1, elderly=1),
    workday=Presence(adult=0.5, child=0.2, elderly=1),
    holiday=Presence(adult=0.7, child=0.7, elderly=0.9),
)


def placed(shape: shapely.Geometry) -> dict[str, shapely.Geometry]:
    """Return both shapes of something drawn in metres from the toy town's origin."""

    def degrees(xy: Any) -> Any:
        return np.array([lonlat(x, y) for x, y in xy]).reshape(-1, 2)

    return {
        "shape": shapely.transform(shape, degrees),
        "shape_m": shapely.transform(shape, lambda xy: xy + np.array([EAST, NORTH])),
    }


def name(text: str) -> Name:
    return Name(en=text)


def road(n: str, *points: tuple[float, float], width_m: float = 4.0, **more: Any) -> Road:
    kind = more.pop("kind", RoadKind.RESIDENTIAL)
    return Road(
        id=f"road/{n}", name=name(n), kind=kind, width_m=width_m, **placed(shapely.LineString(points)), **more
    )


def house(n: str, x: float, y: float, **more: Any) -> Building:
    box = shapely.box(x - 4, y - 4, x + 4, y + 4)
    more = {"community": "community/c", "use": BuildingUse.RESIDENTIAL, **more}
    return Building(id=f"building/{n}", name=name(n), **placed(box), **more)


def shelter(n: str, x: float, y: float, places: int, **more: Any) -> Shelter:
    more = {"shelter_class": ShelterClass.EMERGENCY, "hazards": ("earthquake", "flood"), **more}
    return Shelter(
        id=f"shelter/{n}", name=name(n), places=figure(places), community="community/c",
        **placed(shapely.Point(x, y)), **more,
    )  # fmt: skip


def entrance(n: str, of: str, x: float, y: float, width_m: float = 2.0) -> Entrance:
    return Entrance(
        id=f"entrance/{n}",
        name=name(n),
        shelter=f"shelter/{of}",
        width_m=width_m,
        **placed(shapely.Point(x, y)),
    )


def household(n: str, of: str, residents: int, **more: Any) -> Household:
    return Household(id=f"household/{n}", building=f"building/{of}", residents=residents, **more)


def unit(n: str, x: float, y: float, **more: Any) -> Unit:
    more = {"kind": "shop", "community": "community/c", **more}
    return Unit(id=f"unit/{n}", name=name(n), **placed(shapely.Point(x, y)), **more)


def footprint(n: str, hazard: str, box: tuple[float, float, float, float], **more: Any) -> Footprint:
    return Footprint(id=f"hazard/{n}", name=name(n), hazard=hazard, **placed(shapely.box(*box)), **more)


def plan(n: str = "p", hazards: tuple[str, ...] = ("earthquake",), **evacuation: Any) -> Plan:
    policy = {"shelter_classes": (ShelterClass.EMERGENCY,), **evacuation}
    return Plan(
        id=f"plan/{n}", name=name(n), kind="contingency", version="1", issued=dt.date(2026, 1, 1),
        approved_by="post/a", text={"zh": "a.md"}, hazards=hazards, hazard_class=HazardClass.NATURAL,
        lead="group/g", evacuation=Evacuation(**policy),
    )  # fmt: skip


def town(*things: Any, presence: PresenceByTime = HOME, **settings: Any) -> Workspace:
    """Return a workspace of the things given, each under its kind, in id order."""
    by_class: Mapping[type, str] = {
        Road: "roads", Building: "buildings", Shelter: "shelters", Entrance: "entrances", Household: "households",
        Unit: "units", Footprint: "footprints", Plan: "plans",
    }  # fmt: skip
    found: dict[str, dict[str, Any]] = {}
    for thing in sorted(things, key=lambda t: t.id):
        found.setdefault(by_class.get(type(thing), thing.KIND), {})[thing.id] = thing
    found = {
        {"assisted": "assisted", "gate": "gates", "compound": "compounds"}.get(k, k): v
        for k, v in found.items()
    }
    ground = Community(id="community/c", name=name("c"), **placed(shapely.box(-500, -500, 2000, 2000)))
    return Workspace(
        settings=Settings(name=name("t"), as_of=dt.date(2026, 11, 1), presence=presence, **settings),
        crs=CRS,
        communities={"community/c": ground},
        **found,
    )


def grid(
    seed: int,
    side: int = 4,
    houses: int = 8,
    shelters: int = 3,
    *,
    tightness: float = 1.5,
    gaps: float = 0.15,
) -> Workspace:
    """Return a random town on a jittered grid: some streets missing, some narrow, shelters of uneven size."""
    rng = np.random.default_rng(seed)
    spots = {
        (i, j): (100.0 * i + rng.uniform(-20, 20), 100.0 * j + rng.uniform(-20, 20))
        for i in range(side)
        for j in range(side)
    }
    things: list[Any] = [plan()]
    for (i, j), here in spots.items():
        for di, dj in ((1, 0), (0, 1)):
            there = spots.get((i + di, j + dj))
            if there and rng.random() > gaps:
                things.append(road(f"r{i}-{j}-{di}{dj}", here, there, width_m=float(rng.choice([1.5, 3, 6]))))
    total = 0
    for h in range(houses):
        at = rng.uniform(-20, 100 * (side - 1) + 20, 2)
        persons = int(rng.integers(1, 40))
        total += persons
        things.append(house(f"h{h:02}", float(at[0]), float(at[1])))
        things.append(household(f"{h:02}", f"h{h:02}", persons))
    share = rng.uniform(0.3, 1.0, shelters)
    for s, part in enumerate(share / share.sum()):
        at = rng.uniform(0, 100 * (side - 1), 2)
        things.append(shelter(f"s{s}", float(at[0]), float(at[1]), int(part * total * tightness) + 1))
        for e in range(int(rng.integers(1, 3))):
            gate = at + rng.uniform(-15, 15, 2)
            things.append(
                entrance(f"s{s}-{e}", f"s{s}", float(gate[0]), float(gate[1]), float(rng.uniform(0.5, 3)))
            )
    return town(*things)
