"""The state of one running drill: the clock, who was reached, who is where, what went wrong."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import simpy
from pydantic import JsonValue

from civdef.activation.chain import chain_of, members_of
from civdef.activation.duty import on_duty
from civdef.drill.journal import Journal
from civdef.drill.randomness import Streams
from civdef.drill.result import Both, Deviation, Failure, Sounding, Status
from civdef.model.base import Name
from civdef.model.plan import Task
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.drill.crowd import Crowd
    from civdef.drill.prepare import Prepared

Steps = Generator[simpy.Event, Any, Any]
"""What a process yields; it returns whatever it says."""

MIN_S = 60.0


@dataclass
class PersonState:
    """One person of the roster, or an outside body."""

    attention: simpy.Resource
    absent: int = 0
    reached_s: float | None = None
    arrived_s: float | None = None
    engaged: str | None = None
    trip_min: float | None = None


@dataclass
class Pool:
    """The people of a group or team as they come in."""

    body: str
    members: tuple[str, ...]
    hands: simpy.Container
    mustered: simpy.Event
    settled: simpy.Event
    changed: simpy.Event
    started: bool = False
    present: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    held_up_until_s: float = 0.0


@dataclass
class TaskState:
    """One task while the drill runs."""

    task: Task
    ready: simpy.Event
    done: simpy.Event
    pending: set[str]
    status: Status = "waiting"
    acting: str | None = None
    started_s: float | None = None
    done_s: float | None = None
    due_s: float | None = None
    note: Text | None = None


class World:
    """Everything that changes while a drill runs.

    Parameters
    ----------
    prepared
        What was worked out before.
    streams
        Random numbers.
    crowd
        The people who walk; None where the plan moves nobody.
    """

    def __init__(self, prepared: Prepared, streams: Streams, crowd: Crowd | None) -> None:
        self.prepared = prepared
        self.workspace = prepared.workspace
        self.settings = prepared.workspace.settings.response
        self.drill = prepared.drill
        self.plan = prepared.plan
        self.streams = streams
        self.crowd = crowd
        self.env = simpy.Environment()
        self.journal = Journal(prepared.drill.start)
        self.activated = self.env.event()
        self.activated_s: float | None = None
        self.people: dict[str, PersonState] = {}
        self.pools: dict[str, Pool] = {}
        self.acting: dict[str, str] = {}
        self.unreachable: set[str] = set()
        self.body_reached_s: dict[str, float] = {}
        self.first_call_s: float | None = None
        self.external_arrival_s: dict[str, float] = {}
        self.down: dict[str, int] = {}
        self.shelter_opened_s: dict[str, float] = {}
        self.shelter_blocked: dict[str, int] = {}
        self.shelter_tried: set[str] = set()
        self.deviations: list[Deviation] = []
        self.failures: list[Failure] = []
        self.soundings: list[Sounding] = []
        self.sounding_over = [self.env.event() for _ in prepared.drill.sirens]
        self.tasks: dict[str, TaskState] = {}
        self.stores: dict[str, simpy.Container] = {}
        self.totals: dict[str, int] = {}
        self.reports: dict[str, list[tuple[float, float | None]]] = {}
        for task in prepared.schedule.tasks:
            before = set(prepared.schedule.before[task.id])
            self.tasks[task.id] = TaskState(task, self.env.event(), self.env.event(), before)
        for person in on_duty(self.workspace, self.drill.start):
            state = self.person(person)
            state.reached_s = state.arrived_s = 0.0

    # ------------------------------------------------------------------------------------- short cuts

    @property
    def now(self) -> float:
        """The clock [s]."""
        return float(self.env.now)

    def wait(self, seconds: float) -> simpy.Event:
        """Return an event `seconds` from now."""
        return self.env.timeout(max(0.0, seconds))

    def name(self, object_id: str) -> Name:
        """Return the name of any object, for messages."""
        return self.workspace.name(object_id)

    def chain(self, body: str) -> tuple[str, ...]:
        """Return who may act for a body, in order."""
        return chain_of(self.workspace, body, self.drill.start)

    def person(self, person_id: str) -> PersonState:
        """Return the state of a person."""
        found = self.people.get(person_id)
        if found is None:
            found = self.people[person_id] = PersonState(simpy.Resource(self.env, capacity=1))
        return found

    def available(self, person_id: str) -> bool:
        """Return whether a person can answer and act now."""
        return self.person(person_id).absent == 0

    def pool(self, body: str) -> Pool:
        """Return the people of a group, team or headquarters."""
        found = self.pools.get(body)
        if found is None:
            members = members_of(self.workspace, body, self.drill.start)
            env = self.env
            found = self.pools[body] = Pool(
                body, members, simpy.Container(env, init=0), env.event(), env.event(), env.event()
            )
        return found

    # -------------------------------------------------------------------------------------- writing

    def write(
        self,
        kind: str,
        message: Text,
        *,
        who: str | None = None,
        task: Task | None = None,
        what: dict[str, JsonValue] | None = None,
        t_s: float | None = None,
    ) -> None:
        """Write into the journal, now or at `t_s`."""
        self.journal.add(
            self.now if t_s is None else t_s,
            kind,
            message,
            who=who,
            task=task.id if task else None,
            clause=task.clause if task else None,
            what=what,
        )

    def deviate(
        self,
        kind: str,
        message: Text,
        *,
        who: str | None = None,
        task: Task | None = None,
        breach: bool = False,
        what: dict[str, JsonValue] | None = None,
    ) -> None:
        """Note that something went otherwise than the plan says, and write it into the journal."""
        self.deviations.append(
            Deviation(
                t_s=round(self.now, 1),
                kind=kind,
                who=who,
                task=task.id if task else None,
                clause=task.clause if task else None,
                breach=breach,
                message=Both.of(message),
            )
        )
        self.write(kind, message, who=who, task=task, what=what)

    def fail(self, why: str, message: Text, task: Task) -> None:
        """Note that a task's clause did not hold, and write it into the journal."""
        index = next(i for i, t in enumerate(self.plan.tasks) if t.id == task.id)
        self._failed(why, message, ("tasks", index), task.clause, task.name, task, self.now)

    def fail_evacuation(self, why: str, message: Text, t_s: float) -> None:
        """Note that the plan's evacuation did not hold at `t_s`, and write it into the journal."""
        policy = self.plan.evacuation
        name = Name(zh="人员疏散", en="Evacuation")
        self._failed(why, message, ("evacuation",), policy.clause if policy else None, name, None, t_s)

    def _failed(
        self,
        why: str,
        message: Text,
        path: tuple[str | int, ...],
        clause: str | None,
        name: Name,
        task: Task | None,
        t_s: float,
    ) -> None:
        plan = self.plan
        place = self.workspace.place(plan.id, path)
        texts = [self.workspace.texts.get((plan.id, lang)) for lang in self.workspace.settings.languages]
        self.failures.append(
            Failure(
                t_s=round(t_s, 1),
                plan=plan.id,
                file=place.file if place else None,
                line=place.line if place else None,
                text=next((t.file for t in texts if t is not None), None),
                clause=clause,
                task=task.id if task else None,
                name=Both.of(name.text),
                why=why,
                message=Both.of(message),
            )
        )
        self.journal.add(
            t_s,
            "clause_failed",
            message,
            who=task.who if task else None,
            task=task.id if task else None,
            clause=clause,
            what={"why": why},
        )

    def arrival_at_post(self, person_id: str) -> float | None:
        """Return when a person was at the place of duty [s], or None."""
        state = self.person(person_id)
        return state.arrived_s if state.absent == 0 else None

    def mark_reached(self, person_id: str) -> None:
        """Note that a person knows."""
        state = self.person(person_id)
        if state.reached_s is None:
            state.reached_s = self.now
        self.unreachable.discard(person_id)

    def activate(self) -> None:
        """The plan is in force from now on."""
        if self.activated_s is None:
            self.activated_s = self.now
            self.activated.succeed()
