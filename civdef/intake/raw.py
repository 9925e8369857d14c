"""What a parser hands over, and what a cleaner hands back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shapely.geometry.base import BaseGeometry

from civdef.text import Text

if TYPE_CHECKING:
    from civdef.intake.rasters import Grid
    from civdef.intake.repair.record import Connectivity


@dataclass(frozen=True)
class RawTable:
    """A layer as read: columns, rows and shapes, in its own CRS.

    Attributes
    ----------
    source
        File name (and layer), for messages and reports.
    crs
        CRS named by the file, e.g. ``EPSG:4326``; None where it names none.
    rows
        Values by column, one mapping for each feature.
    shapes
        Shape of each feature; None where it has none.
    placed
        False for a plain table, whose coordinates (if any) stand in its columns.
    numbers
        Row of the source for each feature, where rows are not simply counted from 1.
    notes
        What the reader of the file has to tell: the encoding taken, field names cut short.
    grid
        Of a raster: its cells, which become features later.
    """

    source: str
    crs: str | None
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]
    shapes: Sequence[BaseGeometry | None]
    placed: bool = True
    numbers: Sequence[int] | None = None
    notes: tuple[Text, ...] = ()
    grid: Grid | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was not taken over as it stood: `row` is 1-based in the source."""

    row: int
    object_id: str | None
    action: str
    """``dropped``, ``repaired``, or ``noted`` of a row taken over as it stood"""
    reason: Text
    ref: str | None = None
    """how the source itself names the row, e.g. ``way/12``; `row` is the number in it then"""
    group: Text | None = None
    """what kind of change it is, where many differ only in names and figures"""


@dataclass
class Cleaned:
    """Features (or rows of a table, whose shape is None) ready to be written, and every change that was made."""

    features: list[tuple[dict[str, Any], BaseGeometry | None]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    read: int = 0
    made: set[str] = field(default_factory=set)
    """Ids made up from names or the order of rows, which mean nothing at the next import: features are matched otherwise then."""
    unnamed: set[str] = field(default_factory=set)
    """Ids of features whose name is made up, because the source has none."""
    rows: dict[str, int] = field(default_factory=dict)
    """Row of the source for each id, where a later step needs it."""
    told: list[Text] = field(default_factory=list)
    """What else there is to tell of the whole."""
    connected: tuple[Connectivity, Connectivity] | None = None
    """How well streets hang together, before and after repair."""

    def drop(self, row: int, reason: Text) -> None:
        """Record a row that is left out."""
        self.changes.append(Change(row, None, "dropped", reason))

    def repair(self, row: int, object_id: str | None, reason: Text) -> None:
        """Record a row that was mended."""
        self.changes.append(Change(row, object_id, "repaired", reason))

    def note(self, row: int, object_id: str | None, reason: Text) -> None:
        """Record something the user should know of a row that was taken over as it stood."""
        self.changes.append(Change(row, object_id, "noted", reason))

    @property
    def dropped(self) -> int:
        """Number of rows left out."""
        return len({(c.row, c.ref) for c in self.changes if c.action == "dropped"})

    @property
    def repaired(self) -> int:
        """Number of rows mended."""
        return len({(c.row, c.ref) for c in self.changes if c.action == "repaired"})
