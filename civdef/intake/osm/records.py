"""OpenStreetMap objects as plain records: what the parser hands over, and what a classifier hands back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from civdef.intake.raw import Change, Cleaned
from civdef.text import Text

Tags = Mapping[str, str]
LonLat = tuple[float, float]
Box = tuple[float, float, float, float]
"""West, south, east, north [degrees]."""


@dataclass(frozen=True, slots=True)
class Node:
    """A tagged point."""

    id: int
    lon: float
    lat: float
    tags: Tags

    @property
    def ref(self) -> str:
        """How OpenStreetMap calls it."""
        return f"node/{self.id}"


@dataclass(frozen=True, slots=True)
class Way:
    """A line or ring; `coords` runs along `nodes`, with None where the file lacks the node."""

    id: int
    tags: Tags
    nodes: tuple[int, ...]
    coords: tuple[LonLat | None, ...]

    @property
    def ref(self) -> str:
        """How OpenStreetMap calls it."""
        return f"way/{self.id}"

    @property
    def closed(self) -> bool:
        """Whether it ends where it starts."""
        return len(self.nodes) >= 4 and self.nodes[0] == self.nodes[-1]

    @property
    def complete(self) -> bool:
        """Whether every node is in the file."""
        return all(c is not None for c in self.coords)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a relation."""

    kind: Literal["n", "w", "r"]
    id: int
    role: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A group of objects, such as the rings of an area."""

    id: int
    tags: Tags
    members: tuple[Member, ...]

    @property
    def ref(self) -> str:
        """How OpenStreetMap calls it."""
        return f"relation/{self.id}"


@dataclass(frozen=True)
class Extract:
    """Everything read from a file.

    Attributes
    ----------
    source
        Name of the file.
    nodes
        Tagged nodes, in id order.
    ways, relations
        By id, in id order.
    bounds
        Area for which the data was cut out, where the file says so.
    read
        Objects in the file: ``nodes``, ``ways``, ``relations``.
    """

    source: str
    nodes: tuple[Node, ...]
    ways: Mapping[int, Way]
    relations: Mapping[int, Relation]
    bounds: Box | None = None
    read: Mapping[str, int] = field(default_factory=dict)


class Found(Cleaned):
    """One layer: features ready to be written, and every object that was not taken over as it stood."""

    def leave_out(self, osm: str, reason: Text, group: Text | None = None) -> None:
        """Record an object, e.g. ``way/12``, that is left out; `group` where reasons differ only in figures."""
        self.changes.append(Change(_number(osm), None, "dropped", reason, osm, group))

    def mend(self, osm: str, object_id: str | None, reason: Text) -> None:
        """Record an object that was changed on the way."""
        self.changes.append(Change(_number(osm), object_id, "repaired", reason, osm))


def _number(osm: str) -> int:
    return int(osm.partition("/")[2])
