"""Which file holds which noun: the map of the workspace's folders."""

from __future__ import annotations

from dataclasses import dataclass, field

from civdef.load.shapes import AREA, LINE, POINT
from civdef.model import organisation, plan, resident, resources, scenario, shelter, town
from civdef.model.base import Noun, Placed


@dataclass(frozen=True)
class Layer:
    """A GeoJSON layer.

    Attributes
    ----------
    attribute
        Field of the workspace.
    shapes
        Geometry types allowed.
    rename
        Field of the model → property in the file, where they differ.
    """

    attribute: str
    noun: type[Placed]
    shapes: tuple[str, ...]
    required: bool = False
    rename: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A CSV table."""

    attribute: str
    noun: type[Noun]


LAYERS: dict[str, Layer] = {
    "maps/communities.geojson": Layer("communities", town.Community, AREA, required=True),
    "maps/compounds.geojson": Layer("compounds", town.Compound, AREA),
    "maps/gates.geojson": Layer("gates", town.Gate, POINT),
    "maps/buildings.geojson": Layer("buildings", town.Building, AREA, required=True),
    "maps/units.geojson": Layer("units", town.Unit, POINT),
    "maps/roads.geojson": Layer("roads", town.Road, LINE, required=True),
    "maps/shelters.geojson": Layer(
        "shelters", shelter.Shelter, (*POINT, *AREA), required=True, rename={"shelter_class": "class"}
    ),
    "maps/entrances.geojson": Layer("entrances", shelter.Entrance, POINT),
    "maps/candidates.geojson": Layer("candidates", shelter.Candidate, (*POINT, *AREA)),
    "maps/sirens.geojson": Layer("sirens", town.Siren, POINT),
    "maps/posts.geojson": Layer("fixed_posts", town.FixedPost, POINT),
    "maps/landmarks.geojson": Layer("landmarks", town.Landmark, (*POINT, *LINE, "MultiLineString", *AREA)),
}
"""File → layer. ``maps/hazards/*.geojson`` are read as `HAZARDS`."""

HAZARDS = Layer("footprints", shelter.Footprint, AREA)

TABLES: dict[str, Table] = {
    "plans/roster.csv": Table("people", organisation.Person),
    "plans/households.csv": Table("households", resident.Household),
    "plans/assistance.csv": Table("assisted", resident.AssistedPerson),
    "plans/equipment.csv": Table("equipment", resources.Equipment),
    "plans/vehicles.csv": Table("vehicles", resources.Vehicle),
    "plans/duty.csv": Table("duty", organisation.DutyShift),
}

ORGANISATION = "plans/organisation.yaml"
EXTERNAL = "plans/external.yaml"
SETTINGS = "civdef.toml"

ORGANISATION_LISTS: dict[str, tuple[str, type[Noun]]] = {
    "offices": ("offices", organisation.Office),
    "posts": ("posts", organisation.Post),
    "groups": ("groups", organisation.Group),
    "teams": ("teams", organisation.Team),
    "channels": ("channels", organisation.Channel),
    "reporting_lines": ("reporting_lines", organisation.ReportingLine),
}

DOCUMENTS: dict[str, tuple[str, type[Noun]]] = {
    "plans/general": ("plans", plan.Plan),
    "plans/contingency": ("plans", plan.Plan),
    "plans/rules": ("rules", plan.StandingRule),
    "drills": ("drills", scenario.Drill),
}
"""Folder → one YAML document per file."""
