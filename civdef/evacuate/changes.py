"""What-ifs that change the town itself: a gate opened, a door or places added. Made in memory, never in the files.

Each gives the workspace that the files would give if they were edited so; a test compares the two. What-ifs about the
use of streets and shelters (closed, left out, one-way) belong to the :class:`~civdef.evacuate.question.Question`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from civdef.errors import UsageError
from civdef.evacuate.question import Asked, resolve
from civdef.model.base import Name, Placed, figure
from civdef.model.shelter import Entrance, Shelter, ShelterClass
from civdef.model.workspace import Workspace
from civdef.text import Text

T = TypeVar("T")
N = TypeVar("N", bound=Placed)


@dataclass(frozen=True)
class Changes:
    """What to change.

    Attributes
    ----------
    opened
        Locked gates that are opened, and candidates that become shelters; a prefix ``gate/`` or ``candidate/`` may be left out.
    doors
        Doors added: (shelter, clear width [m]). Each stands beside the widest door the shelter has.
    places
        (shelter, places it has instead [persons]).
    classes
        Class of a candidate that is opened: the first of these that it offers; none of them: the first of all. Those of the
        plan, see :func:`classes_of`.
    """

    opened: tuple[str, ...] = ()
    doors: tuple[tuple[str, float], ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    classes: tuple[ShelterClass, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.opened or self.doors or self.places)


def changed(workspace: Workspace, changes: Changes) -> Workspace:
    """Return the workspace as it would be; `workspace.changes` says what was changed.

    Raises
    ------
    UsageError
        For an unknown gate, candidate or shelter, a gate that is open already, a candidate that is a shelter already, a
        shelter given two numbers of places.
    """
    found, said = workspace, list(workspace.changes)
    what = Text("大门或备选场所", "gate or candidate")
    known: dict[str, Placed] = {**workspace.gates, **workspace.candidates}
    opened = sorted(
        {
            resolve("candidate" if f"candidate/{o}" in workspace.candidates else "gate", o, known, what)
            for o in changes.opened
        }
    )
    for gate in opened:
        if gate in workspace.gates:
            found = _open_gate(found, gate)
    found = _open_candidates(found, [c for c in opened if c in workspace.candidates], changes.classes)
    said += [f"open {o}" for o in opened]
    places: dict[str, int] = {}
    for wanted, number in changes.places:
        shelter = _shelter(workspace, wanted)
        if places.get(shelter, number) != number:
            raise UsageError(
                Text("{s}给了两个不同的名额", "{s} is given two numbers of places").format(
                    s=workspace.name(shelter)
                ),
                hint=Text("每处避难场所只给一次 --places。", "Give --places once for each shelter."),
            )
        places[shelter] = number
    for shelter, number in sorted(places.items()):
        noun = found.shelters[shelter].model_copy(update={"places": figure(number, source="what-if")})
        found = dataclasses.replace(found, shelters={**found.shelters, shelter: noun})
        said.append(f"places {shelter}={number}")
    for shelter, width_m in sorted((_shelter(workspace, s), w) for s, w in changes.doors):
        found = _add_door(found, shelter, width_m)
        said.append(f"door {shelter}={width_m:g}")
    return found if found is workspace else dataclasses.replace(found, changes=tuple(said))


def _shelter(workspace: Workspace, wanted: str) -> str:
    return resolve("shelter", wanted, workspace.shelters, Text("避难场所", "shelter"))


def _open_gate(workspace: Workspace, gate: str) -> Workspace:
    noun = workspace.gates[gate]
    if not noun.locked:
        raise UsageError(
            Text("{g}平时就是开着的", "{g} is open already").format(g=workspace.name(gate)),
            place=workspace.place(gate),
            hint=Text("--open 只用于平时上锁的大门。", "--open is for gates that are normally locked."),
        )
    return dataclasses.replace(
        workspace, gates={**workspace.gates, gate: noun.model_copy(update={"locked": False})}
    )


def suited(workspace: Workspace, asked: Asked) -> tuple[str, ...]:
    """Return the candidates that are no shelters yet and could be one of the plan's classes, for its hazards."""
    policy = asked.plan.evacuation
    assert policy is not None
    return tuple(
        c.id
        for c in workspace.candidates.values()
        if c.shelter not in workspace.shelters
        and any(k in policy.shelter_classes and n > 0 for k, n in c.places.items())
        and all(h in c.hazards for h in asked.hazards)
    )


