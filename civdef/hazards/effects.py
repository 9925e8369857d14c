"""Effects of hazards: zones nobody may enter, streets nobody can walk, buildings to leave, shelters not to use."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from civdef.graph.roads import CONNECTOR, StreetNetwork
from civdef.hazards import kinds
from civdef.model.shelter import Footprint, Shelter
from civdef.model.workspace import Workspace
from civdef.text import Text

Minutes = NDArray[np.float64]

EDGE_M = 3.0
"""Depth of the rim of a zone that a street may run along [m]: footprints are often drawn along streets, to their middle
line. A tolerance for drawing, not a safe distance."""


@dataclass(frozen=True)
class Zone:
    """An area that a hazard makes unsafe.

    Attributes
    ----------
    footprint
        Id of the footprint it comes from.
    shape_m
        The area in the workspace's metric CRS [m].
    from_min
        When the hazard reaches it [min after the start].
    walkable
        Whether people who are inside can still walk out once it has been reached.
    """

    footprint: str
    shape_m: BaseGeometry
    from_min: float
    walkable: bool = True


@dataclass(frozen=True)
class Blockage:
    """Streets up to a width that cannot be walked where they touch an area, e.g. lanes full of debris."""

    footprint: str
    shape_m: BaseGeometry
    from_min: float
    widest_m: float = float("inf")


@dataclass(frozen=True)
class Effects:
    """What one or more hazards do to the town.

    Attributes
    ----------
    zones, blockages
        See :class:`Zone` and :class:`Blockage`.
    unsafe_buildings
        Building → when it must have been left [min]: its deadline.
    trapped_buildings
        Building → from when its people can no longer walk out [min]; they need boats or rescuers, or stay upstairs.
    unsafe_shelters
        Shelter → why it cannot be used.
    """

    zones: tuple[Zone, ...] = ()
    blockages: tuple[Blockage, ...] = ()
    unsafe_buildings: Mapping[str, float] = field(default_factory=dict)
    trapped_buildings: Mapping[str, float] = field(default_factory=dict)
    unsafe_shelters: Mapping[str, Text] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing is changed."""
        return not (self.zones or self.blockages or self.unsafe_buildings or self.unsafe_shelters)

    @cached_property
    def footprints(self) -> tuple[str, ...]:
        """Ids of the footprints behind the zones, sorted."""
        return tuple(sorted({z.footprint for z in self.zones}))


class Hazard(Protocol):
    """What a module of this package offers."""

    NAME: Text
    NEEDS: tuple[str, ...]
    VALIDITY: Text
    SOURCES: tuple[str, ...]
    effects: Callable[[Workspace, Sequence[Footprint]], Effects]


def hazard(kind: str) -> Hazard:
    """Return the module of a kind of hazard.

    Raises
    ------
    KeyError
        For a kind that has no file here.
    """
    if kind not in kinds():
        raise KeyError(kind)
    return cast(Hazard, importlib.import_module(f"civdef.hazards.{kind}"))


def effects_of(workspace: Workspace, footprints: Iterable[Footprint], also: Iterable[str] = ()) -> Effects:
    """Return the joint effects of footprints, each judged by the module of its kind.

    Parameters
    ----------
    workspace
        The town.
    footprints
        Areas struck; an area of a kind without a file here is taken as unsafe ground.
    also
        Kinds at work everywhere, without a footprint (a typhoon makes open-air shelters useless).

    Raises
    ------
    KeyError
        For a kind in `also`, or of a footprint, that has no file here.
    """
    by_kind: dict[str, list[Footprint]] = {kind: [] for kind in also}
    for footprint in sorted(footprints, key=lambda f: f.id):
        by_kind.setdefault(footprint.hazard, []).append(footprint)
    return merge(hazard(kind).effects(workspace, by_kind[kind]) for kind in sorted(by_kind))


def merge(parts: Iterable[Effects]) -> Effects:
    """Return all effects together; the earliest time and the first reason stand."""
    zones: list[Zone] = []
    blockages: list[Blockage] = []
    unsafe: dict[str, float] = {}
    trapped: dict[str, float] = {}
    shelters: dict[str, Text] = {}
    for part in parts:
        zones.extend(part.zones)
        blockages.extend(part.blockages)
        for building, at in part.unsafe_buildings.items():
            unsafe[building] = min(at, unsafe.get(building, float("inf")))
        for building, at in part.trapped_buildings.items():
            trapped[building] = min(at, trapped.get(building, float("inf")))
        for shelter, why in part.unsafe_shelters.items():
            shelters.setdefault(shelter, why)
    return Effects(
        tuple(zones),
        tuple(blockages),
        dict(sorted(unsafe.items())),
        dict(sorted(trapped.items())),
        dict(sorted(shelters.items())),
    )


INSIDE = Text("位于危险区内", "inside the hazard area")
OPEN_AIR = Text("露天场所，此类灾害下不能使用", "in the open air: no cover from this hazard")


