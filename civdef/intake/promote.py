"""Candidates → shelters with ways in. Everything is marked as an estimate until somebody has been there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from civdef.graph.access import INDOOR_ENTRANCE_M, OUTDOOR_ENTRANCE_M
from civdef.model.base import Name
from civdef.model.shelter import Candidate, CandidateKind, ShelterClass
from civdef.model.workspace import Workspace
from civdef.text import Text, apart

ON_EDGE_M = 12.0
"""A gate this near the edge of a place leads into it [m]; a tolerance for drawing."""

OPEN_EDGE_M = 15.0
"""An open place (park, square, car park) can be entered from a street this near its edge [m]; a tolerance."""

APART_M = 30.0
"""Ways in nearer to each other than this count as one [m]."""

_EVERY_M = 20.0
_OPEN = (CandidateKind.PARK, CandidateKind.SQUARE, CandidateKind.CAR_PARK)
_WIDEST_M = 12.0


@dataclass(frozen=True, slots=True)
class Way:
    """A way into a place: where [m, metric CRS], how wide [m], and what it is."""

    point: shapely.Point
    width_m: float
    via: str
    """``gate``, ``street`` (a street crosses the edge), ``edge`` (an open edge along a street) or ``nearest``"""


@dataclass
class Promotion:
    """What a promotion comes to.

    Attributes
    ----------
    shelters, entrances
        New features: properties and shape in WGS84.
    ways
        Shelter → its ways in.
    already
        Candidates that are shelters already.
    unsuited
        Candidates that do not reach the class asked for, and why.
    """

    shelters: list[tuple[dict[str, Any], BaseGeometry]] = field(default_factory=list)
    entrances: list[tuple[dict[str, Any], BaseGeometry]] = field(default_factory=list)
    ways: dict[str, list[Way]] = field(default_factory=dict)
    already: list[str] = field(default_factory=list)
    unsuited: list[tuple[str, Text]] = field(default_factory=list)


def promote(
    workspace: Workspace, chosen: Iterable[str], shelter_class: ShelterClass | None = None
) -> Promotion:
    """Return shelters for the candidates chosen.

    A shelter has the name of its candidate, so a second promotion changes nothing. Its ways in are, as far as there are
    any: gates on its edge; else streets that cross its edge (parks, squares and car parks, which rarely have a wall, count
    both, but no street at a locked gate); else, for these, spots where a street runs along the edge; else the spot nearest
    to a street.

    Parameters
    ----------
    chosen
        Candidate ids.
    shelter_class
        Class wanted; None: the first that the candidate offers (emergency, or air-raid below ground).
    """
    out = Promotion()
    finder = _Ways(workspace)
    for candidate_id in sorted(set(chosen)):
        candidate = workspace.candidates[candidate_id]
        shelter = candidate.shelter
        if shelter in workspace.shelters:
            out.already.append(candidate_id)
            continue
        wanted = shelter_class or next(c for c in ShelterClass if c in candidate.places)
        if wanted not in candidate.places:
            out.unsuited.append((candidate_id, Text("达不到类别 {c} 的要求，可用类别：{k}", "Not up to class {c}; it offers {k}").format(c=wanted.value, k=", ".join(c.value for c in candidate.places))))  # fmt: skip
            continue
        standard = workspace.settings.shelter_standards[wanted]
        places = candidate.places[wanted]
        properties: dict[str, Any] = {"id": shelter, **_names(candidate.name), "class": wanted.value}
        properties["hazards"] = list(candidate.hazards)
        properties["places"] = {
            "value": places,
            "source": f"估算 estimate: {candidate.usable_m2:,.0f} m² / {standard.area_m2_per_person:g} m²"
            + (f", {candidate.source}" if candidate.source else ""),
        }
        if candidate.usable_m2 > 0:
            properties["area_m2"] = candidate.usable_m2
        if candidate.community is not None:
            properties["community"] = candidate.community
        properties |= {"indoor": candidate.indoor, "estimated": True}
        out.shelters.append((properties, candidate.shape))
        out.ways[shelter] = finder.into(candidate)
        for number, way in enumerate(out.ways[shelter], start=1):
            out.entrances.append((_entrance(candidate, shelter, number, way), way.point))
    _to_wgs84(workspace.crs, out)
    return out


def _names(name: Name) -> dict[str, str]:
    return {k: v for k, v in (("name_zh", name.zh), ("name_en", name.en)) if v}


def _entrance(candidate: Candidate, shelter: str, number: int, way: Way) -> dict[str, Any]:
    zh, en = candidate.name.in_("zh"), candidate.name.in_("en")
    label = Text(f"{apart(zh).lstrip()}{number}号口", f"{en} entrance {number}")
    return {
        "id": f"entrance/{shelter.partition('/')[2]}-{number}",
        "name_zh": label.zh,
        "name_en": label.en,
        "shelter": shelter,
        "width_m": way.width_m,
        "estimated": True,
    }


def _to_wgs84(crs: str, out: Promotion) -> None:
    from pyproj import Transformer

    back = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    for i, (properties, point) in enumerate(out.entrances):
        lon, lat = back.transform(point.x, point.y)
        out.entrances[i] = (properties, shapely.Point(round(lon, 7), round(lat, 7)))


class _Ways:
    """Finds ways into places."""

    def __init__(self, workspace: Workspace) -> None:
        self.most = workspace.settings.candidates.entrances
        roads = [r for r in workspace.roads.values() if r.walk and not r.bridge and not r.tunnel]
        self.lines = [r.shape_m for r in roads]
        self.widths = [r.width_m for r in roads]
        self.tree = shapely.STRtree(self.lines)
        gates = [g for g in workspace.gates.values() if not g.locked]
        self.gates = [g.shape_m for g in gates]
        self.gate_widths = [g.width_m for g in gates]
        self.gate_tree = shapely.STRtree(self.gates)
        self.all_gates = shapely.STRtree([g.shape_m for g in workspace.gates.values()])

    def into(self, candidate: Candidate) -> list[Way]:
        """Return the ways into a place, at most so many as the settings say, far apart from each other."""
        usual = INDOOR_ENTRANCE_M if candidate.indoor else OUTDOOR_ENTRANCE_M
        shape = candidate.shape_m
        if shape.area == 0:
            return [Way(shape.representative_point(), usual, "nearest")]
        edge = shape.boundary
        gates = self._gates(edge)
        crossings = self._crossings(edge, usual) if not candidate.indoor else []
        if candidate.kind in _OPEN:
            crossings = [
                w for w in crossings
                if not len(self.all_gates.query(w.point, predicate="dwithin", distance=ON_EDGE_M))
            ]  # fmt: skip
            if gates or crossings:
                return _far_apart(gates + crossings, self.most)
            gates = self._open_edge(edge, usual)
        if gates or crossings:
            return _far_apart(gates or crossings, self.most)
        return self._nearest(edge, usual)

    def _gates(self, edge: BaseGeometry) -> list[Way]:
        near = self.gate_tree.query(edge, predicate="dwithin", distance=ON_EDGE_M) if self.gates else []
        return [Way(self.gates[k], self.gate_widths[k], "gate") for k in sorted(near)]

    def _crossings(self, edge: BaseGeometry, usual: float) -> list[Way]:
        found = []
        for k in sorted(self.tree.query(edge, predicate="intersects")) if self.lines else []:
            met = edge.intersection(self.lines[k])
            width = min(max(self.widths[k], 1.5), _WIDEST_M)
            for part in shapely.get_parts(met):
                spot = part if part.geom_type == "Point" else part.interpolate(0.5, normalized=True)
                found.append(Way(spot, round(width, 1), "street"))
        return found

    def _open_edge(self, edge: BaseGeometry, usual: float) -> list[Way]:
        if not self.lines:
            return []
        found = []
        for ring in shapely.get_parts(edge):
            for along in np.arange(0.0, ring.length, _EVERY_M):
                spot = ring.interpolate(float(along))
                if len(self.tree.query(spot, predicate="dwithin", distance=OPEN_EDGE_M)):
                    found.append(Way(spot, usual, "edge"))
        return found

    def _nearest(self, edge: BaseGeometry, usual: float) -> list[Way]:
        if not self.lines:
            return [Way(edge.interpolate(0.0) if edge.geom_type == "LineString" else edge.representative_point(), usual, "nearest")]  # fmt: skip
        _, distance = self.tree.query_nearest(edge, return_distance=True, all_matches=False)
        k = int(min(self.tree.query(edge, predicate="dwithin", distance=float(distance[0]) + 1e-9)))
        link = shapely.shortest_line(edge, self.lines[k])
        return [Way(shapely.Point(link.coords[0]), usual, "nearest")]


def _far_apart(ways: Sequence[Way], most: int) -> list[Way]:
    """Return at most so many ways: the widest first, then always the one farthest from those taken."""
    left = sorted(ways, key=lambda w: (-w.width_m, w.point.x, w.point.y))
    taken = [left.pop(0)]
    while left and len(taken) < most:
        gap = [min(w.point.distance(t.point) for t in taken) for w in left]
        k = max(range(len(left)), key=lambda k: (gap[k], -k))
        if gap[k] < APART_M:
            break
        taken.append(left.pop(k))
    return taken
