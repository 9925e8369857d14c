"""How well two layers lie on one another, and how well they would if one of them were moved.

Whatever the layers, a test is a share of points: of those points of one layer that lie near the other, how many lie in it
(or on it). Streets hardly ever run through buildings, gates stand on streets, institutions stand in buildings. Points
that are not near are not counted, so that a layer that covers less than the other is no worse for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Places = NDArray[np.float64]
"""Longitude and latitude [degrees], shape (n, 2)."""

Move = Callable[[Places], Places]

METRES_PER_DEGREE = 111_320.0
STEP_M = 10.0
"""Lines are looked at every so many metres [m]."""

MOST_POINTS = 700
LEAST_POINTS = 60
"""Fewer points near the other layer than this show nothing."""

REACH_DEG = 0.5
FARTHEST_NORTH = 85.0
"""What reaches further than this from the middle of all is a slip and not looked at; nor is a town at a pole [degrees]."""

COLLECTION = 7
"""The number that shapely gives collections of shapes of several kinds."""

RISE = 0.3
FALL = 0.7
"""A fit must raise the share by this much where many should hit, lower it to this part where few should."""

RINGS_M = (150.0, 330.0, 520.0, 760.0)
DIRECTIONS = 8
"""Where layers are laid to learn what no fit looks like: distances [m], of the size of known shifts, and directions."""

LEAST_CONTROLS = 10
LEAST_SPREAD = 0.02
NORMAL = 1.4826
"""So many such places must have points near; their shares are taken to spread by this at least. A normal spread is
`NORMAL` times the median distance from the middle."""


@dataclass(frozen=True)
class Kind:
    """A kind of test between two layers.

    Attributes
    ----------
    points, other
        Layer that gives the points, layer on which they are laid.
    part
        What of the first layer gives points: ``line`` (itself or its outline), ``point`` (a point inside it).
    outline
        Whether the other layer counts by its outline only.
    near_m, hit_m
        Within this distance a point is near the other layer, and on it [m]; on it includes in it.
    many
        Whether in the right place many points hit; few, if not.
    """

    points: str
    other: str
    part: str
    outline: bool
    near_m: float
    hit_m: float
    many: bool


KINDS = (
    Kind("roads", "buildings", "line", False, 15.0, 0.0, False),
    Kind("compounds", "buildings", "line", False, 15.0, 0.0, False),
    Kind("communities", "buildings", "line", False, 40.0, 0.0, False),
    Kind("communities", "roads", "line", False, 80.0, 8.0, True),
    Kind("gates", "roads", "point", False, 60.0, 5.0, True),
    Kind("gates", "compounds", "point", True, 60.0, 5.0, True),
    Kind("entrances", "roads", "point", False, 60.0, 8.0, True),
    Kind("entrances", "shelters", "point", True, 60.0, 5.0, True),
    Kind("units", "buildings", "point", False, 40.0, 0.0, True),
    Kind("posts", "buildings", "point", False, 40.0, 0.0, True),
    Kind("shelters", "buildings", "point", False, 40.0, 0.0, True),
    Kind("landmarks", "buildings", "line", False, 15.0, 0.0, False),
)  # fmt: skip
"""Every test that is tried; one that shows nothing in a given town drops out by itself."""


@dataclass
class Comparison:
    """One kind of test on the layers of a town.

    Attributes
    ----------
    places
        Points of the first layer, WGS84, shape (n, 2).
    tree
        The other layer, in local metres.
    spread
        Middle and spread of the share where nothing fits.
    best_by_chance
        Best score found there.
    """

    kind: Kind
    places: Places
    tree: shapely.STRtree
    frame: Frame
    spread: tuple[float, float] = (float("nan"), float("nan"))
    best_by_chance: float = float("inf")

    def share(self, places: Places) -> float:
        """Return which part of the points near the other layer hit it, NaN where too few are near."""
        points = shapely.points(self.frame.metres(places))
        near, _ = self.tree.query(points, predicate="dwithin", distance=self.kind.near_m)
        near = np.unique(near)
        if len(near) < LEAST_POINTS:
            return float("nan")
        if self.kind.hit_m:
            hit, _ = self.tree.query(points[near], predicate="dwithin", distance=self.kind.hit_m)
        else:
            hit, _ = self.tree.query(points[near], predicate="intersects")
        return len(np.unique(hit)) / len(near)

    def learn(self, elsewhere: Sequence[Move] = ()) -> None:
        """Find middle and spread of the share where the layers are moved past one another: what no fit looks like.

        Parameters
        ----------
        elsewhere
            Moves around which to look too, where the layers as they are hardly meet.
        """
        found: list[float] = []
        for move in (None, *elsewhere):
            places = self.places if move is None else move(self.places)
            found += [s for s in (self.share(p) for p in self._around(places)) if np.isfinite(s)]
            if len(found) >= LEAST_CONTROLS:
                break
        else:
            return
        shares = np.array(found)
        middle = float(np.median(shares))  # not the mean: one of the places may happen to be the right one
        spread = NORMAL * float(np.median(np.abs(shares - middle)))
        self.spread = (middle, max(spread, LEAST_SPREAD))
        self.best_by_chance = max(self.score(float(s)) for s in shares)

    def _around(self, places: Places) -> Iterator[Places]:
        for radius in RINGS_M:
            for k in range(DIRECTIONS):
                angle = 2 * np.pi * (k + 0.5 * (radius > RINGS_M[0])) / DIRECTIONS
                east_m, north_m = radius * float(np.cos(angle)), radius * float(np.sin(angle))
                yield self.frame.shifted(places, east_m, north_m)

    def clear(self, share: float) -> bool:
        """Whether a share is far from what no fit looks like, not only far for its spread."""
        middle = self.spread[0]
        return share - middle >= RISE if self.kind.many else share <= FALL * middle

    def score(self, share: float) -> float:
        """Return by how many spreads a share is better than no fit; NaN where that cannot be said."""
        middle, spread = self.spread
        return (share - middle if self.kind.many else middle - share) / spread


@dataclass(frozen=True)
class Frame:
    """Local metres around a place: good to a part in a thousand over a street's area."""

    lon: float
    lat: float

    def metres(self, places: Places) -> Places:
        """Return metres east and north."""
        return (places - (self.lon, self.lat)) * self._scale

    def degrees(self, metres: NDArray[np.float64]) -> Places:
        """Return longitude and latitude of metres east and north."""
        return metres / self._scale + (self.lon, self.lat)

    def shifted(self, places: Places, east_m: float, north_m: float) -> Places:
        """Return places moved by so many metres."""
        return places + np.array([east_m, north_m]) / self._scale

    @property
    def _scale(self) -> NDArray[np.float64]:
        return np.array([METRES_PER_DEGREE * np.cos(np.radians(self.lat)), METRES_PER_DEGREE])