def unsafe_ground(
    workspace: Workspace,
    footprints: Sequence[Footprint],
    walkable: Callable[[Footprint], bool] = lambda _: True,
) -> Effects:
    """Return the effects of areas that must be left and not entered.

    Buildings that touch an area by more than their edge are unsafe; shelters likewise.

    Parameters
    ----------
    workspace
        The town.
    footprints
        The areas.
    walkable
        Whether people can still walk inside the area once it has been reached.
    """
    zones = tuple(Zone(f.id, f.shape_m, f.from_min, walkable(f)) for f in footprints)
    unsafe: dict[str, float] = {}
    trapped: dict[str, float] = {}
    shelters: dict[str, Text] = {}
    buildings = list(workspace.buildings.values())
    places = list(workspace.shelters.values())
    house_tree = shapely.STRtree([b.shape_m for b in buildings])
    place_tree = shapely.STRtree([s.shape_m for s in places])
    for zone in zones:
        for i in _struck(house_tree, [b.shape_m for b in buildings], zone.shape_m):
            found = buildings[i].id
            unsafe[found] = min(zone.from_min, unsafe.get(found, float("inf")))
            if not zone.walkable:
                trapped[found] = min(zone.from_min, trapped.get(found, float("inf")))
        for i in _struck(place_tree, [s.shape_m for s in places], zone.shape_m):
            shelters[places[i].id] = INSIDE
    return Effects(
        zones,
        (),
        dict(sorted(unsafe.items())),
        dict(sorted(trapped.items())),
        dict(sorted(shelters.items())),
    )


def without_cover(workspace: Workspace, usable: Callable[[Shelter], bool]) -> Effects:
    """Return effects that rule out every shelter that is not `usable`."""
    return Effects(unsafe_shelters={s.id: OPEN_AIR for s in workspace.shelters.values() if not usable(s)})


def _struck(tree: shapely.STRtree, shapes: Sequence[BaseGeometry], area: BaseGeometry) -> list[int]:
    """Return indices of shapes whose inside meets the inside of `area`; points and lines need only touch it."""
    found = [int(i) for i in tree.query(area, predicate="intersects")]
    shapely.prepare(area)
    return sorted(i for i in found if not area.touches(shapes[i]))


@dataclass(frozen=True)
class ArcEffects:
    """Effects on the arcs of a street network, in minutes after the start; infinite: never.

    Attributes
    ----------
    impassable_min
        From when nobody can walk the arc, shape (M,).
    forbidden_min
        From when nobody may *enter* the hazard area along the arc, shape (M,). Arcs that lead out of it, or lie in it,
        stay open for those who are inside.
    zone
        Index of the zone or, past the zones, of the blockage behind the earlier of the two; -1: none, shape (M,).
    """

    impassable_min: Minutes
    forbidden_min: Minutes
    zone: NDArray[np.int32]


def arc_effects(effects: Effects, workspace: Workspace, network: StreetNetwork) -> ArcEffects:
    """Work out what the effects mean for every arc.

    A zone forbids arcs that lead into it or across it, except to those who already stand in a zone that is at least as
    bad: they may pass from one to the next on their way out. One that is not walkable also makes every arc inside it
    impassable. A street that only runs along the rim, within `EDGE_M`, is neither; nor is the step from a house's own door
    onto the street. A blockage makes arcs up to its width impassable, connectors between a door and the street excepted.
    """
    m = network.arcs
    impassable = np.full(m, np.inf)
    forbidden = np.full(m, np.inf)
    cause = np.full(m, -1, dtype=np.int32)
    if not (effects.zones or effects.blockages) or m == 0:
        return ArcEffects(impassable, forbidden, cause)
    lines = _metric_lines(workspace, network)
    tree = shapely.STRtree(lines)
    nodes = shapely.points(network.x_m, network.y_m)

    def lower(times: Minutes, arcs: NDArray[np.bool_], at: float, index: int) -> None:
        before = np.minimum(impassable, forbidden)
        cause[arcs & (at < before)] = index
        times[arcs & (at < times)] = at

    home = np.zeros(network.nodes, dtype=np.bool_)
    home[network.building_node] = True
    from_home = (network.road == CONNECTOR) & home[network.tail]
    within = []
    for zone in effects.zones:
        shapely.prepare(zone.shape_m)
        within.append(shapely.intersects(zone.shape_m, nodes))
    for index, zone in enumerate(effects.zones):
        inner = zone.shape_m.buffer(-EDGE_M)
        touched = np.zeros(len(lines), dtype=np.bool_)
        touched[tree.query(zone.shape_m if inner.is_empty else inner, predicate="intersects")] = True
        arcs = touched[network.line]
        inside = np.any([w for w, z in zip(within, effects.zones, strict=True) if _as_bad(z, zone)], axis=0)
        lower(forbidden, arcs & ~inside[network.tail] & ~from_home, zone.from_min, index)
        if not zone.walkable:
            lower(impassable, arcs, zone.from_min, index)
    for index, blockage in enumerate(effects.blockages, start=len(effects.zones)):
        shapely.prepare(blockage.shape_m)
        touched = np.zeros(len(lines), dtype=np.bool_)
        touched[tree.query(blockage.shape_m, predicate="intersects")] = True
        narrow = (network.width_m <= blockage.widest_m) & (network.road != CONNECTOR)
        lower(impassable, touched[network.line] & narrow, blockage.from_min, index)
    return ArcEffects(impassable, forbidden, cause)


def _as_bad(zone: Zone, than: Zone) -> bool:
    """Return whether `zone` is at least as bad as `than`: there no later, and walkable only if the other is."""
    return zone.from_min <= than.from_min and zone.walkable <= than.walkable


def _metric_lines(workspace: Workspace, network: StreetNetwork) -> NDArray[np.object_]:
    """Return the drawn stretches of a network in the metric CRS."""
    from pyproj import Transformer

    if not network.lines:
        return np.zeros(0, dtype=object)
    forth = Transformer.from_crs("EPSG:4326", workspace.crs, always_xy=True)
    stacked = np.concatenate(network.lines)
    x, y = forth.transform(stacked[:, 0], stacked[:, 1])
    counts = [len(line) for line in network.lines]
    return cast(
        NDArray[np.object_],
        shapely.linestrings(np.column_stack([x, y]), indices=np.repeat(np.arange(len(counts)), counts)),
    )
