"""The workspace: all nouns of one street, indexed by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from shapely.geometry.base import BaseGeometry

from civdef.model.base import Name, Noun, Placed
from civdef.model.nameless import nameless
from civdef.model.organisation import (
    Channel,
    DutyShift,
    ExternalBody,
    Group,
    Headquarters,
    Office,
    Person,
    Post,
    ReportingLine,
    Team,
)
from civdef.model.plan import Plan, StandingRule
from civdef.model.resident import AssistedPerson, Household
from civdef.model.resources import Equipment, Vehicle
from civdef.model.scenario import Drill
from civdef.model.settings import Settings
from civdef.model.shelter import Candidate, Entrance, Footprint, Shelter
from civdef.model.town import Building, Community, Compound, FixedPost, Gate, Landmark, Road, Siren, Unit
from civdef.source import Place, SourceMap


@dataclass(frozen=True)
class Clause:
    """One numbered clause of a plan's text."""

    number: str
    heading: str
    body: str
    line: int


@dataclass(frozen=True)
class PlanText:
    """The official text of a plan or rule in one language."""

    file: str
    title: str
    clauses: Mapping[str, Clause]
    text: str


@dataclass(frozen=True)
class Workspace:
    """Everything that is known of one street. Made only by ``civdef.load``, changed only by what-ifs; all mappings are in id order."""

    settings: Settings
    crs: str
    headquarters: Headquarters | None = None
    offices: Mapping[str, Office] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    posts: Mapping[str, Post] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    reporting_lines: tuple[ReportingLine, ...] = ()
    external: Mapping[str, ExternalBody] = field(default_factory=dict)
    duty: tuple[DutyShift, ...] = ()
    communities: Mapping[str, Community] = field(default_factory=dict)
    compounds: Mapping[str, Compound] = field(default_factory=dict)
    gates: Mapping[str, Gate] = field(default_factory=dict)
    buildings: Mapping[str, Building] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    roads: Mapping[str, Road] = field(default_factory=dict)
    shelters: Mapping[str, Shelter] = field(default_factory=dict)
    entrances: Mapping[str, Entrance] = field(default_factory=dict)
    candidates: Mapping[str, Candidate] = field(default_factory=dict)
    sirens: Mapping[str, Siren] = field(default_factory=dict)
    fixed_posts: Mapping[str, FixedPost] = field(default_factory=dict)
    landmarks: Mapping[str, Landmark] = field(default_factory=dict)
    footprints: Mapping[str, Footprint] = field(default_factory=dict)
    households: Mapping[str, Household] = field(default_factory=dict)
    assisted: Mapping[str, AssistedPerson] = field(default_factory=dict)
    equipment: Mapping[str, Equipment] = field(default_factory=dict)
    vehicles: Mapping[str, Vehicle] = field(default_factory=dict)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    rules: Mapping[str, StandingRule] = field(default_factory=dict)
    drills: Mapping[str, Drill] = field(default_factory=dict)
    texts: Mapping[tuple[str, str], PlanText] = field(default_factory=dict)
    """(plan or rule id, language) → text"""
    sources: SourceMap = field(default_factory=SourceMap, repr=False, compare=False)
    inputs: Mapping[str, str] = field(default_factory=dict, repr=False)
    """workspace file → hash of its bytes"""
    changes: tuple[str, ...] = ()
    """What-ifs made in memory, which are not in the files: as asked, e.g. ``open gate/no3-north``"""

    def collections(self) -> Iterator[tuple[str, Mapping[str, Noun]]]:
        """Yield (id prefix, objects) for every kind of object that has ids."""
        yield "office", self.offices
        yield "person", self.people
        yield "post", self.posts
        yield "headquarters", {self.headquarters.id: self.headquarters} if self.headquarters else {}
        yield "group", self.groups
        yield "team", self.teams
        yield "channel", self.channels
        yield "external", self.external
        yield "community", self.communities
        yield "compound", self.compounds
        yield "gate", self.gates
        yield "building", self.buildings
        yield "unit", self.units
        yield "road", self.roads
        yield "shelter", self.shelters
        yield "entrance", self.entrances
        yield "candidate", self.candidates
        yield "siren", self.sirens
        yield "fixed-post", self.fixed_posts
        yield "landmark", self.landmarks
        yield "hazard", self.footprints
        yield "household", self.households
        yield "assisted", self.assisted
        yield "equipment", self.equipment
        yield "vehicle", self.vehicles
        yield "plan", self.plans
        yield "rule", self.rules
        yield "drill", self.drills

    @cached_property
    def objects(self) -> Mapping[str, Noun]:
        """Every object by id."""
        return {i: o for _, found in self.collections() for i, o in found.items()}

    def name(self, object_id: str) -> Name:
        """Return the name of an object; its id where it has no name, and what people can use where an import only numbered it."""
        found = self.objects.get(object_id)
        if isinstance(found, Placed) and not found.named:
            return self._nameless.get(object_id, found.name)
        name = getattr(found, "name", None)
        return name if isinstance(name, Name) else Name(zh=object_id, en=object_id)

    @cached_property
    def _nameless(self) -> Mapping[str, Name]:
        return nameless(self)

    def place(self, object_id: str, path: tuple[str | int, ...] = ()) -> Place | None:
        """Return where an object, or a field of it, was written."""
        return self.sources.place(object_id, path)

    @cached_property
    def households_of(self) -> Mapping[str, tuple[Household, ...]]:
        """Building id → its households, in id order."""
        found: dict[str, list[Household]] = {}
        for household in self.households.values():
            found.setdefault(household.building, []).append(household)
        return {k: tuple(v) for k, v in sorted(found.items())}

    @cached_property
    def units_of(self) -> Mapping[str, tuple[Unit, ...]]:
        """Building id → its units, in id order."""
        found: dict[str, list[Unit]] = {}
        for unit in self.units.values():
            if unit.building is not None:
                found.setdefault(unit.building, []).append(unit)
        return {k: tuple(v) for k, v in sorted(found.items())}

    @cached_property
    def residents(self) -> int:
        """Residents counted: households, and declared persons of buildings that have none."""
        counted = sum(h.residents for h in self.households.values())
        for building in self.buildings.values():
            if building.persons_declared is not None and building.id not in self.households_of:
                counted += building.persons_declared.whole
        return counted

    @cached_property
    def area_m(self) -> BaseGeometry | None:
        """The street's area in metres: the union of its communities, or None without any."""
        import shapely

        shapes = [c.shape_m for c in self.communities.values()]
        return shapely.union_all(shapes) if shapes else None

    def holder(self, post_or_person: str) -> str | None:
        """Return the person behind a post (or the person itself); None for a vacant or unknown post."""
        if post_or_person in self.people:
            return post_or_person
        post = self.posts.get(post_or_person)
        return post.holder if post else None
