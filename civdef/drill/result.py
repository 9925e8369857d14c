"""What a drill returns."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, JsonValue

from civdef.result import Record, Result
from civdef.text import Text

Rating = Literal["P", "S", "M", "U"]
Grade = Literal["excellent", "good", "medium", "poor"]
Status = Literal["done", "partial", "failed", "blocked", "running", "waiting"]


class Both(Record):
    """A sentence in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, text: Text) -> Both:
        """Return `text` as data."""
        return cls(zh=text.zh, en=text.en)

    def in_(self, lang: Literal["zh", "en"]) -> str:
        """Return the half in `lang`."""
        return self.zh if lang == "zh" else self.en


class Entry(Record):
    """One line of the journal."""

    t_s: float = Field(description="after the start of the drill [s]")
    time: str = Field(description="local time, ISO 8601")
    kind: str = Field(description="stable name of the kind of event")
    who: str | None = Field(description="id of who acts")
    what: dict[str, JsonValue] = Field(description="figures and ids that belong to the event")
    task: str | None = Field(description="task of the plan")
    clause: str | None = Field(description="clause of the plan's text")
    message: Both


class TaskOutcome(Record):
    """What became of one task of the plan."""

    id: str
    name: Both
    who: str
    acting: str | None = Field(description="who really led it")
    clause: str | None
    status: Status
    started_min: float | None
    done_min: float | None
    due_min: float | None = Field(description="after activation, as the plan says [min]")
    late_min: float | None = Field(description="minutes beyond the time due; null if in time or never done")
    estimate_min: tuple[float, float, float]
    note: Both | None = Field(description="why it failed, was blocked or only partly done")


class Failure(Record):
    """A clause that did not hold."""

    t_s: float
    plan: str
    file: str | None = Field(description="plan file")
    line: int | None
    text: str | None = Field(description="file of the plan's text, in which the clause stands")
    clause: str | None
    task: str | None
    name: Both = Field(description="name of the task")
    why: str = Field(description="stable name of the reason")
    message: Both


class Deviation(Record):
    """Something that went otherwise than the plan says, though it went on."""

    t_s: float
    kind: str
    who: str | None
    task: str | None
    clause: str | None
    breach: bool = Field(description="a law was broken or people put at risk")
    message: Both


class ObjectiveOutcome(Record):
    """How an objective was met."""

    id: str
    name: Both
    measure: str
    of: str | None
    task: str | None
    unit: str
    better: Literal["less", "more"]
    target: float
    limit: float
    value: float | None = Field(description="null: never performed")
    met: bool
    rating: Rating
    clause: str | None
    why: Both
    deviations: list[int] = Field(description="indices into `deviations` that touch this objective")


class Community(Record):
    """People of one community."""

    id: str
    name: Both
    persons: int
    warned_persons: int
    arrived_persons: int
    p95_arrival_min: float | None


class ShelterUse(Record):
    """How one shelter was used."""

    id: str
    name: Both
    places: int
    persons: int
    opened_min: float | None = Field(description="0: open from the start; null: never opened")
    first_arrival_min: float | None
    waited_persons: int = Field(description="people who stood before its closed door")


class LeftOver(Record):
    """People who were not in a shelter at the end, with the reason."""

    community: str
    reason: str
    persons: int
    message: Both


class People(Record):
    """Everybody, counted once; `arrived + left_over` is `persons`."""

    persons: int
    told_persons: int = Field(description="people a warning reached")
    arrived_persons: int
    left_over_persons: int
    left_over: list[LeftOver]


class Sounding(Record):
    """One sounding of the sirens."""

    signal: str
    start_s: float
    end_s: float
    on_s: list[tuple[float, float]] = Field(description="from, to of every blast [s]")


class Improvement(Record):
    """One row of the improvement plan."""

    issue: Both
    action: Both
    element: Literal["planning", "organisation", "equipment", "training", "exercise"]
    owner: str | None
    owner_name: Both
    due: str = Field(description="date, ISO 8601")
    clause: str | None


class Finding(Record):
    """An area for improvement: observation, reference, analysis."""

    observation: Both
    reference: str | None = Field(description="clause of the plan")
    analysis: Both


class ObjectiveReview(Record):
    """Strengths and areas for improvement of one objective."""

    objective: str
    strengths: list[Both]
    improvements: list[Finding]


class Moment(Record):
    """One key moment of the drill."""

    t_s: float
    time: str
    message: Both


class Report(Record):
    """The first after-action report, as data."""

    overview: list[Both]
    moments: list[Moment]
    reviews: list[ObjectiveReview]
    improvements: list[Improvement]


class DrillResult(Result):
    """A drill that was run."""

    SCHEMA: ClassVar[str] = "civdef.drill/1"

    drill: str
    name: Both
    plan: str
    plan_name: Both
    plan_version: str
    street: Both
    level: int
    start: str = Field(description="local time, ISO 8601")
    day_part: str
    type_form: str
    stopped_s: float = Field(description="when the drill ended [s]")
    objectives: list[ObjectiveOutcome]
    grade: Grade
    first_failure: Failure | None
    failures: list[Failure]
    deviations: list[Deviation]
    measures: dict[str, float | None]
    tasks: list[TaskOutcome]
    evacuation_file: str | None = Field(
        description="evacuation plan that people followed, where one was given; null: the drill made its own"
    )
    evacuation_hash: str | None = Field(description="hash of that file, as in `inputs`")
    people: People | None = Field(description="null where the plan moves nobody")
    communities: list[Community]
    shelters: list[ShelterUse]
    soundings: list[Sounding]
    report: Report
    journal: list[Entry]

    @property
    def met(self) -> bool:
        """Whether every objective was met (P or S)."""
        return all(o.rating in ("P", "S") for o in self.objectives)


class DrillRow(Record):
    """One scenario of the workspace."""

    id: str
    title: Both
    plan: str
    plan_name: Both
    level: int
    start: str
    day_part: str
    objectives: int
    injects: int


class DrillList(Result):
    """The scenarios of the workspace."""

    SCHEMA: ClassVar[str] = "civdef.drill-list/1"

    drills: list[DrillRow]