@np.errstate(invalid="ignore", over="ignore")
def comparisons_of(
    layers: Mapping[str, Sequence[BaseGeometry]], elsewhere: Sequence[Move] = ()
) -> list[Comparison]:
    """Return the comparisons that the layers (WGS84) admit, each knowing what no fit looks like.

    Parameters
    ----------
    elsewhere
        Moves after which layers may meet that do not meet as they are.
    """
    arrays = {n: _drawn(s) for n, s in layers.items()}
    arrays = {n: a for n, a in arrays.items() if len(a)}
    if not arrays:
        return []
    middles = np.vstack([shapely.get_coordinates(shapely.centroid(a)) for a in arrays.values()])
    lon, lat = np.median(middles, axis=0)
    if not abs(lat) < FARTHEST_NORTH:
        return []
    frame = Frame(float(lon), float(lat))
    arrays = {n: a[_near(a, (lon, lat, lon, lat))] for n, a in arrays.items()}
    arrays = {n: a for n, a in arrays.items() if len(a)}
    local = {n: shapely.transform(a, frame.metres) for n, a in arrays.items()}
    out = []
    for kind in KINDS:
        if kind.points not in arrays or kind.other not in arrays:
            continue
        places = _points(local[kind.points], kind.part, frame)
        if len(places) < LEAST_POINTS:
            continue
        other = local[kind.other]
        if kind.outline:
            other = shapely.boundary(other)
        test = Comparison(kind, places, shapely.STRtree(other), frame)
        test.learn(elsewhere)
        if np.isfinite(test.spread[0]):
            out.append(test)
    return out


def _drawn(shapes: Sequence[BaseGeometry]) -> NDArray[np.object_]:
    """Return the shapes that can be measured: something drawn, whole, of one kind, and on earth."""
    array = np.array(list(shapes), dtype=object)
    if not len(array):
        return array
    whole = ~shapely.is_empty(array) & shapely.is_valid(array) & (shapely.get_type_id(array) != COLLECTION)
    whole &= (np.abs(shapely.bounds(array)) <= (180.0, 90.0, 180.0, 90.0)).all(
        axis=1
    )  # nothing that is no number
    kept: NDArray[np.object_] = array[whole]
    return kept


def _near(shapes: NDArray[np.object_], middle: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    return np.asarray((np.abs(shapely.bounds(shapes) - middle) <= REACH_DEG).all(axis=1))


def _points(shapes: NDArray[np.object_], part: str, frame: Frame) -> Places:
    """Return places of the shapes (local metres) in WGS84: every 10 m of lines, or one point each."""
    if part == "line":
        areas = shapely.get_dimensions(shapes) == 2
        lines = np.where(areas, shapely.boundary(shapes), shapes)
        lines = shapely.get_parts(lines)
        lines = lines[shapely.get_dimensions(lines) == 1]
        lengths = shapely.length(lines)
        each = np.maximum(1, (lengths / STEP_M).astype(int))
        which = np.repeat(np.arange(len(lines)), each)
        first = np.repeat(np.cumsum(each) - each, each)
        at = (np.arange(len(which)) - first + 0.5) / np.repeat(each, each)
        if len(which) > MOST_POINTS:
            chosen = np.linspace(0, len(which) - 1, MOST_POINTS).astype(int)
            which, at = which[chosen], at[chosen]
        points = shapely.line_interpolate_point(lines[which], at, normalized=True)
    else:
        points = shapely.point_on_surface(shapes)
        if len(points) > MOST_POINTS:
            points = points[np.linspace(0, len(points) - 1, MOST_POINTS).astype(int)]
    return frame.degrees(shapely.get_coordinates(points))
