"""Settings of a workspace (``civdef.toml``): everything local or unsure, each with a default and its source."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from civdef.model.base import Date, Name, Noun
from civdef.model.shelter import ShelterClass, ShelterStandard


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

    adult: float = Field(default=1.34, gt=0, le=3)
    child: float = Field(default=1.07, gt=0, le=3)
    elderly: float = Field(default=0.85, gt=0, le=3)
    assisted: float = Field(default=0.60, gt=0, le=3)
    source: str = (
        "adult: Weidmann 1993; child: 0.8 x adult; elderly: planning value 0.75-0.95; "
        "assisted: 0.6-0.8 with helpers"
    )


def _standards() -> dict[ShelterClass, ShelterStandard]:
    rows = {
        ShelterClass.EMERGENCY: (1.0, 500, "GB 51143-2015, emergency shelter (upper area figure); to be confirmed"),
        ShelterClass.SHORT_TERM: (2.0, 1000, "GB 51143-2015, short-term fixed shelter; to be confirmed"),
        ShelterClass.MEDIUM_TERM: (3.0, 1500, "GB 51143-2015, medium-term fixed shelter; to be confirmed"),
        ShelterClass.LONG_TERM: (4.5, 2500, "GB 51143-2015, long-term fixed shelter; to be confirmed"),
        ShelterClass.CENTRAL: (4.5, 2500, "GB 51143-2015, central shelter; distance is a setting"),
        ShelterClass.AIR_RAID: (1.0, 200, "GB 50038-2005 3.1.2 (service radius 200 m)"),
    }
    return {
        k: ShelterStandard(area_m2_per_person=a, refuge_distance_m=d, source=s) for k, (a, d, s) in rows.items()
    }


class Intervals(Noun):
    """How often things must be done."""

    drill_months: int = Field(default=24, ge=1, description="production-safety regulation 708, art. 8: once in 2 years")
    review_months: int = Field(default=12, ge=1, description="planning assumption")
    revise_months: int = Field(default=36, ge=1, description="street and community plans at least every 3 years")
    contacts_months: int = Field(default=3, ge=1, description="contact list verified within 3 months")
    siren_notice_days: int = Field(default=5, ge=0, description="Civil Air Defence Law art. 35")
    filing_working_days: int = Field(default=20, ge=1, description="plan management measures 2024: 20 working days")


class AuditSettings(Noun):
    """How the audit is run here."""

    profile: Literal["basic", "standard", "full"] = "standard"
    disable: tuple[str, ...] = Field(default=(), description="codes or names of rules that are switched off")
    severity: dict[str, Literal["error", "warning", "info"]] = Field(default_factory=dict)
    laws: dict[str, int] = Field(
        default_factory=dict, description="Chinese title of a law → year of the version in force here"
    )


class LayerSettings(Noun):
    """What is known of one imported layer."""

    crs: str | None = None
    mapping: dict[str, str] = Field(default_factory=dict, description="field of civdef → column of the file")
    source: str | None = None
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
    totals: DeclaredTotals = DeclaredTotals()
    presence: PresenceByTime = PresenceByTime()
    walking: WalkingSpeeds = WalkingSpeeds()
    shelter_standards: dict[ShelterClass, ShelterStandard] = Field(default_factory=_standards)
    intervals: Intervals = Intervals()
    audit: AuditSettings = AuditSettings()
    layers: dict[str, LayerSettings] = Field(default_factory=dict)
