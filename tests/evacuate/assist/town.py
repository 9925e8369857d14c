"""A street of houses with people who cannot walk alone, helpers, vehicles and shelters.

One straight street along y = 0, driven in both directions. Houses stand 10 m off it, so a house's door is 10 m from the
kerb; shelters have a step-free entrance on the street.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import shapely

from civdef.evacuate.assist.plan import Assistance, plan_assistance
from civdef.evacuate.question import Asked, Question, ask
from civdef.graph.roads import build_street_network
from civdef.model.organisation import Person
from civdef.model.resident import AssistedPerson
from civdef.model.resources import Vehicle
from civdef.model.town import FixedPost
from civdef.model.workspace import Workspace
from tests.evacuate import towns

FIELDS = {"person": "people", "fixed-post": "fixed_posts", "vehicle": "vehicles", "post": "posts", "group": "groups", "team": "teams"}  # fmt: skip


def person(n: str, home: str | None = None, **more: Any) -> Person:
    at = None if home is None else f"building/{home}"
    return Person(id=f"person/{n}", name=towns.name(n), home=at, **more)


def assisted(n: str, of: str, mobility: str, *helpers: str | None) -> AssistedPerson:
    named = [None if h is None else f"person/{h}" for h in (*helpers, None, None, None)][:3]
    return AssistedPerson(
        id=f"assisted/{n}", name=towns.name(n), household=f"household/{of}", mobility=mobility,
        helper_1=named[0], helper_2=named[1], reserve_helper=named[2],
    )  # fmt: skip


def post(n: str, x: float, y: float, kind: str = "store") -> FixedPost:
    return FixedPost(id=f"fixed-post/{n}", name=towns.name(n), kind=kind, **towns.placed(shapely.Point(x, y)))


def vehicle(n: str, base: str, driver: str | None, **more: Any) -> Vehicle:
    at = None if driver is None else f"person/{driver}"
    return Vehicle(id=f"vehicle/{n}", name=towns.name(n), base=f"fixed-post/{base}", driver=at, **{"kind": "van", **more})  # fmt: skip


def haven(n: str, x: float, free: int, places: int = 500) -> list[Any]:
    return [
        towns.shelter(n, x, 30, places, barrier_free=True, barrier_free_places=free),
        towns.entrance(n, n, x, 0),
    ]


def town(*things: Any, **settings: Any) -> Workspace:
    mine = [t for t in things if t.KIND in FIELDS]
    made = towns.town(*(t for t in things if t.KIND not in FIELDS), **settings)
    extra: dict[str, dict[str, Any]] = {}
    for thing in sorted(mine, key=lambda t: t.id):
        extra.setdefault(FIELDS[thing.KIND], {})[thing.id] = thing
    return dataclasses.replace(made, **extra)


def street(*things: Any, plan: Any = None, **settings: Any) -> Workspace:
    """Return a town on one street of 1 km, with the plan `p` and a store at its far end."""
    return town(
        plan or towns.plan(),
        towns.road("main", (0, 0), (1000, 0)),
        post("yard", 1000, 0),
        *things,
        **settings,
    )


def planned(
    ws: Workspace, question: Question | None = None, absent: tuple[str, ...] = ()
) -> tuple[Asked, Assistance]:
    asked = ask(ws, build_street_network(ws), question or Question("p"))
    return asked, plan_assistance(ws, asked, absent)
