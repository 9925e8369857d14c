"""Street lines while they are mended: vertices on the grid of 1e-7 degrees, measured in metres near by."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from civdef.model.town import Drive

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Spot = tuple[int, int]
"""Longitude and latitude in units of 1e-7 degrees, the grid on which lines of a workspace meet."""

UNITS = 1e7
"""Units of the grid in a degree."""

WGS84_A_M = 6_378_137.0
WGS84_E2 = 0.006_694_379_990_14
"""Semi-major axis [m] and squared eccentricity of the WGS84 ellipsoid (NIMA TR 8350.2)."""


_RAISED = re.compile(
    r"高架|立交|天桥|地道|隧道|下穿|上跨|\b(flyover|overpass|viaduct|underpass|tunnel|elevated|footbridge)\b",
    re.I,
)
"""Words in a street's name that say it does not meet what it crosses."""


@dataclass(frozen=True)
class Frame:
    """Grid units → metres around one latitude: an affine map, so straight stays straight.

    Within a town the scale is true to some 1e-4, far finer than any tolerance used here.
    """

    origin: Spot
    x_m: float
    y_m: float

    @classmethod
    def around(cls, west: float, south: float, east: float, north: float) -> Frame:
        """Return the frame of a box given in degrees."""
        lat = math.radians(min(max((south + north) / 2, -89.0), 89.0))
        w = 1 - WGS84_E2 * math.sin(lat) ** 2
        unit = math.radians(1 / UNITS)
        return cls(
            (round((west + east) / 2 * UNITS), round((south + north) / 2 * UNITS)),
            WGS84_A_M / math.sqrt(w) * math.cos(lat) * unit,
            WGS84_A_M * (1 - WGS84_E2) / w**1.5 * unit,
        )

    def metres(self, spots: Ints) -> Floats:
        """Return positions of spots, shape (n, 2) [m]."""
        out: Floats = (spots - np.array(self.origin)) * np.array([self.x_m, self.y_m])
        return out

    def spot(self, x: float, y: float) -> Spot:
        """Return the spot nearest to a position [m]."""
        return (round(x / self.x_m) + self.origin[0], round(y / self.y_m) + self.origin[1])


@dataclass(frozen=True)
class Flat:
    """Every vertex of every living line in one table of V rows.

    Attributes
    ----------
    line, at
        Line number, and number of the vertex in its line, shape (V,).
    spots, xy_m
        Vertices on the grid and in metres, shape (V, 2).
    place, uses, keys
        Number of the vertex's spot, shape (V,); how many vertices lie on each spot, and the sorted keys of the spots,
        shape (spots,).
    segment
        Rows of `line` that begin a segment, shape (S,).
    """

    line: Ints
    at: Ints
    spots: Ints
    xy_m: Floats
    place: Ints
    uses: Ints
    keys: Ints
    segment: Ints

    @cached_property
    def is_end(self) -> NDArray[np.bool_]:
        """Whether the vertex is the first or last of its line, shape (V,)."""
        first = np.r_[True, self.line[1:] != self.line[:-1]] if len(self.line) else np.zeros(0, dtype=bool)
        last = np.r_[first[1:], True] if len(first) else first
        out: NDArray[np.bool_] = first | last
        return out

    def uses_at(self, spots: Ints) -> Ints:
        """Return how many vertices lie on each of some spots, shape (n,)."""
        wanted = _keys(spots)
        at = np.minimum(np.searchsorted(self.keys, wanted), max(len(self.keys) - 1, 0))
        out: Ints = np.where(self.keys[at] == wanted, self.uses[at], 0) if len(self.keys) else 0 * wanted
        return out

    def lengths_m(self, lines: int) -> Floats:
        """Return the length of each of so many lines, 0 for those that are gone, shape (lines,) [m]."""
        step = self.xy_m[self.segment + 1] - self.xy_m[self.segment]
        size = np.hypot(step[:, 0], step[:, 1])
        out: Floats = np.bincount(self.line[self.segment], weights=size, minlength=lines).astype(np.float64)
        return out