def classes_of(workspace: Workspace, plan: str) -> tuple[ShelterClass, ...]:
    """Return the classes of shelter that a plan uses, best first; none for a plan that is not there or moves nobody."""
    found = workspace.plans.get(plan) or workspace.plans.get(f"plan/{plan}")
    return found.evacuation.shelter_classes if found is not None and found.evacuation is not None else ()


def _open_candidates(
    workspace: Workspace, candidates: Sequence[str], classes: Sequence[ShelterClass]
) -> Workspace:
    """Make candidates shelters, as ``civdef import promote`` does."""
    from civdef.intake.promote import promote

    shelters: dict[str, Shelter] = {}
    entrances: dict[str, Entrance] = {}
    for candidate in candidates:
        offered = workspace.candidates[candidate].places
        wanted = next((k for k in classes if offered.get(k, 0) > 0), None)
        promotion = promote(workspace, [candidate], wanted)
        if promotion.already:
            raise UsageError(
                Text("{c}已经是避难场所", "{c} is a shelter already").format(c=workspace.name(candidate)),
                place=workspace.place(candidate),
                hint=Text(
                    "--open 只用于还不是避难场所的备选场所。",
                    "--open is for candidates that are no shelters yet.",
                ),
            )
        shelters |= {p["id"]: _noun(Shelter, p, shape, workspace.crs) for p, shape in promotion.shelters}
        entrances |= {p["id"]: _noun(Entrance, p, shape, workspace.crs) for p, shape in promotion.entrances}
    if not shelters:
        return workspace
    return dataclasses.replace(
        workspace,
        shelters=_by_id({**workspace.shelters, **shelters}),
        entrances=_by_id({**workspace.entrances, **entrances}),
    )


def _noun(kind: type[N], properties: Mapping[str, Any], shape: BaseGeometry, crs: str) -> N:
    """Return the noun that a feature of a map becomes when it is read."""
    from pyproj import Transformer

    move = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform
    fields = {k: v for k, v in properties.items() if k not in ("name_zh", "name_en", "class")}
    if "class" in properties:
        fields["shelter_class"] = properties["class"]
    return kind(
        **fields,
        name=Name(zh=properties.get("name_zh"), en=properties.get("name_en")),
        shape=shape,
        shape_m=shapely.transform(shape, move, interleaved=False),
    )


def _add_door(workspace: Workspace, shelter: str, width_m: float) -> Workspace:
    """Add a door beside the widest one; a door assumed for a shelter without drawn ones is drawn first."""
    entrances = dict(workspace.entrances)
    own = [e for e in entrances.values() if e.shelter == shelter]
    if not own:
        own = [_assumed(workspace, shelter)]
        entrances[own[0].id] = own[0]
    beside = min(own, key=lambda e: (-e.width_m, e.id))
    stem = f"entrance/{shelter.partition('/')[2]}-added"
    number = next(n for n in range(1, len(entrances) + 2) if f"{stem}-{n}" not in entrances)
    name = Name(zh=f"增设出入口 {number}", en=f"Added entrance {number}")
    entrances[f"{stem}-{number}"] = beside.model_copy(
        update={"id": f"{stem}-{number}", "name": name, "width_m": width_m}
    )
    return dataclasses.replace(workspace, entrances=_by_id(entrances))


def _assumed(workspace: Workspace, shelter: str) -> Entrance:
    """Draw the door that the street network assumes for a shelter without drawn ones."""
    from pyproj import Transformer

    from civdef.graph.access import tie_points
    from civdef.graph.noding import node_lines

    door = next(d for d in tie_points(workspace, node_lines(workspace)).doorways if d.shelter == shelter)
    back: Callable[..., tuple[float, float]] = Transformer.from_crs(
        workspace.crs, "EPSG:4326", always_xy=True
    ).transform
    return Entrance(
        id=door.id,
        name=workspace.name(shelter),
        shelter=shelter,
        width_m=door.width_m,
        shape=shapely.Point(back(*door.tie.point)),
        shape_m=shapely.Point(door.tie.point),
    )


def _by_id(found: Mapping[str, T]) -> dict[str, T]:
    return dict(sorted(found.items()))
