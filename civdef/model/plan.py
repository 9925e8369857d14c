"""Plans: data that runs. General plans, contingency plans and standing rules."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from civdef.model.base import (
    BodyRef,
    ChannelRef,
    CommunityRef,
    Date,
    EquipmentRef,
    Estimate,
    ExternalRef,
    GroupRef,
    HazardRef,
    Identified,
    Name,
    Noun,
    PlaceRef,
    PlanRef,
    PostRef,
    RefTo,
    RoadRef,
    ShelterRef,
)
from civdef.model.shelter import ShelterClass

LOCAL_ID = r"^[a-z0-9][a-z0-9-]*$"
CLAUSE = r"^\d+(\.\d+)*$"
ResponseLevel = Literal[1, 2, 3, 4]


class HazardClass(StrEnum):
    """The four lawful classes of emergency, and air defence, which stands apart."""

    NATURAL = "natural"
    ACCIDENT = "accident"
    PUBLIC_HEALTH = "public_health"
    SOCIAL_SECURITY = "social_security"
    AIR_DEFENCE = "air_defence"


class Basis(Noun):
    """A law, regulation, standard or higher plan on which the plan rests."""

    title: Name
    year: int = Field(ge=1949, le=2100, description="year of the version cited")
    number: str | None = None


class Trigger(Noun):
    """What starts the plan. The three scales are different things and are kept apart."""

    id: str = Field(pattern=LOCAL_ID)
    scale: Literal["event_grade", "warning_colour", "response_level", "signal", "observation"]
    value: str = Field(
        description="I–IV for an event grade; red, orange, yellow, blue for a colour; 1–4 for a level"
    )
    starts_level: ResponseLevel
    condition: Name
    clause: str | None = Field(default=None, pattern=CLAUSE)


class Level(Noun):
    """A response level: 1 is the highest."""

    level: ResponseLevel
    started_by: PostRef
    ended_by: PostRef
    end_condition: Name | None = None
    clause: str | None = Field(default=None, pattern=CLAUSE)


class Action(StrEnum):
    """What a task does when it runs. The drill gives each its mechanics."""

    ACTIVATE = "activate"
    CALL = "call"
    MUSTER = "muster"
    ORDER = "order"
    WARN = "warn"
    OPEN_SHELTER = "open_shelter"
    EVACUATE = "evacuate"
    ASSIST = "assist"
    REPORT = "report"
    CORDON = "cordon"
    RESCUE = "rescue"
    TREAT = "treat"
    SUPPLY = "supply"
    TRANSPORT = "transport"
    CHECK = "check"
    INFORM = "inform"
    PATROL = "patrol"
    REPAIR = "repair"
    MOBILISE = "mobilise"
    REGISTER = "register"
    RECOVER = "recover"
    SIGNAL = "signal"


class EquipmentNeed(Noun):
    """Equipment that a task needs while it runs."""

    id: EquipmentRef
    quantity: int = Field(default=1, ge=1)


class VehicleNeed(Noun):
    """Vehicles that a task needs while it runs."""

    kind: str = Field(pattern=r"^[a-z_]+$")
    quantity: int = Field(default=1, ge=1)


class Needs(Noun):
    """Resources that a task holds while it runs."""

    people: int = Field(default=0, ge=0)
    equipment: tuple[EquipmentNeed, ...] = ()
    vehicles: tuple[VehicleNeed, ...] = ()


class Task(Noun):
    """Who does what, after what, where, with what, by when."""

    id: str = Field(pattern=LOCAL_ID, description="unique inside the plan")
    name: Name
    action: Action
    who: BodyRef
    phase: Literal["prevent", "warn", "respond", "recover"] = "respond"
    levels: tuple[ResponseLevel, ...] = Field(
        default=(1, 2, 3, 4), min_length=1, description="response levels at which the task is done"
    )
    after: tuple[str, ...] = Field(
        default=(), description="ids of tasks of this plan that must be done first"
    )
    to: tuple[BodyRef, ...] = Field(
        default=(), description="whom a call, order, muster, report or information goes to"
    )
    where: tuple[PlaceRef, ...] = Field(default=(), description="places; empty means the whole street")
    channel: ChannelRef | None = None
    needs: Needs = Needs()
    duration_min: Estimate
    due_min: float | None = Field(default=None, gt=0, description="due within, after activation [min]")
    clause: str | None = Field(
        default=None, pattern=CLAUSE, description="clause of the plan's text that says so"
    )


class OneWayStreet(Noun):
    """A street that evacuees walk in one direction only."""

    road: RoadRef
    direction: Literal["forward", "backward"] = Field(description="along the drawn line, or against it")
    whole_width: bool = Field(
        default=False, description="contraflow: that direction has the street's whole width, not its share"
    )


class Evacuation(Noun):
    """Who is moved, to which shelters, on which task's word."""

    shelter_classes: tuple[ShelterClass, ...] = Field(min_length=1)
    scope: Literal["street", "footprint"] = Field(
        default="street", description="everyone, or only those inside the hazard's footprint"
    )
    footprint: tuple[HazardRef, ...] = Field(default=(), description="footprint when the scenario names none")
    exclude_shelters: tuple[ShelterRef, ...] = ()
    communities: tuple[CommunityRef, ...] = Field(default=(), description="limits the scope; empty means all")
    closed_roads: tuple[RoadRef, ...] = Field(
        default=(), description="streets evacuees do not walk, e.g. kept free for rescue vehicles"
    )
    one_way: tuple[OneWayStreet, ...] = Field(default=(), description="streets walked in one direction only")
    deadline_min: float | None = Field(default=None, gt=0)
    clause: str | None = Field(default=None, pattern=CLAUSE)


