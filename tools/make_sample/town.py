"""What the generator draws before it is written: plain records in the local metric frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from tools.make_sample.geometry import XY


@dataclass
class Way:
    """A street, lane or path."""

    slug: str
    zh: str
    en: str
    kind: str
    width_m: float
    coords: list[XY]
    drive: str = "both"
    speed_kmh: float | None = None
    lanes: int | None = None
    layer: int = 0
    bridge: bool = False
    tunnel: bool = False
    compound: str | None = None
    street: bool = True
    """A public street, at whose crossings streets are cut into stretches."""

    @property
    def line(self) -> LineString:
        """The centre line."""
        return LineString(self.coords)


@dataclass
class Building:
    """A building; `flats` is how many homes it has per floor and stairwell."""

    id: str
    zh: str
    en: str
    shape: Polygon
    use: str
    floors: int = 1
    stairwells: int = 1
    flats: int = 0
    first_home_floor: int = 1
    basement_floors: int = 0
    lift: bool = False
    year: int | None = None
    compound: str | None = None
    community: str = ""
    door: XY | None = None
    tags: frozenset[str] = frozenset()

    @property
    def homes(self) -> int:
        """How many homes the building can hold."""
        return self.flats * self.stairwells * max(0, self.floors - self.first_home_floor + 1)


@dataclass
class Gate:
    """A gate in a compound's wall."""

    id: str
    zh: str
    en: str
    compound: str
    point: XY
    width_m: float
    locked: bool = False


@dataclass
class Compound:
    """Walled grounds."""

    id: str
    zh: str
    en: str
    shape: Polygon
    style: str
    community: str = ""
    angle_deg: float = 0.0
    owners_committee: bool = False
    firm: tuple[str, str] | None = None


@dataclass
class Landmark:
    """Scenery."""

    id: str
    zh: str
    en: str
    kind: str
    shape: BaseGeometry


@dataclass
class Block:
    """Ground between streets."""

    face: Polygon
    ground: Polygon
    """`face` less the streets and their pavements."""
    kind: str = ""
    slug: str = ""
    zh: str = ""
    en: str = ""
    options: dict[str, Any] = field(default_factory=dict)


@dataclass
class Town:
    """Everything drawn so far."""

    ways: list[Way] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    compounds: list[Compound] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    landmarks: list[Landmark] = field(default_factory=list)
    communities: dict[str, Polygon] = field(default_factory=dict)
    grounds: dict[str, Polygon] = field(default_factory=dict)
    """Open ground by slug: playgrounds, parks, squares, sports fields; shelters use them."""
    shapes: dict[str, BaseGeometry] = field(default_factory=dict)
    """Lake, river, hill, street boundary."""

    def building(self, id_: str) -> Building:
        """The building with this id."""
        return next(b for b in self.buildings if b.id == id_)

    def community_of(self, point: Point) -> str:
        """Id of the community that holds `point` (the nearest one on a boundary)."""
        return min(self.communities, key=lambda c: (self.communities[c].distance(point), c))
