"""Settings of war time: stages of evacuation, vehicle columns, cover nearby. Shares are ordered by the State, not chosen here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from civdef.model.base import Name, Noun


class Destination(Noun):
    """A place outside the street that receives evacuees."""

    name: Name
    distance_km: float = Field(gt=0, le=2_000, description="by road, from the street [km]")
    places: int = Field(ge=0, description="people it receives")
    road: Name | None = Field(default=None, description="the way there")


class VehicleLot(Noun):
    """Vehicles of one kind that come from outside when requisitioned."""

    name: Name
    seats: int = Field(ge=1, le=200, description="seats for evacuees, the driver's not counted")
    vehicles: int = Field(ge=0, le=10_000)


class WartimeSettings(Noun):
    """Stages, columns, cover."""

    early_share: float = Field(
        default=0.10, ge=0, le=1, description="share of the residents who leave early; ordered by the State"
    )
    imminent_share: float = Field(
        default=0.20, ge=0, le=1, description="share who leave in the imminent stage, on top of that"
    )
    shares_source: str = (
        "planning assumption: together 30%, within the 20-50% of the urban population that teaching texts name; "
        "the share in force is set by the State's order"
    )
    early_limit_h: float = Field(default=168, gt=0, description="early evacuation is over after [h]")
    imminent_limit_h: float = Field(default=48, gt=0, description="imminent evacuation is over after [h]")
    limits_source: str = "civil-defence teaching texts: early within about 7 days, imminent 1-2 days"
    key_targets: tuple[str, ...] = Field(
        default=(),
        description="ids of buildings, units, posts or landmarks; people near these leave first in the imminent stage",
    )
    key_target_m: float = Field(default=300, ge=0, le=20_000, description="near means within [m]")
    key_target_source: str = "planning assumption; the targets are named by the civil-defence office"

    destinations: tuple[Destination, ...] = ()
    requisitioned: tuple[VehicleLot, ...] = ()
    least_seats: int = Field(
        default=10, ge=1, le=200, description="the street's own vehicles join a column from so many seats on"
    )
    column_vehicles: int = Field(default=10, ge=1, le=200, description="vehicles of a column")
    vehicle_m: float = Field(default=12, gt=0, le=50, description="length of a vehicle [m]")
    gap_m: float = Field(default=50, ge=0, le=1_000, description="between two vehicles on the march [m]")
    column_kmh: float = Field(
        default=30, gt=0, le=120, description="speed of a column, halts included [km/h]"
    )
    headway_min: float = Field(
        default=10,
        ge=0,
        le=1_440,
        description="between the last vehicle of a column and the first of the next [min]",
    )
    bays: int = Field(default=4, ge=1, le=100, description="vehicles that load at one assembly point at once")
    load_min: float = Field(
        default=20, ge=0, le=600, description="roll call, luggage and boarding, each vehicle [min]"
    )
    unload_min: float = Field(default=20, ge=0, le=600, description="handing over at the destination [min]")
    turn_round_min: float = Field(
        default=30, ge=0, le=600, description="fuel and rest before the way back [min]"
    )
    march_h: float = Field(default=12, gt=0, le=24, description="hours of a day in which columns leave [h]")
    columns_source: str = (
        "planning assumption: columns of 10 coaches, 50 m apart at 30 km/h, 10 min between columns; a driver rests "
        "after 4 h at the wheel (Regulations implementing the Road Traffic Safety Law, art. 62); to be measured in drills"
    )

    radius_m: float = Field(default=200, gt=0, le=5_000, description="farthest way to cover nearby [m]")
    radius_source: str = "GB 50038-2005 3.1.2: service radius of a personnel shelter, at most 200 m"
    door_m_per_100: float = Field(
        default=0.30, gt=0, le=10, description="clear width of all doors together for each 100 persons [m]"
    )
    door_most_persons: int = Field(
        default=700, ge=1, le=100_000, description="persons through one door at most"
    )
    door_source: str = "GB 50038-2005 3.3.8: 0.30 m for each 100 persons, at most 700 persons a door"
    limits_min: tuple[Annotated[float, Field(gt=0, le=1_440)], ...] = Field(
        default=(3, 10, 30),
        min_length=1,
        description="who is under cover so long after the signal began [min]",
    )
    limits_min_source: str = (
        "3 min: length of the air-raid signal (6 s on, 6 s off, fifteen times); 10 and 30: planning steps"
    )
    leave_min: float = Field(
        default=1.0,
        ge=0,
        le=60,
        description="from the signal to the door of the flat: it is heard and understood [min]",
    )
    floor_s: float = Field(default=15, ge=0, le=600, description="down the stairs, each floor [s]")
    floor_source: str = "about 8 m of stair and landing a floor at 0.55 m/s, downstairs in a crowd (IMO MSC.1/Circ.1533); lifts are not used"