class OwedReport(Noun):
    """A report that is owed to somebody within a time."""

    id: str = Field(pattern=LOCAL_ID)
    name: Name
    sender: BodyRef = Field(alias="from")
    to: BodyRef
    within_min: float = Field(gt=0, description="after the event is known [min]")
    repeat_min: float | None = Field(default=None, gt=0)
    channel: ChannelRef | None = None
    clause: str | None = Field(default=None, pattern=CLAUSE)


class AnnexKind(StrEnum):
    """What an annex holds."""

    CONTACTS = "contacts"
    ORGANISATION_CHART = "organisation_chart"
    REPORT_FLOW = "report_flow"
    RESPONSE_FLOW = "response_flow"
    RISK_LIST = "risk_list"
    TEAMS = "teams"
    SUPPLIES = "supplies"
    SHELTERS = "shelters"
    ROUTE_MAP = "route_map"
    VULNERABLE_PEOPLE = "vulnerable_people"
    KEY_SITES = "key_sites"
    FORMS = "forms"
    ACTION_CARDS = "action_cards"
    SIGNALS = "signals"


class Annex(Noun):
    """An annex; most are generated from the model."""

    kind: AnnexKind
    title: Name
    generated: bool = True


class Filing(Noun):
    """Filing with a higher body."""

    to: ExternalRef
    date: Date | None = None


class Plan(Identified):
    """A general plan or a contingency plan."""

    KIND: ClassVar[str] = "plan"
    kind: Literal["general", "contingency"]
    version: str
    issued: Date
    reviewed: Date | None = None
    revised: Date | None = None
    published: Date | None = None
    last_drill: Date | None = None
    filed: Filing | None = None
    approved_by: PostRef
    text: dict[Literal["zh", "en"], str] = Field(
        min_length=1, description="language → Markdown file beside the plan, with numbered clauses"
    )
    basis: tuple[Basis, ...] = ()
    hazards: tuple[str, ...] = Field(min_length=1, description="kinds of hazard")
    hazard_class: HazardClass
    upper_plan: Name | None = None
    related: tuple[PlanRef, ...] = ()
    lead: GroupRef | Annotated[str, RefTo("headquarters")]
    support: tuple[GroupRef, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    levels: tuple[Level, ...] = ()
    tasks: tuple[Task, ...] = ()
    evacuation: Evacuation | None = None
    reports: tuple[OwedReport, ...] = ()
    annexes: tuple[Annex, ...] = ()
    drill_interval_months: int | None = Field(
        default=None, ge=1, le=120, description="overrides the workspace's setting"
    )

    @field_validator("tasks", mode="after")
    @classmethod
    def _unique_tasks(cls, tasks: tuple[Task, ...]) -> tuple[Task, ...]:
        seen: set[str] = set()
        for task in tasks:
            if task.id in seen:
                raise ValueError(f"task id {task.id!r} is used twice in this plan")
            seen.add(task.id)
        return tasks

    def task(self, local_id: str) -> Task:
        """Return the task with `local_id`. Raises ``KeyError`` if there is none."""
        for task in self.tasks:
            if task.id == local_id:
                return task
        raise KeyError(local_id)


def task_id(plan: Plan, task: Task) -> str:
    """Return the street-wide id of a task: ``task/<plan>.<task>``."""
    return f"task/{plan.id.partition('/')[2]}.{task.id}"


class StandingRule(Identified):
    """A standing rule (制度): volunteers, duty and warning, education and training, drills, information."""

    KIND: ClassVar[str] = "rule"
    topic: Literal["volunteers", "duty_warning", "education_training", "drills", "information", "other"]
    version: str
    issued: Date
    reviewed: Date | None = None
    owner: GroupRef | PostRef
    text: dict[Literal["zh", "en"], str] = Field(min_length=1)
    basis: tuple[Basis, ...] = ()
    interval_days: int | None = Field(
        default=None, ge=1, description="how often the rule's main duty recurs [days]"
    )
