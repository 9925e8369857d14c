"""Building blocks shared by all nouns: names, references, estimates, figures, placed shapes."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from shapely.geometry.base import BaseGeometry

from civdef.text import Lang, Text

D = TypeVar("D", bound=dt.date)

_NUMBERED = re.compile(r"/([nwr]-?\d+)((?:-\d+)*)$")
_PART = re.compile(r"(?<=\d)(?:-\d+)+$")
ID_PATTERN = re.compile(r"^(?P<kind>[a-z][a-z-]*)/(?P<name>[a-z0-9][a-z0-9.-]*)$")


class Noun(BaseModel):
    """A frozen part of the model; unknown fields are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, arbitrary_types_allowed=True
    )


class RefTo:
    """Marks a field as the id of another object; the loader checks that it exists.

    Parameters
    ----------
    kinds
        The id prefixes allowed, e.g. ``("group", "team")``.
    """

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds

    def __repr__(self) -> str:
        return f"RefTo({', '.join(self.kinds)})"


class Name(Noun):
    """A name from the data, in Chinese, English or both."""

    zh: str | None = Field(default=None, min_length=1)
    en: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _one_at_least(self) -> Name:
        if self.zh is None and self.en is None:
            raise ValueError("a name needs zh, en or both")
        return self

    def in_(self, lang: Lang) -> str:
        """Return the name in `lang`, or in the language it has."""
        first, second = (self.zh, self.en) if lang == "zh" else (self.en, self.zh)
        return first or second or ""

    @property
    def text(self) -> Text:
        """The name as a :class:`Text` with both halves filled."""
        return Text(self.in_("zh"), self.in_("en"))


class Identified(Noun):
    """Something with a stable text id and a name."""

    KIND: ClassVar[str] = ""

    id: str = Field(pattern=ID_PATTERN.pattern, description="stable id, kind/name")
    name: Name

    def in_(self, lang: Lang) -> str:
        """Return the name in `lang`, so that objects can stand in a :class:`Text` template."""
        return self.name.in_(lang)

    @property
    def named(self) -> bool:
        """Whether it has a name of its own.

        Where the source gave none, an import repeats the id, or says what it is and the number it has in OpenStreetMap
        (房屋 w123); maps then write nothing on it.
        """
        names = [n for n in (self.name.zh, self.name.en) if n]
        whole, _ = self.number
        return self.id not in names and not (whole and any(_PART.sub("", n).endswith(whole) for n in names))

    @property
    def number(self) -> tuple[str, str]:
        """The number it has in OpenStreetMap, as its id tells it, and the number of its part: w123 and -2; empty where it has none."""
        found = _NUMBERED.search(self.id)
        return (found[1], found[2]) if found else ("", "")


class Placed(Identified):
    """Something on the map.

    `shape` is in WGS84 (longitude, latitude); `shape_m` the same shape in the workspace's metric CRS,
    filled in by the loader. Every length and area is measured on `shape_m`.
    """

    shape: BaseGeometry = Field(exclude=True, repr=False)
    shape_m: BaseGeometry = Field(exclude=True, repr=False)


def _estimate(value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"low": value, "likely": value, "high": value}
    if isinstance(value, (list, tuple)) and len(value) == 3:
        return {"low": value[0], "likely": value[1], "high": value[2]}
    return value


class _Estimate(Noun):
    """A three-point estimate, low ≤ likely ≤ high; a plain number means all three."""

    low: float = Field(ge=0)
    likely: float = Field(ge=0)
    high: float = Field(ge=0)
    source: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> _Estimate:
        if not self.low <= self.likely <= self.high:
            raise ValueError("an estimate needs low <= likely <= high")
        return self


Estimate = Annotated[_Estimate, BeforeValidator(_estimate)]
"""A three-point estimate: ``{low, likely, high}``, ``[low, likely, high]`` or one number."""


def estimate(low: float, likely: float, high: float) -> _Estimate:
    """Return a three-point estimate. Raises ``ValueError`` if it is out of order."""
    return _Estimate(low=low, likely=likely, high=high)


def _figure(value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"value": value}
    return value


class _Figure(Noun):
    """A count of people that may carry its source: ``420`` or ``{value: 420, source: "register p. 7", as_of: 2025-11}``."""

    value: float = Field(ge=0, le=10_000_000)
    source: str | None = None
    as_of: str | None = None

    @property
    def whole(self) -> int:
        """The value as a whole number, rounded down."""
        return int(self.value)


Figure = Annotated[_Figure, BeforeValidator(_figure)]


def figure(value: float, source: str | None = None, as_of: str | None = None) -> _Figure:
    """Return a number with its source."""
    return _Figure(value=value, source=source, as_of=as_of)


CommunityRef = Annotated[str, RefTo("community")]
CompoundRef = Annotated[str, RefTo("compound")]
BuildingRef = Annotated[str, RefTo("building")]
RoadRef = Annotated[str, RefTo("road")]
ShelterRef = Annotated[str, RefTo("shelter")]
FixedPostRef = Annotated[str, RefTo("fixed-post")]
HazardRef = Annotated[str, RefTo("hazard")]
PersonRef = Annotated[str, RefTo("person")]
PostRef = Annotated[str, RefTo("post")]
OfficeRef = Annotated[str, RefTo("office")]
GroupRef = Annotated[str, RefTo("group")]
TeamRef = Annotated[str, RefTo("team")]
ChannelRef = Annotated[str, RefTo("channel")]
ExternalRef = Annotated[str, RefTo("external")]
PlanRef = Annotated[str, RefTo("plan")]
HouseholdRef = Annotated[str, RefTo("household")]
EquipmentRef = Annotated[str, RefTo("equipment")]
VehicleRef = Annotated[str, RefTo("vehicle")]
BodyRef = Annotated[str, RefTo("headquarters", "group", "team", "post", "external")]
"""Anyone who can be given a task or called."""
PlaceRef = Annotated[
    str, RefTo("community", "compound", "building", "unit", "shelter", "fixed-post", "road", "hazard")
]
"""Anywhere a task can happen."""


def _near_year(value: D) -> D:
    if not 1900 <= value.year <= 2200:
        raise ValueError("the year must be 1900 to 2200")
    return value


Date = Annotated[dt.date, AfterValidator(_near_year)]
DateTime = Annotated[dt.datetime, AfterValidator(_near_year)]
"""Years far away are slips of the pen, and sums with them would overflow."""
