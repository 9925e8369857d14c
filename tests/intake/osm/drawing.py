"""OpenStreetMap objects for tests, drawn in metres around one spot."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.intake.osm.metric import Metric
from civdef.intake.osm.records import Box, Extract, Member, Node, Relation, Way

CRS = "EPSG:4550"
EAST, NORTH = 500_000.0, 3_154_000.0
METRIC = Metric(CRS)


class Drawing:
    """Collects objects; points are named by what they are at, in metres, so equal points are one node."""

    def __init__(self) -> None:
        self.points: dict[tuple[float, float], int] = {}
        self.tagged: dict[int, Node] = {}
        self.ways: dict[int, Way] = {}
        self.relations: dict[int, Relation] = {}

    def at(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Return longitude and latitude of a spot, rounded as OpenStreetMap does."""
        import shapely

        point = METRIC.back([shapely.Point(EAST + x_m, NORTH + y_m)])[0]
        return point.x, point.y

    def node(self, spot: tuple[float, float], **tags: str) -> int:
        """Return the node at a spot; tags make it an object of its own."""
        number = self.points.setdefault(spot, len(self.points) + 1)
        if tags:
            self.tagged[number] = Node(number, *self.at(*spot), _tags(tags))
        return number

    def way(self, spots: Sequence[tuple[float, float]], missing: Sequence[int] = (), **tags: str) -> int:
        """Add a way; `missing` are positions along it whose nodes are not in the file."""
        number = len(self.ways) + 1
        nodes = tuple(self.node(s) for s in spots)
        coords = tuple(None if i in missing else self.at(*s) for i, s in enumerate(spots))
        self.ways[number] = Way(number, _tags(tags), nodes, coords)
        return number

    def square(self, x_m: float, y_m: float, size_m: float, **tags: str) -> int:
        """Add a closed way around a square with its lower left corner at a spot."""
        e, n = x_m + size_m, y_m + size_m
        return self.way([(x_m, y_m), (e, y_m), (e, n), (x_m, n), (x_m, y_m)], **tags)

    def relation(self, members: Sequence[tuple[int, str]], **tags: str) -> int:
        """Add a multipolygon of ways."""
        number = len(self.relations) + 1
        kept = tuple(Member("w", way, role) for way, role in members)
        self.relations[number] = Relation(number, {"type": "multipolygon"} | _tags(tags), kept)
        return number

    def extract(self, bounds_m: tuple[float, float, float, float] | None = None) -> Extract:
        """Return everything; `bounds_m` is what the file was cut out for, in metres."""
        box: Box | None = None
        if bounds_m is not None:
            (w, s), (e, n) = self.at(*bounds_m[:2]), self.at(*bounds_m[2:])
            box = (w, s, e, n)
        nodes = tuple(self.tagged[i] for i in sorted(self.tagged))
        return Extract("drawn.osm", nodes, self.ways, self.relations, box)


def _tags(tags: dict[str, str]) -> dict[str, str]:
    return {k.replace("__", ":"): v for k, v in tags.items()}