class Streets:
    """The lines of a street network while they are mended.

    Attributes
    ----------
    spots
        Vertices of each line, shape (k, 2); no rows once the line is dropped.
    properties
        Properties of each line as they will be written.
    origin
        Number of the feature each line came from (0-based).
    """

    def __init__(
        self, features: Sequence[tuple[Mapping[str, Any], BaseGeometry]], keep: Collection[str] = ()
    ) -> None:
        self._keep = frozenset(keep)
        self.properties: list[dict[str, Any]] = [dict(p) for p, _ in features]
        self.origin = list(range(len(features)))
        self.spots: list[Ints] = [
            np.round(shapely.get_coordinates(shape) * UNITS).astype(np.int64) for _, shape in features
        ]
        boxes = [shape.bounds for _, shape in features if not shape.is_empty]
        self.frame = (
            Frame.around(
                min(b[0] for b in boxes),
                min(b[1] for b in boxes),
                max(b[2] for b in boxes),
                max(b[3] for b in boxes),
            )
            if boxes
            else Frame.around(0, 0, 0, 0)
        )
        self._flat: Flat | None = None
        self._shapes: dict[int, shapely.LineString] = {}
        self._ids = {str(p.get("id")) for p in self.properties}

    def __len__(self) -> int:
        return len(self.spots)

    def alive(self) -> list[int]:
        """Return the numbers of the lines that are still there."""
        return [i for i, s in enumerate(self.spots) if len(s)]

    def level(self, i: int) -> int:
        """Return the layer of a line."""
        return int(self.properties[i].get("layer") or 0)

    def walk(self, i: int) -> bool:
        """Return whether people may walk along a line."""
        return bool(self.properties[i].get("walk", True))

    def drive(self, i: int) -> Drive:
        """Return how vehicles may go along a line."""
        return Drive(self.properties[i].get("drive") or Drive.BOTH)

    def raised(self, i: int) -> bool:
        """Return whether a line's name says that it runs above or below the ground."""
        names = (self.properties[i].get(f"name_{lang}") for lang in ("zh", "en"))
        return any(_RAISED.search(str(name)) for name in names if name)

    def wanted(self, i: int) -> bool:
        """Return whether something refers to a line by its id."""
        return str(self.properties[i].get("id")) in self._keep

    def metres(self, i: int) -> Floats:
        """Return the vertices of a line, shape (k, 2) [m]."""
        return self.frame.metres(self.spots[i])

    def shape_m(self, i: int) -> shapely.LineString:
        """Return a line in metres."""
        found = self._shapes.get(i)
        if found is None:
            found = self._shapes[i] = shapely.LineString(self.metres(i))
        return found

    def shapes_m(self, lines: Sequence[int]) -> list[shapely.LineString]:
        """Return several lines in metres, made in one go."""
        missing = [i for i in lines if i not in self._shapes]
        if missing:
            sizes = np.array([len(self.spots[i]) for i in missing])
            xy = self.frame.metres(np.concatenate([self.spots[i] for i in missing]))
            made = shapely.linestrings(xy, indices=np.repeat(np.arange(len(missing)), sizes))
            self._shapes.update(zip(missing, made.tolist(), strict=True))
        return [self._shapes[i] for i in lines]

    def length_m(self, i: int) -> float:
        """Return the length of a line [m]."""
        step = np.diff(self.metres(i), axis=0)
        return float(np.hypot(step[:, 0], step[:, 1]).sum())

    def degrees(self, spot: Spot) -> tuple[float, float]:
        """Return longitude and latitude of a spot."""
        return spot[0] / UNITS, spot[1] / UNITS

    def flat(self) -> Flat:
        """Return the table of all vertices."""
        if self._flat is None:
            self._flat = self._tabulate()
        return self._flat

    def set(self, i: int, spots: Ints | Sequence[Spot]) -> None:
        """Redraw a line, repeated vertices left out; a line of fewer than two vertices is dropped."""
        drawn = np.asarray(spots, dtype=np.int64).reshape(-1, 2)
        if len(drawn):
            keep = np.r_[True, (drawn[1:] != drawn[:-1]).any(axis=1)]
            drawn = drawn[keep]
        self.spots[i] = drawn if len(drawn) > 1 else drawn[:0]
        self._flat = None
        self._shapes.pop(i, None)

    def add_part(self, i: int, spots: Ints | Sequence[Spot]) -> int:
        """Add a part cut off line `i` as a line of its own, with an id of its own; return its number."""
        stem, number = str(self.properties[self.origin[i]].get("id")), 2
        while f"{stem}-{number}" in self._ids:
            number += 1
        self._ids.add(f"{stem}-{number}")
        self.properties.append({**self.properties[i], "id": f"{stem}-{number}"})
        self.origin.append(self.origin[i])
        self.spots.append(np.zeros((0, 2), dtype=np.int64))
        self.set(len(self.spots) - 1, spots)
        return len(self.spots) - 1

    def insert(self, wanted: Iterable[tuple[int, int, Spot]]) -> None:
        """Insert vertices, each given as (line, number of the segment, spot), in the order along each segment."""
        by_line: dict[int, list[tuple[int, Spot]]] = {}
        for i, segment, spot in wanted:
            by_line.setdefault(i, []).append((segment, spot))
        for i, items in by_line.items():
            at, drawn = self.metres(i), self.spots[i]
            keyed = []
            for segment, spot in set(items):
                gone = self.frame.metres(np.array([spot])) - at[segment]
                along = float((gone @ (at[segment + 1] - at[segment]))[0])
                keyed.append((segment, along, spot))
            keyed.sort()
            self.set(
                i,
                np.insert(drawn, [s + 1 for s, _, _ in keyed], np.array([p for _, _, p in keyed]), axis=0),
            )

    def move(self, moves: Mapping[Spot, Spot]) -> None:
        """Move every vertex on a spot to another spot, all at once."""
        if not moves:
            return
        flat = self.flat()
        old = _keys(np.array(list(moves)))
        there = np.flatnonzero(np.isin(flat.keys, old)[flat.place])
        for i in dict.fromkeys(flat.line[there].tolist()):
            self.set(i, [moves.get(as_spot(spot), as_spot(spot)) for spot in self.spots[i]])

    def features(self) -> list[tuple[dict[str, Any], BaseGeometry]]:
        """Return the living lines as features in WGS84, in the order they came, parts last."""
        living = self.alive()
        if not living:
            return []
        sizes = [len(self.spots[i]) for i in living]
        degrees = np.round(np.concatenate([self.spots[i] for i in living]) / UNITS, 7)
        drawn = shapely.linestrings(degrees, indices=np.repeat(np.arange(len(living)), sizes))
        return [(self.properties[i], line) for i, line in zip(living, drawn.tolist(), strict=True)]

    def _tabulate(self) -> Flat:
        living = self.alive()
        sizes = np.array([len(self.spots[i]) for i in living], dtype=np.int64)
        spots = (
            np.concatenate([self.spots[i] for i in living]) if living else np.zeros((0, 2), dtype=np.int64)
        )
        line = np.repeat(np.array(living, dtype=np.int64), sizes)
        starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
        at = np.arange(len(line), dtype=np.int64) - starts
        keys, place, uses = np.unique(_keys(spots), return_inverse=True, return_counts=True)
        segment = np.flatnonzero(line[1:] == line[:-1]) if len(line) else np.zeros(0, dtype=np.int64)
        return Flat(line, at, spots, self.frame.metres(spots), place, uses, keys, segment)


def as_spot(row: NDArray[np.int64]) -> Spot:
    """Return a row of an array of spots as a pair."""
    return int(row[0]), int(row[1])


def _keys(spots: Ints) -> Ints:
    """Return one number for each spot, in the order of longitude, then latitude."""
    out: Ints = (spots[:, 0] << 32) + spots[:, 1]
    return out
