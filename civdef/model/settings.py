"""Settings of a workspace (``civdef.toml``): everything local or unsure, each with a default and its source."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from civdef.model.assistance import AssistanceSettings
from civdef.model.base import Date, Name, Noun
from civdef.model.estimates import CandidateSettings, PeopleEstimate
from civdef.model.plan import HazardClass
from civdef.model.response import ResponseSettings
from civdef.model.shelter import ShelterClass, ShelterStandard
from civdef.model.wartime import WartimeSettings


class DeclaredTotals(Noun):
    """What the street says it has; compared with what is counted."""

    communities: int | None = Field(default=None, ge=0)
    households: int | None = Field(default=None, ge=0)
    residents: int | None = Field(default=None, ge=0)
    units: int | None = Field(default=None, ge=0)
    plans: int | None = Field(default=None, ge=0)
    area_km2: float | None = Field(default=None, gt=0)


class Presence(Noun):
    """Share of residents at home, by kind of person, at one time of day."""

    adult: float = Field(ge=0, le=1)
    child: float = Field(ge=0, le=1)
    elderly: float = Field(ge=0, le=1)
    assisted: float = Field(default=1.0, ge=0, le=1)
    source: str = "planning assumption; replace with a local survey"


class PresenceByTime(Noun):
    """Presence at night, on a working day and on a holiday."""

    night: Presence = Presence(adult=1.0, child=1.0, elderly=1.0)
    workday: Presence = Presence(adult=0.30, child=0.15, elderly=0.85)
    holiday: Presence = Presence(adult=0.70, child=0.75, elderly=0.80)


class WalkingSpeeds(Noun):
    """Free walking speed on level ground [m/s]."""

    adult: float = Field(default=1.34, ge=0.1, le=3)
    child: float = Field(default=1.07, ge=0.1, le=3)
    elderly: float = Field(default=0.85, ge=0.1, le=3)
    assisted: float = Field(default=0.60, ge=0.1, le=3)
    source: str = (
        "adult: Weidmann 1993; child: 0.8 x adult; elderly: planning value 0.75-0.95; "
        "assisted: 0.6-0.8 with helpers"
    )


def _standards() -> dict[ShelterClass, ShelterStandard]:
    rows = {
        ShelterClass.EMERGENCY: (
            1.0,
            500,
            "GB 51143-2015, emergency shelter (upper area figure); to be confirmed",
        ),
        ShelterClass.SHORT_TERM: (2.0, 1000, "GB 51143-2015, short-term fixed shelter; to be confirmed"),
        ShelterClass.MEDIUM_TERM: (3.0, 1500, "GB 51143-2015, medium-term fixed shelter; to be confirmed"),
        ShelterClass.LONG_TERM: (4.5, 2500, "GB 51143-2015, long-term fixed shelter; to be confirmed"),
        ShelterClass.CENTRAL: (4.5, 2500, "GB 51143-2015, central shelter; distance is a setting"),
        ShelterClass.AIR_RAID: (1.0, 200, "GB 50038-2005 3.1.2 (service radius 200 m)"),
    }
    return {
        k: ShelterStandard(area_m2_per_person=a, refuge_distance_m=d, source=s)
        for k, (a, d, s) in rows.items()
    }


class Intervals(Noun):
    """How often things must be done."""

    drill_months: int = Field(
        default=24, ge=1, description="production-safety regulation 708, art. 8: once in 2 years"
    )
    review_months: int = Field(default=12, ge=1, description="planning assumption")
    revise_months: int = Field(
        default=36, ge=1, description="street and community plans at least every 3 years"
    )
    contacts_months: int = Field(default=3, ge=1, description="contact list verified within 3 months")
    siren_notice_days: int = Field(default=5, ge=0, description="Civil Air Defence Law art. 35")
    filing_working_days: int = Field(
        default=20, ge=1, description="plan management measures 2024: 20 working days"
    )


def _first_report() -> dict[HazardClass, float]:
    kinds = (
        HazardClass.NATURAL,
        HazardClass.ACCIDENT,
        HazardClass.PUBLIC_HEALTH,
        HazardClass.SOCIAL_SECURITY,
    )
    return dict.fromkeys(kinds, 120.0)


class AuditSettings(Noun):
    """How the audit is run here."""

    profile: Literal["basic", "standard", "full"] = "standard"
    disable: tuple[str, ...] = Field(default=(), description="codes or names of rules that are switched off")
    severity: dict[str, Literal["error", "warning", "info"]] = Field(default_factory=dict)
    laws: dict[str, int] = Field(
        default_factory=dict, description="Chinese title of a law → year of the version in force here"
    )
    first_report_min: dict[HazardClass, float] = Field(
        default_factory=_first_report, description="latest first report to a higher body [min]"
    )
    first_report_source: str = (
        "2 hours a tier: regulations on public-health emergencies art. 20 and on accident reports (order 493); "
        "natural disasters and security incidents by analogy; many streets require less"
    )
    fixed_places_share: float = Field(
        default=0.15, ge=0, le=1, description="places in fixed shelters per resident"
    )
    fixed_places_source: str = "GB 51143-2015 4.2.2: at least 15% of the people served; Guangdong 20-30%"


class HazardSettings(Noun):
    """Limits used by the effects of hazards. All are assumptions to be replaced by local rules."""

    flood_walk_depth_m: float = Field(
        default=0.30, ge=0, le=2, description="water deeper than this is not walked through [m]"
    )
    flood_source: str = (
        "planning assumption: below the 0.5 m limit for children in still water (Australian Rainfall and Runoff), "
        "because kerbs and open manholes cannot be seen; to be confirmed locally"
    )
    depth_classes_m: tuple[float, ...] = Field(
        default=(0.15, 0.3, 0.5, 1.0, 2.0),
        min_length=1,
        description="lower limits of the classes into which a raster of water depth is cut [m]",
    )
    depth_classes_source: str = (
        "0.15 m: water on roads that counts as flooding, GB 51222-2017 (urban flooding prevention), to be confirmed; 0.3 m:"
        " flood_walk_depth_m; 0.5, 1 and 2 m: planning assumption"
    )
    quake_blocking_intensity: float = Field(
        default=8.0, ge=1, le=12, description="seismic intensity from which debris blocks narrow lanes"
    )
    quake_blocked_width_m: float = Field(
        default=4.0, ge=0, le=120, description="lanes up to this usable width are blocked by debris [m]"
    )
    quake_debris_share: float = Field(
        default=0.5, ge=0, le=2, description="reach of debris as a share of the building's height"
    )
    storey_m: float = Field(default=3.0, gt=0, le=10, description="height of a storey [m]")
    quake_source: str = (
        "planning assumption: debris within half the height of a building (disaster-prevention street guides use "
        "one half to two thirds), lanes under 4 m taken as blocked; to be confirmed locally"
    )


class EvacuationSettings(Noun):
    """How evacuations on foot are planned."""

    step_s: int = Field(default=10, ge=1, le=600, description="time step of the time-expanded network [s]")
    bound_step_s: int = Field(
        default=2,
        ge=1,
        le=600,
        description="time step of the proven lower bound; a shorter one is nearer the truth [s]",
    )
    bound_cells: int = Field(
        default=100_000_000,
        ge=1,
        description="stretches of street times steps of the best flow up to which the bound is searched to the end; in larger towns its steps are made longer until "
        "they are no more, and it is what `bound_searches` searches prove",
    )
    bound_searches: int = Field(
        default=150, ge=1, le=100_000, description="searches that the bound of a larger town may take"
    )
    search_rounds: int = Field(
        default=1000, ge=0, le=1_000_000, description="rounds of the search for an earlier end; 0: no search"
    )
    polish_rounds: int = Field(
        default=200, ge=0, le=1_000_000, description="rounds of the search for shorter times after that"
    )
    packing_rounds: int = Field(
        default=8,
        ge=0,
        le=1000,
        description="answers of the integer programme for tight places, where the search ends far above the optimum, and half the turns in which the two mend the plan after that; 0: none",
    )
    wave_min: float = Field(
        default=5, ge=0, le=240, description="time between departure waves; 0: everybody leaves at once [min]"
    )
    wave_source: str = (
        "planning assumption: a wave is called out by loudspeaker and door to door within five minutes"
    )
    split_passage_min: float = Field(
        default=5,
        ge=0,
        le=240,
        description="a building is split by its entrances where the widest street at its door would need longer than "
        "this to let everybody pass; 0: only buildings too big for any shelter are split [min]",
    )
    split_source: str = (
        "planning assumption: people of one building stream past its gate for 5 minutes at most"
    )
    persons_per_exit: int = Field(
        default=250,
        ge=1,
        le=10_000,
        description="one exit is assumed for so many, where fewer are on the books",
    )
    persons_per_exit_source: str = "GB 50016-2014 5.5.16: halls have at most 250 persons a safety exit on average; by analogy, to be confirmed"
    width_share: float = Field(
        default=0.5, gt=0, le=1, description="share of a street's width that one direction may use"
    )
    width_source: str = "planning assumption: the other half is kept for opposed streams and rescue vehicles"
    street_flow_p_m_s: float = Field(default=1.22, gt=0, le=3, description="persons per metre and second")
    street_flow_source: str = "Weidmann 1993: largest flow 1.225 persons/(m s) at 1.75 persons/m2"
    door_flow_p_m_s: float = Field(default=1.30, gt=0, le=3, description="persons per metre and second")
    door_flow_source: str = "IMO MSC.1/Circ.1533: door 1.3 persons/(m s) of clear width"


class StreetRepair(Noun):
    """Distances within which drawn streets are taken to meet, when a street network is mended."""

    near_miss_m: float = Field(
        default=2.0, ge=0, le=20, description="an end this near another street is joined to it [m]"
    )
    island_gap_m: float = Field(
        default=5.0, ge=0, le=50, description="a part that hangs apart is joined across a gap up to this [m]"
    )
    duplicate_m: float = Field(
        default=1.0,
        ge=0,
        le=10,
        description="a line within this of another all the way is the same street [m]",
    )
    bound_gap_m: float = Field(
        default=30.0,
        ge=0,
        le=200,
        description="bounds of a community this near each other are taken to meet [m]",
    )
    source: str = (
        "planning assumption: 2 m is twice the mean error of a point on a 1:2000 map (0.5 mm on the sheet); "
        "5 m is the gap that the OpenStreetMap editor iD reports as an almost-junction; "
        "1 m is below the width of any path; 30 m is the width of a trunk road, within which a street drawn to its kerb "
        "ends short of the middle of the next"
    )


class MapSettings(Noun):
    """How maps are drawn."""

    public_small_count: int = Field(
        default=5,
        ge=1,
        le=100,
        description="in public maps, counts of persons below this are not told for a single place [persons]",
    )
    public_source: str = (
        "planning assumption: cells under 5 are withheld, a common disclosure rule of statistical offices; "
        "replace with the local rule"
    )


class LayerSettings(Noun):
    """What is known of one imported layer; the next import of it starts from here."""

    crs: str | None = Field(default=None, description="wgs84, cgcs2000, gcj02, bd09 or EPSG:n")
    mapping: dict[str, str] = Field(default_factory=dict, description="field of civdef → column of the file")
    constants: dict[str, str] = Field(default_factory=dict, description="field of civdef → value of all rows")
    encoding: str | None = Field(default=None, description="encoding of the file's text, where it was stated")
    source: str | None = Field(default=None, description="name of the file imported last, with its layer")
    note: str | None = None


class Settings(Noun):
    """The contents of ``civdef.toml``."""

    name: Name
    district: Name | None = None
    languages: tuple[Literal["zh", "en"], ...] = ("zh", "en")
    metric_crs: str | None = Field(default=None, description="EPSG code of a projected CRS in metres")
    as_of: Date
    fictional: bool = False
    note: Name | None = Field(default=None, description="shown on every map, e.g. how figures were assumed")
    credit: Name | None = Field(
        default=None, description="whose data the maps are drawn from, printed on every map as licences ask"
    )
    totals: DeclaredTotals = DeclaredTotals()
    presence: PresenceByTime = PresenceByTime()
    walking: WalkingSpeeds = WalkingSpeeds()
    shelter_standards: dict[ShelterClass, ShelterStandard] = Field(default_factory=_standards)
    intervals: Intervals = Intervals()
    hazards: HazardSettings = HazardSettings()
    evacuation: EvacuationSettings = EvacuationSettings()
    assistance: AssistanceSettings = AssistanceSettings()
    wartime: WartimeSettings = WartimeSettings()
    response: ResponseSettings = ResponseSettings()
    audit: AuditSettings = AuditSettings()
    maps: MapSettings = MapSettings()
    candidates: CandidateSettings = CandidateSettings()
    people_estimate: PeopleEstimate = PeopleEstimate()
    streets: StreetRepair = StreetRepair()
    layers: dict[str, LayerSettings] = Field(default_factory=dict)
