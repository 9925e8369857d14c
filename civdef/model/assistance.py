"""Settings of how people who cannot walk alone are fetched; every value is local or assumed, so every value is a setting."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from civdef.model.base import Noun
from civdef.model.town import RoadKind


class ByMobility(Noun):
    """One figure for each kind of help."""

    walks_with_help: float = Field(ge=0, le=240)
    wheelchair: float = Field(ge=0, le=240)
    stretcher: float = Field(ge=0, le=240)


class SpeedByMobility(Noun):
    """One speed for each kind of help [m/s]."""

    walks_with_help: float = Field(gt=0, le=5)
    wheelchair: float = Field(gt=0, le=5)
    stretcher: float = Field(gt=0, le=5)


def _speeds() -> dict[RoadKind, float]:
    return {
        RoadKind.PRIMARY: 50,
        RoadKind.SECONDARY: 40,
        RoadKind.TERTIARY: 30,
        RoadKind.RESIDENTIAL: 20,
        RoadKind.SERVICE: 10,
        RoadKind.TRACK: 10,
        RoadKind.FOOTWAY: 5,
        RoadKind.STEPS: 5,
    }


class AssistanceSettings(Noun):
    """Helper pairs, pick-up points, loading and vehicles."""

    helper_reach_m: float = Field(
        default=500,
        ge=0,
        le=20_000,
        description="a volunteer not named in the register lives within this walk [m]",
    )
    helper_turns: int = Field(
        default=2, ge=1, le=10, description="people whom one helper brings out, one after the other"
    )
    helper_source: str = (
        "planning assumption: a volunteer knows the houses within 500 m and has the strength for two turns; two helpers "
        "a person by the plan, to be measured in drills"
    )
    prepare_min: ByMobility = Field(
        default=ByMobility(walks_with_help=3, wheelchair=6, stretcher=8),
        description="from the helpers at the door to leaving the flat [min]",
    )
    floor_min: ByMobility = Field(
        default=ByMobility(walks_with_help=0.5, wheelchair=1.0, stretcher=1.5),
        description="down the stairs, each floor [min]",
    )
    floor_source: str = (
        "walks with help: about 8 m of stair and landing a floor at 0.31 m/s, the mean of people with impaired mobility "
        "(NIST stair studies); carried by two: planning assumption"
    )
    lifts_run: bool = Field(
        default=False, description="whether lifts may be used; not in earthquakes, fires and power cuts"
    )
    push_mps: SpeedByMobility = Field(
        default=SpeedByMobility(walks_with_help=0.6, wheelchair=0.7, stretcher=0.5),
        description="along the street with two helpers, on foot, pushed or carried [m/s]",
    )
    push_source: str = (
        "planning value 0.6-0.8 m/s with helpers, pushed wheelchairs included; stretcher carried: assumption"
    )
    walk_limit_m: float = Field(
        default=500,
        ge=0,
        le=20_000,
        description="those who walk with help walk up to this far to a barrier-free shelter, else they are driven [m]",
    )
    walk_limit_source: str = "GB 51143-2015: refuge distance of an emergency shelter, 0.5 km"
    pick_up_post_m: float = Field(
        default=100,
        ge=0,
        le=5_000,
        description="a registered pick-up point within this way is used instead of the nearest kerb [m]",
    )
    kerb_reach_m: float = Field(
        default=800, ge=0, le=5_000, description="farthest way to a kerb that a vehicle can reach [m]"
    )
    load_min: ByMobility = Field(
        default=ByMobility(walks_with_help=1, wheelchair=4, stretcher=5),
        description="to load and secure one person [min]",
    )
    unload_min: ByMobility = Field(
        default=ByMobility(walks_with_help=0.5, wheelchair=2, stretcher=3),
        description="to unload and hand over one person [min]",
    )
    load_source: str = "planning assumption; ramp, lift and straps included; to be measured in drills"
    speed_kmh: dict[RoadKind, Annotated[float, Field(gt=0, le=130)]] = Field(
        default_factory=_speeds, description="speed of vehicles where the street names none [km/h]"
    )
    speed_share: float = Field(
        default=0.5, gt=0, le=1, description="share of that speed reached among people on foot"
    )
    top_kmh: float = Field(default=30, gt=0, le=120, description="never faster than this [km/h]")
    speed_source: str = "planning assumption: half of the speed of the street, at most 30 km/h, people walk on the carriageway"
    driving_limit_min: float = Field(
        default=240, gt=0, description="longest time at the wheel without relief [min]"
    )
    driving_source: str = "Regulations implementing the Road Traffic Safety Law, art. 62: a rest of 20 min after 4 h at the wheel"
    search_moves: int = Field(
        default=2000,
        ge=0,
        le=1_000_000,
        description="moves tried on the vehicles' rounds for each person they fetch; work, not time",
    )
