"""The town: communities, compounds and gates, buildings, units, streets, fixed posts, landmarks, sirens."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from civdef.model.base import BuildingRef, CommunityRef, CompoundRef, Figure, Name, PersonRef, Placed, TeamRef


class DayPart(StrEnum):
    """When the question is asked; presence of people differs."""

    NIGHT = "night"
    WORKDAY = "workday"
    HOLIDAY = "holiday"


class BuildingUse(StrEnum):
    """What a building is mainly used for."""

    RESIDENTIAL = "residential"
    SHOP = "shop"
    OFFICE = "office"
    INDUSTRY = "industry"
    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    HEALTH = "health"
    CARE_HOME = "care_home"
    GOVERNMENT = "government"
    CULTURE = "culture"
    SPORT = "sport"
    STORE = "store"
    UTILITY = "utility"
    OTHER = "other"


class UnitKind(StrEnum):
    """Kind of enterprise or institution."""

    SHOP = "shop"
    RESTAURANT = "restaurant"
    OFFICE = "office"
    FACTORY = "factory"
    WAREHOUSE = "warehouse"
    MARKET = "market"
    HOTEL = "hotel"
    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    CLINIC = "clinic"
    CARE_HOME = "care_home"
    GOVERNMENT = "government"
    CULTURE = "culture"
    FUEL_STATION = "fuel_station"
    GAS_STATION = "gas_station"
    UTILITY = "utility"
    SERVICE = "service"


class RoadKind(StrEnum):
    """Kind of street."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"
    RESIDENTIAL = "residential"
    SERVICE = "service"
    FOOTWAY = "footway"
    STEPS = "steps"
    TRACK = "track"


class Drive(StrEnum):
    """Whether and in which direction of the drawn line vehicles may go."""

    BOTH = "both"
    FORWARD = "forward"
    BACKWARD = "backward"
    NONE = "none"


class FixedPostKind(StrEnum):
    """Kind of fixed post on the map."""

    COMMAND_ROOM = "command_room"
    COMMUNICATIONS_ROOM = "communications_room"
    POLICE = "police"
    FIRE = "fire"
    MEDICAL = "medical"
    STORE = "store"
    DUTY = "duty"
    ASSEMBLY = "assembly"
    PICK_UP = "pick_up"
    EDUCATION = "education"
    COMMUNITY_OFFICE = "community_office"
    HYDRANT = "hydrant"
    OTHER = "other"


class Community(Placed):
    """A residents' community (社区) of the street."""

    KIND: ClassVar[str] = "community"
    code: str | None = Field(
        default=None, pattern=r"^\d{12}$", description="12-digit statistical code, kept as text"
    )
    as_of: str | None = Field(
        default=None,
        pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$",
        description="date of the official list that name and code are from: year, month or day",
    )


class Compound(Placed):
    """A walled residential compound (小区) or institution's grounds; people get out at its gates."""

    KIND: ClassVar[str] = "compound"
    community: CommunityRef
    owners_committee: bool = False
    property_firm: Name | None = None
    contact: PersonRef | None = None


class Gate(Placed):
    """A gate in the wall of a compound, drawn as a point on a street or path."""

    KIND: ClassVar[str] = "gate"
    compound: CompoundRef
    width_m: float = Field(gt=0, le=60, description="clear width when open [m]")
    locked: bool = Field(default=False, description="normally locked; somebody must bring the key")
    key_holder: PersonRef | None = None


class Building(Placed):
    """A building. Its households and units point at it."""

    KIND: ClassVar[str] = "building"
    community: CommunityRef
    compound: CompoundRef | None = None
    use: BuildingUse = BuildingUse.OTHER
    floors: int = Field(default=1, ge=1, le=200)
    basement_floors: int = Field(default=0, ge=0, le=20)
    stairwells: int = Field(default=1, ge=1, le=200, description="separate entrances (单元)")
    lift: bool = False
    year_built: int | None = Field(default=None, ge=1000, le=2100)
    persons_declared: Figure | None = Field(
        default=None, description="residents, where the workspace has no household table for the building"
    )


class Unit(Placed):
    """An enterprise or institution (单位), drawn as a point in its building."""

    KIND: ClassVar[str] = "unit"
    kind: UnitKind
    community: CommunityRef
    building: BuildingRef | None = None
    night_persons: int = Field(default=0, ge=0)
    workday_persons: int = Field(default=0, ge=0)
    holiday_persons: int = Field(default=0, ge=0)
    children: int = Field(default=0, ge=0, description="of the workday persons, children (pupils)")
    hazardous: bool = Field(default=False, description="stores or uses dangerous goods, fuel or gas")
    contact: PersonRef | None = None


class Road(Placed):
    """A street, lane, path or stair, drawn as a line; lines join where they share a vertex on the same layer."""

    KIND: ClassVar[str] = "road"
    kind: RoadKind
    width_m: float = Field(gt=0, le=120, description="usable walking width, both directions together [m]")
    walk: bool = True
    drive: Drive = Drive.BOTH
    speed_kmh: float | None = Field(default=None, gt=0, le=130)
    lanes: int | None = Field(default=None, ge=1, le=20)
    layer: int = Field(
        default=0,
        ge=-5,
        le=5,
        description="1 on a bridge, -1 in a tunnel: lines of different layers do not join",
    )
    bridge: bool = False
    tunnel: bool = False
    compound: CompoundRef | None = None


class FixedPost(Placed):
    """A fixed post: command room, police post, fire station, clinic, store, assembly or pick-up point."""

    KIND: ClassVar[str] = "fixed-post"
    kind: FixedPostKind
    community: CommunityRef | None = None
    building: BuildingRef | None = None
    team: TeamRef | None = None
    phone: str | None = None


class Siren(Placed):
    """A siren or loudspeaker point."""

    KIND: ClassVar[str] = "siren"
    community: CommunityRef | None = None
    building: BuildingRef | None = None
    level_dbc: float = Field(gt=60, le=150, description="sound level at 30.5 m [dB(C)]")
    operator: PersonRef | None = None


class Landmark(Placed):
    """Scenery that makes a map readable: lake, hill, park, square, river, sea."""

    KIND: ClassVar[str] = "landmark"
    kind: str = Field(
        pattern=r"^[a-z_]+$", description="lake, hill, park, square, river, sea, wood, farmland, …"
    )
